import { append, outputTooLarge, type Diagnostic } from '@bpf-ld/diagnostics';
import { SHF_MERGE, SHF_STRINGS, SHT_PROGBITS } from '@bpf-ld/elf-reader';
import { alignUp } from '@bpf-ld/elf-writer';
import type { DebugSection, MovedUnits } from '@bpf-ld/debug-info';
import type { ObjectId, Resolution, SectionId } from '@bpf-ld/symbol-resolver';
import { linkedDebugSections, type DebugInput } from './debug-inputs.js';
import type { Contribution, Layout, OutputSection } from './layout.js';
import { StringMerger } from './merge-strings.js';
import type { PieceMap } from './pieces.js';

interface Draft {
  readonly index: number;
  readonly name: string;
  /** The object that opened it. */
  readonly first: ObjectId;
  flags: number;
  alignment: number;
  entrySize: number;
  size: number;
  readonly contributions: Contribution[];
  /** Present as long as all of the section is strings. */
  readonly strings: StringMerger | undefined;
}

/** Flags that say something of a debug section; groups are taken apart. */
const STRING_FLAGS = SHF_MERGE | SHF_STRINGS;

/** Larger offsets do not fit the fields of 32-bit DWARF. */
const LARGEST_SECTION = 0xffff_ffff;

/**
 * Lays out the debug sections behind the program's: concatenated in input order, equal strings once.
 * The program's sections stay where they are.
 */
export function layOutDebug(
  resolution: Resolution,
  program: Layout,
  inputs: readonly DebugInput[],
): { readonly layout: Layout; readonly diagnostics: readonly Diagnostic[] } {
  const { sectionBase } = resolution;
  const diagnostics: Diagnostic[] = [];
  const drafts = new Map<string, Draft>();
  const outputOf = program.outputOf.slice();
  const offsetOf = program.offsetOf.slice();
  const pieces = new Map<SectionId, PieceMap>(program.pieces);
  inputs.forEach((input, object) => {
    append(diagnostics, input.diagnostics);
    for (const section of linkedDebugSections(resolution, object, input)) {
      if (section.bytes.length === 0) continue;
      const id = (sectionBase[object]! + section.index) as SectionId;
      const isStrings = isStringSection(section) && !input.relocations.has(section.index);
      let draft = drafts.get(section.name);
      if (!draft) {
        const index = program.sections.length + drafts.size;
        draft = openDraft(index, object as ObjectId, section, isStrings);
        drafts.set(section.name, draft);
      }
      draft.alignment = Math.max(draft.alignment, section.alignment);
      if (draft.entrySize !== section.entrySize) draft.entrySize = 0;
      if (!isStrings) draft.flags &= ~STRING_FLAGS;
      const offset = alignUp(draft.size, section.alignment);
      const map = isStrings ? draft.strings?.add(section.bytes, offset) : undefined;
      const moved = input.adjusted?.get(section.index)?.moved;
      if (map) pieces.set(id, map);
      else if (moved) pieces.set(id, movedPieces(moved, section.bytes.length));
      const size = map?.size ?? section.bytes.length;
      outputOf[id] = draft.index;
      offsetOf[id] = offset;
      draft.size = offset + size;
      draft.contributions.push({ object: object as ObjectId, section: id, offset, size });
    }
  });
  const sections = [...drafts.values()].map((draft): OutputSection => {
    const { name, first, flags, alignment, entrySize, size, contributions } = draft;
    if (size > LARGEST_SECTION) {
      const site = { object: resolution.objects[first]!.elf.name, section: name };
      diagnostics.push(outputTooLarge(site, size, LARGEST_SECTION));
    }
    return { name, type: SHT_PROGBITS, flags, alignment, entrySize, size, contributions };
  });
  const layout = {
    ...program,
    sections: [...program.sections, ...sections],
    outputOf,
    offsetOf,
    pieces,
  };
  return { layout, diagnostics };
}

/** Units that changed their size, as references to them see it. */
function movedPieces({ start, to }: MovedUnits, size: number): PieceMap {
  return { start, to, owned: new Uint8Array(to.length).fill(1), size };
}

function openDraft(
  index: number,
  object: ObjectId,
  { name, flags, alignment, entrySize }: DebugSection,
  isStrings: boolean,
): Draft {
  return {
    index,
    name,
    first: object,
    flags: flags & STRING_FLAGS,
    alignment,
    entrySize,
    size: 0,
    contributions: [],
    strings: isStrings ? new StringMerger() : undefined,
  };
}

/** Strings of one byte a character, all of them with their NUL: one without would run into the next object's. */
function isStringSection({ flags, entrySize, alignment, bytes }: DebugSection): boolean {
  const isMergeable = (flags & STRING_FLAGS) === STRING_FLAGS;
  return isMergeable && entrySize <= 1 && alignment === 1 && bytes[bytes.length - 1] === 0;
}
