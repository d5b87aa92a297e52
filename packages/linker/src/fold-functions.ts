import {
  BTF_KIND_DECL_TAG,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_LINKAGE_STATIC,
  dedup,
  EXT_RECORDS,
  poolExtRecords,
  TypePool,
  type ExtKind,
} from '@bpf-ld/btf';
import { firstBehind, lastAtOrBefore, StringPool, symbolName } from '@bpf-ld/elf-reader';
import {
  type FoldCandidate,
  type FoldJob,
  type LiveSet,
  type ObjectId,
  type Resolution,
} from '@bpf-ld/symbol-resolver';
import type { FoldedPiece, LinkOptions } from './api.js';
import { exceptionCallbacks } from './exception-callbacks.js';
import { addendReader } from './addends.js';
import { hostsByOutput, mergesStrings, type LayoutRules } from './layout.js';
import { splitStrings } from './merge-strings.js';
import type { ParsedObject } from './parse-object.js';
import type { LinkState } from './relocate.js';
import { inventFunction } from './invent-function.js';

/**
 * What the fold pass goes by. Functions that the command line or the kernel knows by name keep their
 * bodies: those of `-u`, `--require-defined` and `--retain-symbols-file`, and exception callbacks.
 */
export function foldJob(
  objects: readonly ParsedObject[],
  resolution: Resolution,
  live: LiveSet,
  { icf, gc = {}, symbols = {} }: LinkOptions,
  rules: LayoutRules,
): FoldJob {
  const strings = new StringPlaces(objects, resolution, live, rules);
  return {
    addressTaken: icf === 'all',
    keep: [
      ...(gc.keep ?? []),
      ...(symbols.undefined ?? []),
      ...(symbols.requireDefined ?? []),
      ...(symbols.retain ?? []),
      ...new Set(objects.flatMap(exceptionCallbacks)),
    ],
    keepSections: gc.keepSections ?? [],
    addendOf: addendReader(objects),
    typesOf: (candidates) => numberTypes(objects, resolution, candidates),
    contentAt: (object, section, offset) => strings.contentAt(object, section, offset),
  };
}

/** Which places of mergeable strings are one place in the output, as layout.ts will have it. */
class StringPlaces {
  readonly #objects: readonly ParsedObject[];
  readonly #nameOf: LayoutRules['nameOf'];
  readonly #hosts: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly #numbers = new Map<string, number>();
  /** By object and section: where strings start, and where each begins in one known by number. */
  readonly #starts = new Map<string, { at: number[]; number: number[]; within: number[] }>();

  constructor(
    objects: readonly ParsedObject[],
    resolution: Resolution,
    live: LiveSet,
    { mergeTails, nameOf }: LayoutRules,
  ) {
    this.#objects = objects;
    this.#nameOf = nameOf;
    this.#hosts = mergeTails
      ? hostsByOutput(objects, resolution, live, nameOf)
      : new Map<string, never>();
  }

  contentAt(object: ObjectId, index: number, offset: number): string | undefined {
    const { elf, relocations } = this.#objects[object]!;
    const section = elf.sections[index]!;
    if (!mergesStrings(section) || relocations.has(index)) return undefined;
    if (offset < 0 || offset >= section.size) return undefined;
    const output = this.#nameOf(section);
    const { at, number, within } = this.#startsOf(object, index, output);
    const i = lastAtOrBefore(at, offset, 0, at.length - 1);
    return `string ${number[i]!} ${within[i]! + offset - at[i]!}`;
  }

  #startsOf(object: ObjectId, index: number, output: string) {
    const key = `${object} ${index}`;
    const known = this.#starts.get(key);
    if (known) return known;
    const { elf } = this.#objects[object]!;
    const { offset, size } = elf.sections[index]!;
    const found: { at: number[]; number: number[]; within: number[] } = {
      at: [],
      number: [],
      within: [],
    };
    let at = 0;
    for (const text of splitStrings(elf.bytes.subarray(offset, offset + size))) {
      const host = this.#hosts.get(output)?.get(text) ?? text;
      const name = `${output}\n${host}`;
      const number = this.#numbers.get(name) ?? this.#numbers.size;
      this.#numbers.set(name, number);
      found.at.push(at);
      found.number.push(number);
      found.within.push(host.length - text.length);
      at += text.length;
    }
    this.#starts.set(key, found);
    return found;
  }
}

/**
 * Numbers functions by prototype (names of parameters aside), linkage, declaration tags and CO-RE
 * records. Types are equal when the types pass makes them one. A function without BTF counts as what
 * synthesize-functions.ts makes of it.
 */
