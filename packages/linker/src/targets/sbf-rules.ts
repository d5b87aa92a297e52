import {
  BPF_PSEUDO_CALL,
  immAt,
  INSTRUCTION_SIZE,
  OPCODE_CALL,
  OPCODE_LDIMM64,
  opcodeAt,
  srcRegAt,
} from '@bpf-ld/bpf-isa';
import {
  Cursor,
  DT_REL,
  DT_RELENT,
  DT_RELSZ,
  DT_SYMTAB,
  DYN,
  DYN_SIZE,
  EHDR_SIZE,
  encodeUtf8,
  ET_DYN,
  parseDynamicRelocations,
  parseDynamicSymbols,
  PF_R,
  PF_W,
  PF_X,
  PHDR_SIZE,
  PT_DYNAMIC,
  PT_LOAD,
  R_BPF_64_32,
  R_BPF_64_64,
  R_BPF_64_RELATIVE,
  REL_SIZE,
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHF_WRITE,
  SHT_NOBITS,
  SHT_REL,
  SHT_RELA,
  symbolName,
  type ElfFile,
  type RelocationTable,
  type Section,
} from '@bpf-ld/elf-reader';
import { murmur3 } from '../murmur3.js';
import type { TargetRule, Violation } from './profile.js';
import { instructions, violation } from './instructions.js';

/** Rules of the loader of Solana's machine (anza-xyz/sbpf: elf.rs, elf_parser/mod.rs, ebpf.rs). */

/** Addresses are in regions of so many bytes: code and data in the second, the stack in the third. */
const REGION = 2 ** 32;
const SECTION_NAME_BYTES = 15;
const SYMBOL_NAME_BYTES = 63;

const USE_SHARED = 'this is what --shared makes for the target';

/** The header's type and flags, which select the loader. */
export function header(version: number): TargetRule {
  return {
    name: 'header',
    about:
      'The file is a shared object (ET_DYN) of machine 247, without an OS ABI, and e_flags is the version.',
    fix: USE_SHARED,
    *check({ elf }) {
      if (elf.type !== ET_DYN) yield { message: `the file has type ${elf.type}, not ${ET_DYN}` };
      if (elf.osAbi !== 0) yield { message: `the file is for OS ABI ${elf.osAbi}` };
      if (elf.flags !== version) yield { message: `e_flags is ${elf.flags}, not ${version}` };
    },
  };
}

/** Names of sections are read into 16 bytes. */
export const sectionNames: TargetRule = {
  name: 'section-names',
  about: `Names of sections have at most ${SECTION_NAME_BYTES} bytes.`,
  fix: 'give the section a shorter name in SEC()',
  *check({ elf }) {
    for (const { index, name } of elf.sections) {
      const { length } = encodeUtf8(name);
      if (length <= SECTION_NAME_BYTES) continue;
      const message = `section name ${name} has ${length} bytes, ${SECTION_NAME_BYTES} are allowed`;
      yield { message, section: index, offset: 0 };
    }
  },
};

/** Names that relocations look up are read into 64 bytes. */
export const symbolNames: TargetRule = {
  name: 'symbol-names',
  about: `Names of system calls have at most ${SYMBOL_NAME_BYTES} bytes.`,
  fix: 'shorten the name',
  *check({ elf }) {
    const names = dynamicNames(elf);
    for (const { table } of dynamicTables(elf)) {
      const seen = new Set<number>();
      for (let i = 0; i < table.count; i++) {
        const symbol = table.symbol[i]!;
        if (symbol === 0 || seen.has(symbol)) continue;
        seen.add(symbol);
        const name = names(symbol);
        const { length } = encodeUtf8(name);
        if (length <= SYMBOL_NAME_BYTES) continue;
        const message = `the name ${name} has ${length} bytes, ${SYMBOL_NAME_BYTES} are allowed`;
        yield { message, ...placeOf(elf, table.offset[i]!) };
      }
    }
  },
};

/** The loader finds code by the name of its section. */
export const oneText: TargetRule = {
  name: 'one-text',
  about: 'There is exactly one .text, and no code elsewhere.',
  fix: 'compile at least one function',
  *check({ elf }) {
    const texts = elf.sections.filter(({ name }) => name === '.text').length;
    if (texts !== 1) yield { message: `the file has ${texts} sections .text` };
    for (const { index, name, flags } of elf.sections) {
      if ((flags & SHF_EXECINSTR) === 0 || name === '.text') continue;
      yield { message: `${name} holds code outside of .text`, section: index, offset: 0 };
    }
  },
};

