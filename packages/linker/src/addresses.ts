import {
  misalignedAddress,
  outputTooLarge,
  overlappingSections,
  type Diagnostic,
} from '@bpf-ld/diagnostics';
import {
  EHDR_SIZE,
  PF_R,
  PF_W,
  PF_X,
  PHDR_SIZE,
  PT_LOAD,
  SHT_NOBITS,
  type ProgramHeader,
} from '@bpf-ld/elf-reader';
import { alignUp } from '@bpf-ld/elf-writer';
import { classOrder, type ImageSection } from './image-sections.js';
import type { SectionClass, TargetProfile } from './targets/profile.js';

/** Addresses that the command line gives to the first section of a class. */
export interface RequestedAddresses {
  readonly text?: number;
  readonly rodata?: number;
  readonly data?: number;
}

/** Where every section of an image is in memory and in the file. */
export interface AddressPlan {
  /** By section of the image; 0 for what is not loaded. */
  readonly addresses: Float64Array;
  /** File offsets of what is loaded, by section of the image. */
  readonly offsets: Float64Array;
  /** The PT_LOAD segments, in order of address (gABI). */
  readonly segments: readonly ProgramHeader[];
}

/** Bytes at the address 0 in which nothing is, so that no pointer to data is a null pointer. */
const NULL_GUARD = 8;
const CODE_REGION = 2 ** 32;
/** Instructions and 64-bit words: what segments of the `regions` scheme are multiples of. */
const WORD = 8;

/**
 * Gives addresses and file offsets to the loaded sections, which are in the order of
 * `orderSections`.
 *
 * @param otherHeaders program headers besides those of the segments
 */
export function planAddresses(
  sections: readonly ImageSection[],
  target: TargetProfile,
  requested: RequestedAddresses,
  otherHeaders: number,
): { readonly plan: AddressPlan; readonly diagnostics: readonly Diagnostic[] } {
  const groups = groupBySegment(sections, target);
  const planner = new Planner(
    sections,
    target,
    EHDR_SIZE + (groups.length + otherHeaders) * PHDR_SIZE,
  );
  for (const group of groups) planner.add(group, requested);
  const plan = planner.finish();
  const diagnostics = [...planner.diagnostics, ...findOverlaps(sections, plan)];
  return { plan, diagnostics: [...diagnostics, ...checkSize(sections, plan)] };
}

/** Sections of one segment, by their index in the image. */
interface Group {
  readonly class: SectionClass;
  readonly members: readonly number[];
}

function groupBySegment(
  sections: readonly ImageSection[],
  target: TargetProfile,
): readonly Group[] {
  return classOrder(target).flatMap((wanted): Group[] => {
    if (wanted === 'bss') return [];
    const members = sections.flatMap((section, index) => {
      const inSegment = section.class === wanted || (wanted === 'data' && section.class === 'bss');
      return inSegment ? [index] : [];
    });
    return members.length === 0 ? [] : [{ class: wanted, members }];
  });
}

const REQUEST: Readonly<Record<SectionClass, keyof RequestedAddresses>> = {
  code: 'text',
  rodata: 'rodata',
  data: 'data',
  bss: 'data',
};

/** Lays segments behind each other. */
class Planner {
  readonly diagnostics: Diagnostic[] = [];
  readonly #sections: readonly ImageSection[];
  readonly #target: TargetProfile;
  readonly #addresses: Float64Array;
  readonly #offsets: Float64Array;
  readonly #segments: ProgramHeader[] = [];
  /** End of the last segment in the file and in memory. */
  #fileEnd: number;
  #memoryEnd = 0;

  constructor(sections: readonly ImageSection[], target: TargetProfile, headersEnd: number) {
    this.#sections = sections;
    this.#target = target;
    this.#addresses = new Float64Array(sections.length);
    this.#offsets = new Float64Array(sections.length);
    this.#fileEnd = headersEnd;
    if (target.addresses.kind === 'pages') this.#memoryEnd = target.addresses.base;
  }

