import type { Field } from './records.js';

/**
 * The records that only executables and shared objects have (gABI, chapters "Program Header" and
 * "Dynamic Section"). As in records.ts, `offset` and `width` are bytes within the record.
 */

const at = (offset: number, width: 1 | 2 | 4 | 8, meaning: string): Field => ({
  offset,
  width,
  meaning,
});

export const ET_EXEC = 2;
export const ET_DYN = 3;

export const PHDR_SIZE = 56;
export const PHDR: Readonly<
  Record<
    'p_type' | 'p_flags' | 'p_offset' | 'p_vaddr' | 'p_paddr' | 'p_filesz' | 'p_memsz' | 'p_align',
    Field
  >
> = {
  p_type: at(0, 4, 'what the segment is'),
  p_flags: at(4, 4, 'PF_ bits: execute, write, read'),
  p_offset: at(8, 8, 'file offset of its first byte'),
  p_vaddr: at(16, 8, 'address in memory'),
  p_paddr: at(24, 8, 'physical address, where that is meant'),
  p_filesz: at(32, 8, 'bytes in the file'),
  p_memsz: at(40, 8, 'bytes in memory; what is beyond those of the file is zero'),
  p_align: at(48, 8, 'p_vaddr and p_offset are equal modulo this power of two'),
};

export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;

export const PF_X = 1;
export const PF_W = 2;
export const PF_R = 4;

export const SHT_HASH = 5;
export const SHT_DYNAMIC = 6;
export const SHT_DYNSYM = 11;
export const SHT_GNU_HASH = 0x6fff_fff6;

export const DYN_SIZE = 16;
export const DYN: Readonly<Record<'d_tag' | 'd_val', Field>> = {
  d_tag: at(0, 8, 'what the entry says'),
  d_val: at(8, 8, 'a number, a size or an address'),
};

export const DT_NULL = 0;
export const DT_NEEDED = 1;
export const DT_HASH = 4;
export const DT_STRTAB = 5;
export const DT_SYMTAB = 6;
export const DT_STRSZ = 10;
export const DT_SYMENT = 11;
export const DT_SONAME = 14;
export const DT_SYMBOLIC = 16;
export const DT_REL = 17;
export const DT_RELSZ = 18;
export const DT_RELENT = 19;
export const DT_TEXTREL = 22;
export const DT_FLAGS = 30;
export const DT_GNU_HASH = 0x6fff_fef5;
/** How many of the relocations, the first ones, are R_BPF_64_RELATIVE. */
export const DT_RELCOUNT = 0x6fff_fffa;

/** Values of DT_FLAGS: the object's own definitions come first; relocations change code. */
export const DF_SYMBOLIC = 2;
export const DF_TEXTREL = 4;
