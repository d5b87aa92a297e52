import type { SectionOffset } from './code-moves.js';
import { ListAdjuster, type AddressField, type ListContext } from './address-lists.js';
import type { DebugSection } from './compressed.js';
import type { DebugEditor } from './debug-object.js';
import {
  DW_AT_addr_base,
  DW_AT_GNU_addr_base,
  DW_AT_GNU_locviews,
  DW_AT_GNU_ranges_base,
  DW_AT_high_pc,
  DW_AT_loclists_base,
  DW_AT_low_pc,
  DW_AT_rnglists_base,
  DW_FORM_addr,
  DW_FORM_addrx,
  DW_FORM_addrx1,
  DW_FORM_addrx2,
  DW_FORM_addrx3,
  DW_FORM_addrx4,
  DW_FORM_data1,
  DW_FORM_data2,
  DW_FORM_data4,
  DW_FORM_data8,
  DW_FORM_GNU_addr_index,
  DW_FORM_loclistx,
  DW_FORM_rnglistx,
  DW_FORM_sdata,
  DW_FORM_sec_offset,
  DW_FORM_udata,
} from './dwarf-constants.js';
import { DwarfReader, putUleb, putUnsigned } from './dwarf-reader.js';
import {
  readAbbreviations,
  readEntry,
  readUnitHeader,
  type Abbreviations,
  type UnitHeader,
} from './units.js';

const LISTS: ReadonlySet<string> = new Set([
  '.debug_loc',
  '.debug_loclists',
  '.debug_ranges',
  '.debug_rnglists',
]);

/** Attributes that point into a section of lists, and not at a list. */
const NO_LISTS: ReadonlySet<number> = new Set([
  DW_AT_rnglists_base,
  DW_AT_loclists_base,
  DW_AT_GNU_ranges_base,
  DW_AT_GNU_locviews,
]);

/** Some attributes take no bytes, but no compiler writes entries of nothing else. */
const MOST_ATTRIBUTES_A_BYTE = 16;

/** An attribute of the entry at hand. */
interface Attribute {
  readonly attribute: number;
  readonly form: number;
  readonly at: number;
}

/** A length whose range left, and the address the range starts at. */
interface DeadLength {
  readonly section: DebugSection;
  readonly at: number;
  readonly form: number;
  readonly width: number;
  readonly start: AddressField;
}

/** Makes the addresses, lengths and lists of all units of .debug_info or .debug_types follow the code. */
export class UnitAdjuster {
  readonly #editor: DebugEditor;
  readonly #lists: ListAdjuster;
  readonly #abbreviations = new Map<string, Abbreviations>();
  readonly #dead: DeadLength[] = [];
  #attributesLeft = 0;

  constructor(editor: DebugEditor) {
    this.#editor = editor;
    this.#lists = new ListAdjuster(editor);
  }

