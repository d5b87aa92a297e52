import { visitLocalCalls } from '@bpf-ld/bpf-isa';
import { SHF_EXECINSTR, STT_SECTION, type RelocationTable } from '@bpf-ld/elf-reader';
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
      const relocated = new Set<number>();
      for (const table of tables) {
        for (let row = 0; row < table.count; row++) {
          const offset = table.offset[row]!;
          relocated.add(offset);
          const symbol = table.symbol[row]!;
          const isSection = elf.symbols.type[symbol] === STT_SECTION;
          const addend = isSection ? (addendOf(object, header.index, table, row) ?? 0) : 0;
          add(offset, targets.ofSymbol(object, symbol, addend));
        }
      }
      if ((header.flags & SHF_EXECINSTR) === 0) continue;
      const code = elf.bytes.subarray(header.offset, header.offset + header.size);
      visitLocalCalls(code, elf.littleEndian, 0, code.length, (offset, target) => {
        if (!relocated.has(offset)) add(offset, targets.ofPlace(id, target));
      });
    }
  });
  return byNode(atoms.count + resolution.globals.count, from, to, at);
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
