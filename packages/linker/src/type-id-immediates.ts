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
import type { EncodedBtf } from '@bpf-ld/btf';
import type { ExtRecords } from './ext-records.js';

/** enum bpf_core_relo_kind of include/uapi/linux/bpf.h: kinds whose instruction holds a type id of its own .BTF. */
export const TYPE_ID_KINDS: ReadonlySet<number> = new Set([6, 7]);

/** A CO-RE relocation that asks for a type id: the instruction's immediate is that of the local type. */
export interface TypeIdImmediate {
  /** Index of the output section. */
  readonly section: number;
  /** Bytes from its start. */
  readonly offset: number;
  readonly typeId: number;
}

/**
 * The instructions of BPF_CORE_TYPE_ID_LOCAL and BPF_CORE_TYPE_ID_TARGET relocations. Compilers write
 * the id of the local type into them, which the merge of the types changes; libbpf does not look at
 * it, but cilium/ebpf holds it against the record and refuses what differs.
 */
export function typeIdImmediates(records: ExtRecords, btf: EncodedBtf): readonly TypeIdImmediate[] {
  const found: TypeIdImmediate[] = [];
  records.visit('coreRelo', (section, words, at) => {
    if (!TYPE_ID_KINDS.has(words[at + 3]!)) return;
    found.push({ section, offset: words[at]!, typeId: btf.newId(words[at + 1]!) });
  });
  return found;
}

/** Writes a type id into the instruction at `offset`, if that is one that holds a constant. */
export function writeTypeId(
  code: Uint8Array,
  { offset, typeId }: TypeIdImmediate,
  littleEndian: boolean,
): void {
  const form = constantForm(code, offset);
  if (form === 'ldimm64') setLdimm64Halves(code, offset, littleEndian, typeId, 0);
  else if (form === 'move') setImm(code, offset, littleEndian, typeId);
}

/** The constant of the instruction at `offset`, if that is one that holds a constant. */
export function typeIdIn(
  code: Uint8Array,
  offset: number,
  littleEndian: boolean,
): number | undefined {
  return constantForm(code, offset) && immAt(code, offset, littleEndian);
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
