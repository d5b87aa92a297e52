/** Instructions that hold a type id: CO-RE's BPF_CORE_TYPE_ID_LOCAL and BPF_CORE_TYPE_ID_TARGET. */
import { typeForm } from './raw-btf.js';
import type { RawObject } from './raw-object.js';

export interface TypeIdPlace {
  /** Index of the section. */
  readonly section: number;
  /** Of the instruction, in bytes. */
  readonly offset: number;
  /** `type id of` the type that has this id in the object. */
  readonly says: string;
  /** Where in the section the id stands, and how many bytes. */
  readonly fields: readonly (readonly [number, number])[];
}

const LDIMM64 = 0x18;
const MOVES: ReadonlySet<number> = new Set([0xb4, 0xb7]);
/** enum bpf_core_relo_kind. */
const TYPE_ID_KINDS: ReadonlySet<number> = new Set([6, 7]);

export function typeIdPlaces({ btf, ext, sections, littleEndian }: RawObject): TypeIdPlace[] {
  if (!btf || !ext) return [];
  const records = ext.coreRelo.filter(({ words }) => TYPE_ID_KINDS.has(words[2]!));
  return records.flatMap(({ section: name, offset }) => {
    const section = sections.find((each) => each.name === name);
    const opcode = section?.bytes[offset];
    if (!section || opcode === undefined) return [];
    if (opcode !== LDIMM64 && !MOVES.has(opcode)) return [];
    const view = new DataView(section.bytes.buffer, section.bytes.byteOffset, section.size);
    const low = [offset + 4, 4] as const;
    const fields = opcode === LDIMM64 ? [low, [offset + 12, 4] as const] : [low];
    const id = view.getInt32(offset + 4, littleEndian);
    const says = `type id of ${btf.types[id] ? typeForm(btf, id) : 'no type'}`;
    return [{ section: section.index, offset, says, fields }];
  });
}
