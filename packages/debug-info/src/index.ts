export { compressSection, openDebugSection, type DebugSection } from './compressed.js';
export { isDebugSection, isObsoleteDebugSection, tombstoneOf } from './sections.js';
