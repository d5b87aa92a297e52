export type {
  ExtractedMember,
  InputFlags,
  GcOptions,
  LinkFailure,
  LinkInput,
  LinkJob,
  LinkMap,
  LinkOptions,
  LinkResult,
  LinkStats,
  LinkSuccess,
  MapDiscarded,
  MapPiece,
  MapReference,
  MapSection,
  MapSymbol,
  PassTiming,
  ReadMember,
  RemovedPiece,
  SymbolLiveness,
  SymbolTrace,
} from './api.js';
export type {
  Diagnostic,
  DiagnosticCode,
  Related,
  Severity,
  Site,
  SourcePosition,
} from '@bpf-ld/diagnostics';
export { link } from './link.js';
export { version } from './version.js';
