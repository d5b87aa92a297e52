import { OPCODE_CALL, opcodeAt } from '@bpf-ld/bpf-isa';
import { refine, type TypeGraph } from '@bpf-ld/btf';
import {
  R_BPF_64_32,
  R_BPF_64_64,
  R_BPF_NONE,
  SHF_EXECINSTR,
  SHF_GNU_RETAIN,
  STB_LOCAL,
  STT_FILE,
  STT_FUNC,
  STT_SECTION,
  StringPool,
  type Section,
} from '@bpf-ld/elf-reader';
import { atomAt, cutSections, type Atoms } from './atoms.js';
import { visitReferences, type AddendOf } from './edges.js';
import type { GlobalId, ObjectId, SectionId, SymbolId } from './ids.js';
import type { DroppedRange } from './ranges.js';
import { objectOf, UNDEFINED, type Resolution } from './resolution.js';
import { JUMP_TABLES_SECTION } from './resolve.js';
import { isTextName } from './section-names.js';

/** A function that may have the body of another one. */
export interface FoldCandidate {
  readonly object: ObjectId;
  readonly section: SectionId;
  /** Bytes `[start, end)` of the section. */
  readonly start: number;
  readonly end: number;
  readonly symbol: SymbolId;
}

/** A function whose body leaves, for it is that of `keeper`, which comes before it in link order. */
export interface FoldedFunction extends FoldCandidate {
  readonly keeper: FoldCandidate;
}

/** In ascending order, by section. */
export type FoldedFunctions = ReadonlyMap<SectionId, readonly FoldedFunction[]>;

/** What a link that folds identical functions goes by. */
export interface FoldJob {
  /** Functions whose address is taken fold, too. */
  readonly addressTaken: boolean;
  /** Names of functions, and of input sections, that keep their bodies. */
  readonly keep: readonly string[];
  readonly keepSections: readonly string[];
  readonly addendOf: AddendOf;
  /**
   * Numbers the functions by what .BTF and .BTF.ext say of them: equal numbers where that is equal,
   * -1 for one that has to stay.
   */
  typesOf(candidates: readonly FoldCandidate[]): Int32Array;
  /** What the bytes at a place are where equal bytes get one place, as strings do. */
  contentAt(object: ObjectId, section: number, offset: number): string | undefined;
}

/** What a reference means. */
interface Meaning {
  /** The candidate it leads to, -1 for anything else. */
  readonly atom: number;
  /** The place in that candidate, or all there is to say of what is none. */
  readonly text: string;
}

/** A reference out of a candidate. */
interface Reference extends Meaning {
  /** Byte of the instruction in the body. */
  readonly at: number;
  readonly kind: ReferenceKind;
}

type ReferenceKind = 'call' | 'address' | 'other';

/** What is collected of one candidate. */
interface Draft {
  readonly candidate: FoldCandidate;
  readonly references: Reference[];
  taken: boolean;
  barred: boolean;
}

/**
 * Finds functions of .text with equal instructions, types and references, by partition refinement:
 * functions are equal until their bytes, types or something they refer to tells them apart, so that
 * mutually recursive ones fold, too. Only functions that are local in the output take part: a later
 * link, a loader or a replacing program finds global ones by name, and the kernel verifies each by
 * itself. A function that other symbols point into, or that has a jump table, stays.
 *
 * Cost: near linear in bytes and references.
 */
export function foldFunctions(
  resolution: Resolution,
  dropped: ReadonlyMap<SectionId, readonly DroppedRange[]>,
  job: FoldJob,
): FoldedFunctions {
  const atoms = cutSections(resolution, dropped);
  const drafts = findCandidates(resolution, atoms, job);
  if (drafts.size < 2) return new Map();
  collectReferences(resolution, atoms, job, drafts);
  for (const [atom, { taken, barred }] of drafts) {
    if (barred || (taken && !job.addressTaken)) drafts.delete(atom);
  }
  const list = [...drafts.values()];
  const color = colorByContent(resolution, list, drafts);
  colorByTypes(list, color, job);
  const groups = refineByCallees([...drafts.keys()], list, color);
  const folded = new Map<SectionId, FoldedFunction[]>();
  const keepers = new Map<number, FoldCandidate>();
  list.forEach(({ candidate }, i) => {
    const keeper = keepers.get(groups[i]!);
    if (!keeper) {
      keepers.set(groups[i]!, candidate);
      return;
    }
    const known = folded.get(candidate.section);
    if (known) known.push({ ...candidate, keeper });
    else folded.set(candidate.section, [{ ...candidate, keeper }]);
  });
  return folded;
}

