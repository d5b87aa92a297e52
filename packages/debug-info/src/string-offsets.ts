import { catchMalformed, Cursor, type ReadResult } from '@bpf-ld/elf-reader';
import type { DebugSection } from './compressed.js';
import { DwarfReader } from './dwarf-reader.js';

/** An entry of .debug_str_offsets. */
export interface StringOffset {
  /** Bytes from the start of the section. */
  readonly at: number;
  /** Bytes it takes: 4 or 8. */
  readonly width: number;
  /** Bytes from the start of .debug_str. */
  readonly value: number;
}

/** Reads the entries of all tables of a .debug_str_offsets (DWARF 5 section 7.26). */
export function readStringOffsets(
  section: DebugSection,
  object: string,
  littleEndian: boolean,
): ReadResult<readonly StringOffset[]> {
  return catchMalformed(() => {
    const reader = new DwarfReader(new Cursor(section.bytes, object, littleEndian, section.name));
    const offsets: StringOffset[] = [];
    while (reader.at < section.bytes.length) {
      const start = reader.at;
      const { end, offsetSize: width } = reader.unitLength();
      const version = reader.u16();
      if (version !== 5)
        throw reader.cursor.malformed(`string offsets of version ${version}`, start);
      reader.skip(2);
      while (reader.at + width <= end) {
        offsets.push({ at: reader.at, width, value: reader.unsigned(width) });
      }
      reader.at = end;
    }
    return offsets;
  });
}
