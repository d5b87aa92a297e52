export { adjustDebugInfo, type Adjusted } from './adjust.js';
export type { CodePieces, SectionFate, SectionOffset } from './code-moves.js';
export { compressSection, openDebugSection, type DebugSection } from './compressed.js';
export type { AdjustedSection, DebugObject, MovedUnits, NewAddress } from './debug-object.js';
export { debugLink } from './debug-link.js';
export { LineTable, type SourceLine } from './line-lookup.js';
export {
  DEBUG_LINK_SECTION,
  FRAMES_SECTION,
  isDebugSection,
  isObsoleteDebugSection,
  tombstoneOf,
} from './sections.js';
export { readStringOffsets, type StringOffset } from './string-offsets.js';
