import {
  dstRegAt,
  immAt,
  INSTRUCTION_SIZE,
  instructionLength,
  OPCODE_CALLX,
  opcodeAt,
  setImm,
} from '@bpf-ld/bpf-isa';

/**
 * Puts the register of indirect calls (callx) where a machine has it. clang has it in dst since
 * version 19 and in imm before; which of them a call uses, the other being 0, says which it is.
 */
export function moveCallRegisters(
  code: Uint8Array,
  littleEndian: boolean,
  field: 'dst' | 'src' | 'imm',
): void {
  for (let at = 0; at + INSTRUCTION_SIZE <= code.length;) {
    const opcode = opcodeAt(code, at);
    if (opcode === OPCODE_CALLX) {
      const register = dstRegAt(code, at, littleEndian) || immAt(code, at, littleEndian);
      const dst = field === 'dst' ? register : 0;
      const src = field === 'src' ? register : 0;
      code[at + 1] = littleEndian ? (src << 4) | dst : (dst << 4) | src;
      setImm(code, at, littleEndian, field === 'imm' ? register : 0);
    }
    at += instructionLength(opcode);
  }
}
