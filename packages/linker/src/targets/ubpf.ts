import { ET_EXEC } from '@bpf-ld/elf-reader';
import { IMAGE_BASE } from './bpf.js';
import type { TargetProfile } from './profile.js';
import { littleEndian, noMaps } from './rules.js';
import { classByFlags, foldByKind, foldToWritable } from './sections.js';
import {
  codeFlags,
  codeRelocations,
  dataFlags,
  entryFirst,
  functionSymbols,
  instructionSet,
  oneStringTable,
  objectHeader,
  sectionCount,
} from './ubpf-rules.js';

/**
 * uBPF (iovisor/ubpf): objects for its own loader, and executables for hosts that load segments
 * themselves and hand it the code, which it runs from the first instruction on.
 */
export const ubpf: TargetProfile = {
  name: 'ubpf',
  outputs: ['relocatable', 'static'],
  sectionName: foldByKind,
  objectSectionName: foldToWritable,
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
  rules: [
    littleEndian,
    noMaps,
    objectHeader,
    sectionCount,
    oneStringTable,
    codeFlags,
    dataFlags,
    functionSymbols,
    codeRelocations,
    entryFirst,
    instructionSet,
  ],
};
