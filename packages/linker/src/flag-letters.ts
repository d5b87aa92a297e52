import {
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHF_GNU_RETAIN,
  SHF_MERGE,
  SHF_STRINGS,
  SHF_WRITE,
} from '@bpf-ld/elf-reader';

const LETTERS: readonly (readonly [flag: number, letter: string])[] = [
  [SHF_WRITE, 'W'],
  [SHF_ALLOC, 'A'],
  [SHF_EXECINSTR, 'X'],
  [SHF_MERGE, 'M'],
  [SHF_STRINGS, 'S'],
  [SHF_GNU_RETAIN, 'R'],
];

/** Section flags as readelf's letters, other bits in hexadecimal; `-` for none. */
export function flagLetters(flags: number): string {
  let text = '';
  let rest = flags;
  for (const [flag, letter] of LETTERS) {
    if ((flags & flag) !== 0) text += letter;
    rest &= ~flag;
  }
  if (rest !== 0) text += `+0x${(rest >>> 0).toString(16)}`;
  return text || '-';
}
