import {
  append,
  outputTooLarge,
  sectionFlagsDiffer,
  sectionKindConflict,
  type Diagnostic,
} from '@bpf-ld/diagnostics';
import {
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHF_GNU_RETAIN,
  SHF_GROUP,
  SHF_INFO_LINK,
  SHF_LINK_ORDER,
  SHF_MERGE,
  SHF_STRINGS,
  SHF_WRITE,
  SHT_NOBITS,
  SHT_PROGBITS,
  type Section,
} from '@bpf-ld/elf-reader';
import {
  COMMON,
  isTextName,
  objectOf,
  type ByteRange,
  type FoldCandidate,
  type FoldedFunctions,
  type GlobalId,
  type LiveSet,
  type ObjectId,
  type Resolution,
  type SectionId,
} from '@bpf-ld/symbol-resolver';
import { alignUp } from '@bpf-ld/elf-writer';
import { flagLetters } from './flag-letters.js';
import { findHosts, splitStrings, StringMerger } from './merge-strings.js';
import { findLateMaps } from './map-order.js';
import type { ParsedObject } from './parse-object.js';
import { cut, LEFT_OUT, pieceAt, placeFolded, placeInPieces, type PieceMap } from './pieces.js';

/** What one input section gives to an output section. */
export interface Contribution {
  readonly object: ObjectId;
  readonly section: SectionId;
  /** Bytes from the start of the output section. */
  readonly offset: number;
  /** Bytes taken there. */
  readonly size: number;
}

export interface OutputSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly alignment: number;
  readonly entrySize: number;
  readonly size: number;
  /** In order of offset. */
  readonly contributions: readonly Contribution[];
}

/** Where every kept piece lands. Invariant beyond this pass: nothing moves. */
export interface Layout {
  readonly sections: readonly OutputSection[];
  /** How many of `sections`, the first ones, are the program's; debug sections follow. */
  readonly programSections: number;
  /** Index into `sections` by SectionId, -1 for input sections that leave. */
  readonly outputOf: Int32Array;
  /** Offset of the contribution in its output section, by SectionId. */
  readonly offsetOf: Float64Array;
  /** Sections that do not move as a whole. */
  readonly pieces: ReadonlyMap<SectionId, PieceMap>;
  /** Where common symbols are, by GlobalId: output section and offset in it. */
  readonly commons: ReadonlyMap<GlobalId, { readonly section: number; readonly offset: number }>;
}

/** Output offset of byte `offset` of an input section; NaN if it leaves the link. */
export function place(layout: Layout, section: SectionId, offset: number): number {
  if (layout.outputOf[section]! < 0) return LEFT_OUT;
  const pieces = layout.pieces.get(section);
  const within = pieces === undefined ? offset : placeInPieces(pieces, offset);
  return layout.offsetOf[section]! + within;
}

/** The output section an input section goes to: `.text.NAME` folds into `.text`, for its functions. */
export function outputName(section: Section): string {
  const isCode = (section.flags & SHF_EXECINSTR) !== 0;
  return isCode && isTextName(section.name) ? '.text' : section.name;
}

/** What decides about sections beyond their names. */
export interface LayoutRules {
  /** Strings that are the ends of others share their bytes. */
  readonly mergeTails: boolean;
  /** Name of the output section for a section of an input. */
  readonly nameOf: (section: Section) => string;
  /** Type and flags that an output section is to have whatever its inputs have. */
  readonly flagsOf?: (
    name: string,
  ) => { readonly type: number; readonly flags: number } | undefined;
  /** An input section that comes before all others. */
  readonly first?: SectionId | undefined;
}

/** An output section while inputs are added to it. */
interface Draft {
  readonly index: number;
  readonly name: string;
  /** The object and section that opened it, and with which flags, for diagnostics. */
  readonly first: ObjectId;
  readonly firstName: string;
  readonly firstFlags: number;
  type: number;
  flags: number;
  alignment: number;
  entrySize: number;
  size: number;
  readonly contributions: Contribution[];
  strings: StringMerger | undefined;
}

