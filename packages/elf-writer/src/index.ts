export { gnuBuckets, gnuHash, gnuHashTable, sysvHash, sysvHashTable } from './hash-tables.js';
export { Output } from './output.js';
export { PROGRAM_HEADERS_AT, type ImageSpec } from './program-headers.js';
export {
  alignUp,
  fileIndex,
  FIRST_SECTION,
  IN_NO_SECTION,
  SYMTAB_INDEX,
  writeElf,
  writeRelocations,
  writeSymbols,
  type ElfSpec,
  type SectionSpec,
  type SymbolColumns,
} from './write-elf.js';
export { StringTable } from './string-table.js';
