import {
  DW_LNE_end_sequence,
  DW_LNE_set_address,
  DW_LNE_set_discriminator,
  DW_LNS_advance_line,
  DW_LNS_advance_pc,
  DW_LNS_const_add_pc,
  DW_LNS_copy,
  DW_LNS_negate_stmt,
  DW_LNS_set_basic_block,
  DW_LNS_set_column,
  DW_LNS_set_epilogue_begin,
  DW_LNS_set_file,
  DW_LNS_set_isa,
  DW_LNS_set_prologue_end,
} from './dwarf-constants.js';
import { putUleb, ulebSize } from './dwarf-reader.js';
import { initialRegisters, type LineHeader, type LineRegisters } from './line-program.js';

/** Bytes that grow as they are written. */
export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  bytes(source: Uint8Array): void {
    this.#reserve(source.length);
    this.#bytes.set(source, this.#length);
    this.#length += source.length;
  }

  uleb(value: number): void {
    const width = ulebSize(value);
    this.#reserve(width);
    putUleb(this.#bytes, this.#length, width, value);
    this.#length += width;
  }

  sleb(value: number): void {
    let rest = value;
    for (;;) {
      const low = ((rest % 128) + 128) % 128;
      rest = Math.floor(rest / 128);
      const isLast = (rest === 0 && low < 64) || (rest === -1 && low >= 64);
      this.u8(isLast ? low : low | 0x80);
      if (isLast) return;
    }
  }

  /** What was written since the last time; writing goes on from the start. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Writes the rows of one sequence as a line number program (DWARF 5 section 6.2.5). */
export class LineEncoder {
  readonly out: ByteWriter = new ByteWriter();
  readonly #header: LineHeader;
  #state: LineRegisters;

  constructor(header: LineHeader) {
    this.#header = header;
    this.#state = initialRegisters(header);
  }

  /**
   * Starts the sequence at an address, whose bytes a relocation fills.
   * @returns where in `out` they are
   */
  setAddress(address: number): number {
    this.#extended(DW_LNE_set_address, this.#header.addressSize);
    const at = this.out.length;
    for (let i = 0; i < this.#header.addressSize; i++) this.out.u8(0);
    this.#state.address = address;
    return at;
  }

  row(row: LineRegisters): void {
    const { out } = this;
    const state = this.#state;
    const knows = (opcode: number): boolean => opcode < this.#header.opcodeBase;
    const set = (opcode: number, from: number, to: number): void => {
      if (from === to || !knows(opcode)) return;
      out.u8(opcode);
      out.uleb(to);
    };
    set(DW_LNS_set_file, state.file, row.file);
    set(DW_LNS_set_column, state.column, row.column);
    set(DW_LNS_set_isa, state.isa, row.isa);
    if (row.discriminator !== 0) {
      this.#extended(DW_LNE_set_discriminator, ulebSize(row.discriminator));
      out.uleb(row.discriminator);
    }
    if (row.isStatement !== state.isStatement) out.u8(DW_LNS_negate_stmt);
    if (row.basicBlock) out.u8(DW_LNS_set_basic_block);
    if (row.prologueEnd && knows(DW_LNS_set_prologue_end)) out.u8(DW_LNS_set_prologue_end);
    if (row.epilogueBegin && knows(DW_LNS_set_epilogue_begin)) out.u8(DW_LNS_set_epilogue_begin);
    this.#advance(row.address, row.line);
    this.#state = { ...row };
  }

  /** Ends the sequence behind its last instruction. */
  end(address: number): void {
    this.#advancePc(address - this.#state.address);
    this.#extended(DW_LNE_end_sequence, 0);
    this.#state = initialRegisters(this.#header);
  }

  #extended(opcode: number, operands: number): void {
    this.out.u8(0);
    this.out.uleb(1 + operands);
    this.out.u8(opcode);
  }

  #advancePc(bytes: number): void {
    if (bytes === 0) return;
    this.out.u8(DW_LNS_advance_pc);
    this.out.uleb(bytes / this.#header.minimumInstruction);
  }

  /** Moves on to a row and enters it in the table, by one special opcode where that can be. */
  #advance(address: number, line: number): void {
    const { out } = this;
    const { lineBase, lineRange, opcodeBase, minimumInstruction } = this.#header;
    const bytes = address - this.#state.address;
    let lines = line - this.#state.line;
    const isSmall = (count: number): boolean => count >= lineBase && count < lineBase + lineRange;
    if (!isSmall(lines)) {
      out.u8(DW_LNS_advance_line);
      out.sleb(lines);
      lines = 0;
    }
    if (!isSmall(lines) || opcodeBase + lines - lineBase > 255) {
      this.#advancePc(bytes);
      out.u8(DW_LNS_copy);
      return;
    }
    const units = bytes / minimumInstruction;
    const still = opcodeBase + lines - lineBase;
    const constant = Math.floor((255 - opcodeBase) / lineRange);
    if (units <= constant && still + units * lineRange <= 255) {
      out.u8(still + units * lineRange);
    } else if (units >= constant && still + (units - constant) * lineRange <= 255) {
      out.u8(DW_LNS_const_add_pc);
      out.u8(still + (units - constant) * lineRange);
    } else {
      this.#advancePc(bytes);
      out.u8(still);
    }
  }
}
