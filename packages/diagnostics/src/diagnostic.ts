/** A place in a source file, as .BTF.ext line records name it. `line` and `column` count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A place in an input object. */
export interface Site {
  /** Name of the object as it was given. */
  readonly object: string;
  readonly section?: string;
  /** Bytes from the start of `section`, or of the file without one. */
  readonly offset?: number;
  /** The function or variable that encloses the place. */
  readonly symbol?: string;
  readonly source?: SourcePosition;
}

/** A site and its part in the matter, such as `defined at`. */
export interface Related {
  readonly label: string;
  readonly site: Site;
}

export type Severity = 'error' | 'warning' | 'note';

/**
 * What the linker has to say, as data. Nothing is rendered here: linker-cli turns it into text or
 * JSON, a build system into whatever it shows.
 */
export interface Diagnostic {
  /** Stable, kebab-case; one factory in diagnostics.ts makes each. */
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One line, no trailing period, names quoted as they are in the objects. */
  readonly message: string;
  /** Every site that matters, the primary one first. */
  readonly related: readonly Related[];
  /** Further lines, such as both declarations as C. */
  readonly details: readonly string[];
  /** What the reader can do about it. */
  readonly hint?: string;
}

export type DiagnosticCode =
  | 'archive-member-ignored'
  | 'bad-assignment'
  | 'bad-group'
  | 'bad-relocation'
  | 'byte-order-mismatch'
  | 'cannot-read-input'
  | 'cannot-write-output'
  | 'common-symbol'
  | 'discarded-reference'
  | 'duplicate-symbol'
  | 'entry-not-found'
  | 'func-info-synthesized'
  | 'init-array'
  | 'jump-table-owner'
  | 'library-not-found'
  | 'license-conflict'
  | 'license-differs'
  | 'malformed-archive'
  | 'malformed-btf'
  | 'malformed-debug-info'
  | 'malformed-object'
  | 'misaligned-address'
  | 'name-taken'
  | 'nested-archive'
  | 'no-inputs'
  | 'no-such-function'
  | 'not-a-bpf-object'
  | 'output-too-large'
  | 'overlapping-sections'
  | 'relocation-numbering'
  | 'relocation-overflow'
  | 'required-symbol'
  | 'section-flags-differ'
  | 'section-kind-conflict'
  | 'target-rule'
  | 'thin-member-missing'
  | 'too-many-variables'
  | 'type-conflict'
  | 'types-unchecked'
  | 'undefined-symbol'
  | 'unknown-binding'
  | 'unknown-relocation'
  | 'unsupported-btf'
  | 'unsupported-section'
  | 'verification-failed'
  | 'version-differs';

/** Whether any of `diagnostics` stops the link. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/**
 * Appends `more` to `list`. Inputs decide how many there are, and `push(...more)` would put each of
 * them on the stack.
 */
export function append<T>(list: T[], more: readonly T[]): void {
  for (const item of more) list.push(item);
}
