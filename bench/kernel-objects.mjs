#!/usr/bin/env node
/**
 * Writes BPF objects that carry a whole kernel's types: real objects with the types of the running
 * kernel behind their own.
 *
 *     node bench/kernel-objects.mjs VARIANT DIR OBJECT...
 *
 * VARIANT says how the kernel's types of the objects differ from each other: `identical`; `permuted`,
 * each object but the first has them in an order of its own; `changed`, permuted and some structs of
 * each object have another size, as kernels of different configurations do.
 *
 * Left out are DATASECs, which need sections of that name in the object, VARs, which belong to them,
 * and what tags a VAR. The object's own types keep their ids, and .BTF.ext stays as it is.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { isMain } from './places.mjs';

/** The types of the running kernel. */
export const KERNEL_TYPES = '/sys/kernel/btf/vmlinux';

/** @typedef {'identical' | 'permuted' | 'changed'} Variant */

/** @type {readonly Variant[]} */
export const VARIANTS = ['identical', 'permuted', 'changed'];

/** Of so many structs and unions one differs, where some are to differ. */
const CHANGED_EVERY = 400;

const KIND_STRUCT = 4;
const KIND_UNION = 5;
const KIND_VAR = 14;
const KIND_DATASEC = 15;
const KIND_DECL_TAG = 17;

/** Words of a type before and of each element, by kind, and where names and type ids are in them. */
const FIXED = [0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0];
const ELEMENT = [0, 0, 0, 0, 3, 3, 2, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0, 3];
const REFERS = new Set([2, 8, 9, 10, 11, 12, 13, 14, 17, 18]);
const ELEMENT_REFERS = new Set([4, 5, 13]);

/**
 * Makes one object for each of `bases`, in the folder, under their names and numbers.
 *
 * @param {Variant} variant
 * @param {string} folder
 * @param {readonly string[]} bases paths of little-endian ELF64 objects with .BTF
 * @returns {string[]} the paths of the objects
 */
export function makeKernelObjects(variant, folder, bases) {
  mkdirSync(folder, { recursive: true });
  const kernel = new Uint8Array(readFileSync(KERNEL_TYPES));
  return bases.map((base, index) => {
    const path = join(folder, `${index}-${basename(base)}`);
    writeFileSync(
      path,
      withKernelTypes(new Uint8Array(readFileSync(base)), kernel, variant, index),
    );
    return path;
  });
}

/**
 * @param {Uint8Array} object
 * @param {Uint8Array} kernel a .BTF
 * @param {Variant} variant
 * @param {number} index which of the objects it is
 */
function withKernelTypes(object, kernel, variant, index) {
  const { headerAt, bytes } = btfSection(object);
  const own = sections(bytes);
  const added = sections(kernel);
  const ownCount = starts(own.words).length;
  const order = keptTypes(added.words);
  if (variant !== 'identical' && index > 0) shuffle(order, index);
  const words = moved(added.words, order, ownCount, own.strings.length);
  if (variant === 'changed') changeStructs(words, index);

  const typeBytes = (own.words.length + words.length) * 4;
  const btf = new Uint8Array(24 + typeBytes + own.strings.length + added.strings.length);
  const view = new DataView(btf.buffer);
  btf.set(bytes.subarray(0, 8));
  [24, 0, typeBytes, typeBytes, btf.length - 24 - typeBytes].forEach((value, i) =>
    view.setUint32(4 + 4 * i, value, true),
  );
  btf.set(new Uint8Array(own.words.buffer), 24);
  btf.set(new Uint8Array(words.buffer), 24 + own.words.length * 4);
  btf.set(own.strings, 24 + typeBytes);
  btf.set(added.strings, 24 + typeBytes + own.strings.length);

  const out = new Uint8Array(object.length + (-object.length & 7) + btf.length);
  out.set(object);
  out.set(btf, out.length - btf.length);
  const header = new DataView(out.buffer, headerAt, 64);
  header.setBigUint64(24, BigInt(out.length - btf.length), true);
  header.setBigUint64(32, BigInt(btf.length), true);
  return out;
}

/**
 * The .BTF of an object and where its section header is.
 *
 * @param {Uint8Array} object
 */
function btfSection(object) {
  const view = new DataView(object.buffer, object.byteOffset, object.byteLength);
  const table = Number(view.getBigUint64(40, true));
  const span = (/** @type {number} */ at) => {
    const offset = Number(view.getBigUint64(at + 24, true));
    return object.slice(offset, offset + Number(view.getBigUint64(at + 32, true)));
  };
  const names = span(table + view.getUint16(62, true) * 64);
  for (let i = 0; i < view.getUint16(60, true); i++) {
    const name = view.getUint32(table + i * 64, true);
    if (Buffer.from(names.subarray(name, name + 5)).toString('latin1') === '.BTF\0') {
      return { headerAt: table + i * 64, bytes: span(table + i * 64) };
    }
  }
  throw new Error('an object has no .BTF');
}

