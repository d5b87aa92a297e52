import { lastAtOrBefore } from '@bpf-ld/elf-reader';

/** How the bytes of one code section moved: `[start[i], start[i + 1])` are now at `to[i]`. */
export interface CodePieces {
  /** Ascending; the last entry is the size of the section. */
  readonly start: Float64Array;
  /** Offset in what the section gives to the output; NaN for pieces that left. */
  readonly to: Float64Array;
  /** 0 for pieces that left, or whose bytes are another function's. */
  readonly owned: Uint8Array;
}

/** What became of a section: moved as a whole, left, or in pieces. */
export type SectionFate = 'whole' | 'gone' | CodePieces;

/** A place in a section of the object. */
export interface SectionOffset {
  /** Index of the section in its object. */
  readonly section: number;
  readonly offset: number;
}

/** A range, or a place, in what a section gives to the output. */
export interface MovedRange {
  readonly start: number;
  readonly end: number;
}

interface Cut {
  readonly pieces: CodePieces;
  /** By piece: it or the first one after it that stayed; and the last one before. -1 for none. */
  readonly next: Int32Array;
  readonly previous: Int32Array;
}

/**
 * Where code of one object went. Pieces that stay keep their order, so that a range stays a range: of what it
 * covered, what stays is side by side.
 */
export class CodeMoves {
  readonly #fateOf: (section: number) => SectionFate;
  readonly #cuts = new Map<number, Cut | 'whole' | 'gone'>();

  constructor(fateOf: (section: number) => SectionFate) {
    this.#fateOf = fateOf;
  }

  isWhole(section: number): boolean {
    return this.#of(section) === 'whole';
  }

  /** Where a range of a section went; undefined when nothing of it stays. */
  range(section: number, start: number, end: number): MovedRange | undefined {
    const cut = this.#of(section);
    if (cut === 'gone') return undefined;
    if (cut === 'whole') return { start, end };
    const { pieces, next, previous } = cut;
    const first = next[pieceAt(pieces, start)]!;
    const last = previous[pieceAt(pieces, Math.max(end - 1, start))]!;
    if (first < 0 || last < first) return undefined;
    const from = Math.max(start, pieces.start[first]!);
    const until = Math.min(end, pieces.start[last + 1]!);
    if (until < from) return undefined;
    return {
      start: pieces.to[first]! + (from - pieces.start[first]!),
      end: pieces.to[last]! + (until - pieces.start[last]!),
    };
  }

  /** Where a byte went, or if it left the first one after it that stays; undefined if none does. */
  nextPlace(section: number, offset: number): number | undefined {
    const cut = this.#of(section);
    if (cut === 'gone') return undefined;
    if (cut === 'whole') return offset;
    const { pieces, next } = cut;
    const piece = next[pieceAt(pieces, offset)]!;
    if (piece < 0) return undefined;
    return pieces.to[piece]! + Math.max(offset - pieces.start[piece]!, 0);
  }

  /** Whether a byte of the section stays; the end of the section counts as its last byte. */
  stays(section: number, offset: number): boolean {
    const cut = this.#of(section);
    if (cut === 'gone') return false;
    return cut === 'whole' || cut.pieces.owned[pieceAt(cut.pieces, offset)] === 1;
  }

  #of(section: number): Cut | 'whole' | 'gone' {
    let cut = this.#cuts.get(section);
    if (cut === undefined) {
      const fate = this.#fateOf(section);
      cut = typeof fate === 'string' ? fate : indexPieces(fate);
      this.#cuts.set(section, cut);
    }
    return cut;
  }
}

function indexPieces(pieces: CodePieces): Cut {
  const count = pieces.to.length;
  const next = new Int32Array(count);
  const previous = new Int32Array(count);
  for (let i = 0, last = -1; i < count; i++) {
    if (pieces.owned[i] === 1) last = i;
    previous[i] = last;
  }
  for (let i = count - 1, first = -1; i >= 0; i--) {
    if (pieces.owned[i] === 1) first = i;
    next[i] = first;
  }
  return { pieces, next, previous };
}

/** The last piece that starts at or before `offset`; the first before any. */
function pieceAt({ start, to }: CodePieces, offset: number): number {
  return lastAtOrBefore(start, offset, 0, to.length - 1);
}
