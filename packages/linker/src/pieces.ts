import { lastAtOrBefore } from '@bpf-ld/elf-reader';
import type { ByteRange } from '@bpf-ld/symbol-resolver';

/** Place of bytes that leave the link; no number, so that no arithmetic makes it an offset. */
export const LEFT_OUT: number = Number.NaN;

/**
 * One input section in pieces: bytes `[start[i], start[i + 1])` go to `to[i]` of the output section,
 * relative to where the section's contribution begins (before it, for a string that an earlier
 * section also has), or nowhere. Sections that move as a whole
 * have no piece map.
 */
export interface PieceMap {
  /** Ascending; the last entry is the size of the section. */
  readonly start: Float64Array;
  readonly to: Float64Array;
  /** 0 where the bytes are another piece's (an equal string) and are not copied. */
  readonly owned: Uint8Array;
  /** Bytes the contribution takes. */
  readonly size: number;
}

/** Bytes that go with those of another place: {@link placeFolded} says where that is. */
export interface FoldedRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts the dropped and the folded ranges out, both in ascending order; what remains keeps its
 * position modulo the section's alignment.
 */
export function cut(
  size: number,
  alignment: number,
  dropped: readonly ByteRange[],
  folded: readonly FoldedRange[] = [],
): PieceMap {
  const start: number[] = [];
  const to: number[] = [];
  let end = 0;
  const keep = (from: number, until: number): void => {
    if (from === until) return;
    const shift = (((from - end) % alignment) + alignment) % alignment;
    start.push(from);
    to.push(end + shift);
    end += shift + (until - from);
  };
  let position = 0;
  const ranges = [...dropped, ...folded].sort((a, b) => a.start - b.start);
  for (const range of ranges) {
    keep(position, range.start);
    start.push(range.start);
    to.push(LEFT_OUT);
    position = range.end;
  }
  keep(position, size);
  return {
    start: Float64Array.from([...start, size]),
    to: Float64Array.from(to),
    owned: Uint8Array.from(to, (offset) => (Number.isNaN(offset) ? 0 : 1)),
    size: end,
  };
}

/**
 * Puts the pieces of folded ranges where `placeOf` says, relative to the contribution; in order, so
 * that an earlier piece of the same section can be the answer.
 */
export function placeFolded<Range extends FoldedRange>(
  pieces: PieceMap,
  folded: readonly Range[],
  placeOf: (range: Range) => number,
): void {
  for (const range of folded) pieces.to[pieceAt(pieces, range.start)] = placeOf(range);
}

/** Whether the byte at `offset` is copied to the output; one of an equal string or function is not. */
export function isCopied(pieces: PieceMap, offset: number): boolean {
  return pieces.owned[pieceAt(pieces, offset)] === 1;
}

/** The piece that holds `offset`: the last that starts at or before it; the first before any. */
export function pieceAt(pieces: PieceMap, offset: number): number {
  return lastAtOrBefore(pieces.start, offset, 0, pieces.to.length - 1);
}

/**
 * Where `offset` of the section went within its contribution, or LEFT_OUT. Positions outside the
 * section go with the nearest piece: `&array[-1]` and one past the end are legal addends.
 */
export function placeInPieces(pieces: PieceMap, offset: number): number {
  const piece = pieceAt(pieces, offset);
  return pieces.to[piece]! + (offset - pieces.start[piece]!);
}

/** The inverse of {@link placeInPieces}, for bytes that are copied. Linear: diagnostics ask. */
export function whereFrom(pieces: PieceMap, within: number): number {
  for (let i = 0; i < pieces.to.length; i++) {
    const size = pieces.start[i + 1]! - pieces.start[i]!;
    const distance = within - pieces.to[i]!;
    if (pieces.owned[i] === 1 && distance >= 0 && distance < size)
      return pieces.start[i]! + distance;
  }
  return within;
}
