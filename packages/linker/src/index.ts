export type {
  CrossReference,
  InputTiming,
  ExtractedMember,
  InputFlags,
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
