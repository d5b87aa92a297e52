import { SHF_ALLOC } from '@bpf-ld/elf-reader';
import type { Output } from '@bpf-ld/elf-writer';
import type { Layout } from './layout.js';
import type { SectionClass, TargetProfile } from './targets/profile.js';

/** Where the sections of an image went. */
export interface ImageAddresses {
  /** Address of a section of the layout, by index. */
  ofLayout(index: number): number;
  /** Index in the file of a section of the layout. */
  indexOf(index: number): number;
  /** Address of a section that the link makes. */
  ofMade(name: string): number;
}

/** A section that only images have, such as .dynsym: what it is, and its bytes once addresses are known. */
export interface MadeSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly alignment: number;
  readonly entrySize: number;
  readonly size: number;
  /** Name of the section that sh_link is to name. */
  readonly link: string | undefined;
  readonly info: number;
  write(output: Output, addresses: ImageAddresses): void;
}

/** A section of an image, in the order of the file. */
export interface ImageSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly alignment: number;
  readonly size: number;
  /** What it is to the machine; `undefined` for what is not loaded. */
  readonly class: SectionClass | undefined;
  /** Index into the layout's sections, or the section itself where the link makes it. */
  readonly source: number | MadeSection;
}

const NAMED_FIRST: ReadonlySet<string> = new Set(['.text', '.rodata', '.data', '.bss']);

/**
 * The order of an image: what is loaded, class by class, then what is not. In a class the section
 * that gives it its name comes first, the others in the layout's order, and what the link makes last.
 */
export function orderSections(
  layout: Layout,
  made: readonly MadeSection[],
  target: TargetProfile,
): readonly ImageSection[] {
  const own = layout.sections.map((section, source): ImageSection => {
    const loaded = (section.flags & SHF_ALLOC) !== 0;
    return { ...section, class: loaded ? target.sectionClass(section) : undefined, source };
  });
  const all = [
    ...own,
    ...made.map((section): ImageSection => ({
      ...section,
      class: 'rodata',
      source: section,
    })),
  ];
  const classes = classOrder(target);
  return [...classes, undefined].flatMap((wanted) => {
    const members = all.filter((section) => section.class === wanted);
    if (wanted === undefined) return members;
    const first = members.filter(({ name }) => NAMED_FIRST.has(name));
    return [...first, ...members.filter(({ name }) => !NAMED_FIRST.has(name))];
  });
}

/** The order in which segments have their addresses. */
export function classOrder({ addresses }: TargetProfile): readonly SectionClass[] {
  return addresses.kind === 'regions'
    ? ['rodata', 'code', 'data', 'bss']
    : ['code', 'rodata', 'data', 'bss'];
}