/** No memory of a program is written to: variables live in the caller's memory. */
export const readOnlyData: TargetRule = {
  name: 'read-only-data',
  about: 'There are no variables: no .bss, and no .data that is written to.',
  fix: 'make it const, or keep it on the stack or in account data',
  *check({ elf }) {
    for (const { index, name, type, flags } of elf.sections) {
      const isWritten = (flags & (SHF_ALLOC | SHF_WRITE)) === (SHF_ALLOC | SHF_WRITE);
      if (name.startsWith('.bss') || (type === SHT_NOBITS && (flags & SHF_ALLOC) !== 0)) {
        const message = `${name} holds zero-initialised variables, which the machine has no memory for`;
        yield { message, section: index, offset: 0 };
      } else if (isWritten && !name.startsWith('.data.rel') && name !== '.maps') {
        const message = `${name} holds variables, which the machine cannot write to`;
        yield { message, section: index, offset: 0 };
      }
    }
  },
};

/** The parser goes through the sections once. */
export const fileOrder: TargetRule = {
  name: 'file-order',
  about: 'Sections stand in the file in the order of their headers, and overlap with nothing.',
  fix: USE_SHARED,
  *check({ elf, programHeaders }) {
    let end = programHeaders.offset + programHeaders.headers.length * PHDR_SIZE;
    if (programHeaders.offset !== EHDR_SIZE) end = EHDR_SIZE;
    for (const { index, name, type, offset, size } of elf.sections) {
      if (index === 0 || type === SHT_NOBITS) continue;
      if (offset < end) yield { message: `section ${name} begins before the one before it ends` };
      end = offset + size;
    }
  },
};

/** Segments are looked up one after the other. */
export const segmentOrder: TargetRule = {
  name: 'segment-order',
  about: 'PT_LOAD segments stand in order of address, and inside of the file.',
  fix: USE_SHARED,
  *check({ elf, programHeaders }) {
    let last = 0;
    for (const { type, address, offset, fileSize } of programHeaders.headers) {
      if (type !== PT_LOAD) continue;
      if (address < last)
        yield { message: `the segment at ${hex(address)} stands behind a later one` };
      if (offset + fileSize > elf.bytes.length) yield { message: 'a segment ends behind the file' };
      last = address;
    }
  },
};

/** The read-only memory of the program is a copy of the file. */
const LOADED: ReadonlySet<string> = new Set(['.text', '.rodata', '.data.rel.ro', '.eh_frame']);

export const addressIsOffset: TargetRule = {
  name: 'address-is-offset',
  about:
    'The address of .text, .rodata, .data.rel.ro and .eh_frame is their offset in the file; nothing else is loaded.',
  fix: 'leave -Ttext, -Trodata and -Tdata out: the target has its own addresses',
  *check({ elf }) {
    for (const { index, name, flags, address, offset, size } of elf.sections) {
      const place = { section: index, offset: 0 };
      if (LOADED.has(name)) {
        if (address !== offset) {
          yield {
            message: `${name} is at ${hex(address)}, and in the file at ${hex(offset)}`,
            ...place,
          };
        }
        if (address + size > REGION)
          yield { message: `${name} ends outside of its region`, ...place };
      } else if ((flags & SHF_ALLOC) !== 0 && !/^\.(dyn|hash|gnu\.hash|rel\.dyn)/.test(name)) {
        const message = `${name} is no section that the machine loads`;
        if (!/^\.(data|bss|maps)/.test(name)) yield { message, ...place };
      }
    }
  },
};

/** Entries of the dynamic section that the parser reads. */
export const dynamicSection: TargetRule = {
  name: 'dynamic-section',
  about:
    'PT_DYNAMIC names the relocations by DT_REL, DT_RELSZ and DT_RELENT, of 16 bytes, and .dynsym by DT_SYMTAB; .dynstr is found by name.',
  fix: USE_SHARED,
  *check({ elf, programHeaders }) {
    const segment = programHeaders.headers.find(({ type }) => type === PT_DYNAMIC);
    if (!segment) {
      yield { message: 'there is no PT_DYNAMIC segment' };
      return;
    }
    const entries = new Map<number, number>();
    const file = new Cursor(elf.bytes, elf.name, elf.littleEndian);
    for (let at = 0; at + DYN_SIZE <= segment.fileSize; at += DYN_SIZE) {
      const entry = segment.offset + at;
      entries.set(file.u64(entry + DYN.d_tag.offset), file.u64(entry + DYN.d_val.offset));
    }
    const symbols = entries.get(DT_SYMTAB);
    if (!elf.sections.some(({ address }) => address === symbols)) {
      yield { message: 'DT_SYMTAB is no address of a section' };
    }
    if (!elf.sections.some(({ name }) => name === '.dynstr'))
      yield { message: 'there is no .dynstr' };
    const table = entries.get(DT_REL);
    if (table === undefined) return;
    if (entries.get(DT_RELENT) !== REL_SIZE) yield { message: `DT_RELENT is not ${REL_SIZE}` };
    if ((entries.get(DT_RELSZ) ?? 0) === 0) yield { message: 'DT_RELSZ is 0' };
    const inSegment = programHeaders.headers.some(
      ({ type, address, memorySize }) =>
        type === PT_LOAD && table >= address && table < address + memorySize,
    );
    if (!inSegment) yield { message: 'DT_REL is in no segment' };
  },
};

