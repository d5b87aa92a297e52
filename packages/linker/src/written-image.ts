import type { LinkOptions } from './api.js';
import type { ImagePlan } from './image-plan.js';
import type { Layout } from './layout.js';
import type { MergedTypes } from './merge-types.js';
import type { OutputSymbols } from './output-symbols.js';
import type { LinkState, Relocated } from './relocate.js';
import type { SharedInput } from './shared-inputs.js';
import type { OutputKind, TargetProfile } from './targets/profile.js';

/** What the last passes work on. */
export interface Finish {
  readonly state: LinkState;
  readonly relocated: Relocated;
  readonly types: MergedTypes;
  readonly shared: readonly SharedInput[];
  readonly target: TargetProfile;
  readonly output: OutputKind;
  readonly options: LinkOptions;
}

/** One finished file, and the plan it was written after. */
export interface WrittenImage {
  readonly image: Uint8Array;
  readonly symbols: OutputSymbols;
  readonly layout: Layout;
  /** How many relocations of the program it has. */
  readonly relocations: number;
  /** Of an executable or a shared object. */
  readonly plan?: ImagePlan;
}

/** What a link wrote. */
export interface Written {
  readonly object: WrittenImage;
  /** The file of the debug sections, where they go to one of their own. */
  readonly debug?: WrittenImage;
}

/** Relocations of the program's sections. */
export function countRelocations({ layout }: LinkState, { sections }: Relocated): number {
  return sections
    .slice(0, layout.programSections)
    .reduce((sum, { relocations }) => sum + relocations.count, 0);
}

/** Names of symbols that stay though nothing needs them; `undefined` where all stay. */
export function retainedNames({ symbols, stripAll }: LinkOptions): readonly string[] | undefined {
  return symbols?.retain ?? (stripAll ? [] : undefined);
}
