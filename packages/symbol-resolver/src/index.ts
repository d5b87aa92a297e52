export {
  extractNeeded,
  type Extraction,
  type ExtractionRules,
  type LazyObject,
  type OptionReference,
  type PullInput,
} from './archives.js';
export type { Collected, CollectJob, LiveChain, LiveStep } from './collect.js';
export type { AddendOf } from './edges.js';
export {
  foldFunctions,
  type FoldCandidate,
  type FoldedFunction,
  type FoldedFunctions,
  type FoldJob,
} from './fold.js';
export type { GlobalId, ObjectId, SectionId, SymbolId } from './ids.js';
export { findLive, type LiveSet } from './live.js';
export { rangeAt, type ByteRange, type DroppedRange } from './ranges.js';
export {
  COMMON,
  DEBUG_SECTION,
  DEFINED,
  DEFINED_WEAK,
  objectOf,
  UNDEFINED,
  type Assignment,
  type DescribeSymbol,
  type GlobalTable,
  type Resolution,
  type ResolveRules,
  type ResolveResult,
  type ResolverObject,
} from './resolution.js';
export { JUMP_TABLES_SECTION, resolve } from './resolve.js';
export type { RootOptions } from './roots.js';
export { isTextName } from './section-names.js';