/** Flags that are about the input file, not about what the section is. */
const FILE_FLAGS = SHF_GROUP | SHF_INFO_LINK | SHF_LINK_ORDER;
const KIND_FLAGS = SHF_ALLOC | SHF_EXECINSTR;

/**
 * Concatenates input sections of one name in input order, each at its alignment, in the order in
 * which names first appear; common symbols go to the end of .bss, maps of maps behind what they hold.
 *
 * Bounds: the file grows by zero-filling only as far as inputs of this size can mean
 * (`output-too-large` otherwise).
 */
export function layOut(
  objects: readonly ParsedObject[],
  resolution: Resolution,
  live: LiveSet,
  folded: FoldedFunctions,
  { mergeTails, nameOf, flagsOf, first }: LayoutRules,
): { readonly layout: Layout; readonly diagnostics: readonly Diagnostic[] } {
  const { sectionBase, keptSection } = resolution;
  const diagnostics: Diagnostic[] = [];
  const drafts = new Map<string, Draft>();
  const outputOf = new Int32Array(keptSection.length).fill(-1);
  const offsetOf = new Float64Array(keptSection.length);
  const pieces = new Map<SectionId, PieceMap>();
  const late = findLateMaps(objects, resolution, live);
  const hosts = mergeTails
    ? hostsByOutput(objects, resolution, live, nameOf)
    : new Map<string, never>();

  const placeOf = ({ section, start }: FoldCandidate): number => {
    const map = pieces.get(section);
    return offsetOf[section]! + (map ? placeInPieces(map, start) : start);
  };

  const add = (object: ObjectId, section: Section): void => {
    const { elf, relocations } = objects[object]!;
    const id = (sectionBase[object]! + section.index) as SectionId;
    if (keptSection[id] !== 1) return;
    const dropped = live.dropped.get(id);
    const moved = late.get(id) ?? [];
    const gaps = moved.length > 0 ? inOrder(moved, dropped ?? []) : dropped;
    const twins = folded.get(id);
    const remains =
      gaps || twins ? cut(section.size, section.alignment, gaps ?? [], twins) : undefined;
    const name = nameOf(section);
    const known = drafts.get(name);
    // All of it left: the section itself leaves.
    if (remains && remains.size === 0 && moved.length === 0) {
      if (!twins) return;
      // References to it go where the functions that stay for these are.
      outputOf[id] = known!.index;
      pieces.set(id, remains);
      placeFolded(remains, twins, ({ keeper }) => placeOf(keeper));
      return;
    }
    const draft = known ?? openDraft(drafts.size, name, object, section, hosts.get(name));
    if (name !== section.name && mergesStrings(section)) {
      draft.strings ??= new StringMerger(hosts.get(name));
    }
    if (known) append(diagnostics, join(draft, section, resolution, object));
    else drafts.set(name, draft);
    const offset = alignUp(draft.size, section.alignment);
    const merges = !remains && !relocations.has(section.index);
    const map = merges ? mergeStrings(draft, section, elf.bytes, offset) : remains;
    if (map) pieces.set(id, map);
    // Only where every string was taken apart may the next link take the section apart again.
    if (!map || remains) draft.flags = withoutStrings(draft.flags);
    const size = map?.size ?? section.size;
    outputOf[id] = draft.index;
    offsetOf[id] = offset;
    draft.size = offset + size;
    draft.contributions.push({ object, section: id, offset, size });
    if (remains && twins) placeFolded(remains, twins, ({ keeper }) => placeOf(keeper) - offset);
  };
  // A function that another stands for is placed after that one: its section keeps its turn.
  const leading = first === undefined || folded.has(first) ? undefined : first;
  if (leading !== undefined) {
    const object = objectOf(sectionBase, leading);
    add(object, objects[object]!.elf.sections[leading - sectionBase[object]!]!);
  }
  objects.forEach(({ elf }, object) => {
    for (const section of elf.sections) {
      if (sectionBase[object]! + section.index !== leading) add(object as ObjectId, section);
    }
  });
  const opened = [...drafts.values()];
  for (const [id, ranges] of late) {
    placeAtEnd(opened[outputOf[id]!]!, pieces.get(id)!, offsetOf[id]!, ranges);
  }
  const commons = placeCommons(resolution, live, drafts, nameOf);
  const sections = [...drafts.values()].map((draft) => ({ ...draft, ...flagsOf?.(draft.name) }));
  for (const { strings } of sections) strings?.placeTails();
  append(diagnostics, checkSize(sections, resolution));
  return {
    layout: { sections, programSections: sections.length, outputOf, offsetOf, pieces, commons },
    diagnostics,
  };
}

