export { Output } from './output.js';
export {
  FIRST_SECTION,
  IN_NO_SECTION,
  SYMTAB_INDEX,
  writeElf,
  writeRelocations,
  type ElfSpec,
  type SectionSpec,
  type SymbolColumns,
} from './write-elf.js';
export { StringTable } from './string-table.js';
