export type {
  CrossReference,
  InputTiming,
  ExtractedMember,
  FoldedPiece,
  FunctionPiece,
  InputFlags,
  GcOptions,
  ImageOptions,
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
  SymbolOptions,
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
export { parseHelper, parseHelperList, type Helper } from './helpers.js';
export { parseDefsym, type SymbolAssignment } from './defsym.js';
export type { SymbolScope } from './symbol-patterns.js';
export type { TextProblem, TextResult } from './text-problem.js';
export { parseSymbolList, parseVersionScript } from './version-script.js';
export type { HashStyle, OutputKind, TargetName } from './targets/profile.js';
export { link } from './link.js';
export { version } from './version.js';