const RELOCATION_TYPES: ReadonlySet<number> = new Set([
  R_BPF_64_64,
  R_BPF_64_RELATIVE,
  R_BPF_64_32,
]);

/** Types that the loader knows. */
export const relocationTypes: TargetRule = {
  name: 'relocation-types',
  about: 'Dynamic relocations have the types 1, 8 and 10, and change bytes of the file.',
  fix: USE_SHARED,
  *check({ elf }) {
    for (const { table } of dynamicTables(elf)) {
      for (let i = 0; i < table.count; i++) {
        const [type, offset] = [table.type[i]!, table.offset[i]!];
        if (!RELOCATION_TYPES.has(type)) {
          yield { message: `a relocation has type ${type}`, ...placeOf(elf, offset) };
        }
      }
    }
  },
};

/** Execution begins at an instruction. */
export const entryInText: TargetRule = {
  name: 'entry',
  about: 'The entry is an instruction of .text.',
  fix: 'name the function with -e',
  *check({ elf }) {
    const text = elf.sections.find(({ flags }) => (flags & SHF_EXECINSTR) !== 0);
    const offset = text ? elf.entry - text.address : -1;
    if (!text || offset < 0 || offset >= text.size || offset % INSTRUCTION_SIZE !== 0) {
      yield { message: `the entry ${hex(elf.entry)} is no instruction of .text` };
    }
  },
};

/**
 * In versions 0 to 2 every call but those of imm -1 is of a function of the program, so many
 * instructions away; what imm -1 calls is said by a relocation.
 */
export const calls: TargetRule = {
  name: 'calls',
  about:
    'Calls are of functions of the program, by distance, or of system calls, by a relocation; there are no numbered helpers.',
  fix: 'declare the function extern, so that it is called by its name; --helper is for other targets',
  *check(image) {
    const named = new Set<string>();
    for (const { table } of dynamicTables(image.elf)) {
      for (let i = 0; i < table.count; i++) {
        if (table.type[i] !== R_BPF_64_32) continue;
        const { section = 0, offset = 0 } = placeOf(image.elf, table.offset[i]!);
        named.add(`${section} ${offset}`);
      }
    }
    for (const { section, code, at } of instructions(image)) {
      if (opcodeAt(code, at) !== OPCODE_CALL || named.has(`${section.index} ${at}`)) continue;
      const imm = immAt(code, at, true);
      if (srcRegAt(code, at, true) !== BPF_PSEUDO_CALL) {
        yield violation(section, at, `helper ${imm} is called by its number`);
      } else if (imm === -1) {
        yield violation(
          section,
          at,
          'a call of itself (imm -1) means a system call without a name',
        );
      } else if (isOutside(code, at, imm)) {
        yield violation(section, at, 'a call leads out of .text');
      }
    }
  },
};

/** Version 3: system calls are called by a hash of their names, functions by distance. */
export const hashedCalls: TargetRule = {
  name: 'calls',
  about:
    'Calls are of functions of the program, by distance, or of system calls, by the murmur3-32 of their names; there are no numbered helpers.',
  fix: 'declare the function extern, so that it is called by its name; --helper is for other targets',
  *check(image) {
    const { elf } = image;
    const hashes = new Set<number>();
    for (let i = 1; i < elf.symbols.count; i++) {
      if (elf.symbols.section[i] === 0) hashes.add(murmur3(encodeUtf8(symbolName(elf, i))));
    }
    for (const { section, code, at } of instructions(image)) {
      if (opcodeAt(code, at) !== OPCODE_CALL) continue;
      const imm = immAt(code, at, true);
      if (srcRegAt(code, at, true) === BPF_PSEUDO_CALL) {
        if (isOutside(code, at, imm)) yield violation(section, at, 'a call leads out of the code');
      } else if (!hashes.has(imm >>> 0)) {
        yield violation(section, at, `helper ${imm} is called by its number`);
      }
    }
  },
};

/** Version 3: what the strict parser wants of the header. */
export const strictHeader: TargetRule = {
  name: 'header',
  about:
    'The file is of machine 247, without an OS ABI; program headers follow the header; e_flags is 3.',
  fix: 'this is what --static makes for the target',
  *check({ elf, programHeaders }) {
    if (elf.osAbi !== 0) yield { message: `the file is for OS ABI ${elf.osAbi}` };
    if (elf.flags !== 3) yield { message: `e_flags is ${elf.flags}, not 3` };
    if (programHeaders.offset !== EHDR_SIZE) {
      yield { message: `program headers are at offset ${programHeaders.offset}, not ${EHDR_SIZE}` };
    }
  },
};

