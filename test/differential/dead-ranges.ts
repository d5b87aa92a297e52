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

/**
 * For each input: section index -> where its contents start in the output section of its name, as
 * libbpf lays it out: each piece at the greatest alignment so far.
 */
function concatenate(inputs: readonly RawObject[]): Map<number, number>[] {
  const layouts = new Map<string, Layout>();
  return inputs.map((object) => {
    const starts = new Map<number, number>();
    for (const section of object.sections) {
      if ((section.flags & SHF.ALLOC) === 0) continue;
      let layout = layouts.get(section.name);
      if (!layout) layouts.set(section.name, (layout = new Layout(true)));
      starts.set(section.index, layout.add(section.size, section.alignment));
    }
    return starts;
  });
}

/** The end of an output section that grows piece by piece. */
class Layout {
  size = 0;
  #greatest = 1;
  readonly #cumulative: boolean;

  /** `cumulative`: a piece is put at the greatest alignment so far, not at its own. */
  constructor(cumulative: boolean) {
    this.#cumulative = cumulative;
  }

  /** Where a piece lands. */
  add(size: number, alignment: number): number {
    this.#greatest = Math.max(this.#greatest, alignment);
    const unit = this.#cumulative ? this.#greatest : Math.max(alignment, 1);
    const start = Math.ceil(this.size / unit) * unit;
    this.size = start + size;
    return start;
  }
}

/**
 * Whether libbpf's habit of putting each piece at the greatest alignment so far makes the section
 * `name` differ from pieces that each lie at their own.
 */
export function overAligned(inputs: readonly RawObject[], name: string): boolean {
  const own = new Layout(false);
  const cumulative = new Layout(true);
  return inputs
    .flatMap((object) => object.sections.filter((section) => section.name === name))
    .some(({ size, alignment }) => own.add(size, alignment) !== cumulative.add(size, alignment));
}
