export {
  BTF_INT_CHAR,
  BTF_INT_SIGNED,
  BTF_KIND_ARRAY,
  BTF_KIND_CONST,
  BTF_KIND_DATASEC,
  BTF_KIND_DECL_TAG,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FLOAT,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_FWD,
  BTF_KIND_INT,
  BTF_KIND_PTR,
  BTF_KIND_RESTRICT,
  BTF_KIND_STRUCT,
  BTF_KIND_TYPEDEF,
  BTF_KIND_TYPE_TAG,
  BTF_KIND_UNION,
  BTF_KIND_VAR,
  BTF_KIND_VOLATILE,
  BTF_LINKAGE_EXTERN,
  BTF_LINKAGE_GLOBAL,
  BTF_LINKAGE_STATIC,
  BTF_MAX_VLEN,
  type KindDescriptor,
  kindOf,
  KINDS,
  ofKind,
  type TypesByKind,
  vlenOf,
} from './kinds.js';
export { type Btf, parseBtf } from './read-btf.js';
export {
  type BtfExt,
  EXT_RECORDS,
  type ExtKind,
  type ExtRecordLayout,
  type ExtSection,
  parseBtfExt,
} from './read-ext.js';
export { poolId, poolIds, type TypeBase, TypePool } from './type-pool.js';
export { dedup } from './dedup.js';
export type { Coloring, TypeGraph } from './dedup-graph.js';
export { refine, type Refinement } from './dedup-refine.js';
export { keptTypes } from './live.js';
export {
  type Datasec,
  type DatasecEntry,
  encodeBtf,
  type EncodeBtfInput,
  type EncodedBtf,
} from './encode.js';
export {
  encodeBtfExt,
  type EncodeBtfExtInput,
  poolExtRecords,
  type PooledExtSection,
} from './encode-ext.js';
export { OutputStrings } from './output-strings.js';
export {
  compareDeclarations,
  isEmptyPrototype,
  leavesParametersOpen,
  type Mismatch,
  skipModifiers,
} from './compat.js';
export {
  compareMapDefinitions,
  type MapAttribute,
  type MapDefinition,
  readMapDefinition,
} from './compat-map.js';
export { printDeclaration, printType } from './print-c.js';