  adjust(section: DebugSection): void {
    const reader = new DwarfReader(this.#editor.open(section));
    this.#attributesLeft = MOST_ATTRIBUTES_A_BYTE * section.bytes.length;
    while (reader.at < section.bytes.length) {
      const unit = readUnitHeader(reader, section.name === '.debug_types');
      this.#adjustUnit(section, reader, unit);
      reader.at = unit.end;
    }
  }

  /**
   * Called after all sections. Two ranges may start at one entry of .debug_addr, of which only one stays: the entry
   * then means what stays, and the range that left becomes empty.
   */
  finish(): void {
    for (const { section, at, form, width, start } of this.#dead) {
      if (!this.#editor.isSet(start.section.index, start.at)) continue;
      this.#putConstant(section, { attribute: DW_AT_high_pc, form, at }, width, 0);
    }
  }

  #adjustUnit(section: DebugSection, reader: DwarfReader, unit: UnitHeader): void {
    const abbreviations = this.#abbreviationsOf(section, unit);
    let context: UnitContext | undefined;
    while (reader.at < unit.end) {
      const attributes: Attribute[] = [];
      const isEntry = readEntry(reader, unit, abbreviations, (attribute, form, at) =>
        attributes.push({ attribute, form, at }),
      );
      if (!isEntry) continue;
      this.#attributesLeft -= attributes.length;
      if (this.#attributesLeft < 0) {
        throw reader.cursor.malformed('more attributes than its bytes can mean', reader.at);
      }
      context ??= this.#openUnit(section, unit, attributes);
      this.#adjustEntry(section, unit, context, attributes);
    }
  }

  #abbreviationsOf(section: DebugSection, unit: UnitHeader): Abbreviations {
    const at = this.#pointer(section, unit.abbreviationsAt, unit.offsetSize, '.debug_abbrev');
    const cursor = this.#editor.open(section);
    if (!at) throw cursor.malformed('unit without abbreviations', unit.abbreviationsAt);
    const key = `${at.section.index} ${at.at}`;
    let known = this.#abbreviations.get(key);
    if (!known) {
      known = readAbbreviations(this.#editor.open(at.section), at.at);
      this.#abbreviations.set(key, known);
    }
    return known;
  }

  /** The attributes of a unit's first entry that the others depend on (DWARF 5 section 3.1.1). */
  #openUnit(
    section: DebugSection,
    unit: UnitHeader,
    attributes: readonly Attribute[],
  ): UnitContext {
    const find = (...wanted: number[]): Attribute | undefined =>
      attributes.find(({ attribute }) => wanted.includes(attribute));
    const base = (name: string, ...wanted: number[]): AddressField | undefined => {
      const found = find(...wanted);
      return found && this.#pointer(section, found.at, unit.offsetSize, name);
    };
    const context: UnitContext = {
      addresses: base('.debug_addr', DW_AT_addr_base, DW_AT_GNU_addr_base),
      ranges: base('.debug_rnglists', DW_AT_rnglists_base),
      locations: base('.debug_loclists', DW_AT_loclists_base),
      addressSize: unit.addressSize,
      base: undefined,
      addressField: (index) => addressField(context, index),
    };
    const low = find(DW_AT_low_pc);
    const field = low && this.#addressOf(section, context, low);
    const target = this.#lists.targetOf(field, unit.addressSize);
    if (!field || !target) return context;
    if (!this.#editor.moves.isWhole(target.section)) this.#lists.snap(field, target);
    return { ...context, base: target };
  }

  #adjustEntry(
    section: DebugSection,
    unit: UnitHeader,
    context: UnitContext,
    attributes: readonly Attribute[],
  ): void {
    let low: Attribute | undefined;
    let high: Attribute | undefined;
    for (const attribute of attributes) {
      if (attribute.attribute === DW_AT_low_pc) low = attribute;
      else if (attribute.attribute === DW_AT_high_pc) high = attribute;
      else this.#adjustList(section, unit, context, attribute);
    }
    if (!low || !high) return;
    const start = this.#addressOf(section, context, low);
    const from = this.#lists.targetOf(start, unit.addressSize);
    const { moves } = this.#editor;
    if (!start || !from || moves.isWhole(from.section)) return;
    const end = this.#addressOf(section, context, high);
    if (end) return this.#lists.moveBoth(start, end, unit.addressSize);
    const length = this.#constant(section, high);
    if (!length) return;
    const range = moves.range(from.section, from.offset, from.offset + length.value);
    if (!range) {
      this.#dead.push({ section, at: high.at, form: high.form, width: length.width, start });
      return;
    }
    this.#lists.snap(start, from);
    const size = range.end - range.start;
    if (size !== length.value) this.#putConstant(section, high, length.width, size);
  }

