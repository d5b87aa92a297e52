/**
 * Where we and libbpf's linker mean different things on purpose. Each entry names the rule that
 * makes ours right and matches as little as possible; an entry that is never needed fails the test.
 */
import type { RawObject } from '../support/raw-object.js';
import type { Difference } from './compare.js';
import type { DeadRange } from './meaning.js';

/** What an entry may look at. */
export interface Comparison {
  readonly inputs: readonly RawObject[];
  readonly ours: RawObject;
  readonly theirs: RawObject;
  /** Bodies of losing definitions that their output still holds. */
  readonly dead: readonly DeadRange[];
}

export interface AllowedDifference {
  readonly name: string;
  readonly rule: string;
  readonly matches: (difference: Difference, comparison: Comparison) => boolean;
  /** First libbpf version (major * 100 + minor) without the difference. */
  readonly libbpfBefore?: number;
}

export const allowedDifferences: readonly AllowedDifference[] = [];
