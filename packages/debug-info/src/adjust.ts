import { catchMalformed, type ReadError } from '@bpf-ld/elf-reader';
import { adjustLines } from './adjust-lines.js';
import { adjustAddressRanges, adjustExceptionFrames, adjustFrames } from './adjust-tables.js';
import { UnitAdjuster } from './adjust-units.js';
import { CodeMoves, type SectionFate } from './code-moves.js';
import type { DebugSection } from './compressed.js';
import { DebugEditor, type AdjustedSection, type DebugObject } from './debug-object.js';
import { FRAMES_SECTION } from './sections.js';

/** The sections that changed, by index, and what could not be read and therefore stays as it was. */
export interface Adjusted {
  readonly sections: ReadonlyMap<number, AdjustedSection>;
  readonly problems: readonly ReadError[];
}

/**
 * Makes the debug information of an object fit code of which parts left and the rest moved together. Relocations say
 * where things start; what DWARF counts from there (lengths, offsets from a base, rows of a line table) only this knows.
 *
 * @param fateOf what became of a section of the object
 */
export function adjustDebugInfo(
  object: DebugObject,
  fateOf: (section: number) => SectionFate,
): Adjusted {
  const editor = new DebugEditor(object, new CodeMoves(fateOf));
  const problems: ReadError[] = [];
  const attempt = (name: string, adjust: (section: DebugSection) => void): void => {
    for (const section of editor.named(name)) {
      const result = catchMalformed(() => adjust(section));
      if (!result.ok) problems.push(result.error);
    }
  };
  const units = new UnitAdjuster(editor);
  attempt('.debug_info', (section) => units.adjust(section));
  attempt('.debug_types', (section) => units.adjust(section));
  units.finish();
  attempt('.debug_aranges', (section) => adjustAddressRanges(editor, section));
  attempt('.debug_frame', (section) => adjustFrames(editor, section));
  attempt(FRAMES_SECTION, (section) => adjustExceptionFrames(editor, section));
  const sections = editor.adjusted();
  for (const section of editor.named('.debug_line')) {
    const { adjusted, problem } = adjustLines(editor, section);
    if (adjusted) sections.set(section.index, adjusted);
    if (problem) problems.push(problem);
  }
  return { sections, problems };
}
