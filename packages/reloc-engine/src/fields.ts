import type { RelocationField } from './kinds.js';

const TWO_32 = 0x1_0000_0000;

/**
 * Reads and changes the number a relocated field holds. One per output section: the view covers the
 * section's bytes, positions are offsets in it, which the caller has checked against its size.
 */
export class FieldEditor {
  readonly #view: DataView;
  readonly #littleEndian: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
  }

  /** The implicit addend of a REL relocation, in bytes whatever the field counts. */
  addend(field: RelocationField, at: number): number {
    switch (field) {
      case 'ldimm64':
        return this.#i32(at + 12) * TWO_32 + this.#u32(at + 4);
      case 'call':
        return (this.#i32(at + 4) + 1) * 8;
      case 'word64': {
        const low = this.#u32(at + (this.#littleEndian ? 0 : 4));
        return this.#i32(at + (this.#littleEndian ? 4 : 0)) * TWO_32 + low;
      }
      case 'word32':
        return this.#u32(at);
      case 'jump16':
        return (this.#view.getInt16(at + 2, this.#littleEndian) + 1) * 8;
      case 'none':
        return 0;
    }
  }

  /**
   * Adds `delta` bytes to the field.
   * @returns false when the field is too narrow for the result; it is then unchanged.
   */
  add(field: RelocationField, at: number, delta: number): boolean {
    if (delta === 0) return true;
    switch (field) {
      case 'ldimm64':
        this.#add64(at + 4, at + 12, delta);
        return true;
      case 'word64':
        if (this.#littleEndian) this.#add64(at, at + 4, delta);
        else this.#add64(at + 4, at, delta);
        return true;
      case 'call': {
        const imm = this.#i32(at + 4) + delta / 8;
        if (delta % 8 !== 0 || imm !== (imm | 0)) return false;
        this.#view.setInt32(at + 4, imm, this.#littleEndian);
        return true;
      }
      case 'word32': {
        const word = this.#u32(at) + delta;
        if (word < 0 || word >= TWO_32) return false;
        this.#view.setUint32(at, word, this.#littleEndian);
        return true;
      }
      case 'jump16': {
        const off = this.#view.getInt16(at + 2, this.#littleEndian) + delta / 8;
        if (delta % 8 !== 0 || off < -0x8000 || off > 0x7fff) return false;
        this.#view.setInt16(at + 2, off, this.#littleEndian);
        return true;
      }
      case 'none':
        return true;
    }
  }

  /** Replaces what a field of data holds by a small number, sign-extended. */
  store(field: 'word32' | 'word64', at: number, value: number): void {
    if (field === 'word32') this.#view.setInt32(at, value, this.#littleEndian);
    else this.#view.setBigInt64(at, BigInt(value), this.#littleEndian);
  }

  /** 64-bit addition over two words; both halves wrap as the machine's would. */
  #add64(lowAt: number, highAt: number, delta: number): void {
    const sum = this.#u32(lowAt) + delta;
    const carry = Math.floor(sum / TWO_32);
    this.#view.setUint32(lowAt, sum - carry * TWO_32, this.#littleEndian);
    this.#view.setInt32(highAt, (this.#i32(highAt) + carry) | 0, this.#littleEndian);
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, this.#littleEndian);
  }

  #i32(at: number): number {
    return this.#view.getInt32(at, this.#littleEndian);
  }
}
