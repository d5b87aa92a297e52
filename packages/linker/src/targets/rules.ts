import { ET_REL } from '@bpf-ld/elf-reader';
import type { TargetRule } from './profile.js';

/** Rules that more than one machine has. */

export const littleEndian: TargetRule = {
  name: 'little-endian',
  about: 'Only little endian files are read.',
  fix: 'compile with -target bpfel',
  *check({ elf }) {
    if (!elf.littleEndian) yield { message: 'the image is big endian' };
  },
};

export const noMaps: TargetRule = {
  name: 'no-maps',
  about: 'There are no maps: a kernel makes them.',
  fix: 'pass data through the context or through functions of the machine',
  *check({ elf }) {
    if (elf.type === ET_REL) return;
    for (const { index, name } of elf.sections) {
      if (name !== '.maps' && name !== 'maps') continue;
      yield { message: `${name} defines maps, which need a kernel`, section: index, offset: 0 };
    }
  },
};
