export { Cursor, decodeUtf8, encodeUtf8 } from './cursor.js';
export { identifyFile, type FileKind } from './identify.js';
export {
  catchMalformed,
  MalformedInput,
  type MalformedPlace,
  type ReadError,
  type ReadResult,
} from './malformed.js';
export {
  readArchive,
  type Archive,
  type ArchiveIndex,
  type ArchiveMember,
} from './read-archive.js';
export {
  isPowerOfTwo,
  openSection,
  parseDynamicRelocations,
  parseDynamicSymbols,
  parseElf,
  parseRelocations,
  SECTION_ABSOLUTE,
  SECTION_COMMON,
  symbolName,
  type ElfFile,
  type RelocationTable,
  type Section,
  type SymbolTable,
} from './read-elf.js';
export * from './image-records.js';
export {
  parseProgramHeaders,
  type ProgramHeader,
  type ProgramHeaderTable,
} from './read-program-headers.js';
export * from './records.js';
export { firstBehind, lastAtOrBefore } from './search.js';
export { StringPool, type StringId } from './string-pool.js';
