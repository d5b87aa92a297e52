import { visitLocalCalls } from '@bpf-ld/bpf-isa';
import {
  SHF_EXECINSTR,
  STT_SECTION,
  type ElfFile,
  type RelocationTable,
  type Section,
} from '@bpf-ld/elf-reader';
import { atomAt, type Atoms } from './atoms.js';
import type { ObjectId, SectionId, SymbolId } from './ids.js';
import { COMMON, objectOf, UNDEFINED, type Resolution } from './resolution.js';

/**
 * The addend of relocation `row` of a table that applies to `section` of an object, in bytes;
 * undefined where the bytes cannot hold one. The linker supplies it because it knows the fields.
 */
export type AddendOf = (
  object: ObjectId,
  section: number,
  table: RelocationTable,
  row: number,
) => number | undefined;

/**
 * What refers to what. Nodes are atoms, by number, and behind them commons: `atoms.count + GlobalId`.
 * The edges of node `n` are `[first[n], first[n + 1])`.
 */
export interface ReferenceGraph {
  readonly nodes: number;
  readonly first: Uint32Array;
  readonly to: Uint32Array;
  /** Byte of the referring instruction or word in its section. */
  readonly at: Float64Array;
}

/** Finds every reference between atoms: relocations, and the calls compilers resolve without one. */
export function buildGraph(
  resolution: Resolution,
  atoms: Atoms,
  addendOf: AddendOf,
): ReferenceGraph {
  const { objects, sectionBase, keptSection } = resolution;
  const from: number[] = [];
  const to: number[] = [];
  const at: number[] = [];
  const targets = new Targets(resolution, atoms);
  objects.forEach(({ elf, relocations }, index) => {
    const object = index as ObjectId;
    for (const header of elf.sections) {
      const id = (sectionBase[object]! + header.index) as SectionId;
      if (keptSection[id] !== 1 || header.size === 0) continue;
      const tables = relocations.get(header.index) ?? [];
      const add = (offset: number, target: number): void => {
        if (target < 0) return;
        from.push(atomAt(atoms, id, offset));
        to.push(target);
        at.push(offset);
      };
      const visit = {
        relocation(table: RelocationTable, row: number): void {
          const symbol = table.symbol[row]!;
          const isSection = elf.symbols.type[symbol] === STT_SECTION;
          const addend = isSection ? (addendOf(object, header.index, table, row) ?? 0) : 0;
          add(table.offset[row]!, targets.ofSymbol(object, symbol, addend));
        },
        localCall: (offset: number, target: number) => add(offset, targets.ofPlace(id, target)),
      };
      visitReferences(elf, header, tables, visit);
    }
  });
  return byNode(atoms.count + resolution.globals.count, from, to, at);
}

/** What {@link visitReferences} finds. */
export interface ReferenceVisitor {
  relocation(table: RelocationTable, row: number): void;
  /** A call or function address without a relocation; both are bytes of the section. */
  localCall(offset: number, target: number): void;
}

/** Visits every reference that a section holds: first relocations, then what compilers resolved. */
export function visitReferences(
  elf: ElfFile,
  header: Section,
  tables: readonly RelocationTable[],
  visitor: ReferenceVisitor,
): void {
  const relocated = new Set<number>();
  for (const table of tables) {
    for (let row = 0; row < table.count; row++) {
      relocated.add(table.offset[row]!);
      visitor.relocation(table, row);
    }
  }
  if ((header.flags & SHF_EXECINSTR) === 0) return;
  const code = elf.bytes.subarray(header.offset, header.offset + header.size);
  visitLocalCalls(code, elf.littleEndian, 0, code.length, (offset, target) => {
    if (!relocated.has(offset)) visitor.localCall(offset, target);
  });
}

/** The node a reference means, -1 for none: undefined names, numbers, sections that left. */
export class Targets {
  readonly #resolution: Resolution;
  readonly #atoms: Atoms;

  constructor(resolution: Resolution, atoms: Atoms) {
    this.#resolution = resolution;
    this.#atoms = atoms;
  }

  ofSymbol(object: ObjectId, symbol: number, addend: number): number {
    const { global, symbolBase, sectionBase, objects } = this.#resolution;
    const id = symbolBase[object]! + symbol;
    if (global[id]! >= 0) return this.ofGlobal(global[id]!);
    const { symbols } = objects[object]!.elf;
    const home = symbols.section[symbol]!;
    if (home <= 0) return -1;
    const base = symbols.type[symbol] === STT_SECTION ? 0 : symbols.value[symbol]!;
    return this.ofPlace((sectionBase[object]! + home) as SectionId, base + addend);
  }

  ofGlobal(global: number): number {
    const { globals, symbolBase, sectionBase, objects } = this.#resolution;
    if (globals.state[global] === UNDEFINED) return -1;
    if (globals.state[global] === COMMON) return this.#atoms.count + global;
    const symbol = globals.symbol[global]! as SymbolId;
    const object = objectOf(symbolBase, symbol);
    const { symbols } = objects[object]!.elf;
    const row = symbol - symbolBase[object]!;
    const home = symbols.section[row]!;
    if (home <= 0) return -1;
    return atomAt(this.#atoms, (sectionBase[object]! + home) as SectionId, symbols.value[row]!);
  }

  /** A place in a losing body means the definition that won. */
  ofPlace(section: SectionId, offset: number): number {
    const atom = atomAt(this.#atoms, section, offset);
    const winner = atom < 0 ? undefined : this.#atoms.lost[atom]?.global;
    return winner === undefined ? atom : this.ofGlobal(winner);
  }
}

/** Edges in the order of the nodes they leave, by counting. */
function byNode(
  nodes: number,
  from: readonly number[],
  to: readonly number[],
  at: readonly number[],
): ReferenceGraph {
  const first = new Uint32Array(nodes + 1);
  for (const node of from) first[node + 1]!++;
  for (let node = 0; node < nodes; node++) first[node + 1]! += first[node]!;
  const next = first.slice(0, nodes);
  const sortedTo = new Uint32Array(to.length);
  const sortedAt = new Float64Array(to.length);
  from.forEach((node, edge) => {
    const slot = next[node]!++;
    sortedTo[slot] = to[edge]!;
    sortedAt[slot] = at[edge]!;
  });
  return { nodes, first, to: sortedTo, at: sortedAt };
}
