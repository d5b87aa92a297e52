import {
  lastAtOrBefore,
  SHF_EXECINSTR,
  SHF_MERGE,
  SHT_NOBITS,
  STB_LOCAL,
  STT_FILE,
  STT_NOTYPE,
  STT_SECTION,
  type ElfFile,
  type RelocationTable,
  type Section,
} from '@bpf-ld/elf-reader';
import { crossings } from './control-flow.js';
import type { SectionId } from './ids.js';
import type { DroppedRange } from './ranges.js';
import type { Resolution } from './resolution.js';

/**
 * The kept sections of a link cut at their functions and variables, as columns by atom. Atoms tile
 * each section in ascending order: no byte is in none or in two.
 */
export interface Atoms {
  readonly count: number;
  /** First atom of each SectionId, one more entry for the total; sections that left have none. */
  readonly first: Uint32Array;
  /** SectionId of each atom. */
  readonly section: Int32Array;
  /** Bytes `[start, end)` of the section. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** SymbolId of the function or variable; -1 for bytes without one. */
  readonly symbol: Int32Array;
  /** The losing definition that the bytes are, which leave in any case; undefined for all others. */
  readonly lost: readonly (DroppedRange | undefined)[];
}

/** One atom while its section is being cut. */
interface Draft {
  readonly start: number;
  end: number;
  readonly symbol: number;
  readonly lost: DroppedRange | undefined;
  /** The end is that of a symbol with a size. */
  sized: boolean;
}

/**
 * Cuts every kept section. Functions and variables whose bytes overlap are one atom, and so are
 * functions that jump into each other. Zero bytes behind an atom that are fewer than the section's
 * alignment are padding and belong to it; other bytes between symbols are atoms of their own.
 */
export function cutSections(
  resolution: Resolution,
  lost: ReadonlyMap<SectionId, readonly DroppedRange[]>,
): Atoms {
  const { objects, sectionBase, symbolBase, keptSection } = resolution;
  const first = new Uint32Array(keptSection.length + 1);
  const section: number[] = [];
  const start: number[] = [];
  const end: number[] = [];
  const symbol: number[] = [];
  const lostOf: (DroppedRange | undefined)[] = [];
  objects.forEach(({ elf, relocations }, object) => {
    const bySection = symbolsBySection(elf);
    for (const header of elf.sections) {
      const id = (sectionBase[object]! + header.index) as SectionId;
      first[id] = section.length;
      if (keptSection[id] !== 1 || header.size === 0) continue;
      const ranges = lost.get(id) ?? [];
      const drafts = cutSection(elf, header, bySection.get(header.index) ?? [], ranges);
      const glued =
        (header.flags & SHF_EXECINSTR) === 0
          ? drafts
          : glue(elf, header, drafts, relocations.get(header.index) ?? []);
      for (const draft of glued) {
        section.push(id);
        start.push(draft.start);
        end.push(draft.end);
        symbol.push(draft.symbol < 0 ? -1 : symbolBase[object]! + draft.symbol);
        lostOf.push(draft.lost);
      }
    }
  });
  first[keptSection.length] = section.length;
  return {
    count: section.length,
    first,
    section: Int32Array.from(section),
    start: Float64Array.from(start),
    end: Float64Array.from(end),
    symbol: Int32Array.from(symbol),
    lost: lostOf,
  };
}

/**
 * The atom that holds `offset`, -1 in a section without atoms. Positions outside the section go with
 * the nearest one, as they do when the section is laid out.
 */
export function atomAt(atoms: Atoms, section: SectionId, offset: number): number {
  const from = atoms.first[section]!;
  const last = atoms.first[section + 1]! - 1;
  return last < from ? -1 : lastAtOrBefore(atoms.start, offset, from, last);
}

/** Rows of the functions and variables of each section, in order of value. */
function symbolsBySection({ symbols }: ElfFile): ReadonlyMap<number, readonly number[]> {
  const bySection = new Map<number, number[]>();
  for (let i = 1; i < symbols.count; i++) {
    const type = symbols.type[i]!;
    const home = symbols.section[i]!;
    if (home <= 0 || type === STT_SECTION || type === STT_FILE) continue;
    // A local label inside a body goes with the body.
    if (type === STT_NOTYPE && symbols.binding[i] === STB_LOCAL) continue;
    const known = bySection.get(home);
    if (known) known.push(i);
    else bySection.set(home, [i]);
  }
  for (const rows of bySection.values()) {
    rows.sort((a, b) => symbols.value[a]! - symbols.value[b]! || a - b);
  }
  return bySection;
}

