export { decode, encode, type Instruction } from './codec.js';
export {
  disassemble,
  disassembleInstruction,
  type DisassembledInstruction,
  type DisassemblyOptions,
} from './disassemble.js';
export {
  dstRegAt,
  immAt,
  instructionLength,
  ldimm64At,
  offAt,
  opcodeAt,
  setImm,
  setLdimm64,
  setLdimm64Halves,
  setOff,
  setSrcReg,
  srcRegAt,
} from './fields.js';
export { helperName } from './helpers.js';
export { localCalls, visitLocalCalls, type LocalCall } from './local-calls.js';
export * from './opcodes.js';