/** Ranges of one section that leave it or its place, ascending. */
function inOrder(moved: readonly ByteRange[], dropped: readonly ByteRange[]): readonly ByteRange[] {
  return [...moved, ...dropped].sort((a, b) => a.start - b.start);
}

/** Gives pieces that were cut out of their section's contribution at `base` a place behind all others. */
function placeAtEnd(
  draft: Draft,
  pieces: PieceMap,
  base: number,
  ranges: readonly ByteRange[],
): void {
  for (const { start, end } of ranges) {
    const piece = pieceAt(pieces, start);
    const offset = draft.size + modulo(start - draft.size, draft.alignment);
    pieces.to[piece] = offset - base;
    pieces.owned[piece] = 1;
    draft.size = offset + (end - start);
  }
}

/** By output section, the strings that are the ends of others: `-O2`. */
export function hostsByOutput(
  objects: readonly ParsedObject[],
  { sectionBase, keptSection }: Resolution,
  { dropped }: LiveSet,
  nameOf: (section: Section) => string,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const strings = new Map<string, Set<string>>();
  objects.forEach(({ elf, relocations }, object) => {
    for (const section of elf.sections) {
      const id = (sectionBase[object]! + section.index) as SectionId;
      if (keptSection[id] !== 1 || dropped.has(id) || relocations.has(section.index)) continue;
      if (!mergesStrings(section)) continue;
      const known = strings.get(nameOf(section)) ?? new Set();
      strings.set(nameOf(section), known);
      const bytes = elf.bytes.subarray(section.offset, section.offset + section.size);
      for (const text of splitStrings(bytes)) known.add(text);
    }
  });
  return new Map([...strings].map(([name, texts]) => [name, findHosts(texts)]));
}

function openDraft(
  index: number,
  name: string,
  object: ObjectId,
  section: Section,
  hosts: ReadonlyMap<string, string> | undefined,
): Draft {
  const flags = section.flags & ~FILE_FLAGS;
  return {
    index,
    name,
    first: object,
    firstName: section.name,
    firstFlags: flags,
    type: section.type,
    flags,
    alignment: section.alignment,
    entrySize: section.entrySize,
    size: 0,
    contributions: [],
    strings: mergesStrings(section) ? new StringMerger(hosts) : undefined,
  };
}

/** Strings of one byte a character that need no alignment; other constants stay as they are. */
export function mergesStrings(section: Section): boolean {
  const wanted = SHF_MERGE | SHF_STRINGS;
  return (
    (section.flags & (wanted | SHF_EXECINSTR)) === wanted &&
    section.type === SHT_PROGBITS &&
    section.entrySize <= 1 &&
    section.alignment === 1
  );
}

/** Flags of a section whose contents are no longer, or never were, a set of strings. */
function withoutStrings(flags: number): number {
  return (flags & SHF_STRINGS) === 0 ? flags : flags & ~(SHF_STRINGS | SHF_MERGE);
}

/** The strings of a section as pieces, where all of the output section so far is strings. */
function mergeStrings(
  draft: Draft,
  section: Section,
  bytes: Uint8Array,
  offset: number,
): PieceMap | undefined {
  if (!draft.strings || !mergesStrings(section)) return undefined;
  return draft.strings.add(bytes.subarray(section.offset, section.offset + section.size), offset);
}

