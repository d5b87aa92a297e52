import type { Cursor } from '@bpf-ld/elf-reader';
import {
  DW_FORM_addr,
  DW_FORM_addrx,
  DW_FORM_addrx1,
  DW_FORM_addrx2,
  DW_FORM_addrx3,
  DW_FORM_addrx4,
  DW_FORM_block,
  DW_FORM_block1,
  DW_FORM_block2,
  DW_FORM_block4,
  DW_FORM_data1,
  DW_FORM_data16,
  DW_FORM_data2,
  DW_FORM_data4,
  DW_FORM_data8,
  DW_FORM_exprloc,
  DW_FORM_flag,
  DW_FORM_flag_present,
  DW_FORM_GNU_addr_index,
  DW_FORM_GNU_ref_alt,
  DW_FORM_GNU_str_index,
  DW_FORM_GNU_strp_alt,
  DW_FORM_implicit_const,
  DW_FORM_indirect,
  DW_FORM_line_strp,
  DW_FORM_loclistx,
  DW_FORM_ref1,
  DW_FORM_ref2,
  DW_FORM_ref4,
  DW_FORM_ref8,
  DW_FORM_ref_addr,
  DW_FORM_ref_sig8,
  DW_FORM_ref_sup4,
  DW_FORM_ref_sup8,
  DW_FORM_ref_udata,
  DW_FORM_rnglistx,
  DW_FORM_sdata,
  DW_FORM_sec_offset,
  DW_FORM_string,
  DW_FORM_strp,
  DW_FORM_strp_sup,
  DW_FORM_strx,
  DW_FORM_strx1,
  DW_FORM_strx2,
  DW_FORM_strx3,
  DW_FORM_strx4,
  DW_FORM_udata,
  DW_UT_skeleton,
  DW_UT_split_compile,
  DW_UT_split_type,
  DW_UT_type,
} from './dwarf-constants.js';
import { DwarfReader } from './dwarf-reader.js';

/** The header of a unit of .debug_info or .debug_types (DWARF 5 section 7.5.1). */
export interface UnitHeader {
  /** Bytes from the start of the section. */
  readonly start: number;
  readonly end: number;
  readonly version: number;
  readonly offsetSize: 4 | 8;
  readonly addressSize: number;
  /** Where the header says which abbreviations the unit uses. */
  readonly abbreviationsAt: number;
  readonly firstDie: number;
}

/** Reads the header at the reader's place, and leaves the reader at the first entry. */
export function readUnitHeader(reader: DwarfReader, isTypes: boolean): UnitHeader {
  const start = reader.at;
  const { end, offsetSize } = reader.unitLength();
  const version = reader.u16();
  if (version < 2 || version > 5) {
    throw reader.cursor.malformed(`unit of DWARF ${version}`, start);
  }
  const type = version >= 5 ? reader.u8() : isTypes ? DW_UT_type : 1;
  let addressSize = version >= 5 ? reader.u8() : 0;
  const abbreviationsAt = reader.at;
  reader.skip(offsetSize);
  if (version < 5) addressSize = reader.u8();
  if (addressSize !== 4 && addressSize !== 8) {
    throw reader.cursor.malformed(`addresses of ${addressSize} bytes`, start);
  }
  if (version >= 5 && (type === DW_UT_skeleton || type === DW_UT_split_compile)) reader.skip(8);
  if (type === DW_UT_type || type === DW_UT_split_type) reader.skip(8 + offsetSize);
  return {
    start,
    end,
    version,
    offsetSize,
    addressSize,
    abbreviationsAt,
    firstDie: reader.at,
  };
}

/** Abbreviations of one unit: by code, attribute and form one after the other. */
export type Abbreviations = ReadonlyMap<number, Uint32Array>;

