import { badGroup, type Diagnostic } from '@bpf-ld/diagnostics';
import {
  catchMalformed,
  GRP_COMDAT,
  openSection,
  SHT_GROUP,
  symbolName,
  type ElfFile,
  type Section,
} from '@bpf-ld/elf-reader';
import type { ResolverObject } from './resolution.js';

/**
 * Section groups (gABI "Section Groups"): of the COMDAT groups with one signature the first is kept,
 * the members of the others leave the link. Groups without GRP_COMDAT only keep together what -r
 * never takes apart.
 *
 * @param keptSection by SectionId; members of losing groups are cleared here.
 */
export function dropLosingGroups(
  objects: readonly ResolverObject[],
  sectionBase: Uint32Array,
  keptSection: Uint8Array,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const signatures = new Set<string>();
  objects.forEach(({ elf }, object) => {
    for (const section of elf.sections) {
      if (section.type !== SHT_GROUP) continue;
      const group = readGroup(elf, section);
      if (!group.ok) {
        diagnostics.push(
          badGroup(
            { object: elf.name, section: section.name, offset: group.error.place.offset },
            group.error.message,
          ),
        );
        continue;
      }
      if ((group.value.flags & GRP_COMDAT) === 0) continue;
      if (!signatures.has(group.value.signature)) {
        signatures.add(group.value.signature);
        continue;
      }
      for (const member of group.value.members) keptSection[sectionBase[object]! + member] = 0;
    }
  });
  return diagnostics;
}

function readGroup(elf: ElfFile, section: Section) {
  return catchMalformed(() => {
    const words = openSection(elf, section);
    const flags = words.u32(0);
    const members: number[] = [];
    for (let at = 4; at < words.length; at += 4) {
      const member = words.u32(at);
      if (member === 0 || member >= elf.sections.length) {
        throw words.malformed(`member ${member} is not one of ${elf.sections.length} sections`, at);
      }
      members.push(member);
    }
    if (section.info >= elf.symbols.count) {
      throw words.malformed(`signature ${section.info} is not a symbol`, 0);
    }
    // A signature may be a section symbol without a name: then the section's name signs.
    const home = elf.symbols.section[section.info]!;
    const signature = symbolName(elf, section.info) || (elf.sections[home]?.name ?? '');
    return { flags, members, signature };
  });
}
