import { adjustDebugInfo, type AdjustedSection, type SectionFate } from '@bpf-ld/debug-info';
import { malformedDebugInfo, type Diagnostic } from '@bpf-ld/diagnostics';
import { SHF_EXECINSTR } from '@bpf-ld/elf-reader';
import type { SectionId } from '@bpf-ld/symbol-resolver';
import { debugObjectOf, type DebugInput } from './debug-inputs.js';
import type { LinkState } from './relocate.js';

/**
 * Makes the debug information of objects of which code left fit what stays. Most objects lose none: their debug
 * information is right once its relocations are, and is not read.
 */
export function adjustDebugInputs(
  state: LinkState,
  inputs: readonly DebugInput[],
): { readonly inputs: readonly DebugInput[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const adjusted = inputs.map((input, object) => {
    if (input.sections.length === 0 || !losesCode(state, object)) return input;
    const debug = debugObjectOf(state.objects[object]!, input);
    const { sections, problems } = adjustDebugInfo(debug, (index) => fateOf(state, object, index));
    for (const { place, message } of problems) {
      const { file, section, offset } = place;
      diagnostics.push(
        malformedDebugInfo({ object: file, offset, ...(section && { section }) }, message),
      );
    }
    return withSections(input, sections);
  });
  return { inputs: adjusted, diagnostics };
}

function losesCode(state: LinkState, object: number): boolean {
  return state.objects[object]!.elf.sections.some(
    ({ index }) => fateOf(state, object, index) !== 'whole',
  );
}

/** Of code only: an address in data needs no more than its relocation. */
function fateOf(
  { objects, resolution, layout }: LinkState,
  object: number,
  index: number,
): SectionFate {
  const { elf, kept } = objects[object]!;
  const section = elf.sections[index];
  if (!section || kept[index] !== 1 || (section.flags & SHF_EXECINSTR) === 0) return 'whole';
  const id = (resolution.sectionBase[object]! + index) as SectionId;
  if (layout.outputOf[id]! < 0) return 'gone';
  return layout.pieces.get(id) ?? 'whole';
}

function withSections(
  input: DebugInput,
  adjusted: ReadonlyMap<number, AdjustedSection>,
): DebugInput {
  const relocations = new Map(input.relocations);
  for (const [index, { moved }] of adjusted) {
    if (moved) relocations.set(index, [moved.relocations]);
  }
  const sections = input.sections.map((section) => {
    const bytes = adjusted.get(section.index)?.bytes;
    return bytes ? { ...section, bytes } : section;
  });
  return { ...input, sections, relocations, adjusted };
}
