import type { Diagnostic, Site } from '@bpf-ld/diagnostics';
import type { SymbolAssignment } from './defsym.js';
import type { SymbolScope } from './symbol-patterns.js';
import type { HashStyle, OutputKind, TargetName } from './targets/profile.js';

/** One input, an object or an archive: its bytes, and the name that diagnostics and the map call it by. */
export interface LinkInput extends InputFlags {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Reads the members of a thin archive; needed for no other input. */
  readonly readMember?: ReadMember;
}

/** How an input is linked. */
export interface InputFlags {
  /** Of an archive every member is linked, whether needed or not (`--whole-archive`). */
  readonly wholeArchive?: boolean;
  /** An object is linked only when it is needed, as if it were a member of an archive (`--start-lib`). */
  readonly lazy?: boolean;
}

/**
 * Answers the contents of the file that a thin archive names, `path` being the name in the archive, or why
 * they cannot be had.
 */
export type ReadMember = (path: string) => Uint8Array | { readonly problem: string };

/** An archive member, or an object between `--start-lib` and `--end-lib`, that was needed. */
export interface ExtractedMember {
  /** As in `libnet.a(parse.o)`. */
  readonly object: string;
  /** The name that was missing. */
  readonly symbol: string;
  /** The object that referenced it first. */
  readonly referencedBy: string;
}

export interface LinkOptions {
  /** An object for a loader (the default of most targets), an executable, or a shared object. */
  readonly output?: OutputKind;
  /** What is to run the output, `bpf` without it; the output is held against its rules. */
  readonly target?: TargetName;
  /** For executables and shared objects. */
  readonly image?: ImageOptions;
  /** Calls inside one output section need no relocation (`--resolve-calls`). */
  readonly resolveCalls?: boolean;
  /** Undefined symbols that no kernel or loader resolves are errors (`--no-undefined`). */
  readonly noUndefined?: boolean;
  /** Control of symbols: what they mean, what they are called and who sees them. */
  readonly symbols?: SymbolOptions;
  /** Debug sections leave the output (`-S`). */
  readonly stripDebug?: boolean;
  /** Debug sections and the symbols that neither relocations nor loaders need leave the output (`-s`). */
  readonly stripAll?: boolean;
  /** Debug sections are compressed by zlib (`--compress-debug-sections`). */
  readonly compressDebug?: boolean;
  /**
   * Debug sections go to `debugImage`, and the image names the file with it (`--separate-debug-file`): a file
   * name without folders, under which debuggers look for it beside the image.
   */
  readonly separateDebug?: string;
  /** `false`: line records leave .BTF.ext (`--no-btf-ext-lines`). */
  readonly lineInfo?: boolean;
  /** Warnings are errors: with one of them there is no image (`--fatal-warnings`). */
  readonly fatalWarnings?: boolean;
  /** Functions and variables that nothing needs leave (`--gc-sections`). */
  readonly gc?: GcOptions;
  /**
   * Local functions of .text that are identical have one body (`--icf`); with `safe` none of which
   * the address is taken.
   */
  readonly icf?: 'safe' | 'all';
  /** Mergeable strings that end others share their bytes (`-O2`). */
  readonly mergeTails?: boolean;
  /** Names whose place among what stays is told in `liveness` (`--why-live`). */
  readonly whyLive?: readonly string[];
  /** Names whose definitions and references are reported in `traces` (`-y`). */
  readonly traceSymbols?: readonly string[];
  /** Beyond the check that every image gets: every DATASEC entry, function record and relocation. */
  readonly verify?: boolean;
  /** Clock in milliseconds for `timings`; without one all are 0. */
  readonly now?: () => number;
}

/** How an executable (`output: 'static'`) or a shared object (`output: 'shared'`) is made. */
export interface ImageOptions {
  /** Name of the function it starts at, or an address (`-e`). */
  readonly entry?: string;
  /** Addresses of the first section of code, of constants and of variables (`-Ttext` and so on). */
  readonly addresses?: {
    readonly text?: number;
    readonly rodata?: number;
    readonly data?: number;
  };
  /** The relocations that were applied stay as a record (`--emit-relocs`). */
  readonly emitRelocations?: boolean;
  /** Numbers of helper functions that nothing defines, by name (`--helper`). */
  readonly helpers?: ReadonlyMap<string, number>;
  /** DT_SONAME of a shared object. */
  readonly soname?: string;
  /** Which hash tables a shared object has. */
  readonly hashStyle?: HashStyle;
}

