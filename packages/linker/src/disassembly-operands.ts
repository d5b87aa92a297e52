import {
  BPF_PSEUDO_CALL,
  BPF_PSEUDO_FUNC,
  helperName,
  immAt,
  INSTRUCTION_SIZE,
  OPCODE_CALL,
  OPCODE_LDIMM64,
  opcodeAt,
  srcRegAt,
} from '@bpf-ld/bpf-isa';
import { BTF_KIND_DATASEC, ofKind, vlenOf, type Btf } from '@bpf-ld/btf';
import {
  SECTION_ABSOLUTE,
  SHF_EXECINSTR,
  type ElfFile,
  type RelocationTable,
  type Section,
} from '@bpf-ld/elf-reader';
import {
  FieldEditor,
  relocationKind,
  type RelocationField,
  type RelocationKind,
} from '@bpf-ld/reloc-engine';
import type { Place, Places } from './places.js';
import { isMapSection } from './symbol-control.js';

/** What an operand stands for. Offsets are bytes. */
export type SymbolOperand =
  | {
      /**
       * `map`: in .maps. `function`: in a section of code. `variable`: in any other. `extern`: defined in no
       * object, left to the loader. `absolute`: a number with a name.
       */
      readonly kind: 'map' | 'function' | 'variable' | 'extern' | 'absolute';
      /** Absent where no symbol is at the place: it is then an offset in `section`. */
      readonly symbol?: string;
      /** Of an extern the DATASEC that declares it (.ksyms, .kconfig), where one does. */
      readonly section?: string;
      readonly offset: number;
    }
  | {
      /** A helper function of the kernel, called by its number. */
      readonly kind: 'helper';
      readonly symbol: string;
      readonly id: number;
    };

/** The file that operands are looked up in. */
export interface OperandContext {
  readonly elf: ElfFile;
  readonly places: Places;
  /** Names of declared variables and functions without a definition -> their DATASEC. */
  readonly externs: ReadonlyMap<string, string>;
}

/** The relocation of an instruction. */
interface Reference {
  readonly field: RelocationField;
  readonly symbol: number;
  /** Bytes. */
  readonly addend: number;
}

/** The operands of one code section, and the jumps that have a relocation. */
export class Operands {
  readonly #context: OperandContext;
  readonly #section: Section;
  readonly #code: Uint8Array;
  readonly #references = new Map<number, Reference>();

  constructor(
    context: OperandContext,
    section: Section,
    code: Uint8Array,
    tables: readonly RelocationTable[],
  ) {
    this.#context = context;
    this.#section = section;
    this.#code = code;
    const editor = new FieldEditor(code, context.elf.littleEndian);
    for (const { count, offset, type, symbol, addend } of tables) {
      for (let i = 0; i < count; i++) {
        const at = offset[i]!;
        const kind = relocationKind(type[i]!, true);
        // Symbol 0 is none (gABI).
        if (!kind || symbol[i] === 0 || !fits(kind, code, at)) continue;
        const bytes = addend ? Number(addend[i]!) : editor.addend(kind.field, at);
        this.#references.set(at, { field: kind.field, symbol: symbol[i]!, addend: bytes });
      }
    }
  }

