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

/** Makes the ranges of .eh_frame's frame descriptions follow the code (LSB 5.0 section 10.6.1). */
export function adjustExceptionFrames(editor: DebugEditor, section: DebugSection): void {
  const reader = new DwarfReader(editor.open(section));
  /** By where common parts start. */
  const widths = new Map<number, number | undefined>();
  while (reader.at < section.bytes.length) {
    const { end } = reader.unitLength();
    // A length of zero ends what one object has.
    if (end > reader.at) {
      const { at } = reader;
      const distance = reader.u32();
      if (distance !== 0) {
        const common = at - distance;
        if (!widths.has(common)) widths.set(common, addressWidth(editor, section, common));
        const width = widths.get(common);
        if (width !== undefined) moveRange(editor, { section, at: at + 4 }, width);
      }
    }
    reader.at = end;
  }
}

/**
 * Bytes of an address, and of a length, in the descriptions that share the common part at `start`; undefined where
 * they are of no fixed width. R of the augmentation says how pointers are encoded (LSB 5.0 section 10.6.1.1.1).
 */
function addressWidth(
  editor: DebugEditor,
  section: DebugSection,
  start: number,
): number | undefined {
  const cursor = editor.open(section);
  if (start < 0) throw cursor.malformed('frame without a common part', 0);
  const reader = new DwarfReader(cursor, start);
  reader.unitLength();
  if (reader.u32() !== 0) throw cursor.malformed('frame without a common part', start);
  const version = reader.u8();
  const from = reader.at;
  reader.skipString();
  const augmentation = String.fromCharCode(...section.bytes.subarray(from, reader.at - 1));
  reader.uleb();
  reader.sleb();
  if (version === 1) reader.skip(1);
  else reader.uleb();
  if (!augmentation.startsWith('z')) return POINTER_WIDTHS[0];
  reader.uleb();
  for (const letter of augmentation.slice(1)) {
    if (letter === 'R') return POINTER_WIDTHS[reader.u8() & 7];
    if (letter === 'L') reader.skip(1);
    else if (letter === 'P') {
      const width = POINTER_WIDTHS[reader.u8() & 7];
      if (width === undefined) return undefined;
      reader.skip(width);
    } else if (letter !== 'S' && letter !== 'B') return undefined;
  }
  return POINTER_WIDTHS[0];
}

/** By the low bits of DW_EH_PE_*: an address of the machine, LEB128, 2, 4 and 8 bytes. */
const POINTER_WIDTHS: readonly (number | undefined)[] = [8, undefined, 2, 4, 8];

/** An address, and behind it a length of the same width: 0 where nothing of the range stays. */
function moveRange(editor: DebugEditor, start: AddressField, width: number): void {
  const lists = new ListAdjuster(editor);
  const from = lists.targetOf(start, width);
  const { moves, object } = editor;
  if (!from || moves.isWhole(from.section)) return;
  const at = start.at + width;
  const length = new DwarfReader(editor.open(start.section), at).unsigned(width);
  const range = moves.range(from.section, from.offset, from.offset + length);
  if (range) lists.snap(start, from);
  const size = range ? range.end - range.start : 0;
  if (size === length) return;
  putUnsigned(editor.copy(start.section), at, width, size, object.littleEndian);
}
