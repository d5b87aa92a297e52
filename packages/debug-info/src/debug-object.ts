import { Cursor, type RelocationTable } from '@bpf-ld/elf-reader';
import type { CodeMoves, SectionOffset } from './code-moves.js';
import type { DebugSection } from './compressed.js';

/** The debug information of one object, as a pass over it finds it. */
export interface DebugObject {
  /** Name of the object, for diagnostics. */
  readonly name: string;
  readonly littleEndian: boolean;
  readonly sections: readonly DebugSection[];
  /** By the index of the section they apply to. */
  readonly relocations: ReadonlyMap<number, readonly RelocationTable[]>;
  /** The section and offset that a symbol of the object and an addend mean; undefined if they mean none of its own. */
  locate(symbol: number, addend: number): SectionOffset | undefined;
}

/** Where an address is now: a section of the object, and the offset in what it gives to the output. */
export type NewAddress = SectionOffset;

/** What a section is after it was adjusted. */
export interface AdjustedSection {
  readonly bytes: Uint8Array;
  /** Of a section that changed its size: where its bytes of before went, and the relocations at their new places. */
  readonly moved?: MovedUnits;
  /** Addresses that mean something else than their relocation says, by the offset of the field; undefined: nothing. */
  readonly addresses: ReadonlyMap<number, NewAddress | undefined>;
}

/** Units that changed their size: `[start[i], start[i + 1])` begins at `to[i]` now. */
export interface MovedUnits {
  readonly start: Float64Array;
  readonly to: Float64Array;
  readonly relocations: RelocationTable;
}

/** Debug sections of one object being adjusted: reads see the input, writes go to copies. */
export class DebugEditor {
  readonly object: DebugObject;
  readonly moves: CodeMoves;
  readonly #byName = new Map<string, DebugSection[]>();
  readonly #byIndex = new Map<number, DebugSection>();
  readonly #copies = new Map<number, Uint8Array>();
  readonly #addresses = new Map<number, Map<number, NewAddress | undefined>>();
  readonly #rows = new Map<number, ReadonlyMap<number, { table: RelocationTable; row: number }>>();

  constructor(object: DebugObject, moves: CodeMoves) {
    this.object = object;
    this.moves = moves;
    for (const section of object.sections) {
      this.#byIndex.set(section.index, section);
      const same = this.#byName.get(section.name);
      if (same) same.push(section);
      else this.#byName.set(section.name, [section]);
    }
  }

  /** All sections of one name: units of types have their own. */
  named(name: string): readonly DebugSection[] {
    return this.#byName.get(name) ?? [];
  }

  section(index: number): DebugSection | undefined {
    return this.#byIndex.get(index);
  }

  open({ bytes, name }: DebugSection): Cursor {
    return new Cursor(bytes, this.object.name, this.object.littleEndian, name);
  }

  /** The bytes of a section to write to. */
  copy(section: DebugSection): Uint8Array {
    let copy = this.#copies.get(section.index);
    if (!copy) this.#copies.set(section.index, (copy = section.bytes.slice()));
    return copy;
  }

  /**
   * What a field means: a place, if a relocation of the object says so; `'other'` for a relocation that does not name
   * a place of this object; undefined without one.
   */
  target(section: DebugSection, at: number, width: number): SectionOffset | 'other' | undefined {
    const found = this.relocation(section.index, at);
    if (!found) return undefined;
    const { table, row } = found;
    const addend = table.addend ? Number(table.addend[row]!) : this.#stored(section, at, width);
    return this.object.locate(table.symbol[row]!, addend) ?? 'other';
  }

  /** The relocation of a field. */
  relocation(
    section: number,
    at: number,
  ): { readonly table: RelocationTable; readonly row: number } | undefined {
    let rows = this.#rows.get(section);
    if (!rows) {
      const found = new Map<number, { table: RelocationTable; row: number }>();
      for (const table of this.object.relocations.get(section) ?? []) {
        for (let row = 0; row < table.count; row++) found.set(table.offset[row]!, { table, row });
      }
      this.#rows.set(section, (rows = found));
    }
    return rows.get(at);
  }

  /** Makes a relocated field mean another place, or one that left. */
  setAddress(section: number, at: number, address: NewAddress | undefined): void {
    let addresses = this.#addresses.get(section);
    if (!addresses) this.#addresses.set(section, (addresses = new Map()));
    addresses.set(at, address);
  }

  /** Whether a field was made to mean another place, one that stays. */
  isSet(section: number, at: number): boolean {
    return this.#addresses.get(section)?.get(at) !== undefined;
  }

  /** What was written. */
  adjusted(): Map<number, AdjustedSection> {
    const all = new Map<number, AdjustedSection>();
    for (const { index, bytes } of this.object.sections) {
      const copy = this.#copies.get(index);
      const addresses = this.#addresses.get(index);
      if (!copy && !addresses) continue;
      all.set(index, { bytes: copy ?? bytes, addresses: addresses ?? new Map() });
    }
    return all;
  }

  #stored(section: DebugSection, at: number, width: number): number {
    const cursor = this.open(section);
    if (width < 8) return cursor.u32(at);
    const first = cursor.i32(at);
    const second = cursor.i32(at + 4);
    return cursor.littleEndian
      ? second * 0x1_0000_0000 + (first >>> 0)
      : first * 0x1_0000_0000 + (second >>> 0);
  }
}