  /** A list that the attribute refers to, by offset or by index. */
  #adjustList(
    section: DebugSection,
    unit: UnitHeader,
    context: UnitContext,
    { attribute, form, at }: Attribute,
  ): void {
    if (form === DW_FORM_rnglistx || form === DW_FORM_loclistx) {
      const table = form === DW_FORM_rnglistx ? context.ranges : context.locations;
      if (!table) return;
      const index = new DwarfReader(this.#editor.open(section), at).uleb();
      const entry = table.at + index * unit.offsetSize;
      const reader = new DwarfReader(this.#editor.open(table.section), entry);
      this.#lists.adjust(table.section, table.at + reader.unsigned(unit.offsetSize), context);
      return;
    }
    const isOffset =
      form === DW_FORM_sec_offset || form === DW_FORM_data4 || form === DW_FORM_data8;
    if (!isOffset || NO_LISTS.has(attribute)) return;
    const target = this.#editor.target(section, at, form === DW_FORM_data8 ? 8 : unit.offsetSize);
    if (typeof target !== 'object') return;
    const list = this.#editor.section(target.section);
    if (list && LISTS.has(list.name)) this.#lists.adjust(list, target.offset, context);
  }

  /** The field that holds an address: the attribute's own, or one of .debug_addr. */
  #addressOf(
    section: DebugSection,
    context: UnitContext,
    { form, at }: Attribute,
  ): AddressField | undefined {
    const reader = new DwarfReader(this.#editor.open(section), at);
    switch (form) {
      case DW_FORM_addr:
        return { section, at };
      case DW_FORM_addrx:
      case DW_FORM_GNU_addr_index:
        return context.addressField(reader.uleb());
      case DW_FORM_addrx1:
        return context.addressField(reader.unsigned(1));
      case DW_FORM_addrx2:
        return context.addressField(reader.unsigned(2));
      case DW_FORM_addrx3:
        return context.addressField(reader.unsigned(3));
      case DW_FORM_addrx4:
        return context.addressField(reader.unsigned(4));
      default:
        return undefined;
    }
  }

  /** A number that stands in the entry itself. */
  #constant(
    section: DebugSection,
    { form, at }: Attribute,
  ): { readonly value: number; readonly width: number } | undefined {
    const reader = new DwarfReader(this.#editor.open(section), at);
    const width = CONSTANT_WIDTHS.get(form);
    if (width !== undefined) return { value: reader.unsigned(width), width };
    if (form !== DW_FORM_udata && form !== DW_FORM_sdata) return undefined;
    const value = reader.uleb();
    return { value, width: reader.at - at };
  }

  #putConstant(section: DebugSection, { form, at }: Attribute, width: number, value: number): void {
    const bytes = this.#editor.copy(section);
    const { littleEndian } = this.#editor.object;
    if (CONSTANT_WIDTHS.has(form)) putUnsigned(bytes, at, width, value, littleEndian);
    else putUleb(bytes, at, width, value);
  }

  /** What an offset into a section of that name means, relocated or not. */
  #pointer(
    section: DebugSection,
    at: number,
    width: number,
    name: string,
  ): AddressField | undefined {
    const target = this.#editor.target(section, at, width);
    if (typeof target === 'object') {
      const home = this.#editor.section(target.section);
      return home?.name === name ? { section: home, at: target.offset } : undefined;
    }
    const home = this.#editor.named(name)[0];
    if (!home || target === 'other') return undefined;
    return { section: home, at: new DwarfReader(this.#editor.open(section), at).unsigned(width) };
  }
}

const CONSTANT_WIDTHS: ReadonlyMap<number, number> = new Map([
  [DW_FORM_data1, 1],
  [DW_FORM_data2, 2],
  [DW_FORM_data4, 4],
  [DW_FORM_data8, 8],
]);

/** What the entries of a unit need to know of it. */
interface UnitContext extends ListContext {
  readonly addresses: AddressField | undefined;
  readonly ranges: AddressField | undefined;
  readonly locations: AddressField | undefined;
  readonly base: SectionOffset | undefined;
}

function addressField(
  { addresses, addressSize }: UnitContext,
  index: number,
): AddressField | undefined {
  if (!addresses) return undefined;
  const at = addresses.at + index * addressSize;
  if (at + addressSize > addresses.section.bytes.length) return undefined;
  return { section: addresses.section, at };
}
