import { append, type Diagnostic, type Site } from '@bpf-ld/diagnostics';
import { encodeUtf8, SHF_EXECINSTR } from '@bpf-ld/elf-reader';
import {
  applyRelocations,
  moveCallRegisters,
  type ApplyJob,
  type RelocationMeaning,
} from '@bpf-ld/reloc-engine';
import type { GlobalId, SymbolId } from '@bpf-ld/symbol-resolver';
import type { ImageOptions } from './api.js';
import { addressOf, imageTarget, type ImagePlan } from './image-plan.js';
import { murmur3 } from './murmur3.js';
import { OutputTarget, type LinkState, type Relocated, type RelocatedSection } from './relocate.js';
import { siteOfOutput } from './output-sites.js';
import type { OutputKind, TargetProfile } from './targets/profile.js';

/** Who answers what a relocation's target means. */
export interface Meanings {
  meaning(target: number): RelocationMeaning;
  describe(target: number): string;
}

/** Meanings of targets; without a plan addresses are 0 and only their kind counts. */
export function meanings(
  state: LinkState,
  target: TargetProfile,
  output: OutputKind,
  options: ImageOptions,
  plan?: ImagePlan,
): Meanings {
  const { resolution, layout } = state;
  const { globals, strings } = resolution;
  const known = new Map<number, RelocationMeaning>();
  const find = (number: number): RelocationMeaning => {
    const found = imageTarget(state, number);
    switch (found.kind) {
      case 'place': {
        const inCode = (layout.sections[found.place.section]!.flags & SHF_EXECINSTR) !== 0;
        return { kind: 'address', address: plan ? addressOf(plan, found.place) : 0, inCode };
      }
      case 'constant':
        return found;
      case 'undefined':
        return undefinedMeaning(found.global);
    }
  };
  const undefinedMeaning = (global: GlobalId): RelocationMeaning => {
    const name = strings.text(globals.name[global]!);
    const helper = options.helpers?.get(name);
    if (helper !== undefined) return { kind: 'helper', id: helper };
    const isWeak = globals.onlyWeakReferences[global] === 1;
    if (isWeak && (output !== 'shared' || target.undefinedCalls !== 'error')) {
      return { kind: 'absent' };
    }
    if (target.undefinedCalls === 'hash') {
      return { kind: 'helper', id: murmur3(encodeUtf8(name)) };
    }
    return output === 'shared' ? { kind: 'loader' } : { kind: 'absent' };
  };
  return {
    meaning(number) {
      const meaning = known.get(number) ?? find(number);
      known.set(number, meaning);
      return meaning;
    },
    describe(number) {
      const globalBase = OutputTarget.global(resolution, 0);
      if (number < 0) return layout.sections[-1 - number]!.name;
      const name =
        number < globalBase
          ? resolution.name[number as SymbolId]!
          : globals.name[number - globalBase]!;
      return strings.text(name);
    },
  };
}

/** What relocation policies want to know of output section `index`. */
export function sectionJob(
  state: LinkState,
  { contents, relocations }: RelocatedSection,
  index: number,
  { meaning, describe }: Meanings,
): Omit<ApplyJob, 'address'> & { readonly contents: Uint8Array } {
  return {
    contents: contents ?? new Uint8Array(0),
    littleEndian: state.objects[0]!.elf.littleEndian,
    inCode: (state.layout.sections[index]!.flags & SHF_EXECINSTR) !== 0,
    relocations,
    meaning,
    describe,
    site: (offset): Site => siteOfOutput(state, index, offset),
  };
}

/** The apply pass: contents with addresses in their fields. */
export function applyAll(
  state: LinkState,
  relocated: Relocated,
  plan: ImagePlan,
  names: Meanings,
  { relativeWord, callRegister }: TargetProfile,
): {
  readonly contents: readonly (Uint8Array | undefined)[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const contents = relocated.sections.map((section, index) => {
    if (!section.contents) return undefined;
    const copy = section.contents.slice();
    const job = sectionJob(state, { ...section, contents: copy }, index, names);
    const address = plan.addresses[plan.positions[index]!]!;
    append(diagnostics, applyRelocations({ ...job, address, addressWord: relativeWord }));
    if (job.inCode && callRegister !== 'inputs') {
      moveCallRegisters(copy, job.littleEndian, callRegister);
    }
    return copy;
  });
  return { contents, diagnostics };
}