/**
 * What stays without a reference to it, beyond programs, maps, struct_ops, license and version,
 * exception callbacks and what its object marks SHF_GNU_RETAIN.
 */
export interface GcOptions {
  /** Names of functions and variables. */
  readonly keep?: readonly string[];
  /** Names of input sections (`--keep-section`). */
  readonly keepSections?: readonly string[];
  /** Every global definition of default visibility (`--gc-keep-exported`). */
  readonly keepExported?: boolean;
  /** Maps that nothing refers to leave, too (`--gc-maps`). */
  readonly maps?: boolean;
}

/** Control of symbols. Names are those of the inputs, before any renaming. */
export interface SymbolOptions {
  /** Names that something outside refers to, strongly (`-u`). */
  readonly undefined?: readonly string[];
  /** The same, and without a definition the link fails (`--require-defined`). */
  readonly requireDefined?: readonly string[];
  /** Names that the link defines (`--defsym`); see `parseDefsym`. */
  readonly definitions?: readonly SymbolAssignment[];
  /** References to NAME mean `__wrap_NAME`, references to `__real_NAME` mean NAME (`--wrap`). */
  readonly wrap?: readonly string[];
  /** Which definitions become local; what a loader finds by its name never does. */
  readonly scope?: SymbolScope;
  /** Hidden and internal definitions become local (`--localize-hidden`). */
  readonly localizeHidden?: boolean;
  /** Put in front of the name of every global definition (`--prefix-symbols`). */
  readonly prefix?: string;
  /** Local functions and variables of equal name are told apart (`--unique-statics`). */
  readonly uniqueStatics?: boolean;
  /** Symbols that nothing needs stay only if they are among these (`--retain-symbols-file`). */
  readonly retain?: readonly string[];
  /** Of several strong definitions the first wins (`--allow-multiple-definition`). */
  readonly allowMultipleDefinition?: boolean;
  /** A common symbol that meets another symbol of its name is a warning (`--warn-common`). */
  readonly warnCommon?: boolean;
  /** What `noUndefined` finds is a warning (`--warn-unresolved-symbols`). */
  readonly warnUnresolved?: boolean;
}

export interface LinkJob {
  readonly inputs: readonly LinkInput[];
  readonly options?: LinkOptions;
}

/** The output and what is known about it. */
export interface LinkSuccess {
  readonly ok: true;
  /** The whole output file. */
  readonly image: Uint8Array;
  /** The file with its debug sections, where `options.separateDebug` asks for one. */
  readonly debugImage?: Uint8Array;
  /** Warnings and notes, in input order. */
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: LinkStats;
  readonly timings: readonly PassTiming[];
  readonly traces: readonly SymbolTrace[];
  /** Members that were needed, in the order in which that was found. */
  readonly extracted: readonly ExtractedMember[];
  /** Answers to `options.whyLive`, in its order. */
  readonly liveness: readonly SymbolLiveness[];
  /** What `options.gc` removed, in input order. */
  readonly removed: readonly RemovedPiece[];
  /** What `options.icf` folded, in link order. */
  readonly folded: readonly FoldedPiece[];
  /** What went where; made when asked for. */
  map(): LinkMap;
}

export interface LinkFailure {
  readonly ok: false;
  /** At least one error. */
  readonly diagnostics: readonly Diagnostic[];
  readonly timings: readonly PassTiming[];
  readonly traces: readonly SymbolTrace[];
}

export type LinkResult = LinkSuccess | LinkFailure;

/** How long a pass took. Milliseconds of the clock given as `now`; `start` counts from the start of the link. */
export interface PassTiming {
  readonly pass: string;
  readonly start: number;
  readonly milliseconds: number;
  /** Of the parse pass, when there is a clock: each input in order. */
  readonly inputs?: readonly InputTiming[];
}

/** How long one input took to parse. */
export interface InputTiming {
  readonly input: string;
  readonly bytes: number;
  readonly start: number;
  readonly milliseconds: number;
}

