import {
  COMMON_WORDS,
  ELEMENT_NAME,
  ELEMENT_TYPE,
  ELEMENT_WORDS,
  FIXED_TYPES,
  FIXED_WORDS,
  kindOf,
  THIRD_IS_TYPE,
  vlenOf,
} from './kinds.js';
import type { Btf } from './read-btf.js';

/** Types `[from, to)` of an input that stand in an earlier input, too, one after the other. */
export interface AlignedRun {
  readonly from: number;
  readonly to: number;
  /** What to add to an id to get the one in the earlier input. */
  readonly shift: number;
}

/**
 * The longer of the runs of types with which both inputs begin and with which both end, where names
 * and references agree but for a constant distance. References that leave the run are not compared.
 * Objects that include the same big header have such runs; finding one costs a comparison a word.
 *
 * @param tail bytes with which both string sections end, see {@link equalTail}
 */
export function alignedRun(btf: Btf, earlier: Btf, tail: number): AlignedRun {
  const atEnd = runAtEnd(btf, earlier, tail);
  if ((atEnd.to - atEnd.from) * 2 > btf.typeCount) return atEnd;
  const atStart = runAtStart(btf, earlier);
  return atStart.to - atStart.from > atEnd.to - atEnd.from ? atStart : atEnd;
}

/** Number of bytes with which both end. */
export function equalTail(one: Uint8Array, other: Uint8Array): number {
  const most = Math.min(one.length, other.length);
  let equal = 0;
  for (
    let i = one.length - 1, j = other.length - 1;
    equal < most && one[i] === other[j];
    i--, j--
  ) {
    equal++;
  }
  return equal;
}

function runAtEnd(btf: Btf, earlier: Btf, tail: number): AlignedRun {
  const shift = earlier.typeCount - btf.typeCount;
  const { length } = btf.strings;
  const names = { from: length - tail, to: length, shift: earlier.strings.length - length };
  let from = btf.typeCount;
  const first = Math.max(1, 1 - shift);
  while (from > first && sameType(btf, earlier, from - 1, shift, names)) from--;
  return { from, to: btf.typeCount, shift };
}

function runAtStart(btf: Btf, earlier: Btf): AlignedRun {
  const one = btf.strings.bytes;
  const other = earlier.strings.bytes;
  let equal = 0;
  const most = Math.min(one.length, other.length);
  while (equal < most && one[equal] === other[equal]) equal++;
  // Only names whose end is seen to be equal, too.
  const names = { from: 0, to: one.lastIndexOf(0, equal - 1) + 1, shift: 0 };
  let to = 1;
  const end = Math.min(btf.typeCount, earlier.typeCount);
  while (to < end && sameType(btf, earlier, to, 0, names)) to++;
  return { from: 1, to, shift: 0 };
}

/** Whether two types agree, ids `shift` apart, names within the range and at its distance. */
function sameType(btf: Btf, earlier: Btf, id: number, shift: number, names: AlignedRun): boolean {
  const { words } = btf;
  const others = earlier.words;
  let at = btf.typeAt[id]!;
  let to = earlier.typeAt[id + shift]!;
  const info = words[at + 1]!;
  if (info !== others[to + 1]) return false;
  const kind = kindOf(info);
  if (!sameName(words[at]!, others[to]!, names)) return false;
  const third = words[at + 2]!;
  const moves = THIRD_IS_TYPE[kind] === 1 && third !== 0;
  if (others[to + 2] !== (moves ? third + shift : third)) return false;
  at += COMMON_WORDS;
  to += COMMON_WORDS;
  const types = FIXED_TYPES[kind]!;
  for (let k = 0; k < FIXED_WORDS[kind]!; k++, at++, to++) {
    const word = words[at]!;
    if (others[to] !== (k < types && word !== 0 ? word + shift : word)) return false;
  }
  const stride = ELEMENT_WORDS[kind]!;
  if (stride === 0) return true;
  const name = ELEMENT_NAME[kind]!;
  const type = ELEMENT_TYPE[kind]!;
  for (let left = vlenOf(info); left > 0; left--, at += stride, to += stride) {
    for (let k = 0; k < stride; k++) {
      const word = words[at + k]!;
      const other = others[to + k]!;
      if (k === name) {
        if (!sameName(word, other, names)) return false;
      } else if (other !== (k === type && word !== 0 ? word + shift : word)) return false;
    }
  }
  return true;
}

function sameName(offset: number, other: number, names: AlignedRun): boolean {
  if (offset === 0) return other === 0;
  return other === offset + names.shift && offset >= names.from && offset < names.to;
}
