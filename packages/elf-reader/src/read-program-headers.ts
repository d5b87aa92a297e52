import { Cursor } from './cursor.js';
import { PHDR, PHDR_SIZE } from './image-records.js';
import { catchMalformed, type ReadResult } from './malformed.js';
import type { ElfFile } from './read-elf.js';
import { EHDR } from './records.js';

/** One program header (gABI, "Program Header"). Offsets, addresses and sizes are bytes. */
export interface ProgramHeader {
  readonly type: number;
  /** PF_ bits. */
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly physicalAddress: number;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly alignment: number;
}

/** The program header table of an executable or shared object, and where it stands in the file. */
export interface ProgramHeaderTable {
  readonly offset: number;
  readonly headers: readonly ProgramHeader[];
}

/** Reads the program headers; an object file has none. */
export function parseProgramHeaders(elf: ElfFile): ReadResult<ProgramHeaderTable> {
  return catchMalformed(() => {
    const file = new Cursor(elf.bytes, elf.name, elf.littleEndian);
    const count = file.u16(EHDR.e_phnum.offset);
    const offset = file.u64(EHDR.e_phoff.offset);
    if (count === 0) return { offset, headers: [] };
    const entrySize = file.u16(EHDR.e_phentsize.offset);
    if (entrySize !== PHDR_SIZE) {
      throw file.malformed(`program headers of ${entrySize} bytes, not ${PHDR_SIZE}`, offset);
    }
    file.need(offset, count * PHDR_SIZE, 'program header table');
    const headers = Array.from({ length: count }, (_, i): ProgramHeader => {
      const at = offset + i * PHDR_SIZE;
      return {
        type: file.u32(at + PHDR.p_type.offset),
        flags: file.u32(at + PHDR.p_flags.offset),
        offset: file.u64(at + PHDR.p_offset.offset),
        address: file.u64(at + PHDR.p_vaddr.offset),
        physicalAddress: file.u64(at + PHDR.p_paddr.offset),
        fileSize: file.u64(at + PHDR.p_filesz.offset),
        memorySize: file.u64(at + PHDR.p_memsz.offset),
        alignment: file.u64(at + PHDR.p_align.offset),
      };
    });
    return { offset, headers };
  });
}
