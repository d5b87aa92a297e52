import {
  BPF_ALU,
  BPF_ALU64,
  BPF_DW,
  BPF_IMM,
  BPF_K,
  BPF_LD,
  BPF_MOV,
  immAt,
  opcodeAt,
  setImm,
  setLdimm64Halves,
} from '@bpf-ld/bpf-isa';

/** The low 32 bits, signed, of what the instruction at byte `offset` loads, if it loads a constant. */
export function constantAt(
  code: Uint8Array,
  offset: number,
  littleEndian: boolean,
): number | undefined {
  return constantForm(code, offset) && immAt(code, offset, littleEndian);
}

/** Has the instruction at byte `offset` load `value`, 0 to 2^31 - 1, if it loads a constant. */
export function setConstantAt(
  code: Uint8Array,
  offset: number,
  littleEndian: boolean,
  value: number,
): void {
  const form = constantForm(code, offset);
  if (form === 'ldimm64') setLdimm64Halves(code, offset, littleEndian, value, 0);
  else if (form === 'move') setImm(code, offset, littleEndian, value);
}

function constantForm(code: Uint8Array, offset: number): 'ldimm64' | 'move' | undefined {
  if (offset % 8 !== 0 || offset + 8 > code.length) return undefined;
  const opcode = opcodeAt(code, offset);
  if (opcode === (BPF_LD | BPF_DW | BPF_IMM)) {
    return offset + 16 <= code.length ? 'ldimm64' : undefined;
  }
  const isMove = opcode === (BPF_ALU | BPF_MOV | BPF_K) || opcode === (BPF_ALU64 | BPF_MOV | BPF_K);
  return isMove ? 'move' : undefined;
}
