import { ET_EXEC } from '@bpf-ld/elf-reader';
import type { TargetProfile } from './profile.js';
import { classByFlags, foldSubsection } from './sections.js';

/** Addresses of images begin here: beyond what hosts map at fixed places, below 1 << 32. */
export const IMAGE_BASE = 0x1000_0000;

/** BPF as a kernel or a runtime of one's own takes it: no rules beyond those of ELF. */
export const bpf: TargetProfile = {
  name: 'bpf',
  outputs: ['relocatable', 'static', 'shared'],
  sectionName: foldSubsection,
  sectionClass: classByFlags,
  addresses: { kind: 'pages', base: IMAGE_BASE, pageSize: 4096 },
  takesAddresses: true,
  hasKernel: true,
  entry: undefined,
  entryFirst: false,
  flags: 'inputs',
  staticType: ET_EXEC,
  undefinedCalls: 'error',
  callRegister: 'inputs',
  relativeWord: 'whole',
  hashStyle: 'both',
  rules: [],
};