/** Reads the abbreviations at `offset` of .debug_abbrev (DWARF 5 section 7.5.3). */
export function readAbbreviations(section: Cursor, offset: number): Abbreviations {
  const reader = new DwarfReader(section, offset);
  const abbreviations = new Map<number, Uint32Array>();
  for (let code = reader.uleb(); code !== 0; code = reader.uleb()) {
    reader.uleb();
    reader.u8();
    const specification: number[] = [];
    for (;;) {
      const attribute = reader.uleb();
      const form = reader.uleb();
      if (form === DW_FORM_implicit_const) reader.sleb();
      if (attribute === 0 && form === 0) break;
      specification.push(attribute, form);
    }
    abbreviations.set(code, Uint32Array.from(specification));
  }
  return abbreviations;
}

/** Called for each attribute of an entry; `at` is where its value starts. */
export type VisitAttribute = (attribute: number, form: number, at: number) => void;

/**
 * Reads the entry at the reader's place.
 * @returns false for a null entry, the end of a list of siblings
 */
export function readEntry(
  reader: DwarfReader,
  unit: UnitHeader,
  abbreviations: Abbreviations,
  visit: VisitAttribute,
): boolean {
  const start = reader.at;
  const code = reader.uleb();
  if (code === 0) return false;
  const specification = abbreviations.get(code);
  if (!specification) throw reader.cursor.malformed(`abbreviation ${code} is not there`, start);
  for (let i = 0; i < specification.length; i += 2) {
    let form = specification[i + 1]!;
    if (form === DW_FORM_indirect) form = reader.uleb();
    visit(specification[i]!, form, reader.at);
    skipForm(reader, unit, form);
  }
  return true;
}

/** Passes over the value of an attribute (DWARF 5 section 7.5.6). */
function skipForm(reader: DwarfReader, unit: UnitHeader, form: number): void {
  switch (form) {
    case DW_FORM_flag_present:
    case DW_FORM_implicit_const:
      return;
    case DW_FORM_data1:
    case DW_FORM_ref1:
    case DW_FORM_flag:
    case DW_FORM_strx1:
    case DW_FORM_addrx1:
      return reader.skip(1);
    case DW_FORM_data2:
    case DW_FORM_ref2:
    case DW_FORM_strx2:
    case DW_FORM_addrx2:
      return reader.skip(2);
    case DW_FORM_strx3:
    case DW_FORM_addrx3:
      return reader.skip(3);
    case DW_FORM_data4:
    case DW_FORM_ref4:
    case DW_FORM_strx4:
    case DW_FORM_addrx4:
    case DW_FORM_ref_sup4:
      return reader.skip(4);
    case DW_FORM_data8:
    case DW_FORM_ref8:
    case DW_FORM_ref_sig8:
    case DW_FORM_ref_sup8:
      return reader.skip(8);
    case DW_FORM_data16:
      return reader.skip(16);
    case DW_FORM_addr:
      return reader.skip(unit.addressSize);
    case DW_FORM_ref_addr:
      // DWARF 2 took it for an address.
      return reader.skip(unit.version === 2 ? unit.addressSize : unit.offsetSize);
    case DW_FORM_strp:
    case DW_FORM_line_strp:
    case DW_FORM_sec_offset:
    case DW_FORM_strp_sup:
    case DW_FORM_GNU_ref_alt:
    case DW_FORM_GNU_strp_alt:
      return reader.skip(unit.offsetSize);
    case DW_FORM_string:
      return reader.skipString();
    case DW_FORM_sdata:
    case DW_FORM_udata:
    case DW_FORM_ref_udata:
    case DW_FORM_strx:
    case DW_FORM_addrx:
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
    case DW_FORM_GNU_addr_index:
    case DW_FORM_GNU_str_index:
      reader.uleb();
      return;
    case DW_FORM_block1:
      return reader.skip(reader.u8());
    case DW_FORM_block2:
      return reader.skip(reader.u16());
    case DW_FORM_block4:
      return reader.skip(reader.u32());
    case DW_FORM_block:
    case DW_FORM_exprloc:
      return reader.skip(reader.uleb());
    default:
      throw reader.cursor.malformed(`unknown form 0x${form.toString(16)}`, reader.at);
  }
}