/** What one object has to do with a traced name. */
export interface SymbolTrace {
  readonly symbol: string;
  readonly object: string;
  readonly role: 'definition' | 'weak definition' | 'common' | 'reference' | 'weak reference';
}

/** A function, a variable, or bytes between them, that nothing needed. */
export interface RemovedPiece {
  readonly object: string;
  readonly section: string;
  /** Bytes from the start of the input section; both are 0 for a common symbol. */
  readonly offset: number;
  readonly size: number;
  readonly symbol?: string;
}

/** A function and those that have its body in the output. */
export interface FoldedPiece {
  readonly kept: FunctionPiece;
  readonly folded: readonly FunctionPiece[];
}

/** A function in an input section; offset and size are bytes. */
export interface FunctionPiece {
  readonly object: string;
  readonly section: string;
  readonly offset: number;
  readonly size: number;
  readonly symbol: string;
}

/** Why one definition stays. */
export interface SymbolLiveness {
  readonly symbol: string;
  /** Where it is defined; absent when no object defines it. */
  readonly site?: Site;
  /**
   * `live`: `chain` says why. `removed`: nothing that stays refers to it. `undefined`: no object
   * defines it. `not-collected`: the link removes nothing, so all stays.
   */
  readonly state: 'live' | 'removed' | 'undefined' | 'not-collected';
  /** Why the first step of the chain stays, such as `a program`. */
  readonly reason?: string;
  /** From the root: each place that refers to the next, then the definition itself. */
  readonly chain: readonly Site[];
  /** The function whose body stands for this one's. */
  readonly foldedInto?: Site;
}

export interface LinkStats {
  readonly inputs: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  /** Output sections that hold program contents. */
  readonly sections: number;
  readonly symbols: number;
  readonly relocations: number;
  /** References of one object to a definition in another. */
  readonly resolvedReferences: number;
  readonly undefinedSymbols: number;
  /** BTF types of all inputs, and of the output. */
  readonly typesIn: number;
  readonly typesOut: number;
  /** Bodies that another definition overrode. */
  readonly droppedPieces: number;
  /** Functions, variables and bytes between them that `gc` removed. */
  readonly collectedPieces: number;
  /** Functions that have the body of another one, and the bytes that saved. */
  readonly foldedFunctions: number;
  readonly foldedBytes: number;
}

/** Offsets and sizes are bytes; output offsets count from the start of the output section. */
export interface LinkMap {
  /** Archive members that were needed, and by whom. */
  readonly extracted: readonly ExtractedMember[];
  readonly sections: readonly MapSection[];
  /** Names that one object defines and another one uses. */
  readonly references: readonly MapReference[];
  readonly discarded: readonly MapDiscarded[];
  /** Every global name, in the order of its UTF-16 units (`--cref`). */
  readonly crossReferences: readonly CrossReference[];
}

export interface MapSection {
  readonly name: string;
  /** In the memory of what runs it; absent in relocatable objects and for what is not loaded. */
  readonly address?: number;
  readonly size: number;
  readonly alignment: number;
  /** `PROGBITS`, `NOBITS`, `NOTE` or the number of another type. */
  readonly type: string;
  /** Letters as readelf writes them. */
  readonly flags: string;
  readonly pieces: readonly MapPiece[];
}

export interface MapPiece {
  readonly object: string;
  /** Name of the input section. */
  readonly section: string;
  readonly inputOffset: number;
  readonly offset: number;
  readonly size: number;
  readonly symbols: readonly MapSymbol[];
}

export interface MapSymbol {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly binding: 'local' | 'global' | 'weak';
  /** `FUNC`, `OBJECT` or `NOTYPE`. */
  readonly kind: string;
}

export interface MapReference {
  readonly symbol: string;
  readonly definedIn: string;
  /** Output section and offset of the definition. */
  readonly section: string;
  readonly offset: number;
  readonly referencedBy: readonly string[];
}

/** Who has to do with a global name. */
export interface CrossReference {
  readonly symbol: string;
  /** Objects that define it, the definition that counts first; then those that only use it, in input order. */
  readonly objects: readonly string[];
}

export interface MapDiscarded {
  readonly object: string;
  readonly section: string;
  readonly offset: number;
  readonly size: number;
  readonly symbol?: string;
  readonly reason: string;
}
