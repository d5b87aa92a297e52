import { firstBehind } from '@bpf-ld/elf-reader';
import type { GlobalId, SymbolId } from './ids.js';

/** Bytes `[start, end)` of one input section. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Bytes of one input section that leave the link. */
export interface DroppedRange extends ByteRange {
  /**
   * The name whose other definition won; a reference to `start` means that one. Undefined for what
   * leaves because nothing that stays refers to it.
   */
  readonly global: GlobalId | undefined;
  /** SymbolId of a function or variable that nothing refers to; -1 for bytes without a symbol. */
  readonly symbol?: SymbolId | -1;
}

/** The one of the ranges, which are in ascending order, that holds `offset`. */
export function rangeAt<Range extends ByteRange>(
  ranges: readonly Range[],
  offset: number,
): Range | undefined {
  const range = ranges[firstBehind(ranges, ({ start }) => start <= offset) - 1];
  return range && offset < range.end ? range : undefined;
}
