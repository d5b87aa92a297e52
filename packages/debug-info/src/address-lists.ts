import type { SectionOffset } from './code-moves.js';
import type { DebugSection } from './compressed.js';
import type { DebugEditor, NewAddress } from './debug-object.js';
import { DwarfReader, putUleb, putUnsigned } from './dwarf-reader.js';

/** What the lists of one unit depend on. */
export interface ListContext {
  readonly addressSize: number;
  /** Address that offsets count from at the start of a list; undefined for 0. */
  readonly base: SectionOffset | undefined;
  /** The field that an index into .debug_addr stands for. */
  addressField(index: number): AddressField | undefined;
}

/** Where an address stands. */
export interface AddressField {
  readonly section: DebugSection;
  readonly at: number;
}

/**
 * Makes ranges and locations follow the code they are about. Every change is in place: code that stays moves together,
 * so that no offset or length grows, and a shorter number is padded. A range that left becomes an empty one.
 */
export class ListAdjuster {
  readonly #editor: DebugEditor;
  /** Entries that were seen, by section: lists that share their ends are followed once. */
  readonly #seen = new Map<number, Set<number>>();

  constructor(editor: DebugEditor) {
    this.#editor = editor;
  }

  /** Adjusts the list at `offset` of a section, whichever of the four it is; each entry once. */
  adjust(section: DebugSection, offset: number, context: ListContext): void {
    const isLocations = section.name === '.debug_loc' || section.name === '.debug_loclists';
    if (section.name === '.debug_loc' || section.name === '.debug_ranges') {
      this.#adjustPairs(section, offset, isLocations, context);
    } else {
      this.#adjustEntries(section, offset, isLocations, context);
    }
  }

  /**
   * Makes an address mean the first byte at or behind it that stays.
   * @returns where that is; undefined if nothing behind it stays, and the address is a tombstone
   */
  snap(field: AddressField, target: SectionOffset): NewAddress | undefined {
    const offset = this.#editor.moves.nextPlace(target.section, target.offset);
    if (offset === undefined) return undefined;
    const address = { section: target.section, offset };
    if (!this.#editor.moves.stays(target.section, target.offset)) {
      this.#editor.setAddress(field.section.index, field.at, address);
    }
    return address;
  }

  /** What the address in a field means. */
  targetOf(field: AddressField | undefined, addressSize: number): SectionOffset | undefined {
    const target = field && this.#editor.target(field.section, field.at, addressSize);
    return typeof target === 'object' ? target : undefined;
  }

