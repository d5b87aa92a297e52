import { ListAdjuster, type AddressField } from './address-lists.js';
import type { DebugSection } from './compressed.js';
import type { DebugEditor } from './debug-object.js';
import { DwarfReader, putUnsigned } from './dwarf-reader.js';

/** Makes the ranges of .debug_aranges follow the code (DWARF 5 section 6.1.2). */
export function adjustAddressRanges(editor: DebugEditor, section: DebugSection): void {
  const reader = new DwarfReader(editor.open(section));
  while (reader.at < section.bytes.length) {
    const start = reader.at;
    const { end, offsetSize } = reader.unitLength();
    reader.skip(2 + offsetSize);
    const addressSize = reader.u8();
    const segmentSize = reader.u8();
    const tuple = 2 * addressSize + segmentSize;
    if (addressSize !== 4 && addressSize !== 8) {
      throw reader.cursor.malformed(`addresses of ${addressSize} bytes`, start);
    }
    const first = start + Math.ceil((reader.at - start) / tuple) * tuple;
    for (let at = first; at + tuple <= end; at += tuple) {
      moveRange(editor, { section, at: at + segmentSize }, addressSize);
    }
    reader.at = end;
  }
}

/** Makes the ranges of .debug_frame's frame descriptions follow the code (DWARF 5 section 6.4.1). */
export function adjustFrames(editor: DebugEditor, section: DebugSection): void {
  const reader = new DwarfReader(editor.open(section));
  while (reader.at < section.bytes.length) {
    const { end, offsetSize } = reader.unitLength();
    if (end - reader.at >= offsetSize + 16) {
      const relocated = editor.relocation(section.index, reader.at);
      const id = reader.unsigned(offsetSize);
      const isCommon = !relocated && id === (offsetSize === 4 ? 0xffff_ffff : 2 ** 64);
      if (!isCommon) moveRange(editor, { section, at: reader.at }, 8);
    }
    reader.at = end;
  }
}

/** An address, and behind it a length of the same width. */
function moveRange(editor: DebugEditor, start: AddressField, width: number): void {
  const lists = new ListAdjuster(editor);
  const from = lists.targetOf(start, width);
  const { moves, object } = editor;
  if (!from || moves.isWhole(from.section)) return;
  const at = start.at + width;
  const length = new DwarfReader(editor.open(start.section), at).unsigned(width);
  const range = moves.range(from.section, from.offset, from.offset + length);
  if (!range) return;
  lists.snap(start, from);
  const size = range.end - range.start;
  if (size === length) return;
  putUnsigned(editor.copy(start.section), at, width, size, object.littleEndian);
}
