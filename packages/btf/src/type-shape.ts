import {
  BTF_KIND_FUNC_PROTO,
  COMMON_WORDS,
  ELEMENT_TYPE,
  ELEMENT_WORDS,
  FIXED_TYPES,
  FIXED_WORDS,
  kindOf,
  THIRD_IS_TYPE,
  vlenOf,
} from './kinds.js';

/** What every hash over words starts from. */
export const HASH_SEED = 0x811c9dc5;

/** One step of the hash over words. */
export function mix(hash: number, word: number): number {
  hash = Math.imul(hash ^ word, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/**
 * A hash of all words of the type at `start` but the types it refers to. Parameter names do not
 * count: two prototypes that differ in them alone describe the same function type.
 */
export function shapeHash(words: Uint32Array, start: number): number {
  const info = words[start + 1]!;
  const kind = kindOf(info);
  let hash = mix(mix(HASH_SEED, words[start]!), info);
  if (THIRD_IS_TYPE[kind] === 0) hash = mix(hash, words[start + 2]!);
  let at = start + COMMON_WORDS + FIXED_TYPES[kind]!;
  for (let k = FIXED_WORDS[kind]! - FIXED_TYPES[kind]!; k > 0; k--) hash = mix(hash, words[at++]!);
  const stride = ELEMENT_WORDS[kind]!;
  if (stride !== 0 && kind !== BTF_KIND_FUNC_PROTO) {
    const typeWord = ELEMENT_TYPE[kind]!;
    for (let left = vlenOf(info); left > 0; left--, at += stride) {
      for (let k = 0; k < stride; k++) if (k !== typeWord) hash = mix(hash, words[at + k]!);
    }
  }
  return hash;
}

/** Whether two types agree in all that {@link shapeHash} goes by. */
export function sameShape(words: Uint32Array, one: number, other: number): boolean {
  const info = words[one + 1]!;
  if (info !== words[other + 1] || words[one] !== words[other]) return false;
  const kind = kindOf(info);
  if (THIRD_IS_TYPE[kind] === 0 && words[one + 2] !== words[other + 2]) return false;
  const shift = other - one;
  let at = one + COMMON_WORDS + FIXED_TYPES[kind]!;
  for (let k = FIXED_WORDS[kind]! - FIXED_TYPES[kind]!; k > 0; k--, at++) {
    if (words[at] !== words[at + shift]) return false;
  }
  const stride = ELEMENT_WORDS[kind]!;
  if (stride === 0 || kind === BTF_KIND_FUNC_PROTO) return true;
  const typeWord = ELEMENT_TYPE[kind]!;
  for (let left = vlenOf(info); left > 0; left--, at += stride) {
    for (let k = 0; k < stride; k++) {
      if (k !== typeWord && words[at + k] !== words[at + k + shift]) return false;
    }
  }
  return true;
}