function numberTypes(
  objects: readonly ParsedObject[],
  resolution: Resolution,
  candidates: readonly FoldCandidate[],
): Int32Array {
  const pool = new TypePool(new StringPool());
  const facts = new Map<ObjectId, ObjectFacts>();
  for (const { object } of candidates) {
    if (facts.has(object)) continue;
    facts.set(object, readFacts(objects[object]!, pool));
  }
  const invented = inventFunction(pool, '');
  const canonical = dedup(pool);
  const tags = tagsByFunction(pool);
  const numbers = new Map<string, number>();
  return Int32Array.from(candidates, ({ object, section, start, end, symbol }) => {
    const { funcs, core, names } = facts.get(object)!;
    const index = section - resolution.sectionBase[object]!;
    const { name } = objects[object]!.elf.sections[index]!;
    // Records name a section by its name: of several of one name it is not certain which they mean.
    if (names.get(name) !== 1) return -1;
    const func = funcs.get(name)?.get(start) ?? invented;
    const proto = pool.sizeOrType(func);
    if (pool.kind(func) !== BTF_KIND_FUNC || pool.kind(proto) !== BTF_KIND_FUNC_PROTO) return -1;
    const isGlobal = resolution.global[symbol]! >= 0;
    const key = [
      isGlobal ? BTF_LINKAGE_STATIC : pool.linkage(func),
      canonical[pool.sizeOrType(proto)]!,
      ...Array.from({ length: pool.vlen(proto) }, (_, i) => canonical[pool.word(proto, 4 + 2 * i)]),
      'tags',
      ...(tags.get(func) ?? []),
      'core',
    ];
    const records = core.get(name) ?? [];
    const first = firstBehind(records, ({ at }) => at < start);
    for (let i = first; i < records.length && records[i]!.at < end; i++) {
      const { at, type, rest } = records[i]!;
      key.push(at - start, canonical[type], rest);
    }
    const text = key.join(' ');
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  });
}

interface CoreRecord {
  /** Byte of the instruction in the section. */
  readonly at: number;
  /** Pool id. */
  readonly type: number;
  /** The string and what else the record says. */
  readonly rest: string;
}

/** What .BTF.ext says, by name of the section. */
interface ObjectFacts {
  /** Pool id of the FUNC by byte of the section. */
  readonly funcs: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** In order of instruction. */
  readonly core: ReadonlyMap<string, readonly CoreRecord[]>;
  /** Sections of each name. */
  readonly names: ReadonlyMap<string, number>;
}

function readFacts({ elf, btf, btfExt }: ParsedObject, pool: TypePool): ObjectFacts {
  const funcs = new Map<string, Map<number, number>>();
  const core = new Map<string, CoreRecord[]>();
  const names = new Map<string, number>();
  for (const { name } of elf.sections) names.set(name, (names.get(name) ?? 0) + 1);
  if (!btf || !btfExt) return { funcs, core, names };
  const base = pool.add(btf);
  const each = (
    kind: ExtKind,
    visit: (section: string, words: Uint32Array, at: number, stride: number) => void,
  ): void => {
    for (const records of btfExt[kind]) {
      const section = btf.strings.cstring(records.sectionName);
      const words = poolExtRecords(kind, records, pool, base);
      const stride = records.recordSize / 4;
      for (let at = 0; at < words.length; at += stride) visit(section, words, at, stride);
    }
  };
  each('funcInfo', (section, words, at) => {
    const known = funcs.get(section) ?? new Map<number, number>();
    known.set(words[at]!, words[at + EXT_RECORDS.funcInfo.typeWord]!);
    funcs.set(section, known);
  });
  each('coreRelo', (section, words, at, stride) => {
    const known = core.get(section) ?? [];
    const type = words[at + EXT_RECORDS.coreRelo.typeWord]!;
    known.push({ at: words[at]!, type, rest: words.subarray(at + 2, at + stride).join(' ') });
    core.set(section, known);
  });
  for (const records of core.values()) records.sort((a, b) => a.at - b.at);
  return { funcs, core, names };
}

/** By pool id of a FUNC: its declaration tags, and on which parameter each is. */
function tagsByFunction(pool: TypePool): ReadonlyMap<number, readonly string[]> {
  const tags = new Map<number, string[]>();
  for (let id = 1; id < pool.count; id++) {
    if (pool.kind(id) !== BTF_KIND_DECL_TAG) continue;
    const target = pool.sizeOrType(id);
    if (pool.kind(target) !== BTF_KIND_FUNC) continue;
    const known = tags.get(target) ?? [];
    known.push(`${pool.word(id, 3)}:${pool.nameId(id)}`);
    tags.set(target, known);
  }
  for (const list of tags.values()) list.sort();
  return tags;
}

/** What was folded: behind each function that stays, those that have its body; in link order. */
export function foldedPieces({ objects, resolution, folded }: LinkState): readonly FoldedPiece[] {
  const { sectionBase, symbolBase } = resolution;
  const pieceOf = ({ object, section, start, end, symbol }: FoldCandidate): FoldedPiece['kept'] => {
    const { elf } = objects[object]!;
    return {
      object: elf.name,
      section: elf.sections[section - sectionBase[object]!]!.name,
      offset: start,
      size: end - start,
      symbol: symbolName(elf, symbol - symbolBase[object]!),
    };
  };
  const groups = new Map<FoldCandidate, FoldedPiece['folded'][number][]>();
  for (const list of folded.values()) {
    for (const twin of list) {
      const known = groups.get(twin.keeper);
      if (known) known.push(pieceOf(twin));
      else groups.set(twin.keeper, [pieceOf(twin)]);
    }
  }
  return [...groups]
    .sort(([a], [b]) => a.section - b.section || a.start - b.start)
    .map(([kept, twins]) => ({ kept: pieceOf(kept), folded: twins }));
}
