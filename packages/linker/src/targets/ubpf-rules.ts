import {
  BPF_ALU64,
  BPF_PSEUDO_CALL,
  disassembleInstruction,
  immAt,
  OPCODE_CALL,
  OPCODE_CALLX,
  OPCODE_GOTOX,
  OPCODE_LDIMM64,
  OPCODE_MAY_GOTO,
  BPF_MOV,
  BPF_X,
  BPF_ADDR_SPACE_CAST,
  offAt,
  opcodeAt,
  srcRegAt,
} from '@bpf-ld/bpf-isa';
import {
  ET_REL,
  openSection,
  parseRelocations,
  R_BPF_64_32,
  R_BPF_64_64,
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHF_WRITE,
  SHT_PROGBITS,
  SHT_REL,
  SHT_STRTAB,
  STT_FUNC,
  symbolName,
  type ElfFile,
  type Section,
} from '@bpf-ld/elf-reader';
import { instructions, violation } from './instructions.js';
import type { TargetRule } from './profile.js';

/** Rules of uBPF's loader of objects (vm/ubpf_loader.c) and of the machine (vm/ubpf_vm.c). */

const MAXIMUM_SECTIONS = 32;
const CODE_FLAGS = SHF_ALLOC | SHF_EXECINSTR;
const DATA_FLAGS = SHF_ALLOC | SHF_WRITE;

const USE_STATIC = 'link with --static, and load the segments of the executable yourself';

/** A rule about objects, which its loader reads; executables are loaded by the host. */
function ofObjects(rule: TargetRule): TargetRule {
  return {
    ...rule,
    *check(image) {
      if (image.elf.type === ET_REL) yield* rule.check(image);
    },
  };
}

export const objectHeader: TargetRule = ofObjects({
  name: 'header',
  about: 'An object has no OS ABI.',
  fix: 'this is what -r makes for the target',
  *check({ elf }) {
    if (elf.osAbi !== 0) yield { message: `the file is for OS ABI ${elf.osAbi}` };
  },
});

export const sectionCount: TargetRule = ofObjects({
  name: 'section-count',
  about: `An object has at most ${MAXIMUM_SECTIONS} sections, the null section among them.`,
  fix: 'give sections that are not loaded fewer names, or link with -S',
  *check({ elf }) {
    const { length } = elf.sections;
    if (length > MAXIMUM_SECTIONS) {
      yield { message: `there are ${length} sections, ${MAXIMUM_SECTIONS} are allowed` };
    }
  },
});

export const oneStringTable: TargetRule = ofObjects({
  name: 'one-string-table',
  about: 'All names are in the first string table.',
  fix: 'this is what -r makes for the target',
  *check({ elf }) {
    const first = elf.sections.find(({ type }) => type === SHT_STRTAB)?.index;
    const symbols = elf.sections[elf.symbolTableIndex]!;
    if (first !== symbols.link)
      yield { message: 'names of symbols are not in the first string table' };
  },
});

export const codeFlags: TargetRule = ofObjects({
  name: 'code-flags',
  about: 'Functions are in PROGBITS sections whose flags are exactly ALLOC and EXECINSTR.',
  fix: 'leave the flags of the section to the compiler',
  *check({ elf }) {
    for (const { section } of functions(elf)) {
      if (section.type === SHT_PROGBITS && section.flags === CODE_FLAGS) continue;
      const message = `${section.name} holds functions, and has other flags than ALLOC and EXECINSTR`;
      yield { message, section: section.index, offset: 0 };
    }
  },
});

export const dataFlags: TargetRule = ofObjects({
  name: 'data',
  about:
    'Loaded addresses are of symbols of PROGBITS sections whose flags are exactly ALLOC and WRITE.',
  fix: USE_STATIC,
  *check({ elf }) {
    for (const { section, at, symbol } of relocationsOf(elf, R_BPF_64_64)) {
      const home = elf.sections[Math.max(0, elf.symbols.section[symbol]!)]!;
      if (home.type === SHT_PROGBITS && home.flags === DATA_FLAGS) continue;
      const what = home.index === 0 ? 'is not defined' : `is in ${home.name}, which is no data`;
      yield violation(
        section,
        at,
        `the address of ${symbolName(elf, symbol)} is loaded, which ${what}`,
      );
    }
  },
});

/** The loader copies functions by their symbols, and gives the copies new places. */
export const functionSymbols: TargetRule = ofObjects({
  name: 'function-symbols',
  about: 'Code is made of functions whose symbols neither overlap nor leave a gap.',
  fix: 'give each function one name and its size; aliases cannot be loaded',
  *check({ elf }) {
    const bySection = new Map<Section, { start: number; end: number; name: string }[]>();
    for (const { section, start, size, name } of functions(elf)) {
      const list = bySection.get(section) ?? [];
      bySection.set(section, list);
      list.push({ start, end: start + size, name });
    }
    for (const section of elf.sections) {
      if ((section.flags & SHF_EXECINSTR) === 0 || section.size === 0) continue;
      let end = 0;
      const list = (bySection.get(section) ?? []).sort((a, b) => a.start - b.start);
      for (const { start, end: until, name } of [
        ...list,
        { start: section.size, end: section.size, name: '' },
      ]) {
        if (start > end) yield violation(section, end, 'there is code outside of functions');
        if (start < end) yield violation(section, start, `${name} overlaps another function`);
        end = Math.max(end, until);
      }
    }
  },
});

