import { EM_BPF, ET_DYN, REL_SIZE, SHF_INFO_LINK, SHT_REL } from '@bpf-ld/elf-reader';
import {
  FIRST_SECTION,
  SYMTAB_INDEX,
  writeElf,
  writeRelocations,
  type SectionSpec,
} from '@bpf-ld/elf-writer';
import type { ImageOptions } from './api.js';
import type { ImagePlan } from './image-plan.js';
import type { MergedTypes } from './merge-types.js';
import type { OutputSymbols } from './output-symbols.js';
import type { LinkState, Relocated } from './relocate.js';
import type { OutputKind, TargetProfile } from './targets/profile.js';
import { typeSections } from './write-image.js';

/** All that an executable or shared object is written from. */
export interface ExecutableJob {
  readonly state: LinkState;
  readonly plan: ImagePlan;
  /** By section of the layout: bytes with addresses in them. */
  readonly contents: readonly (Uint8Array | undefined)[];
  readonly relocated: Relocated;
  /** Placed: values are addresses. */
  readonly symbols: OutputSymbols;
  readonly types: MergedTypes;
  readonly target: TargetProfile;
  readonly output: OutputKind;
  readonly options: ImageOptions;
}

/** The write pass of executables and shared objects. */
export function writeExecutable(job: ExecutableJob): Uint8Array {
  const { state, plan, symbols, target, output } = job;
  const { strings } = state.resolution;
  const first = state.objects[0]!.elf;
  const sections = plan.sections.map((_, index) => loadedSection(job, index));
  if (job.options.emitRelocations) sections.push(...recordSections(job));
  if (target.hasKernel) sections.push(...typeSections(strings, job.types));
  return writeElf({
    littleEndian: first.littleEndian,
    type: output === 'shared' ? ET_DYN : target.staticType,
    machine: EM_BPF,
    flags: target.flags === 'inputs' ? first.flags : target.flags,
    strings,
    symbols: symbols.columns,
    sections,
    image: { entry: plan.entry, programHeaders: plan.programHeaders },
  });
}

function loadedSection(job: ExecutableJob, index: number): SectionSpec {
  const { state, plan, contents } = job;
  const { strings } = state.resolution;
  const section = plan.sections[index]!;
  const { source } = section;
  const common = {
    name: strings.internText(section.name),
    type: section.type,
    flags: section.flags,
    alignment: section.alignment,
    size: section.size,
    ...(section.class && {
      loaded: { address: plan.addresses[index]!, offset: plan.offsets[index]! },
    }),
  };
  if (typeof source === 'number') {
    const { entrySize } = state.layout.sections[source]!;
    return { ...common, entrySize, link: 0, info: 0, contents: contents[source] };
  }
  return {
    ...common,
    entrySize: source.entrySize,
    link: source.link === undefined ? 0 : FIRST_SECTION + madeSection(plan, source.link),
    info: source.info,
    contents: (output) =>
      source.write(output, {
        ofLayout: (layoutIndex) => plan.addresses[plan.positions[layoutIndex]!]!,
        indexOf: (layoutIndex) => 1 + plan.positions[layoutIndex]!,
        ofMade: (name) => plan.addresses[madeSection(plan, name)]!,
      }),
  };
}

/** Index in the plan of a section that the link makes. */
function madeSection({ sections }: ImagePlan, wanted: string): number {
  return sections.findIndex(({ name, source }) => name === wanted && typeof source === 'object');
}

/** `--emit-relocs`: what was applied, at addresses (gABI: r_offset of an executable is one). */
function recordSections({
  state,
  plan,
  relocated,
  symbols,
}: ExecutableJob): readonly SectionSpec[] {
  const { strings } = state.resolution;
  return plan.sections.flatMap(({ name, source }, index): SectionSpec[] => {
    if (typeof source !== 'number') return [];
    const { relocations } = relocated.sections[source]!;
    if (relocations.count === 0) return [];
    return [
      {
        name: strings.internText(`.rel${name}`),
        type: SHT_REL,
        flags: SHF_INFO_LINK,
        alignment: 8,
        entrySize: REL_SIZE,
        link: SYMTAB_INDEX,
        info: FIRST_SECTION + index,
        size: relocations.count * REL_SIZE,
        contents: (output) =>
          writeRelocations(output, relocations.count, (k) => ({
            offset: plan.addresses[index]! + relocations.offset(k),
            type: relocations.type(k),
            symbol: symbols.indexOf(relocations.target(k)),
          })),
      },
    ];
  });
}
