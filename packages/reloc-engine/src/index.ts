export { constantAt, setConstantAt } from './constants.js';
export { FieldEditor } from './fields.js';
export { moveImplicitCalls, type ImplicitCallsJob } from './implicit-calls.js';
export { moveJumpTables, type JumpTablesJob } from './jump-tables.js';
export { relocationKind, type RelocationField, type RelocationKind } from './kinds.js';
export {
  DROPPED,
  preserveRelocations,
  type Placement,
  type PreserveJob,
  type RelocationTarget,
} from './preserve.js';
export { OutputRelocations } from './relocations.js';