/** By atom, in link order: local functions of .text to whose bytes nothing else has a symbol. */
function findCandidates(
  resolution: Resolution,
  atoms: Atoms,
  { keep, keepSections }: FoldJob,
): Map<number, Draft> {
  const { objects, sectionBase, symbolBase, keptSection, inputName, strings } = resolution;
  const keptNames = new Set<number>(keep.map((name) => strings.internText(name)));
  const keptSections = new Set(keepSections);
  const addressed = new Set<number>();
  for (const { terms } of resolution.assignments.values()) {
    for (const global of terms.keys()) addressed.add(resolution.globals.symbol[global]!);
  }
  const symbolsOf = new Uint8Array(atoms.count);
  const drafts = new Map<number, Draft>();
  objects.forEach(({ elf }, index) => {
    const object = index as ObjectId;
    const { symbols } = elf;
    const folds = elf.sections.map(
      (header) =>
        keptSection[sectionBase[object]! + header.index] === 1 &&
        isFoldable(header) &&
        !keptSections.has(header.name),
    );
    if (!folds.includes(true)) return;
    const found: number[] = [];
    for (let i = 1; i < symbols.count; i++) {
      const home = symbols.section[i]!;
      const type = symbols.type[i]!;
      if (home <= 0 || !folds[home] || type === STT_SECTION || type === STT_FILE) continue;
      const section = (sectionBase[object]! + home) as SectionId;
      const atom = atomAt(atoms, section, symbols.value[i]!);
      if (atom < 0 || atoms.lost[atom]) continue;
      symbolsOf[atom] = Math.min(symbolsOf[atom]! + 1, 2);
      const symbol = (symbolBase[object]! + i) as SymbolId;
      const [start, end] = [atoms.start[atom]!, atoms.end[atom]!];
      if (type !== STT_FUNC || symbols.value[i] !== start || (end - start) % 8 !== 0) continue;
      if (!isLocal(resolution, symbol, symbols.binding[i]!) || addressed.has(symbol)) continue;
      if (keptNames.has(inputName[symbol]!)) continue;
      const candidate = { object, section, start, end, symbol };
      drafts.set(atom, { candidate, references: [], taken: false, barred: false });
      found.push(atom);
    }
    for (const atom of found) if (symbolsOf[atom] !== 1) drafts.delete(atom);
  });
  return new Map([...drafts].sort(([a], [b]) => a - b));
}

function isFoldable({ name, flags }: Section): boolean {
  const isText = (flags & SHF_EXECINSTR) !== 0 && isTextName(name);
  return isText && (flags & SHF_GNU_RETAIN) === 0;
}

function isLocal(
  { global, globals, assignments }: Resolution,
  symbol: SymbolId,
  binding: number,
): boolean {
  const id = global[symbol]! as GlobalId;
  if (id < 0) return binding === STB_LOCAL;
  return globals.local[id] === 1 && globals.symbol[id] === symbol && !assignments.has(id);
}

