import {
  EM_BPF,
  ET_REL,
  REL_SIZE,
  SHF_INFO_LINK,
  SHT_PROGBITS,
  SHT_REL,
  type StringPool,
} from '@bpf-ld/elf-reader';
import {
  FIRST_SECTION,
  SYMTAB_INDEX,
  writeElf,
  writeRelocations,
  type SectionSpec,
} from '@bpf-ld/elf-writer';
import type { MergedTypes } from './merge-types.js';
import type { OutputSymbols } from './output-symbols.js';
import type { LinkState, Relocated } from './relocate.js';

/** .BTF and .BTF.ext are read as words. */
const TYPES_ALIGNMENT = 8;

/**
 * The write pass: program sections in the layout's order, a SHT_REL table for each that has
 * relocations, .BTF and .BTF.ext.
 */
export function writeImage(
  { objects, resolution, layout }: LinkState,
  relocated: Relocated,
  symbols: OutputSymbols,
  types: MergedTypes | undefined,
): Uint8Array {
  const { strings } = resolution;
  const sections: SectionSpec[] = layout.sections.map((section, i) => ({
    name: strings.internText(section.name),
    type: section.type,
    flags: section.flags,
    alignment: section.alignment,
    entrySize: section.entrySize,
    link: 0,
    info: 0,
    size: section.size,
    contents: relocated.sections[i]!.contents,
  }));
  relocated.sections.forEach(({ relocations }, i) => {
    if (relocations.count === 0) return;
    sections.push({
      name: strings.internText(`.rel${layout.sections[i]!.name}`),
      type: SHT_REL,
      flags: SHF_INFO_LINK,
      alignment: 8,
      entrySize: REL_SIZE,
      link: SYMTAB_INDEX,
      info: FIRST_SECTION + i,
      size: relocations.count * REL_SIZE,
      contents: (output) =>
        writeRelocations(output, relocations.count, (k) => ({
          offset: relocations.offset(k),
          type: relocations.type(k),
          symbol: symbols.indexOf(relocations.target(k)),
        })),
    });
  });
  if (types) sections.push(...typeSections(strings, types));
  const first = objects[0]!.elf;
  return writeElf({
    littleEndian: first.littleEndian,
    type: ET_REL,
    machine: EM_BPF,
    flags: first.flags,
    strings,
    symbols: symbols.columns,
    sections,
  });
}

/** .BTF and .BTF.ext, where the inputs have types. */
export function typeSections(strings: StringPool, types: MergedTypes): readonly SectionSpec[] {
  const named = [
    ['.BTF', types.btf],
    ['.BTF.ext', types.btfExt],
  ] as const;
  return named.flatMap(([name, contents]): SectionSpec[] => {
    if (!contents) return [];
    return [
      {
        name: strings.internText(name),
        type: SHT_PROGBITS,
        flags: 0,
        alignment: TYPES_ALIGNMENT,
        entrySize: 0,
        link: 0,
        info: 0,
        size: contents.length,
        contents,
      },
    ];
  });
}
