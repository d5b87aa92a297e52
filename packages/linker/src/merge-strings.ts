import { StringPool } from '@bpf-ld/elf-reader';
import type { PieceMap } from './pieces.js';

/**
 * Equal strings of SHF_MERGE | SHF_STRINGS sections, each kept once per output section (gABI, "Section
 * Attribute Flags"). One of these for each output section.
 */
export class StringMerger {
  /** Contents, each with its NUL. */
  readonly #strings = new StringPool();
  /** Offset in the output section, by number of the string. */
  readonly #offsets: number[] = [];
  /** The string that ends in a string, which then has no bytes of its own. */
  readonly #hosts: ReadonlyMap<string, string>;
  readonly #tails: { to: Float64Array; piece: number; base: number; text: string }[] = [];

  /** @param hosts of strings that are the ends of others ({@link findHosts}), all of them added */
  constructor(hosts: ReadonlyMap<string, string> = new Map()) {
    this.#hosts = hosts;
  }

  /**
   * Splits one input section at its NULs.
   * @param base offset in the output section where this section's own strings go
   */
  add(bytes: Uint8Array, base: number): PieceMap {
    const start: number[] = [];
    const to: number[] = [];
    const owned: number[] = [];
    const tails: { readonly piece: number; readonly text: string }[] = [];
    let end = 0;
    for (let from = 0; from < bytes.length;) {
      const nul = bytes.indexOf(0, from);
      const until = nul < 0 ? bytes.length : nul + 1;
      const text = this.#hosts.size > 0 ? latin1(bytes, from, until) : '';
      if (this.#hosts.has(text)) {
        tails.push({ piece: start.length, text });
        owned.push(0);
        start.push(from);
        to.push(0);
        from = until;
        continue;
      }
      const string = this.#strings.intern(bytes, from, until);
      let offset = this.#offsets[string];
      owned.push(offset === undefined ? 1 : 0);
      if (offset === undefined) {
        offset = base + end;
        this.#offsets[string] = offset;
        end += until - from;
      }
      start.push(from);
      to.push(offset - base);
      from = until;
    }
    start.push(bytes.length);
    const places = Float64Array.from(to);
    for (const { piece, text } of tails) this.#tails.push({ to: places, piece, base, text });
    return {
      start: Float64Array.from(start),
      to: places,
      owned: Uint8Array.from(owned),
      size: end,
    };
  }

  /** Puts the ends of strings where their hosts went; called once after all sections. */
  placeTails(): void {
    for (const { to, piece, base, text } of this.#tails) {
      const host = this.#hosts.get(text)!;
      const bytes = Uint8Array.from(host, (character) => character.charCodeAt(0));
      const string = this.#strings.intern(bytes, 0, bytes.length);
      to[piece] = this.#offsets[string]! + host.length - text.length - base;
    }
  }
}

/** The strings of one section, each with its NUL, in order; one without a NUL comes last. */
export function* splitStrings(bytes: Uint8Array): Generator<string> {
  for (let from = 0; from < bytes.length;) {
    const nul = bytes.indexOf(0, from);
    const until = nul < 0 ? bytes.length : nul + 1;
    yield latin1(bytes, from, until);
    from = until;
  }
}

/**
 * Which of the strings end another one, and the longest they end: `bar` and `foobar`. Sorted by their
 * last characters, a string stands directly before those that it ends.
 */
export function findHosts(strings: ReadonlySet<string>): ReadonlyMap<string, string> {
  const ends = [...strings]
    .filter((text) => text.endsWith('\0'))
    .map((text) => ({ text, reversed: [...text].reverse().join('') }))
    .sort((a, b) => (a.reversed < b.reversed ? -1 : 1));
  const hosts = new Map<string, string>();
  for (let i = ends.length - 2; i >= 0; i--) {
    const { text, reversed } = ends[i]!;
    const next = ends[i + 1]!;
    if (next.reversed.startsWith(reversed)) hosts.set(text, hosts.get(next.text) ?? next.text);
  }
  return hosts;
}

/** One character a byte: a map key that keeps bytes apart whatever their encoding. */
function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}
