import type { ElfFile, ProgramHeaderTable, Section } from '@bpf-ld/elf-reader';

/** What an output is: an object to be linked or loaded, an executable, a shared object. */
export type OutputKind = 'relocatable' | 'static' | 'shared';

/** What is to run the output. */
export type TargetName = 'bpf' | 'ubpf' | 'sbf-v0' | 'sbf-v1' | 'sbf-v2' | 'sbf-v3';

/** What a section of an image is to a machine: its segment's permissions, in the order of segments. */
export type SectionClass = 'code' | 'rodata' | 'data' | 'bss';

/**
 * How addresses are given.
 *
 * - `pages`: from `base` on, each segment on pages of its own, `p_offset` and `p_vaddr` equal modulo a page.
 * - `offsets`: the address of every byte is its offset in the file.
 * - `regions`: data that is only read at 0, code at 1 << 32, one behind the other in the file.
 */
export type AddressScheme =
  | { readonly kind: 'pages'; readonly base: number; readonly pageSize: number }
  | { readonly kind: 'offsets' }
  | { readonly kind: 'regions' };

/** Register field of an indirect call (callx), which every machine and compiler has elsewhere. */
export type CallRegisterField = 'dst' | 'src' | 'imm';

/** The finished image, read back. */
export interface TargetImage {
  readonly elf: ElfFile;
  readonly programHeaders: ProgramHeaderTable;
}

/** A place in the image that breaks a rule. */
export interface Violation {
  readonly message: string;
  /** Section index in the image, and byte offset in the section. */
  readonly section?: number;
  readonly offset?: number;
  /** In place of the rule's own. */
  readonly fix?: string;
}

/** What a machine or its loader accepts, one sentence of it. */
export interface TargetRule {
  readonly name: string;
  /** The rule, for documentation. */
  readonly about: string;
  /** What makes an input obey it. */
  readonly fix: string;
  check(image: TargetImage): Iterable<Violation>;
}

/** All that the linker knows of a target. */
export interface TargetProfile {
  readonly name: TargetName;
  /** Kinds of output it can run, the default first. */
  readonly outputs: readonly OutputKind[];
  /** Name of the output section for a section of an input, in an image. */
  sectionName(section: Section): string;
  /** The same in a relocatable object; absent where those have the names that kernel loaders know. */
  readonly objectSectionName?: (section: Section) => string;
  sectionClass(section: {
    readonly name: string;
    readonly type: number;
    readonly flags: number;
  }): SectionClass;
  readonly addresses: AddressScheme;
  /** Whether sections may be given addresses. */
  readonly takesAddresses: boolean;
  /** Whether a kernel is meant: BTF, license and version stay, maps mean something. */
  readonly hasKernel: boolean;
  /** Function that an image starts at where the command line names none. */
  readonly entry: string | undefined;
  /** Execution starts at the first instruction, wherever e_entry points. */
  readonly entryFirst: boolean;
  /** e_flags; `inputs` takes those of the first object. */
  readonly flags: number | 'inputs';
  /** e_type of a static image. */
  readonly staticType: number;
  /** What a call of a name that nothing defines is: an error, left to the loader, or a number that is the name's hash. */
  readonly undefinedCalls: 'error' | 'loader' | 'hash';
  /** Where callx has its register; `inputs` leaves it where compilers put it. */
  readonly callRegister: CallRegisterField | 'inputs';
  /** Where the loader looks for the address of a word of data with R_BPF_64_RELATIVE. */
  readonly relativeWord: 'whole' | 'upper-half';
  /** Hash tables of shared objects where the command line does not say. */
  readonly hashStyle: HashStyle;
  readonly rules: readonly TargetRule[];
}

/** Hash tables that a shared object has for its symbols. */
export type HashStyle = 'none' | 'sysv' | 'gnu' | 'both';
