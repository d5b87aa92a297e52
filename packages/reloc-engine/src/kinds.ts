import {
  R_BPF_64_32,
  R_BPF_64_64,
  R_BPF_64_ABS32,
  R_BPF_64_ABS64,
  R_BPF_64_NODYLD32,
  R_BPF_GNU_64_16,
  R_BPF_NONE,
} from '@bpf-ld/elf-reader';

/**
 * The bytes a relocation changes and what the number in them counts.
 *
 * - `none`: nothing.
 * - `ldimm64`: imm of a 16-byte load, low half in its first slot, high half in the second; bytes.
 * - `call`: imm of a call; instructions after the call: target = (imm + 1) * 8.
 * - `word64`, `word32`: data; bytes.
 * - `jump16`: off16 of a jump; instructions after the jump.
 */
export type RelocationField = 'none' | 'ldimm64' | 'call' | 'word64' | 'word32' | 'jump16';

export interface RelocationKind {
  readonly type: number;
  readonly name: string;
  readonly field: RelocationField;
  /** Bytes that must lie in the section at r_offset. */
  readonly width: number;
}

const kind = (
  type: number,
  name: string,
  field: RelocationField,
  width: number,
): RelocationKind => ({ type, name, field, width });

/** In code, by type (llvm_reloc.rst; 256 is of binutils 2.41 on). */
const IN_CODE: ReadonlyMap<number, RelocationKind> = new Map(
  [
    kind(R_BPF_NONE, 'R_BPF_NONE', 'none', 0),
    kind(R_BPF_64_64, 'R_BPF_64_64', 'ldimm64', 16),
    kind(R_BPF_64_ABS64, 'R_BPF_64_ABS64', 'word64', 8),
    kind(R_BPF_64_ABS32, 'R_BPF_64_ABS32', 'word32', 4),
    kind(R_BPF_64_NODYLD32, 'R_BPF_64_NODYLD32', 'word32', 4),
    kind(R_BPF_64_32, 'R_BPF_64_32', 'call', 8),
    kind(R_BPF_GNU_64_16, 'R_BPF_GNU_64_16', 'jump16', 8),
  ].map((entry) => [entry.type, entry]),
);

/** In data: before LLVM 13 the two code types also meant words of data. */
const IN_DATA: ReadonlyMap<number, RelocationKind> = new Map([
  ...IN_CODE,
  [R_BPF_64_64, kind(R_BPF_64_64, 'R_BPF_64_64', 'word64', 8)],
  [R_BPF_64_32, kind(R_BPF_64_32, 'R_BPF_64_32', 'word32', 4)],
]);

/** What `type` means in a section that holds code or data; `undefined` for a type nobody defined. */
export function relocationKind(type: number, inCode: boolean): RelocationKind | undefined {
  return (inCode ? IN_CODE : IN_DATA).get(type);
}
