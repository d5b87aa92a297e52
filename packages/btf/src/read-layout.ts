import type { Cursor } from '@bpf-ld/elf-reader';
import {
  COMMON_WORDS,
  ELEMENT_WORDS,
  FIXED_WORDS,
  KIND_COUNT,
  kindName,
  kindOf,
  vlenOf,
} from './kinds.js';

/** What to do about BTF that says more than this version knows. */
export const NEWER_FORMAT: string =
  'a newer compiler or tool made it: link with a newer bpf-ld, or compile without what it describes';

/** A part of a .BTF section, in bytes from its start. */
interface Part {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** What a layout section says: how large types are, of kinds that are not known, too. */
export interface KindLayout {
  /** Words of the type with this info word; `undefined` where the layout does not list its kind. */
  words(info: number): number | undefined;
}

/** Bytes of one entry: info_sz (8 bits), elem_sz (8 bits), flags (16 bits). */
const ENTRY_SIZE = 4;

/**
 * Reads the layout section, one entry for each kind from 0 on, and holds it against the kinds that
 * are known. Its place is in the last two words of a header of 32 bytes; without a size it is absent.
 *
 * Source: struct btf_layout and struct btf_header in include/uapi/linux/btf.h of Linux 7.1, where
 * the section lies between types and strings (btf_parse_hdr in libbpf 1.8 demands that, this only
 * that it overlaps neither).
 */
export function readLayout(
  cursor: Cursor,
  headerLength: number,
  others: readonly Part[],
): KindLayout | undefined {
  const offset = headerLength + cursor.u32(24);
  const size = cursor.u32(28);
  if (size === 0) return undefined;
  if (offset % 4 !== 0 || size % ENTRY_SIZE !== 0) {
    throw cursor.malformed('BTF layout section is not made of whole words', 24);
  }
  cursor.need(offset, size, 'BTF layout section');
  for (const other of others) {
    if (offset < other.offset + other.size && other.offset < offset + size) {
      throw cursor.malformed(`BTF layout section and ${other.name} section overlap`, 24);
    }
  }
  const count = size / ENTRY_SIZE;
  for (let kind = 1; kind < Math.min(count, KIND_COUNT); kind++) {
    const at = offset + kind * ENTRY_SIZE;
    const known = [FIXED_WORDS[kind]! * 4, ELEMENT_WORDS[kind]! * 4];
    const said = [cursor.u8(at), cursor.u8(at + 1)];
    if (said[0] === known[0] && said[1] === known[1]) continue;
    throw cursor.malformed(
      `BTF layout gives ${kindName(kind)} ${said[0]} bytes and ${said[1]} an element, not ${known[0]} and ${known[1]}`,
      at,
      NEWER_FORMAT,
    );
  }
  return {
    words(info) {
      const kind = kindOf(info);
      if (kind >= count) return undefined;
      const at = offset + kind * ENTRY_SIZE;
      return COMMON_WORDS + (cursor.u8(at) + cursor.u8(at + 1) * vlenOf(info)) / 4;
    },
  };
}