/** @param {Uint8Array} btf */
function sections(btf) {
  const view = new DataView(btf.buffer, btf.byteOffset, btf.byteLength);
  const field = (/** @type {number} */ at) => view.getUint32(at, true);
  const types = field(4) + field(8);
  const strings = field(4) + field(16);
  return {
    words: new Uint32Array(btf.slice(types, types + field(12)).buffer),
    strings: btf.slice(strings, strings + field(20)),
  };
}

/** @param {number} info */
const kindOf = (info) => (info >>> 24) & 0x7f;

/**
 * Where each type starts; index 0 stands for void.
 *
 * @param {Uint32Array} words
 */
function starts(words) {
  const at = [0];
  for (let i = 0; i < words.length;) {
    at.push(i);
    const info = words[i + 1] ?? 0;
    i += 3 + (FIXED[kindOf(info)] ?? 0) + (ELEMENT[kindOf(info)] ?? 0) * (info & 0xffff);
  }
  return at;
}

/**
 * Ids of the types that need no section of the object.
 *
 * @param {Uint32Array} words
 */
function keptTypes(words) {
  const at = starts(words);
  const kind = (/** @type {number} */ id) => (id === 0 ? 0 : kindOf(words[(at[id] ?? 0) + 1] ?? 0));
  const ofVariable = (/** @type {number} */ id) =>
    kind(id) === KIND_VAR || kind(id) === KIND_DATASEC;
  return [...at.keys()].filter((id) => {
    if (id === 0 || ofVariable(id)) return false;
    return kind(id) !== KIND_DECL_TAG || !ofVariable(words[(at[id] ?? 0) + 2] ?? 0);
  });
}

/**
 * The types in the order given, with ids from `base` on and strings moved by `shift`.
 *
 * @param {Uint32Array} words
 * @param {readonly number[]} order
 * @param {number} base
 * @param {number} shift
 */
function moved(words, order, base, shift) {
  const at = starts(words);
  const ids = new Uint32Array(at.length);
  order.forEach((id, i) => (ids[id] = base + i));
  const out = [];
  for (const id of order) {
    const from = at[id] ?? 0;
    const end = at[id + 1] ?? words.length;
    const type = words.slice(from, end);
    const info = type[1] ?? 0;
    const kind = kindOf(info);
    const name = (/** @type {number} */ k) => {
      if (type[k] !== 0) type[k] = (type[k] ?? 0) + shift;
    };
    const reference = (/** @type {number} */ k) => (type[k] = ids[type[k] ?? 0] ?? 0);
    name(0);
    if (REFERS.has(kind)) reference(2);
    if (kind === 3) [3, 4].forEach(reference);
    const stride = ELEMENT[kind] ?? 0;
    const elements = stride === 0 ? 0 : (type.length - 3) / stride;
    for (let element = 0; element < elements; element++) {
      name(3 + element * stride);
      if (ELEMENT_REFERS.has(kind)) reference(4 + element * stride);
    }
    out.push(type);
  }
  const result = new Uint32Array(out.reduce((sum, type) => sum + type.length, 0));
  let to = 0;
  for (const type of out) {
    result.set(type, to);
    to += type.length;
  }
  return result;
}

/**
 * Fisher-Yates with the numbers of a linear congruence: the same order for the same seed.
 *
 * @param {number[]} list
 * @param {number} seed
 */
function shuffle(list, seed) {
  let state = seed;
  for (let i = list.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (i + 1));
    [list[i], list[other]] = [list[other] ?? 0, list[i] ?? 0];
  }
}

/**
 * @param {Uint32Array} words
 * @param {number} index
 */
function changeStructs(words, index) {
  let seen = 0;
  for (const at of starts(words).slice(1)) {
    const kind = kindOf(words[at + 1] ?? 0);
    if (kind !== KIND_STRUCT && kind !== KIND_UNION) continue;
    if (seen++ % CHANGED_EVERY === 0) words[at + 2] = (words[at + 2] ?? 0) + 8 * index;
  }
}

if (isMain(import.meta.url)) {
  const [variant, folder, ...bases] = process.argv.slice(2);
  const known = VARIANTS.find((name) => name === variant);
  if (known === undefined || folder === undefined || bases.length === 0) {
    console.error(`usage: node bench/kernel-objects.mjs ${VARIANTS.join('|')} DIR OBJECT...`);
    process.exit(2);
  }
  if (!existsSync(KERNEL_TYPES)) {
    console.error(`${KERNEL_TYPES} is not there`);
    process.exit(1);
  }
  for (const path of makeKernelObjects(known, folder, bases)) console.log(path);
}