/** Enters every reference of the link where it matters: at the candidate it is in or leads to. */
function collectReferences(
  resolution: Resolution,
  atoms: Atoms,
  job: FoldJob,
  drafts: ReadonlyMap<number, Draft>,
): void {
  const { objects, sectionBase, keptSection } = resolution;
  const meanings = new Meanings(resolution, atoms, job, drafts);
  objects.forEach(({ elf, relocations }, index) => {
    const object = index as ObjectId;
    for (const header of elf.sections) {
      const id = (sectionBase[object]! + header.index) as SectionId;
      if (keptSection[id] !== 1 || header.size === 0) continue;
      const inCode = (header.flags & SHF_EXECINSTR) !== 0;
      const enter = (offset: number, kind: ReferenceKind, to: Meaning | undefined): void => {
        const atom = atomAt(atoms, id, offset);
        if (atom < 0 || atoms.lost[atom]) return;
        if (to && to.atom >= 0 && kind !== 'call') drafts.get(to.atom)!.taken = true;
        const draft = drafts.get(atom);
        if (!draft) return;
        const { start, end } = draft.candidate;
        const fits = (offset - start) % 8 === 0 && offset + WIDTH[kind] <= end;
        if (to && kind !== 'other' && fits)
          draft.references.push({ at: offset - start, kind, ...to });
        else draft.barred = true;
      };
      visitReferences(elf, header, relocations.get(header.index) ?? [], {
        relocation(table, row) {
          const type = table.type[row]!;
          if (type === R_BPF_NONE) return;
          const addend = job.addendOf(object, header.index, table, row);
          const to =
            addend === undefined
              ? undefined
              : meanings.ofSymbol(object, table.symbol[row]!, addend);
          const isCall = inCode && type === R_BPF_64_32;
          const kind = isCall ? 'call' : type === R_BPF_64_64 ? 'address' : 'other';
          enter(table.offset[row]!, kind, to);
        },
        localCall(offset, target) {
          const isCall = opcodeAt(elf.bytes, header.offset + offset) === OPCODE_CALL;
          enter(offset, isCall ? 'call' : 'address', meanings.ofPlace(object, id, target));
        },
      });
    }
  });
}

/** Bytes that must be in the body. */
const WIDTH: Readonly<Record<ReferenceKind, number>> = { call: 8, address: 16, other: 0 };

/** Says what references mean, so that equal ones are equal. */
class Meanings {
  readonly #resolution: Resolution;
  readonly #atoms: Atoms;
  readonly #job: FoldJob;
  readonly #drafts: ReadonlyMap<number, Draft>;

  constructor(
    resolution: Resolution,
    atoms: Atoms,
    job: FoldJob,
    drafts: ReadonlyMap<number, Draft>,
  ) {
    this.#resolution = resolution;
    this.#atoms = atoms;
    this.#job = job;
    this.#drafts = drafts;
  }

  /** @returns undefined for a jump table, whose entries lead into one function only */
  ofSymbol(object: ObjectId, row: number, addend: number): Meaning | undefined {
    const { global, symbolBase, sectionBase, objects } = this.#resolution;
    const id = symbolBase[object]! + row;
    if (global[id]! >= 0) return this.#ofGlobal(global[id]! as GlobalId, addend);
    const { symbols } = objects[object]!.elf;
    const home = symbols.section[row]!;
    if (home <= 0) return { atom: -1, text: `symbol ${id} ${addend}` };
    const base = symbols.type[row] === STT_SECTION ? 0 : symbols.value[row]!;
    return this.ofPlace(object, (sectionBase[object]! + home) as SectionId, base + addend);
  }

  ofPlace(object: ObjectId, section: SectionId, offset: number): Meaning | undefined {
    const { objects, sectionBase } = this.#resolution;
    const index = section - sectionBase[object]!;
    if (objects[object]!.elf.sections[index]!.name === JUMP_TABLES_SECTION) return undefined;
    const atom = atomAt(this.#atoms, section, offset);
    const lost = atom < 0 ? undefined : this.#atoms.lost[atom];
    if (lost?.global !== undefined) return this.#ofGlobal(lost.global, offset - lost.start);
    const draft = this.#drafts.get(atom);
    if (draft) return { atom, text: `${offset - draft.candidate.start}` };
    const content = this.#job.contentAt(object, index, offset);
    return { atom: -1, text: content ?? `place ${section} ${offset}` };
  }

  /** A name that stays one means itself: another link may define it anew. */
  #ofGlobal(id: GlobalId, addend: number): Meaning | undefined {
    const { globals, assignments, symbolBase, sectionBase, objects } = this.#resolution;
    if (globals.local[id] === 1 && globals.state[id] !== UNDEFINED && !assignments.has(id)) {
      const symbol = globals.symbol[id]! as SymbolId;
      const object = objectOf(symbolBase, symbol);
      const { symbols } = objects[object]!.elf;
      const row = symbol - symbolBase[object]!;
      const home = symbols.section[row]!;
      const section = (sectionBase[object]! + home) as SectionId;
      if (home > 0) return this.ofPlace(object, section, symbols.value[row]! + addend);
    }
    return { atom: -1, text: `name ${id} ${addend}` };
  }
}