  add(group: Group, requested: RequestedAddresses): void {
    const first = this.#sections[group.members[0]!]!;
    const wanted = requested[REQUEST[group.class]];
    if (wanted !== undefined && wanted % first.alignment !== 0) {
      this.diagnostics.push(misalignedAddress(first.name, wanted, first.alignment));
    }
    const { address, offset, guard } = this.#start(group, first, wanted);
    let end = address + guard;
    let stored = guard;
    for (const index of group.members) {
      const { alignment, size, type } = this.#sections[index]!;
      const at = alignUp(end, alignment);
      this.#addresses[index] = at;
      this.#offsets[index] = offset + (at - address);
      end = at + size;
      if (type !== SHT_NOBITS) stored = end - address;
    }
    const { kind } = this.#target.addresses;
    const padding = kind === 'regions' ? alignUp(stored, WORD) - stored : 0;
    this.#segments.push({
      type: PT_LOAD,
      flags: this.#permissions(group.class),
      offset: stored > 0 ? offset : this.#offsetOfNothing(address),
      address,
      physicalAddress: address,
      fileSize: stored + padding,
      memorySize: end - address + padding,
      alignment: kind === 'pages' ? this.#target.addresses.pageSize : WORD,
    });
    if (stored + padding > 0) this.#fileEnd = offset + stored + padding;
    this.#memoryEnd = end + padding;
  }

  /**
   * The file offset of a segment without bytes in the file: equal to the address modulo a page, as the gABI wants it of
   * every segment, and not past what the file holds, for strict loaders. Only -Tdata can ask for an address without such
   * an offset.
   */
  #offsetOfNothing(address: number): number {
    const { addresses } = this.#target;
    if (addresses.kind !== 'pages') return this.#fileEnd;
    const within = address % addresses.pageSize;
    const pages = Math.floor((this.#fileEnd - within) / addresses.pageSize);
    return within + Math.max(pages, 0) * addresses.pageSize;
  }

  finish(): AddressPlan {
    const segments = [...this.#segments].sort((a, b) => a.address - b.address);
    return { addresses: this.#addresses, offsets: this.#offsets, segments };
  }

  /** Where a segment begins, and how many bytes of it nothing uses. */
  #start(
    group: Group,
    first: ImageSection,
    wanted: number | undefined,
  ): { readonly address: number; readonly offset: number; readonly guard: number } {
    const scheme = this.#target.addresses;
    const offset = alignUp(this.#fileEnd, first.alignment);
    switch (scheme.kind) {
      case 'offsets':
        return { address: offset, offset, guard: 0 };
      case 'regions': {
        const start = this.#fileEnd;
        if (group.class === 'rodata') return { address: 0, offset: start, guard: NULL_GUARD };
        const address = group.class === 'code' ? CODE_REGION : alignUp(this.#memoryEnd, WORD);
        return { address, offset: start, guard: 0 };
      }
      case 'pages': {
        const { pageSize } = scheme;
        if (wanted !== undefined) {
          const shift = (wanted - this.#fileEnd) % pageSize;
          return {
            address: wanted,
            offset: this.#fileEnd + ((shift + pageSize) % pageSize),
            guard: 0,
          };
        }
        // The segment's own page, at the place in it that the bytes have in the file.
        const page = alignUp(this.#memoryEnd, Math.max(pageSize, first.alignment));
        const hasBytes = first.type !== SHT_NOBITS;
        const within = first.alignment > pageSize || !hasBytes ? 0 : offset % pageSize;
        const shift = (within - offset) % pageSize;
        return {
          address: page + within,
          offset: offset + ((shift + pageSize) % pageSize),
          guard: 0,
        };
      }
    }
  }

  #permissions(of: SectionClass): number {
    if (of === 'code') return this.#target.addresses.kind === 'regions' ? PF_X : PF_R | PF_X;
    return of === 'rodata' ? PF_R : PF_R | PF_W;
  }
}

/** Bytes that alignments may add to the file. */
const GAPS_LIMIT = 64 * 1024 * 1024;

/** An alignment can be any power of two: what it makes of the file is bounded, as in the layout. */
function checkSize(
  sections: readonly ImageSection[],
  { offsets }: AddressPlan,
): readonly Diagnostic[] {
  const stored = sections.filter(
    (section) => section.class !== undefined && section.type !== SHT_NOBITS,
  );
  const limit = stored.reduce((sum, { size }) => sum + size, GAPS_LIMIT);
  const index = sections.findIndex(
    ({ type, size }, i) => type !== SHT_NOBITS && offsets[i]! + size > limit,
  );
  if (index < 0) return [];
  const { name, size } = sections[index]!;
  return [outputTooLarge({ object: 'output', section: name }, offsets[index]! + size, limit)];
}

/** Only addresses that were asked for can make sections overlap. */
function findOverlaps(
  sections: readonly ImageSection[],
  { addresses }: AddressPlan,
): readonly Diagnostic[] {
  const loaded = sections
    .map(({ name, size, class: of }, index) => ({ name, size, of, start: addresses[index]! }))
    .filter(({ of, size }) => of !== undefined && size > 0)
    .sort((a, b) => a.start - b.start);
  const diagnostics: Diagnostic[] = [];
  loaded.forEach((section, i) => {
    const next = loaded[i + 1];
    const end = section.start + section.size;
    if (!next || end <= next.start) return;
    diagnostics.push(
      overlappingSections(section.name, [section.start, end], next.name, [
        next.start,
        next.start + next.size,
      ]),
    );
  });
  return diagnostics;
}
