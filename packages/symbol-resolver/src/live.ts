import {
  SHF_EXECINSTR,
  SHT_NOBITS,
  STB_LOCAL,
  STT_FILE,
  STT_NOTYPE,
  STT_SECTION,
} from '@bpf-ld/elf-reader';
import type { GlobalId, SectionId, SymbolId } from './ids.js';
import { objectOf, UNDEFINED, type Resolution } from './resolution.js';

/** Bytes `[start, end)` of one input section that leave the link. */
export interface DroppedRange {
  readonly start: number;
  readonly end: number;
  /** The name whose other definition won; a reference to `start` means that one. */
  readonly global: GlobalId;
}

/**
 * What stays. Invariant beyond this pass: no byte of an input section outside `dropped` leaves, and
 * nothing in `dropped` is placed.
 */
export interface LiveSet {
  /** Ranges in ascending order without overlap, by section; most sections have none. */
  readonly dropped: ReadonlyMap<SectionId, readonly DroppedRange[]>;
  /** By GlobalId: 1 for undefined names that only what leaves refers to; they leave with it. */
  readonly unreferenced: Uint8Array;
}

/** The size of a BPF instruction: bodies of code start and end at a multiple. */
const INSTRUCTION_BYTES = 8;

/**
 * Finds the bodies of losing definitions that nothing else needs: a body stays when another symbol
 * that was not overridden (an alias, a static) names it or a part of it.
 */
export function findLive(resolution: Resolution): LiveSet {
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
  return { dropped, unreferenced: findUnreferenced(resolution, dropped) };
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

/** Whether one of the ranges, which are in ascending order, holds `offset`. */
function contains(ranges: readonly DroppedRange[], offset: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  return low > 0 && offset < ranges[low - 1]!.end;
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
  const nextBoundary = (position: number): number => {
    let low = 0;
    let high = boundaries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (boundaries[middle]! <= position) low = middle + 1;
      else high = middle;
    }
    return boundaries[low] ?? header.size;
  };
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
      !isCode && next > body.end && isPadding(resolution, section, body.end, next)
        ? next
        : body.end;
    ranges.push({ ...body, end });
  }
  return ranges;
}

/** Zero bytes, fewer than the section's alignment: what a compiler puts before the next variable. */
function isPadding(
  resolution: Resolution,
  section: SectionId,
  start: number,
  end: number,
): boolean {
  const object = objectOf(resolution.sectionBase, section);
  const { elf } = resolution.objects[object]!;
  const header = elf.sections[section - resolution.sectionBase[object]!]!;
  if (end - start >= header.alignment) return false;
  if (header.type === SHT_NOBITS) return true;
  const bytes = elf.bytes.subarray(header.offset + start, header.offset + end);
  return bytes.every((byte) => byte === 0);
}
