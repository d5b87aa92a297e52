import {
  DW_LNE_define_file,
  DW_LNE_end_sequence,
  DW_LNE_set_address,
  DW_LNE_set_discriminator,
  DW_LNS_advance_line,
  DW_LNS_advance_pc,
  DW_LNS_const_add_pc,
  DW_LNS_copy,
  DW_LNS_fixed_advance_pc,
  DW_LNS_negate_stmt,
  DW_LNS_set_basic_block,
  DW_LNS_set_column,
  DW_LNS_set_epilogue_begin,
  DW_LNS_set_file,
  DW_LNS_set_isa,
  DW_LNS_set_prologue_end,
} from './dwarf-constants.js';
import type { DwarfReader } from './dwarf-reader.js';

/** The part of a line table's header that its program depends on (DWARF 5 section 6.2.4). */
export interface LineHeader {
  /** Bytes from the start of .debug_line. */
  readonly start: number;
  readonly end: number;
  readonly version: number;
  readonly offsetSize: 4 | 8;
  readonly addressSize: number;
  /** Where the tables of directories and files start. */
  readonly tablesAt: number;
  /** Where the program starts. */
  readonly programAt: number;
  readonly minimumInstruction: number;
  readonly operationsPerInstruction: number;
  readonly defaultIsStatement: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Numbers of operands, by standard opcode; entry 0 is unused. */
  readonly operands: readonly number[];
}

/** Reads the header at the reader's place, and leaves the reader at the program. */
export function readLineHeader(reader: DwarfReader): LineHeader {
  const start = reader.at;
  const { end, offsetSize } = reader.unitLength();
  const version = reader.u16();
  if (version < 2 || version > 5) {
    throw reader.cursor.malformed(`line table of DWARF ${version}`, start);
  }
  let addressSize = 8;
  if (version >= 5) {
    addressSize = reader.u8();
    reader.u8();
  }
  const length = reader.unsigned(offsetSize);
  const programAt = reader.at + length;
  if (programAt > end) throw reader.cursor.malformed('line table header beyond its unit', start);
  const minimumInstruction = reader.u8();
  const operationsPerInstruction = version >= 4 ? reader.u8() : 1;
  const defaultIsStatement = reader.u8() !== 0;
  const lineBase = (reader.u8() << 24) >> 24;
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  const operands = [0];
  for (let opcode = 1; opcode < opcodeBase; opcode++) operands.push(reader.u8());
  const tablesAt = reader.at;
  if (tablesAt > programAt) throw reader.cursor.malformed('line table header is too short', start);
  if (lineRange === 0 && opcodeBase < 255) {
    throw reader.cursor.malformed('line table header has a line range of 0', start);
  }
  reader.at = programAt;
  return {
    start,
    end,
    version,
    offsetSize,
    addressSize,
    tablesAt,
    programAt,
    minimumInstruction,
    operationsPerInstruction,
    defaultIsStatement,
    lineBase,
    lineRange,
    opcodeBase,
    operands,
  };
}

/** The registers of the line number state machine (DWARF 5 section 6.2.2). */
export interface LineRegisters {
  address: number;
  file: number;
  line: number;
  column: number;
  isStatement: boolean;
  basicBlock: boolean;
  prologueEnd: boolean;
  epilogueBegin: boolean;
  isa: number;
  discriminator: number;
}

export function initialRegisters({ defaultIsStatement }: LineHeader): LineRegisters {
  return {
    address: 0,
    file: 1,
    line: 1,
    column: 0,
    isStatement: defaultIsStatement,
    basicBlock: false,
    prologueEnd: false,
    epilogueBegin: false,
    isa: 0,
    discriminator: 0,
  };
}

/** What a program does, in order. */
export interface LineVisitor {
  /** DW_LNE_set_address; `at` is where the address stands. @returns the address to go on with */
  setAddress(at: number, width: number): number;
  /** A row of the table; `end` for the one behind the last instruction, which ends the sequence. */
  row(registers: LineRegisters, end: boolean): void;
  /** Bytes `[from, to)` that change no row: DW_LNE_define_file, and opcodes nobody knows. */
  other(from: number, to: number): void;
  /** After each sequence: where the next one starts. */
  endOfSequence(at: number): void;
}

/** Runs a program from where the reader is to the end of the unit (DWARF 5 section 6.2.5). */
export function runLineProgram(
  reader: DwarfReader,
  header: LineHeader,
  visitor: LineVisitor,
): void {
  let state = initialRegisters(header);
  const row = (end: boolean): void => {
    visitor.row(state, end);
    state.discriminator = 0;
    state.basicBlock = false;
    state.prologueEnd = false;
    state.epilogueBegin = false;
  };
  const { minimumInstruction: unit, opcodeBase, lineBase, lineRange } = header;
  while (reader.at < header.end) {
    const start = reader.at;
    const opcode = reader.u8();
    if (opcode >= opcodeBase) {
      const adjusted = opcode - opcodeBase;
      state.address += Math.floor(adjusted / lineRange) * unit;
      state.line += lineBase + (adjusted % lineRange);
      row(false);
      continue;
    }
    if (opcode === 0) {
      const length = reader.uleb();
      const body = reader.at;
      const kind = length > 0 ? reader.u8() : -1;
      if (kind === DW_LNE_set_address) state.address = visitor.setAddress(reader.at, length - 1);
      else if (kind === DW_LNE_set_discriminator) state.discriminator = reader.uleb();
      reader.at = body;
      reader.skip(length);
      if (kind === DW_LNE_end_sequence) {
        row(true);
        state = initialRegisters(header);
        visitor.endOfSequence(reader.at);
      } else if (kind === DW_LNE_define_file) visitor.other(start, reader.at);
      continue;
    }
    switch (opcode) {
      case DW_LNS_copy:
        row(false);
        break;
      case DW_LNS_advance_pc:
        state.address += reader.uleb() * unit;
        break;
      case DW_LNS_advance_line:
        state.line += reader.sleb();
        break;
      case DW_LNS_set_file:
        state.file = reader.uleb();
        break;
      case DW_LNS_set_column:
        state.column = reader.uleb();
        break;
      case DW_LNS_negate_stmt:
        state.isStatement = !state.isStatement;
        break;
      case DW_LNS_set_basic_block:
        state.basicBlock = true;
        break;
      case DW_LNS_const_add_pc:
        state.address += Math.floor((255 - opcodeBase) / lineRange) * unit;
        break;
      case DW_LNS_fixed_advance_pc:
        state.address += reader.u16();
        break;
      case DW_LNS_set_prologue_end:
        state.prologueEnd = true;
        break;
      case DW_LNS_set_epilogue_begin:
        state.epilogueBegin = true;
        break;
      case DW_LNS_set_isa:
        state.isa = reader.uleb();
        break;
      default:
        for (let i = header.operands[opcode]!; i > 0; i--) reader.uleb();
        visitor.other(start, reader.at);
    }
  }
}
