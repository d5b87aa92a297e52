import type { Diagnostic, Site } from '@bpf-ld/diagnostics';
import type { ElfFile, RelocationTable, StringPool } from '@bpf-ld/elf-reader';
import type { GlobalId, ObjectId, SectionId, SymbolId } from './ids.js';

/** One object as the resolver sees it. */
export interface ResolverObject {
  readonly elf: ElfFile;
  /** By section index: 1 where the contents may become part of the output. */
  readonly kept: Uint8Array;
  /** Relocations by the index of the section they apply to. */
  readonly relocations: ReadonlyMap<number, readonly RelocationTable[]>;
}

/** Values of {@link GlobalTable.state}. */
export const UNDEFINED = 0;
export const DEFINED_WEAK = 1;
export const COMMON = 2;
export const DEFINED = 3;

/** Every global name of the link, as columns by GlobalId. */
export interface GlobalTable {
  readonly count: number;
  /** StringId of the name. */
  readonly name: Int32Array;
  /** UNDEFINED, DEFINED_WEAK, COMMON or DEFINED. */
  readonly state: Uint8Array;
  /** SymbolId of the definition (for a common, of its largest), of the first mention without one. */
  readonly symbol: Int32Array;
  /** 1 when every reference to an undefined name is weak. */
  readonly onlyWeakReferences: Uint8Array;
  /** STV_ value: the strictest any input asks for. */
  readonly visibility: Uint8Array;
  /** Bytes and byte alignment of a common symbol. */
  readonly commonSize: Float64Array;
  readonly commonAlignment: Float64Array;
}

/**
 * Which definition each name means. Invariant beyond this pass: no global name is added, and the
 * definition of none changes.
 */
export interface Resolution {
  readonly strings: StringPool;
  readonly objects: readonly ResolverObject[];
  /** First SymbolId and SectionId of each object, one more entry for the total. */
  readonly symbolBase: Uint32Array;
  readonly sectionBase: Uint32Array;
  /** StringId of every symbol's name, by SymbolId; 0 for section symbols. */
  readonly name: Int32Array;
  /** GlobalId by SymbolId, -1 for symbols that are local to their object. */
  readonly global: Int32Array;
  readonly globals: GlobalTable;
  /** GlobalId of a name, or -1. */
  findGlobal(name: number): GlobalId | -1;
  /** By SectionId: 1 where contents may become part of the output; losing COMDAT members are 0. */
  readonly keptSection: Uint8Array;
  /** Definitions that lost to another one, in input order. */
  readonly losers: readonly SymbolId[];
}

/** The object a symbol or section number belongs to; `base` is the column of first numbers. */
export function objectOf(base: Uint32Array, id: SymbolId | SectionId): ObjectId {
  let low = 0;
  let high = base.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (base[middle]! <= id) low = middle;
    else high = middle - 1;
  }
  return low as ObjectId;
}

/** Describes a symbol's place for a diagnostic; the linker supplies it because it knows line records. */
export type DescribeSymbol = (object: ObjectId, symbol: number) => Site;

export interface ResolveResult {
  readonly resolution: Resolution;
  readonly diagnostics: readonly Diagnostic[];
}