/** Version 3: constants at 0, code at 1 << 32, nothing else. */
export const strictSegments: TargetRule = {
  name: 'segments',
  about:
    'There is a PT_LOAD of code (X) at 1 << 32, before it one of constants (R) at 0 if there are any: one behind the other from the program headers on, sizes multiples of 8, equal in file and memory.',
  fix: 'keep nothing but code and constants, and leave out -Ttext, -Trodata and -Tdata',
  *check({ programHeaders: { offset: tableAt, headers } }) {
    // What is written to is reported by name.
    if (headers.some(({ flags }) => (flags & PF_W) !== 0)) return;
    const hasConstants = headers[0]?.flags === PF_R;
    const wanted = hasConstants
      ? [[PF_R, 0] as const, [PF_X, REGION] as const]
      : [[PF_X, REGION] as const];
    if (headers.length !== wanted.length) {
      yield { message: `there are ${headers.length} segments, not ${wanted.length}` };
    }
    let offset = tableAt + headers.length * PHDR_SIZE;
    for (const [i, [flags, address]] of wanted.entries()) {
      const segment = headers[i];
      if (!segment) return;
      const { fileSize } = segment;
      const fits =
        segment.type === PT_LOAD &&
        segment.flags === flags &&
        segment.offset === offset &&
        segment.address === address &&
        segment.physicalAddress === address &&
        fileSize === segment.memorySize &&
        fileSize % INSTRUCTION_SIZE === 0 &&
        fileSize < REGION;
      if (!fits)
        yield { message: `segment ${i} is not the one at ${hex(address)} that is expected` };
      offset += fileSize;
    }
  },
};

/** Version 3: nothing is left to do. */
export const noRelocations: TargetRule = {
  name: 'no-relocations',
  about: 'There are no dynamic relocations.',
  fix: 'link with --static',
  *check({ elf, programHeaders }) {
    if (programHeaders.headers.some(({ type }) => type === PT_DYNAMIC)) {
      yield { message: 'there is a PT_DYNAMIC segment' };
    }
    for (const { name } of dynamicTables(elf)) yield { message: `${name} holds relocations` };
  },
};

/** ldimm64 is not cut off, and nothing follows the code. */
export const wholeInstructions: TargetRule = {
  name: 'whole-instructions',
  about: 'Code is a whole number of instructions, of which there is at least one.',
  fix: 'compile the object again: its code is damaged',
  *check(image) {
    let last:
      { readonly section: Section; readonly code: Uint8Array; readonly at: number } | undefined;
    for (const place of instructions(image)) last = place;
    if (!last) {
      yield { message: 'there is no instruction' };
      return;
    }
    const { section, code, at } = last;
    const size = opcodeAt(code, at) === OPCODE_LDIMM64 ? 2 * INSTRUCTION_SIZE : INSTRUCTION_SIZE;
    if (at + size !== code.length) yield violation(section, at, 'the last instruction is cut off');
  },
};

function isOutside(code: Uint8Array, at: number, imm: number): boolean {
  const target = at + (imm + 1) * INSTRUCTION_SIZE;
  return target < 0 || target >= code.length;
}

interface DynamicTable {
  readonly name: string;
  readonly table: RelocationTable;
}

/** Relocations that are in the program's memory; not the record of `--emit-relocs`. */
function dynamicTables(elf: ElfFile): readonly DynamicTable[] {
  return elf.sections.flatMap((section): DynamicTable[] => {
    const { type, flags, name } = section;
    if ((type !== SHT_REL && type !== SHT_RELA) || (flags & SHF_ALLOC) === 0) return [];
    const table = parseDynamicRelocations(elf, section);
    return table.ok ? [{ name, table: table.value }] : [];
  });
}

/** Names of the dynamic symbols, by index. */
function dynamicNames(elf: ElfFile): (symbol: number) => string {
  const parsed = parseDynamicSymbols(elf);
  const table = parsed.ok ? parsed.value : undefined;
  return (symbol) => (table ? table.names.cstring(table.nameAt[symbol]!) : '');
}

/** The section that an address is in, and the offset there. */
function placeOf(elf: ElfFile, at: number): Pick<Violation, 'section' | 'offset'> {
  const found = elf.sections.find(
    ({ flags, address, size }) => (flags & SHF_ALLOC) !== 0 && at >= address && at < address + size,
  );
  return found ? { section: found.index, offset: at - found.address } : {};
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