export const codeRelocations: TargetRule = ofObjects({
  name: 'relocations',
  about:
    'Relocations change code: calls (R_BPF_64_32) and loads of addresses (R_BPF_64_64). Calls with src_reg 1 lead to functions.',
  fix: USE_STATIC,
  *check({ elf }) {
    const starts = new Set(functions(elf).map(({ section, start }) => `${section.index} ${start}`));
    for (const { section, at, symbol, type } of relocationsOf(elf)) {
      if ((section.flags & SHF_EXECINSTR) === 0) {
        if ((section.flags & SHF_ALLOC) === 0) continue;
        yield violation(
          section,
          at,
          `${section.name} holds an address, which the loader leaves out`,
        );
        continue;
      }
      const code = openSection(elf, section).bytes;
      if (type === R_BPF_64_32 && srcRegAt(code, at, true) === BPF_PSEUDO_CALL) {
        const target = (immAt(code, at, true) + 1) * 8;
        if (!starts.has(`${elf.symbols.section[symbol]!} ${target}`)) {
          yield violation(section, at, 'a call leads to no function');
        }
      } else if (type !== R_BPF_64_32 && type !== R_BPF_64_64) {
        yield violation(section, at, `a relocation has type ${type}`);
      }
    }
  },
});

export const entryFirst: TargetRule = {
  name: 'entry-first',
  about: 'Execution begins at the first instruction of an executable.',
  fix: 'give the entry a section of its own: -ffunction-sections, or SEC()',
  *check({ elf }) {
    if (elf.type === ET_REL) return;
    const code = elf.sections.find(({ flags }) => (flags & SHF_EXECINSTR) !== 0);
    if (!code || code.address === elf.entry) return;
    const offset = elf.entry - code.address;
    yield { message: 'the entry is not the first instruction', section: code.index, offset };
  },
};

/** Instructions of which the machine has none. */
const MISSING: ReadonlyMap<number, string> = new Map([
  [OPCODE_CALLX, 'calls through a register'],
  [OPCODE_GOTOX, 'jumps through a register'],
  [OPCODE_MAY_GOTO, 'is a jump that only the kernel has'],
]);

export const instructionSet: TargetRule = {
  name: 'instruction-set',
  about:
    'There are no indirect calls and jumps, no casts of address spaces, no loads that the kernel fills in.',
  fix: 'avoid function pointers; compile with -mcpu=v2 or v3',
  *check(image) {
    for (const { section, code, at } of instructions(image)) {
      const problem = MISSING.get(opcodeAt(code, at)) ?? otherProblem(code, at);
      if (problem === undefined) continue;
      const text = disassembleInstruction(code, at, true);
      yield violation(section, at, `\`${text}\` ${problem}, which the machine does not do`);
    }
  },
};

function otherProblem(code: Uint8Array, at: number): string | undefined {
  const opcode = opcodeAt(code, at);
  const source = srcRegAt(code, at, true);
  if (opcode === OPCODE_LDIMM64 && source !== 0) return 'loads what the kernel fills in';
  if (opcode === OPCODE_CALL && source > BPF_PSEUDO_CALL) return 'calls a function of the kernel';
  const isCast =
    opcode === (BPF_ALU64 | BPF_MOV | BPF_X) && offAt(code, at, true) === BPF_ADDR_SPACE_CAST;
  return isCast ? 'casts between address spaces' : undefined;
}

interface FunctionSymbol {
  readonly name: string;
  readonly section: Section;
  readonly start: number;
  readonly size: number;
}

function functions(elf: ElfFile): readonly FunctionSymbol[] {
  const { symbols } = elf;
  const found: FunctionSymbol[] = [];
  for (let i = 1; i < symbols.count; i++) {
    if (symbols.type[i] !== STT_FUNC || symbols.section[i]! <= 0) continue;
    const section = elf.sections[symbols.section[i]!]!;
    found.push({
      name: symbolName(elf, i),
      section,
      start: symbols.value[i]!,
      size: symbols.size[i]!,
    });
  }
  return found;
}

function* relocationsOf(
  elf: ElfFile,
  wanted?: number,
): Generator<{ section: Section; at: number; symbol: number; type: number }> {
  for (const header of elf.sections) {
    if (header.type !== SHT_REL) continue;
    const table = parseRelocations(elf, header);
    if (!table.ok) continue;
    const { count, offset, symbol, type } = table.value;
    const section = elf.sections[header.info]!;
    for (let i = 0; i < count; i++) {
      if (wanted !== undefined && (type[i] !== wanted || (section.flags & SHF_EXECINSTR) === 0))
        continue;
      yield { section, at: offset[i]!, symbol: symbol[i]!, type: type[i]! };
    }
  }
}