  /** DWARF 5 sections 7.25 (range lists) and 7.29 (location lists). */
  #adjustEntries(
    section: DebugSection,
    offset: number,
    isLocations: boolean,
    context: ListContext,
  ): void {
    const { moves } = this.#editor;
    const reader = new DwarfReader(this.#editor.open(section), offset);
    const { addressSize } = context;
    // Range lists have no default location, so that their last kinds have other numbers.
    const shift = isLocations ? 1 : 0;
    let base = context.base;
    let newBase = base && moves.nextPlace(base.section, base.offset);
    for (;;) {
      if (this.#wasSeen(section, reader.at)) return;
      const kind = reader.u8();
      if (kind === 0) return;
      let describesCode = true;
      if (kind === 1 || kind === 5 + shift) {
        const field =
          kind === 1
            ? context.addressField(reader.uleb())
            : this.#field(reader, section, addressSize);
        base = this.targetOf(field, addressSize);
        newBase = base && field && this.snap(field, base)?.offset;
        describesCode = false;
      } else if (kind === 2) {
        const start = context.addressField(reader.uleb());
        const end = context.addressField(reader.uleb());
        this.moveBoth(start, end, addressSize);
      } else if (kind === 3) {
        const start = context.addressField(reader.uleb());
        this.#moveLength(section, reader, start, addressSize);
      } else if (kind === 4) {
        this.#moveOffsets(section, reader, base, newBase);
      } else if (isLocations && kind === 5) {
        // DW_LLE_default_location: everywhere else.
      } else if (kind === 6 + shift) {
        const start = this.#field(reader, section, addressSize);
        const end = this.#field(reader, section, addressSize);
        this.moveBoth(start, end, addressSize);
      } else if (kind === 7 + shift) {
        const start = this.#field(reader, section, addressSize);
        this.#moveLength(section, reader, start, addressSize);
      } else if (isLocations && kind === 9) {
        // DW_LLE_GNU_view_pair: two view numbers, no expression.
        reader.uleb();
        reader.uleb();
        describesCode = false;
      } else {
        throw reader.cursor.malformed(`unknown kind ${kind} of a list entry`, reader.at - 1);
      }
      if (isLocations && describesCode) reader.skip(reader.uleb());
    }
  }

  /** DWARF 4 sections 2.6.2 (location lists) and 2.17.3 (range lists): pairs of addresses or of offsets. */
  #adjustPairs(
    section: DebugSection,
    offset: number,
    isLocations: boolean,
    context: ListContext,
  ): void {
    const { moves, object } = this.#editor;
    const { addressSize: width } = context;
    const selection = width === 8 ? 2 ** 64 : 2 ** 32 - 1;
    const reader = new DwarfReader(this.#editor.open(section), offset);
    let base = context.base;
    let newBase = base && moves.nextPlace(base.section, base.offset);
    for (;;) {
      if (this.#wasSeen(section, reader.at)) return;
      const start = this.#field(reader, section, width);
      const first = this.#value(start, width);
      const end = this.#field(reader, section, width);
      const second = this.#value(end, width);
      const from = this.targetOf(start, width);
      const to = this.targetOf(end, width);
      if (!from && !to && first === 0 && second === 0) return;
      if (!from && first === selection) {
        base = to;
        newBase = to && this.snap(end, to)?.offset;
        continue;
      }
      if (from && to) {
        this.moveBoth(start, end, width);
      } else if (!from && !to && base && !moves.isWhole(base.section)) {
        const range = moves.range(base.section, base.offset + first, base.offset + second);
        const stays = range && newBase !== undefined;
        const bytes = this.#editor.copy(section);
        const low = stays ? range.start - newBase! : 1;
        const high = stays ? range.end - newBase! : 1;
        putUnsigned(bytes, start.at, width, low, object.littleEndian);
        putUnsigned(bytes, end.at, width, high, object.littleEndian);
      }
      if (isLocations) reader.skip(reader.u16());
    }
  }

  #wasSeen({ index }: DebugSection, at: number): boolean {
    let seen = this.#seen.get(index);
    if (!seen) this.#seen.set(index, (seen = new Set()));
    if (seen.has(at)) return true;
    seen.add(at);
    return false;
  }

  #field(reader: DwarfReader, section: DebugSection, width: number): AddressField {
    const { at } = reader;
    reader.skip(width);
    return { section, at };
  }

  #value({ section, at }: AddressField, width: number): number {
    return new DwarfReader(this.#editor.open(section), at).unsigned(width);
  }

  /** A range given by two addresses. */
  moveBoth(
    start: AddressField | undefined,
    end: AddressField | undefined,
    addressSize: number,
  ): void {
    const from = this.targetOf(start, addressSize);
    const to = this.targetOf(end, addressSize);
    if (!start || !end || !from || !to || from.section !== to.section) return;
    const { moves } = this.#editor;
    const { section } = from;
    if (moves.isWhole(section)) return;
    const range = moves.range(section, from.offset, to.offset);
    if (range)
      this.#editor.setAddress(start.section.index, start.at, { section, offset: range.start });
    const last = range && { section, offset: range.end };
    this.#editor.setAddress(end.section.index, end.at, last);
  }

  /** A range given by an address and, where the reader is, a length as ULEB128. */
  #moveLength(
    section: DebugSection,
    reader: DwarfReader,
    start: AddressField | undefined,
    addressSize: number,
  ): void {
    const { at } = reader;
    const length = reader.uleb();
    const from = this.targetOf(start, addressSize);
    const { moves } = this.#editor;
    if (!start || !from || moves.isWhole(from.section)) return;
    const range = moves.range(from.section, from.offset, from.offset + length);
    if (range) this.snap(start, from);
    const size = range ? range.end - range.start : 0;
    putUleb(this.#editor.copy(section), at, reader.at - at, size);
  }

  /** Two offsets from the base as ULEB128, where the reader is. */
  #moveOffsets(
    section: DebugSection,
    reader: DwarfReader,
    base: SectionOffset | undefined,
    newBase: number | undefined,
  ): void {
    const first = reader.at;
    const start = reader.uleb();
    const second = reader.at;
    const end = reader.uleb();
    const { moves } = this.#editor;
    if (!base || moves.isWhole(base.section)) return;
    const range = moves.range(base.section, base.offset + start, base.offset + end);
    const stays = range && newBase !== undefined;
    const bytes = this.#editor.copy(section);
    putUleb(bytes, first, second - first, stays ? range.start - newBase : 0);
    putUleb(bytes, second, reader.at - second, stays ? range.end - newBase : 0);
  }
}
