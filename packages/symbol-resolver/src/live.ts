import {
  firstBehind,
  SHF_EXECINSTR,
  STB_LOCAL,
  STT_FILE,
  STT_NOTYPE,
  STT_SECTION,
} from '@bpf-ld/elf-reader';
import { isPadding } from './atoms.js';
import { collect, type Collected, type CollectJob } from './collect.js';
import type { GlobalId, SectionId, SymbolId } from './ids.js';
import { rangeAt, type DroppedRange } from './ranges.js';
import { objectOf, UNDEFINED, type Resolution } from './resolution.js';

/**
 * What stays. Invariant beyond this pass: no byte of an input section outside `dropped` leaves, and
 * nothing in `dropped` is placed.
 */
export interface LiveSet {
  /** Ranges in ascending order without overlap, by section; most sections have none. */
  readonly dropped: ReadonlyMap<SectionId, readonly DroppedRange[]>;
  /**
   * By GlobalId: 1 for names that leave: undefined ones that only what leaves refers to, and
   * definitions that were collected.
   */
  readonly unreferenced: Uint8Array;
  /** Only where garbage was collected. */
  readonly collected: Collected | undefined;
}

/** The size of a BPF instruction: bodies of code start and end at a multiple. */
const INSTRUCTION_BYTES = 8;

/**
 * Finds the bodies of losing definitions that nothing else needs: a body stays when another symbol
 * that was not overridden (an alias, a static) names it or a part of it. With a job, finds what no
 * root reaches, too.
 */
export function findLive(resolution: Resolution, job?: CollectJob): LiveSet {
  const lost = findLosingBodies(resolution);
  const collected = job && collect(resolution, lost, job);
  const dropped = collected?.dropped ?? lost;
  const unreferenced = findUnreferenced(resolution, dropped);
  collected?.departed.forEach((gone, name) => (unreferenced[name]! |= gone));
  return { dropped, unreferenced, collected };
}

function findLosingBodies(resolution: Resolution): ReadonlyMap<SectionId, readonly DroppedRange[]> {
  const bySection = new Map<SectionId, SymbolId[]>();
  for (const loser of resolution.losers) {
    const object = objectOf(resolution.symbolBase, loser);
    const { symbols } = resolution.objects[object]!.elf;
    const home = symbols.section[loser - resolution.symbolBase[object]!]!;
    if (home <= 0) continue;
    const section = (resolution.sectionBase[object]! + home) as SectionId;
    const list = bySection.get(section);
    if (list) list.push(loser);
    else bySection.set(section, [loser]);
  }
  const dropped = new Map<SectionId, readonly DroppedRange[]>();
  for (const [section, losers] of bySection) {
    const ranges = droppedRanges(resolution, section, losers);
    if (ranges.length > 0) dropped.set(section, ranges);
  }
  return dropped;
}

/**
 * Undefined names whose every relocation is in a dropped range or in a section that left the link. A
 * name that no relocation mentions stays: its object may list it for the loader's sake.
 */
function findUnreferenced(
  { objects, sectionBase, symbolBase, keptSection, global, globals }: Resolution,
  dropped: LiveSet['dropped'],
): Uint8Array {
  const lost = new Uint8Array(globals.count);
  const used = new Uint8Array(globals.count);
  objects.forEach(({ relocations }, object) => {
    for (const [section, tables] of relocations) {
      const id = (sectionBase[object]! + section) as SectionId;
      const leaves = keptSection[id] === 0;
      const ranges = dropped.get(id);
      for (const { offset, symbol } of tables) {
        for (let i = 0; i < symbol.length; i++) {
          const name = global[symbolBase[object]! + symbol[i]!]!;
          if (name < 0 || globals.state[name] !== UNDEFINED) continue;
          const gone = leaves || (ranges !== undefined && contains(ranges, offset[i]!));
          (gone ? lost : used)[name] = 1;
        }
      }
    }
  });
  return lost.map((isLost, name) => (isLost === 1 && used[name] === 0 ? 1 : 0));
}

function contains(ranges: readonly DroppedRange[], offset: number): boolean {
  return rangeAt(ranges, offset) !== undefined;
}

function droppedRanges(
  resolution: Resolution,
  section: SectionId,
  losers: readonly SymbolId[],
): readonly DroppedRange[] {
  const object = objectOf(resolution.sectionBase, section);
  const { elf } = resolution.objects[object]!;
  const { symbols } = elf;
  const header = elf.sections[section - resolution.sectionBase[object]!]!;
  const symbolBase = resolution.symbolBase[object]!;
  const lost = new Set<number>(losers.map((loser) => loser - symbolBase));

  // Boundaries: where any symbol of this section starts. Keepers: symbols that hold their bytes.
  const starts = new Set<number>([header.size]);
  const keepers: { readonly start: number; readonly end: number }[] = [];
  for (let i = 1; i < symbols.count; i++) {
    const type = symbols.type[i]!;
    if (symbols.section[i] !== header.index || type === STT_SECTION || type === STT_FILE) continue;
    // A local label inside a body goes with the body.
    if (type === STT_NOTYPE && symbols.binding[i] === STB_LOCAL) continue;
    const start = symbols.value[i]!;
    starts.add(start);
    if (!lost.has(i)) keepers.push({ start, end: start + Math.max(symbols.size[i]!, 1) });
  }
  const boundaries = [...starts].sort((a, b) => a - b);
  const nextBoundary = (position: number): number =>
    boundaries[firstBehind(boundaries, (boundary) => boundary <= position)] ?? header.size;
  keepers.sort((a, b) => a.start - b.start);

  const isCode = (header.flags & SHF_EXECINSTR) !== 0;
  const bodies = losers
    .map((loser) => {
      const i = loser - symbolBase;
      const start = symbols.value[i]!;
      // Hand-written assembly often has no .size: the body runs to the next symbol.
      const end = symbols.size[i] === 0 ? nextBoundary(start) : start + symbols.size[i]!;
      return { start, end, global: resolution.global[loser] as GlobalId };
    })
    .filter(({ start, end }) => start < end && end <= header.size)
    .filter(({ start, end }) => !isCode || (start | end) % INSTRUCTION_BYTES === 0)
    .sort((a, b) => a.start - b.start);

  const ranges: DroppedRange[] = [];
  let keeper = 0;
  let keptUntil = 0;
  for (const body of bodies) {
    for (; keeper < keepers.length && keepers[keeper]!.start < body.end; keeper++) {
      keptUntil = Math.max(keptUntil, keepers[keeper]!.end);
    }
    if (keptUntil > body.start) continue;
    const previous = ranges[ranges.length - 1];
    if (previous && previous.end > body.start) continue;
    const next = nextBoundary(body.start);
    const end =
      !isCode && next > body.end && isPadding(elf, header, body.end, next) ? next : body.end;
    ranges.push({ ...body, end });
  }
  return ranges;
}
