import { ET_DYN, ET_EXEC } from '@bpf-ld/elf-reader';
import type { SectionClass, TargetProfile } from './profile.js';
import { littleEndian, noMaps } from './rules.js';
import { ownFrames } from './sbf-frames.js';
import { instructionSet } from './sbf-instructions.js';
import {
  addressIsOffset,
  calls,
  dynamicSection,
  entryInText,
  fileOrder,
  hashedCalls,
  header,
  noRelocations,
  oneText,
  readOnlyData,
  relocationTypes,
  sectionNames,
  segmentOrder,
  strictHeader,
  strictSegments,
  symbolNames,
  wholeInstructions,
} from './sbf-rules.js';
import { classByFlags, foldByKind } from './sections.js';

/** `.data.rel.ro` is only written by the loader. */
function sectionClass(section: {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
}): SectionClass {
  return section.name === '.data.rel.ro' ? 'rodata' : classByFlags(section);
}

/** What the versions of Solana's machine (anza-xyz/sbpf) have in common. */
const solana = {
  sectionName: foldByKind,
  sectionClass,
  takesAddresses: false,
  hasKernel: false,
  entry: 'entrypoint',
  entryFirst: false,
  hashStyle: 'none',
} as const satisfies Partial<TargetProfile>;

/** Versions 0 to 2: a shared object that the loader relocates. */
const relocated = {
  ...solana,
  outputs: ['shared'],
  addresses: { kind: 'offsets' },
  staticType: ET_EXEC,
  undefinedCalls: 'loader',
  relativeWord: 'upper-half',
} as const satisfies Partial<TargetProfile>;

/** What the loader of versions 0 to 2 asks for. */
const lenientRules = [
  littleEndian,
  noMaps,
  oneText,
  readOnlyData,
  sectionNames,
  symbolNames,
  fileOrder,
  segmentOrder,
  addressIsOffset,
  dynamicSection,
  relocationTypes,
  entryInText,
  wholeInstructions,
  calls,
];

export const sbfV0: TargetProfile = {
  ...relocated,
  name: 'sbf-v0',
  flags: 0,
  callRegister: 'imm',
  rules: [header(0), ...lenientRules, instructionSet('sbf-v0')],
};

export const sbfV1: TargetProfile = {
  ...relocated,
  name: 'sbf-v1',
  flags: 1,
  callRegister: 'imm',
  rules: [header(1), ...lenientRules, instructionSet('sbf-v1'), ownFrames],
};

export const sbfV2: TargetProfile = {
  ...relocated,
  name: 'sbf-v2',
  flags: 2,
  callRegister: 'src',
  rules: [header(2), ...lenientRules, instructionSet('sbf-v2'), ownFrames],
};

/** Version 3: fixed addresses and no relocations. */
export const sbfV3: TargetProfile = {
  ...solana,
  name: 'sbf-v3',
  outputs: ['static'],
  addresses: { kind: 'regions' },
  flags: 3,
  staticType: ET_DYN,
  undefinedCalls: 'hash',
  callRegister: 'dst',
  relativeWord: 'whole',
  rules: [
    littleEndian,
    strictHeader,
    noMaps,
    readOnlyData,
    strictSegments,
    noRelocations,
    entryInText,
    wholeInstructions,
    hashedCalls,
    instructionSet('sbf-v3'),
  ],
};
