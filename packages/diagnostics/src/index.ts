export {
  append,
  hasErrors,
  type Diagnostic,
  type DiagnosticCode,
  type Related,
  type Severity,
  type Site,
  type SourcePosition,
} from './diagnostic.js';
export * from './diagnostics.js';
