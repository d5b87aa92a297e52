import type { EncodedBtf } from '@bpf-ld/btf';

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

/** Gives each CO-RE record: its output section, and where in `words` it begins. */
interface CoreRecords {
  visit(kind: 'coreRelo', visitor: (output: number, words: Uint32Array, at: number) => void): void;
}

/**
 * The instructions of BPF_CORE_TYPE_ID_LOCAL and BPF_CORE_TYPE_ID_TARGET relocations. Compilers write
 * the id of the local type into them, which the merge of the types changes; libbpf does not look at
 * it, but cilium/ebpf holds it against the record and refuses what differs.
 */
export function typeIdImmediates(
  records: CoreRecords,
  btf: EncodedBtf,
): readonly TypeIdImmediate[] {
  const found: TypeIdImmediate[] = [];
  records.visit('coreRelo', (section, words, at) => {
    if (!TYPE_ID_KINDS.has(words[at + 3]!)) return;
    found.push({ section, offset: words[at]!, typeId: btf.newId(words[at + 1]!) });
  });
  return found;
}