function cutSection(
  elf: ElfFile,
  header: Section,
  rows: readonly number[],
  lost: readonly DroppedRange[],
): readonly Draft[] {
  // Mergeable constants have no identity that a symbol could keep: the section stays or leaves whole.
  const whole = lost.length === 0 && (header.flags & SHF_MERGE) !== 0;
  const bodies = whole ? [] : mergeBodies(elf, header, rows, lost);
  const drafts: Draft[] = [];
  let position = 0;
  const fill = (until: number): void => {
    if (position >= until) return;
    const before = drafts[drafts.length - 1];
    if (before && !before.lost && isPadding(elf, header, position, until)) before.end = until;
    else {
      drafts.push({ start: position, end: until, symbol: -1, lost: undefined, sized: false });
    }
  };
  for (const body of bodies) {
    fill(body.start);
    drafts.push(body);
    position = body.end;
  }
  fill(header.size);
  return drafts;
}

/** Lost ranges and the bodies of all other symbols, ascending; what overlaps is one. */
function mergeBodies(
  elf: ElfFile,
  header: Section,
  rows: readonly number[],
  lost: readonly DroppedRange[],
): readonly Draft[] {
  const { symbols } = elf;
  const bodies: Draft[] = [];
  let nextLost = 0;
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!;
    const start = symbols.value[row]!;
    if (start >= header.size) break;
    for (; nextLost < lost.length && lost[nextLost]!.start <= start; nextLost++) {
      bodies.push(lostDraft(lost[nextLost]!));
    }
    const before = bodies[bodies.length - 1];
    if (before?.lost && start < before.end) continue;
    const size = symbols.size[row]!;
    let end = start + size;
    // Hand-written assembly often has no .size: the body runs to the next symbol.
    if (size === 0) {
      end = header.size;
      for (let next = k + 1; next < rows.length; next++) {
        const following = symbols.value[rows[next]!]!;
        if (following === start) continue;
        end = following;
        break;
      }
      if (nextLost < lost.length) end = Math.min(end, lost[nextLost]!.start);
    }
    if (before && start < before.end) {
      if (end > before.end) before.sized = size !== 0;
      before.end = Math.max(before.end, end);
    } else {
      bodies.push({ start, end, symbol: row, lost: undefined, sized: size !== 0 });
    }
  }
  for (; nextLost < lost.length; nextLost++) bodies.push(lostDraft(lost[nextLost]!));
  return bodies;
}

function lostDraft(range: DroppedRange): Draft {
  return { start: range.start, end: range.end, symbol: -1, lost: range, sized: true };
}

/** Makes one atom of those that control passes between other than by a call. */
function glue(
  elf: ElfFile,
  header: Section,
  drafts: readonly Draft[],
  tables: readonly RelocationTable[],
): readonly Draft[] {
  const code = elf.bytes.subarray(header.offset, header.offset + header.size);
  const spans = crossings(code, elf.littleEndian, drafts, tables);
  if (spans.length === 0) return drafts;
  const glued: Draft[] = [];
  let span = 0;
  let until = 0;
  for (const draft of drafts) {
    // A span [first, last] holds together every atom that touches it.
    for (; span < spans.length && spans[span]!.first < draft.start; span++) {
      until = Math.max(until, spans[span]!.last);
    }
    const before = glued[glued.length - 1];
    if (before && !before.lost && !draft.lost && until >= draft.start) before.end = draft.end;
    else glued.push({ ...draft });
  }
  return glued;
}

/** Zero bytes, fewer than the section's alignment: what a compiler puts before the next variable. */
export function isPadding(elf: ElfFile, header: Section, start: number, end: number): boolean {
  if (end - start >= header.alignment) return false;
  if (header.type === SHT_NOBITS) return true;
  const bytes = elf.bytes.subarray(header.offset + start, header.offset + end);
  return bytes.every((byte) => byte === 0);
}
