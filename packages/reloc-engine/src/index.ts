export { applyRelocations, type ApplyJob, type RelocationMeaning } from './apply.js';
export { moveCallRegisters } from './call-registers.js';
export { constantAt, setConstantAt } from './constants.js';
export { loaderRelocations } from './dynamic.js';
export { FieldEditor } from './fields.js';
export { moveImplicitCalls, type ImplicitCallsJob } from './implicit-calls.js';
export { moveJumpTables, type JumpTablesJob } from './jump-tables.js';
export { toLlvmNumbering, type TablesBySection } from './gnu-numbering.js';
export { relocationKind, type RelocationField, type RelocationKind } from './kinds.js';
export {
  DROPPED,
  preserveRelocations,
  type Placement,
  type PreserveJob,
  type RelocationTarget,
} from './preserve.js';
export { OutputRelocations } from './relocations.js';
export { resolveCalls, type ResolveCallsJob } from './resolve-calls.js';
