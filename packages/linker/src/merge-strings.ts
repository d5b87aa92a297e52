import type { PieceMap } from './pieces.js';

/**
 * Equal strings of SHF_MERGE | SHF_STRINGS sections, each kept once per output section (gABI, "Section
 * Attribute Flags"). One of these for each output section.
 */
export class StringMerger {
  /** Offset in the output section, by content. */
  readonly #offsets = new Map<string, number>();

  /**
   * Splits one input section at its NULs.
   * @param base offset in the output section where this section's own strings go
   */
  add(bytes: Uint8Array, base: number): PieceMap {
    const start: number[] = [];
    const to: number[] = [];
    const owned: number[] = [];
    let end = 0;
    for (let from = 0; from < bytes.length;) {
      const nul = bytes.indexOf(0, from);
      const until = nul < 0 ? bytes.length : nul + 1;
      const text = latin1(bytes, from, until);
      let offset = this.#offsets.get(text);
      owned.push(offset === undefined ? 1 : 0);
      if (offset === undefined) {
        offset = base + end;
        this.#offsets.set(text, offset);
        end += until - from;
      }
      start.push(from);
      to.push(offset - base);
      from = until;
    }
    start.push(bytes.length);
    return {
      start: Float64Array.from(start),
      to: Float64Array.from(to),
      owned: Uint8Array.from(owned),
      size: end,
    };
  }
}

/** One character a byte: a map key that keeps bytes apart whatever their encoding. */
function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}
