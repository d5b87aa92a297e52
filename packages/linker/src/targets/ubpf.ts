import { ET_EXEC } from '@bpf-ld/elf-reader';
import { IMAGE_BASE } from './bpf.js';
import { foldByKind, classByFlags } from './sections.js';
import type { TargetProfile } from './profile.js';
import { littleEndian, noMaps } from './rules.js';

/** uBPF (iovisor/ubpf) and rbpf: machines that run bytes of code from the first instruction on. */
export const ubpf: TargetProfile = {
  name: 'ubpf',
  outputs: ['static'],
  sectionName: foldByKind,
  sectionClass: classByFlags,
  addresses: { kind: 'pages', base: IMAGE_BASE, pageSize: 4096 },
  takesAddresses: true,
  hasKernel: false,
  entry: undefined,
  entryFirst: true,
  flags: 0,
  staticType: ET_EXEC,
  undefinedCalls: 'error',
  callRegister: 'inputs',
  relativeWord: 'whole',
  hashStyle: 'both',
  rules: [littleEndian, noMaps],
};