  /** What the ldimm64 or call at byte `offset` refers to. */
  at(offset: number): SymbolOperand | undefined {
    const reference = this.#references.get(offset);
    if (reference) return this.#operand(reference);
    const { littleEndian } = this.#context.elf;
    const opcode = opcodeAt(this.#code, offset);
    const source = srcRegAt(this.#code, offset, littleEndian);
    const imm = immAt(this.#code, offset, littleEndian);
    if (opcode === OPCODE_CALL && source === 0) {
      const symbol = helperName(imm);
      return symbol === undefined ? undefined : { kind: 'helper', symbol, id: imm };
    }
    const isLocal =
      opcode === OPCODE_CALL
        ? source === BPF_PSEUDO_CALL
        : opcode === OPCODE_LDIMM64 && source === BPF_PSEUDO_FUNC;
    if (!isLocal) return undefined;
    const target = offset + (imm + 1) * INSTRUCTION_SIZE;
    if (target < 0 || target >= this.#section.size) return undefined;
    return { kind: 'function', ...this.#context.places.at(this.#section.index, target) };
  }

  /** Where the jump at byte `offset` goes by its relocation. */
  jump(offset: number): Place | undefined {
    const reference = this.#references.get(offset);
    if (reference?.field !== 'jump16') return undefined;
    return this.#context.places.ofSymbol(reference.symbol, reference.addend);
  }

  #operand({ symbol, addend }: Reference): SymbolOperand {
    const { elf, places, externs } = this.#context;
    const place = places.ofSymbol(symbol, addend);
    const home = elf.symbols.section[symbol]!;
    if (home === 0) {
      const section = externs.get(place.symbol!);
      return { kind: 'extern', ...place, ...(section !== undefined && { section }) };
    }
    if (home === SECTION_ABSOLUTE) return { kind: 'absolute', ...place };
    const target = elf.sections[home];
    if (!target) return { kind: 'variable', ...place };
    if (isMapSection(target)) return { kind: 'map', ...place };
    return { kind: (target.flags & SHF_EXECINSTR) === 0 ? 'variable' : 'function', ...place };
  }
}

/** Whether the instruction at byte `at` has the field of such a relocation. */
function fits({ field, width }: RelocationKind, code: Uint8Array, at: number): boolean {
  if (at + width > code.length) return false;
  if (field === 'ldimm64') return code[at] === OPCODE_LDIMM64;
  if (field === 'call') return code[at] === OPCODE_CALL;
  return field === 'jump16';
}

/** Every variable and function that a DATASEC of an object lists, and the DATASEC. */
export function datasecsByName({ byKind, typeAt, words, strings }: Btf): Map<string, string> {
  const homes = new Map<string, string>();
  for (const id of ofKind(byKind, BTF_KIND_DATASEC)) {
    const at = typeAt[id]!;
    const info = words[at + 1]!;
    const section = strings.cstring(words[at]!);
    for (let k = 0, entry = at + 3; k < vlenOf(info); k++, entry += 3) {
      homes.set(strings.cstring(words[typeAt[words[entry]!]!]!), section);
    }
  }
  return homes;
}

const KEYWORDS = {
  map: 'map',
  function: 'func',
  variable: 'var',
  extern: 'extern',
  absolute: 'abs',
} as const;

/** The operand as it stands behind `r1 =` (`%var(.bss:counter+0x4)`) or, with `inCall`, behind `call`. */
export function operandText(operand: SymbolOperand, inCall: boolean): string {
  if (operand.kind === 'helper') return `${operand.symbol}#${operand.id}`;
  const { kind, section } = operand;
  if (inCall) return placeText(operand);
  const isNamed = kind === 'map' || kind === 'function' || operand.symbol === undefined;
  const home = isNamed || section === undefined ? '' : `${shortened(section)}:`;
  return `%${KEYWORDS[kind]}(${home}${placeText(operand)})`;
}

/** A place as `symbol+0x8`, or `.text+0x8` where no symbol is. */
export function placeText({ symbol, section = '', offset }: Place): string {
  const distance = offset < 0 ? `-0x${(-offset).toString(16)}` : `+0x${offset.toString(16)}`;
  if (symbol === undefined) return `${shortened(section)}${distance}`;
  return `${shortened(symbol)}${offset === 0 ? '' : distance}`;
}

/** Characters of a name or source line that are shown: what thousands of instructions refer to costs little. */
const maximumLength = 500;

/** A name or a source line, cut where it is longer than anyone reads. */
export function shortened(text: string): string {
  return text.length <= maximumLength ? text : `${text.slice(0, maximumLength)}...`;
}