/** Functions of one number have equal instructions and refer alike to all that cannot fold. */
function colorByContent(
  { objects, sectionBase }: Resolution,
  list: readonly Draft[],
  drafts: ReadonlyMap<number, Draft>,
): Uint32Array {
  const bodies = new StringPool();
  const colors = new Map<string, number>();
  return Uint32Array.from(list, ({ candidate, references }) => {
    const { object, section, start, end } = candidate;
    const { elf } = objects[object]!;
    const { offset } = elf.sections[section - sectionBase[object]!]!;
    const body = elf.bytes.slice(offset + start, offset + end);
    references.sort((a, b) => a.at - b.at);
    const words = references.map(({ at, kind, atom, text }) => {
      // The immediate of a call; of a load, both halves.
      body.fill(0, at + 4, at + 8);
      if (kind === 'address') body.fill(0, at + 12, at + 16);
      const stays = atom >= 0 && !drafts.has(atom);
      return `${at} ${kind} ${stays ? `function ${atom} ` : atom < 0 ? '' : 'fold '}${text}`;
    });
    const key = [bodies.intern(body, 0, body.length), ...words].join('\n');
    return numberOf(colors, key);
  });
}

/** Splits groups by what .BTF and .BTF.ext say; in place. */
function colorByTypes(list: readonly Draft[], color: Uint32Array, job: FoldJob): void {
  const sizes = new Uint32Array(list.length);
  for (const own of color) sizes[own]!++;
  const shared = list.flatMap((_, i) => (sizes[color[i]!]! > 1 ? [i] : []));
  const types = job.typesOf(shared.map((i) => list[i]!.candidate));
  const colors = new Map<string, number>();
  const typeOf = new Map(shared.map((i, k) => [i, types[k]!]));
  color.forEach((own, i) => {
    const type = typeOf.get(i) ?? 0;
    color[i] = numberOf(colors, type < 0 ? `alone ${i}` : `${own} ${type}`);
  });
}

function numberOf(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

/** Splits groups until equal functions refer to equal functions. */
function refineByCallees(
  atomsOfList: readonly number[],
  list: readonly Draft[],
  color: Uint32Array,
): Uint32Array {
  const index = new Map(atomsOfList.map((atom, i) => [atom, i]));
  const count = list.length;
  const edges: number[] = [];
  const edgeStart = new Uint32Array(count + 1);
  list.forEach(({ references }, i) => {
    for (const { atom } of references) {
      const target = index.get(atom);
      if (target !== undefined) edges.push(target);
    }
    edgeStart[i + 1] = edges.length;
  });
  const users = new Uint32Array(edges.length);
  const userStart = new Uint32Array(count + 1);
  for (const target of edges) userStart[target + 1]!++;
  for (let i = 0; i < count; i++) userStart[i + 1]! += userStart[i]!;
  const next = userStart.slice();
  for (let i = 0; i < count; i++) {
    for (let e = edgeStart[i]!; e < edgeStart[i + 1]!; e++) users[next[edges[e]!]!++] = i;
  }
  const graph: TypeGraph = { count, edgeStart, edges: Uint32Array.from(edges), userStart, users };
  const refined = refine({ graph, start: { color, count: new Set(color).size } });
  // Nothing folded is always right, and enough for a graph made to exhaust the linker.
  return refined?.color ?? Uint32Array.from(list, (_, i) => i);
}
