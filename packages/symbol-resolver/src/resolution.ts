import type { Diagnostic, Site } from '@bpf-ld/diagnostics';
import {
  lastAtOrBefore,
  type ElfFile,
  type RelocationTable,
  type StringPool,
} from '@bpf-ld/elf-reader';
import type { GlobalId, ObjectId, SectionId, SymbolId } from './ids.js';

/** Value of `kept` for debug sections: they follow what stays and keep nothing themselves. */
export const DEBUG_SECTION = 2;

/** One object as the resolver sees it. */
export interface ResolverObject {
  readonly elf: ElfFile;
  /** By section index: 1 where the contents may become part of the program, DEBUG_SECTION, or 0. */
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
  /** 1 for a definition that objects linked later are not to see: a local symbol of the output. */
  readonly local: Uint8Array;
}

/** What the command line says about how names are resolved. All is optional. */
export interface ResolveRules {
  /** `--wrap`: references to NAME mean `__wrap_NAME`, references to `__real_NAME` mean NAME. */
  readonly wrap?: readonly string[];
  /** Names that the link itself defines (`--defsym`); they beat every definition of an object. */
  readonly assigned?: readonly string[];
  /** Names that something outside of the inputs refers to, strongly (`-u`). */
  readonly undefined?: readonly string[];
  /** Of several strong definitions the first wins, instead of being an error. */
  readonly allowMultipleDefinition?: boolean;
  /** Say where a common symbol meets another one or a definition. */
  readonly warnCommon?: boolean;
}

/**
 * The value of an assigned name: `constant` and the address of each name in `terms` so many times.
 * Only the layout knows whether that is a number or a place.
 */
export interface Assignment {
  readonly constant: number;
  readonly terms: ReadonlyMap<GlobalId, number>;
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
  /** StringId of every symbol's name in the output, by SymbolId; 0 for section symbols. */
  readonly name: Int32Array;
  /** The same as the inputs have it, and as their BTF does. */
  readonly inputName: Int32Array;
  /** GlobalId by SymbolId, -1 for symbols that are local to their object. */
  readonly global: Int32Array;
  readonly globals: GlobalTable;
  /** GlobalId that a name in the BTF of an object means, or -1. */
  findGlobal(name: number, object: ObjectId): GlobalId | -1;
  /** Values of the names that the link itself defines. */
  readonly assignments: ReadonlyMap<GlobalId, Assignment>;
  /** By SectionId, as in {@link ResolverObject.kept}; losing COMDAT members are 0. */
  readonly keptSection: Uint8Array;
  /** Definitions that lost to another one, in input order. */
  readonly losers: readonly SymbolId[];
}

/** The object a symbol or section number belongs to; `base` is the column of first numbers. */
export function objectOf(base: Uint32Array, id: SymbolId | SectionId): ObjectId {
  return lastAtOrBefore(base, id, 0, base.length - 2) as ObjectId;
}

/** Describes a symbol's place for a diagnostic; the linker supplies it because it knows line records. */
export type DescribeSymbol = (object: ObjectId, symbol: number) => Site;

export interface ResolveResult {
  readonly resolution: Resolution;
  readonly diagnostics: readonly Diagnostic[];
}
