import { compressSection, DEBUG_LINK_SECTION, debugLink, FRAMES_SECTION } from '@bpf-ld/debug-info';
import { SHF_COMPRESSED, SHT_NOBITS, SHT_PROGBITS } from '@bpf-ld/elf-reader';
import { OutputRelocations } from '@bpf-ld/reloc-engine';
import type { ImagePlan } from './image-plan.js';
import type { Layout, OutputSection } from './layout.js';
import type { LinkState, Relocated, RelocatedSection } from './relocate.js';

/** What is written to one file. */
export interface Writable {
  readonly state: LinkState;
  readonly relocated: Relocated;
}

/** Elf64_Chdr holds words of eight bytes. */
const COMPRESSED_ALIGNMENT = 8;

/** Of readers only those of DWARF proper look for compressed sections. */
function isCompressible(layout: Layout, index: number): boolean {
  return index >= layout.programSections && layout.sections[index]!.name !== FRAMES_SECTION;
}

/** The same with debug sections compressed where that makes them shorter (gABI, "Section Compression"). */
export function compressDebug({ state, relocated }: Writable): Writable {
  const { layout, objects } = state;
  const { littleEndian } = objects[0]!.elf;
  const sections: OutputSection[] = [];
  const contents: RelocatedSection[] = [];
  layout.sections.forEach((section, i) => {
    const plain = relocated.sections[i]!;
    const bytes =
      isCompressible(layout, i) && plain.contents
        ? compressSection(plain.contents, section.alignment, littleEndian)
        : undefined;
    sections.push(
      bytes
        ? {
            ...section,
            flags: section.flags | SHF_COMPRESSED,
            alignment: COMPRESSED_ALIGNMENT,
            size: bytes.length,
          }
        : section,
    );
    contents.push(bytes ? { ...plain, contents: bytes } : plain);
  });
  return {
    state: { ...state, layout: { ...layout, sections } },
    relocated: { sections: contents },
  };
}

/** The same for an image: nothing that is loaded moves. */
export function compressImage(
  { layout, objects }: LinkState,
  plan: ImagePlan,
  contents: readonly (Uint8Array | undefined)[],
): {
  readonly layout: Layout;
  readonly plan: ImagePlan;
  readonly contents: readonly (Uint8Array | undefined)[];
} {
  const { littleEndian } = objects[0]!.elf;
  const packed = [...contents];
  const laidOut = [...layout.sections];
  const sections = plan.sections.map((section) => {
    const { source } = section;
    if (typeof source !== 'number' || !isCompressible(layout, source)) return section;
    const bytes = compressSection(contents[source]!, section.alignment, littleEndian);
    if (!bytes) return section;
    packed[source] = bytes;
    const change = {
      flags: section.flags | SHF_COMPRESSED,
      alignment: COMPRESSED_ALIGNMENT,
      size: bytes.length,
    };
    laidOut[source] = { ...laidOut[source]!, ...change };
    return { ...section, ...change };
  });
  return {
    layout: { ...layout, sections: laidOut },
    plan: { ...plan, sections },
    contents: packed,
  };
}

/** The debug sections alone, as `objcopy --only-keep-debug` has them: what is the program's has no contents. */
export function onlyDebug({ state, relocated }: Writable): Writable {
  const { layout } = state;
  const isDebug = (i: number): boolean => i >= layout.programSections;
  const sections = layout.sections.map((section, i) =>
    isDebug(i) ? section : { ...section, type: SHT_NOBITS },
  );
  const contents = relocated.sections.map((section, i) =>
    isDebug(i) ? section : { contents: undefined, relocations: new OutputRelocations() },
  );
  return {
    state: { ...state, layout: { ...layout, sections } },
    relocated: { sections: contents },
  };
}

/** The program alone, and the name of the file that has its debug sections. */
export function withoutDebug(
  { state, relocated }: Writable,
  fileName: string,
  file: Uint8Array,
): Writable {
  const { layout, objects } = state;
  const link = debugLink(fileName, file, objects[0]!.elf.littleEndian);
  const section: OutputSection = {
    name: DEBUG_LINK_SECTION,
    type: SHT_PROGBITS,
    flags: 0,
    alignment: 4,
    entrySize: 0,
    size: link.length,
    contributions: [],
  };
  const { programSections } = layout;
  const program = layout.sections.slice(0, programSections);
  // Symbols that stood in debug sections left with them.
  const outputOf = layout.outputOf.map((output) => (output < programSections ? output : -1));
  return {
    state: { ...state, layout: { ...layout, outputOf, sections: [...program, section] } },
    relocated: {
      sections: [
        ...relocated.sections.slice(0, programSections),
        { contents: link, relocations: new OutputRelocations() },
      ],
    },
  };
}
