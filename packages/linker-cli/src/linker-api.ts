export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
export interface Site {
  readonly object: string;
  readonly section?: string;
  readonly offset?: number;
  readonly symbol?: string;
  readonly source?: SourcePosition;
}
export interface Related {
  readonly label: string;
  readonly site: Site;
}
export interface Diagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
  readonly related: readonly Related[];
  readonly details: readonly string[];
  readonly hint?: string;
}
export interface LinkInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}
export interface LinkOptions {
  readonly noUndefined?: boolean;
  readonly stripDebug?: boolean;
  readonly traceSymbols?: readonly string[];
  readonly verify?: boolean;
  readonly now?: () => number;
}
export interface LinkSuccess {
  readonly ok: true;
  readonly image: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: LinkStats;
  readonly timings: readonly PassTiming[];
  readonly traces: readonly SymbolTrace[];
  map(): LinkMap;
}
export type LinkResult =
  | LinkSuccess
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      readonly timings: readonly PassTiming[];
      readonly traces: readonly SymbolTrace[];
    };
export interface PassTiming {
  readonly pass: string;
  readonly milliseconds: number;
}
export interface SymbolTrace {
  readonly symbol: string;
  readonly object: string;
  readonly role: 'definition' | 'weak definition' | 'common' | 'reference' | 'weak reference';
}
export interface LinkStats {
  readonly inputs: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly sections: number;
  readonly symbols: number;
  readonly relocations: number;
  readonly resolvedReferences: number;
  readonly undefinedSymbols: number;
  readonly typesIn: number;
  readonly typesOut: number;
  readonly droppedPieces: number;
}
export interface LinkMap {
  readonly sections: readonly MapSection[];
  readonly references: readonly MapReference[];
  readonly discarded: readonly MapDiscarded[];
}
export interface MapSymbol {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly binding: 'local' | 'global' | 'weak';
  readonly kind: string;
}
export interface MapSection {
  readonly name: string;
  readonly size: number;
  readonly alignment: number;
  readonly type: string;
  readonly flags: string;
  readonly pieces: readonly MapPiece[];
}
export interface MapPiece {
  readonly object: string;
  readonly section: string;
  readonly inputOffset: number;
  readonly offset: number;
  readonly size: number;
  readonly symbols: readonly MapSymbol[];
}
export interface MapReference {
  readonly symbol: string;
  readonly definedIn: string;
  readonly section: string;
  readonly offset: number;
  readonly referencedBy: readonly string[];
}
export interface MapDiscarded {
  readonly object: string;
  readonly section: string;
  readonly offset: number;
  readonly size: number;
  readonly symbol?: string;
  readonly reason: string;
}
export interface SideOutput {
  readonly path: string;
  readonly bytes: Uint8Array;
}
export interface LinkFilesJob {
  readonly inputs: readonly (string | LinkInput)[];
  readonly output?: string;
  readonly sideOutputs?: (result: LinkSuccess) => readonly SideOutput[];
  readonly options?: LinkOptions;
}
export function linkFiles(_job: LinkFilesJob): LinkResult {
  return { ok: false, diagnostics: [], timings: [], traces: [] };
}
export const version: string = '0.1.0';
