/**
 * Where we and libbpf's linker mean different things on purpose. Each entry names the rule that
 * makes ours right and matches as little as possible; the test fails when one is never needed.
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
}

export interface ExpectedRefusal {
  readonly name: string;
  readonly rule: string;
  /** The message, or the end by a signal. */
  readonly why: RegExp;
  readonly matches: (inputs: readonly RawObject[]) => boolean;
}

export const allowedDifferences: readonly AllowedDifference[] = [];
export const expectedRefusals: readonly ExpectedRefusal[] = [];
