import {
  EXT_RECORDS,
  poolExtRecords,
  type ExtKind,
  type ExtSection,
  type PooledExtSection,
  type TypeBase,
  type TypePool,
} from '@bpf-ld/btf';
import type { StringPool } from '@bpf-ld/elf-reader';
import { rangeAt, type ObjectId, type SectionId } from '@bpf-ld/symbol-resolver';
import { place } from './layout.js';
import { isCopied } from './pieces.js';
import type { LinkState } from './relocate.js';

const KINDS: readonly ExtKind[] = ['funcInfo', 'lineInfo', 'coreRelo'];

/** Records of one input section that stay, with output offsets. */
interface Chunk {
  readonly words: Uint32Array;
  /** Words a record. */
  readonly stride: number;
}

/**
 * Collects the .BTF.ext records of all objects by output section. Each record's instruction offset
 * becomes that of the output; records of bodies that left are left out.
 */
export class ExtRecords {
  readonly #state: LinkState;
  readonly #pool: TypePool;
  readonly #collected: Record<ExtKind, number[]> = { funcInfo: [], lineInfo: [], coreRelo: [] };
  readonly #chunks: Record<ExtKind, Map<number, Chunk[]>> = {
    funcInfo: new Map(),
    lineInfo: new Map(),
    coreRelo: new Map(),
  };

  constructor(state: LinkState, pool: TypePool) {
    this.#state = state;
    this.#pool = pool;
  }

  /** Takes the records of one object, whose types were just put into the pool. */
  addObject(object: ObjectId, base: TypeBase): void {
    const { objects, resolution, layout } = this.#state;
    const { elf, btf, btfExt } = objects[object]!;
    if (!btf || !btfExt) return;
    const sectionOf = new Map<string, SectionId>();
    for (const { index, name } of elf.sections) {
      const id = (resolution.sectionBase[object]! + index) as SectionId;
      if (layout.outputOf[id]! >= 0 && !sectionOf.has(name)) sectionOf.set(name, id);
    }
    for (const kind of KINDS) {
      for (const section of btfExt[kind]) {
        const sectionName = btf.strings.cstring(section.sectionName);
        const id = sectionOf.get(sectionName);
        if (id === undefined) {
          this.#noteRemoved(object, kind, sectionName, section, base);
          continue;
        }
        const words = poolExtRecords(kind, section, this.#pool, base);
        const stride = section.recordSize / 4;
        this.#push(kind, layout.outputOf[id]!, {
          words: this.#move(kind, words, stride, id),
          stride,
        });
      }
    }
  }

  /** Pool ids that records of one kind had of functions that were collected. */
  collectedTypes(kind: ExtKind): readonly number[] {
    return this.#collected[kind];
  }

  /** Adds one record that no input had. */
  addRecord(kind: ExtKind, output: number, words: readonly number[]): void {
    this.#push(kind, output, { words: Uint32Array.from(words), stride: words.length });
  }

  /** Offsets in an output section that have a record of `kind`. */
  offsets(kind: ExtKind, output: number): ReadonlySet<number> {
    const offsets = new Set<number>();
    for (const { words, stride } of this.#chunks[kind].get(output) ?? []) {
      for (let at = 0; at < words.length; at += stride) offsets.add(words[at]!);
    }
    return offsets;
  }

  /** Replaces the FUNC of each function record by what `replace` answers for its place and pool id. */
  replaceFunctions(replace: (output: number, offset: number, type: number) => number): void {
    const { typeWord } = EXT_RECORDS.funcInfo;
    for (const [output, chunks] of this.#chunks.funcInfo) {
      for (const { words, stride } of chunks) {
        for (let at = 0; at < words.length; at += stride) {
          words[at + typeWord] = replace(output, words[at]!, words[at + typeWord]!);
        }
      }
    }
  }

  /** Calls `visitor` with each record of a kind: its output section, and where its words begin. */
  visit(kind: ExtKind, visitor: (output: number, words: Uint32Array, at: number) => void): void {
    for (const [output, chunks] of this.#chunks[kind]) {
      for (const { words, stride } of chunks) {
        for (let at = 0; at < words.length; at += stride) visitor(output, words, at);
      }
    }
  }

  has(kind: ExtKind): boolean {
    return this.#chunks[kind].size > 0;
  }

  /** Pool ids the records refer to: they keep their types in the output. */
  types(): readonly number[] {
    const types: number[] = [];
    for (const kind of KINDS) {
      const { typeWord } = EXT_RECORDS[kind];
      if (typeWord < 0) continue;
      for (const chunks of this.#chunks[kind].values()) {
        for (const { words, stride } of chunks) {
          for (let at = typeWord; at < words.length; at += stride) types.push(words[at]!);
        }
      }
    }
    return types;
  }

  /** All records of a kind by output section in its order, by instruction within each. */
  sections(kind: ExtKind, strings: StringPool): readonly PooledExtSection[] {
    const outputs = [...this.#chunks[kind].entries()].sort(([a], [b]) => a - b);
    return outputs.map(([output, chunks]) => {
      const stride = Math.max(...new Set(chunks.map((chunk) => chunk.stride)));
      return {
        sectionName: strings.internText(this.#state.layout.sections[output]!.name),
        recordSize: stride * 4,
        words: sortByOffset(concatenate(chunks, stride), stride),
      };
    });
  }

  #push(kind: ExtKind, output: number, chunk: Chunk): void {
    if (chunk.words.length === 0) return;
    const chunks = this.#chunks[kind].get(output);
    if (chunks) chunks.push(chunk);
    else this.#chunks[kind].set(output, [chunk]);
  }

  /** Puts output offsets into the records, in place; shortens the array where records leave. */
  #move(kind: ExtKind, words: Uint32Array, stride: number, id: SectionId): Uint32Array {
    const { layout } = this.#state;
    const pieces = layout.pieces.get(id);
    if (!pieces) {
      const shift = layout.offsetOf[id]!;
      for (let at = 0; at < words.length; at += stride) words[at] = words[at]! + shift;
      return words;
    }
    let end = 0;
    for (let at = 0; at < words.length; at += stride) {
      const offset = place(layout, id, words[at]!);
      if (Number.isNaN(offset) || !isCopied(pieces, words[at]!)) {
        this.#noteCollected(kind, words, at, id);
        continue;
      }
      words.copyWithin(end, at, at + stride);
      words[end] = offset;
      end += stride;
    }
    return words.subarray(0, end);
  }

  /** An overridden body's types mean the winner's; those of a collected one go with it. */
  #noteCollected(kind: ExtKind, words: Uint32Array, at: number, id: SectionId): void {
    const { typeWord } = EXT_RECORDS[kind];
    const { live, folded } = this.#state;
    if (typeWord < 0 || !(live.collected || folded.has(id))) return;
    const range = rangeAt(live.dropped.get(id) ?? [], words[at]!);
    if (range?.global === undefined) this.#collected[kind].push(words[at + typeWord]!);
  }

  /** Records of a section that was collected as a whole. */
  #noteRemoved(
    object: ObjectId,
    kind: ExtKind,
    name: string,
    records: ExtSection,
    base: TypeBase,
  ): void {
    const { objects, resolution, live } = this.#state;
    if (!live.collected) return;
    const index = objects[object]!.elf.sections.findIndex((section) => section.name === name);
    const id = (resolution.sectionBase[object]! + index) as SectionId;
    if (!live.dropped.has(id)) return;
    const words = poolExtRecords(kind, records, this.#pool, base);
    const stride = records.recordSize / 4;
    for (let at = 0; at < words.length; at += stride) this.#noteCollected(kind, words, at, id);
  }
}

function concatenate(chunks: readonly Chunk[], stride: number): Uint32Array {
  const count = chunks.reduce((sum, chunk) => sum + chunk.words.length / chunk.stride, 0);
  const all = new Uint32Array(count * stride);
  let to = 0;
  for (const chunk of chunks) {
    if (chunk.stride === stride) {
      all.set(chunk.words, to);
      to += chunk.words.length;
      continue;
    }
    for (let at = 0; at < chunk.words.length; at += chunk.stride, to += stride) {
      all.set(chunk.words.subarray(at, at + chunk.stride), to);
    }
  }
  return all;
}

/** btf.rst: records are ordered by instruction. Inputs in order need no sorting. */
function sortByOffset(words: Uint32Array, stride: number): Uint32Array {
  let sorted = true;
  for (let at = stride; at < words.length && sorted; at += stride) {
    sorted = words[at - stride]! <= words[at]!;
  }
  if (sorted) return words;
  const order = Array.from({ length: words.length / stride }, (_, i) => i * stride);
  order.sort((a, b) => words[a]! - words[b]! || a - b);
  const result = new Uint32Array(words.length);
  order.forEach((from, i) => result.set(words.subarray(from, from + stride), i * stride));
  return result;
}
