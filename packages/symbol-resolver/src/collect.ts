import { cutSections, type Atoms } from './atoms.js';
import { buildGraph, Targets, type AddendOf, type ReferenceGraph } from './edges.js';
import type { SectionId, SymbolId } from './ids.js';
import type { DroppedRange } from './ranges.js';
import { UNDEFINED, type Resolution } from './resolution.js';
import { findRoots, nodesNamed, rootReasons, symbolOfNode, type RootOptions } from './roots.js';

/** What a link that collects garbage goes by. */
export interface CollectJob extends RootOptions {
  readonly addendOf: AddendOf;
}

/** One step of the way from a root: what refers to the next step, and where. */
export interface LiveStep {
  /** SymbolId of the function or variable; -1 for bytes without a symbol. */
  readonly symbol: SymbolId | -1;
  readonly section: SectionId;
  /** Byte of the reference to the next step; of the last step, where it starts. */
  readonly offset: number;
}

/** Why one definition stays: the shortest chain of references from a root, or none. */
export interface LiveChain {
  /** SymbolId of the definition. */
  readonly symbol: SymbolId;
  /** Why the first step is a root; undefined when the definition leaves. */
  readonly reason: string | undefined;
  /** From the root to the definition. */
  readonly steps: readonly LiveStep[];
}

export interface Collected {
  /** Losing bodies and garbage, in ascending order, by section. */
  readonly dropped: ReadonlyMap<SectionId, readonly DroppedRange[]>;
  /** By GlobalId: 1 for definitions that leave. */
  readonly departed: Uint8Array;
  /** The chains to all definitions of a name, local ones too; empty where nothing defines it. */
  chainsOf(name: string): readonly LiveChain[];
}

/**
 * Keeps what a root reaches over references, at the grain of functions and variables. Breadth first,
 * so that a chain is as short as can be; each atom and reference is looked at once.
 */
export function collect(
  resolution: Resolution,
  lost: ReadonlyMap<SectionId, readonly DroppedRange[]>,
  job: CollectJob,
): Collected {
  const atoms = cutSections(resolution, lost);
  const graph = buildGraph(resolution, atoms, job.addendOf);
  const roots = findRoots(resolution, atoms, graph.nodes, job);
  const reached = reach(graph, roots);
  const isLive = (node: number): boolean => reached.live[node] === 1;
  return {
    dropped: droppedAtoms(atoms, isLive),
    departed: departedNames(resolution, atoms, isLive),
    chainsOf(name) {
      const targets = new Targets(resolution, atoms);
      return nodesNamed(resolution, targets, [name]).map(({ symbol, node }) => ({
        symbol,
        ...chainTo(resolution, atoms, graph, roots, reached, node),
      }));
    },
  };
}

interface Reached {
  /** By node: 1 where a root leads. */
  readonly live: Uint8Array;
  /** By node: the edge it was first reached over, and the node that edge leaves; -1 for roots. */
  readonly edge: Int32Array;
  readonly parent: Int32Array;
}

function reach(graph: ReferenceGraph, roots: Uint8Array): Reached {
  const live = new Uint8Array(graph.nodes);
  const edge = new Int32Array(graph.nodes).fill(-1);
  const parent = new Int32Array(graph.nodes).fill(-1);
  const queue = new Uint32Array(graph.nodes);
  let filled = 0;
  roots.forEach((reason, node) => {
    if (reason === 0) return;
    live[node] = 1;
    queue[filled++] = node;
  });
  for (let next = 0; next < filled; next++) {
    const node = queue[next]!;
    for (let e = graph.first[node]!; e < graph.first[node + 1]!; e++) {
      const target = graph.to[e]!;
      if (live[target] === 1) continue;
      live[target] = 1;
      edge[target] = e;
      parent[target] = node;
      queue[filled++] = target;
    }
  }
  return { live, edge, parent };
}

function droppedAtoms(
  atoms: Atoms,
  isLive: (node: number) => boolean,
): ReadonlyMap<SectionId, readonly DroppedRange[]> {
  const dropped = new Map<SectionId, DroppedRange[]>();
  for (let atom = 0; atom < atoms.count; atom++) {
    const lost = atoms.lost[atom];
    if (!lost && isLive(atom)) continue;
    const id = atoms.section[atom]! as SectionId;
    const range: DroppedRange = lost ?? {
      start: atoms.start[atom]!,
      end: atoms.end[atom]!,
      global: undefined,
      symbol: atoms.symbol[atom]! as SymbolId | -1,
    };
    const ranges = dropped.get(id);
    if (ranges) ranges.push(range);
    else dropped.set(id, [range]);
  }
  return dropped;
}

function departedNames(
  resolution: Resolution,
  atoms: Atoms,
  isLive: (node: number) => boolean,
): Uint8Array {
  const { globals } = resolution;
  const targets = new Targets(resolution, atoms);
  const departed = new Uint8Array(globals.count);
  for (let global = 0; global < globals.count; global++) {
    if (globals.state[global] === UNDEFINED) continue;
    const node = targets.ofGlobal(global);
    if (node >= 0 && !isLive(node)) departed[global] = 1;
  }
  return departed;
}

function chainTo(
  resolution: Resolution,
  atoms: Atoms,
  graph: ReferenceGraph,
  roots: Uint8Array,
  { live, edge, parent }: Reached,
  target: number,
): Omit<LiveChain, 'symbol'> {
  if (live[target] === 0) return { reason: undefined, steps: [] };
  const steps: LiveStep[] = [];
  let reference = -1;
  let root = target;
  for (let node = target; node >= 0; reference = edge[node]!, node = parent[node]!) {
    root = node;
    const isAtom = node < atoms.count;
    steps.push({
      symbol: symbolOfNode(resolution, atoms, node) as SymbolId | -1,
      section: (isAtom ? atoms.section[node]! : -1) as SectionId,
      offset: reference >= 0 ? graph.at[reference]! : isAtom ? atoms.start[node]! : 0,
    });
  }
  return { reason: rootReasons[roots[root]!]!, steps: steps.reverse() };
}
