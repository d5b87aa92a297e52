import { SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE, SHT_NOBITS, type Section } from '@bpf-ld/elf-reader';
import type { SectionClass } from './profile.js';

/** As default scripts of GNU ld do: `.rodata.str1.1` goes to `.rodata`, and so on. */
export function foldSubsection({ name, flags }: Section): string {
  if ((flags & SHF_ALLOC) === 0) return name;
  const stem = /^(\.text|\.rodata|\.data\.rel\.ro|\.data|\.bss)(\.|$)/.exec(name)?.[1];
  return stem ?? name;
}

/** One section of each kind: machines without maps find code and data by name or by segment. */
export function foldByKind(section: Section): string {
  const { name, type, flags } = section;
  if ((flags & SHF_ALLOC) === 0 || name === '.maps' || name === 'maps') return name;
  if ((flags & SHF_EXECINSTR) !== 0) return '.text';
  if (type === SHT_NOBITS) return '.bss';
  if (/^\.data\.rel\.ro(\.|$)/.test(name)) return '.data.rel.ro';
  return (flags & SHF_WRITE) === 0 ? '.rodata' : '.data';
}

/** By flags, as a segment has them. */
export function classByFlags({
  type,
  flags,
}: {
  readonly type: number;
  readonly flags: number;
}): SectionClass {
  if ((flags & SHF_EXECINSTR) !== 0) return 'code';
  if (type === SHT_NOBITS) return 'bss';
  return (flags & SHF_WRITE) === 0 ? 'rodata' : 'data';
}

/** All data in one section that is written to: the only kind of which uBPF's loader gives addresses. */
export function foldToWritable(section: Section): string {
  const kind = foldByKind(section);
  return kind === '.rodata' || kind === '.bss' || kind === '.data.rel.ro' ? '.data' : kind;
}