/** Widens an output section to take `section`; says so where the two do not quite agree. */
function join(
  draft: Draft,
  section: Section,
  resolution: Resolution,
  object: ObjectId,
): readonly Diagnostic[] {
  const flags = section.flags & ~FILE_FLAGS;
  const first = { object: resolution.objects[draft.first]!.elf.name, section: draft.name };
  const other = { object: resolution.objects[object]!.elf.name, section: section.name };
  const bothKinds = isBytes(draft.type) && isBytes(section.type);
  if ((draft.type !== section.type && !bothKinds) || ((draft.flags ^ flags) & KIND_FLAGS) !== 0) {
    return [
      sectionKindConflict(
        draft.name,
        first,
        kindName(draft.type, draft.flags),
        other,
        kindName(section.type, flags),
      ),
    ];
  }
  // What is folded together from sections of several names differs in what they promise, too.
  const folded = section.name !== draft.name || draft.firstName !== draft.name;
  const counted = folded ? ~(SHF_MERGE | SHF_STRINGS | SHF_WRITE | SHF_GNU_RETAIN) : ~0;
  const differ = ((draft.firstFlags ^ flags) & counted) !== 0;
  if (draft.type !== section.type) draft.type = SHT_PROGBITS;
  // What only one of them promises about its contents, the whole cannot promise.
  const promises = SHF_MERGE | SHF_STRINGS;
  draft.flags = ((draft.flags | flags) & ~promises) | (draft.flags & flags & promises);
  draft.alignment = Math.max(draft.alignment, section.alignment);
  if (draft.entrySize !== section.entrySize) draft.entrySize = 0;
  return differ
    ? [
        sectionFlagsDiffer(
          draft.name,
          first,
          flagLetters(draft.firstFlags),
          other,
          flagLetters(flags),
        ),
      ]
    : [];
}

function isBytes(type: number): boolean {
  return type === SHT_PROGBITS || type === SHT_NOBITS;
}

function kindName(type: number, flags: number): string {
  if (!isBytes(type)) return `contents of type 0x${type.toString(16)}`;
  if ((flags & SHF_EXECINSTR) !== 0) return 'code';
  return (flags & SHF_ALLOC) !== 0 ? 'data' : 'data that is not loaded';
}

/** Where common symbols are, as if an input had put them there. */
const COMMON_SECTION: Section = {
  index: 0,
  name: '.bss',
  type: SHT_NOBITS,
  flags: SHF_ALLOC | SHF_WRITE,
  address: 0,
  offset: 0,
  size: 0,
  link: 0,
  info: 0,
  alignment: 1,
  entrySize: 0,
};

/** gABI: a linker allocates common symbols as it does uninitialised data. */
function placeCommons(
  { globals }: Resolution,
  { unreferenced }: LiveSet,
  drafts: Map<string, Draft>,
  nameOf: (section: Section) => string,
): ReadonlyMap<GlobalId, { readonly section: number; readonly offset: number }> {
  const commons = new Map<GlobalId, { readonly section: number; readonly offset: number }>();
  for (let id = 0; id < globals.count; id++) {
    if (globals.state[id] !== COMMON || unreferenced[id] === 1) continue;
    const name = nameOf(COMMON_SECTION);
    let bss = drafts.get(name);
    if (!bss) {
      bss = openDraft(drafts.size, name, 0 as ObjectId, COMMON_SECTION, undefined);
      drafts.set(name, bss);
    }
    const alignment = globals.commonAlignment[id]!;
    const offset = alignUp(bss.size, alignment);
    bss.alignment = Math.max(bss.alignment, alignment);
    bss.size = offset + globals.commonSize[id]!;
    commons.set(id as GlobalId, { section: bss.index, offset });
  }
  return commons;
}

/** Zero bytes that a merge may add to the file beyond what the inputs hold. */
const ZERO_FILL_LIMIT = 64 * 1024 * 1024;

function checkSize(sections: readonly Draft[], { objects }: Resolution): readonly Diagnostic[] {
  const limit = objects.reduce((sum, { elf }) => sum + elf.bytes.length, ZERO_FILL_LIMIT);
  let total = 0;
  for (const { name, type, size, first } of sections) {
    if (type === SHT_NOBITS) {
      if (Number.isSafeInteger(size)) continue;
      return [outputTooLarge({ object: objects[first]!.elf.name, section: name }, size, limit)];
    }
    total += size;
    if (total > limit) {
      return [outputTooLarge({ object: objects[first]!.elf.name, section: name }, total, limit)];
    }
  }
  return [];
}

/** The remainder that is never negative. */
function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
