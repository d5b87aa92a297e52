/** Where the bodies of losing weak definitions stand in an output that keeps them. */
import { type RawObject, SHF, STB, STT } from '../support/raw-object.js';
import type { DeadRange } from './meaning.js';

/**
 * The bodies of definitions that lost, at the places where plain concatenation of the inputs puts
 * them: strong beats weak, else the first weak wins.
 */
export function deadRanges(inputs: readonly RawObject[]): DeadRange[] {
  const winners = new Map<string, { readonly input: number; readonly strong: boolean }>();
  const definitions = inputs.map((object) =>
    object.symbols.filter(
      (s) =>
        s.binding !== STB.LOCAL &&
        s.type !== STT.SECTION &&
        s.section > 0 &&
        s.section < object.sections.length,
    ),
  );
  definitions.forEach((symbols, input) => {
    for (const { name, binding } of symbols) {
      const strong = binding === STB.GLOBAL;
      const winner = winners.get(name);
      if (!winner || (strong && !winner.strong)) winners.set(name, { input, strong });
    }
  });
  const starts = concatenate(inputs);
  return definitions.flatMap((symbols, input) =>
    symbols
      .filter((s) => winners.get(s.name)!.input !== input)
      .map((s) => {
        const section = inputs[input]!.sections[s.section]!;
        const start = starts[input]!.get(s.section)! + s.value;
        return { section: section.name, start, size: s.size, symbol: s.name };
      }),
  );
}

/** For each input: section index -> where its contents start in the output section of its name. */
function concatenate(inputs: readonly RawObject[]): Map<number, number>[] {
  const ends = new Map<string, number>();
  return inputs.map((object) => {
    const starts = new Map<number, number>();
    for (const section of object.sections) {
      if ((section.flags & SHF.ALLOC) === 0) continue;
      const alignment = Math.max(section.alignment, 1);
      const start = Math.ceil((ends.get(section.name) ?? 0) / alignment) * alignment;
      starts.set(section.index, start);
      ends.set(section.name, start + section.size);
    }
    return starts;
  });
}
