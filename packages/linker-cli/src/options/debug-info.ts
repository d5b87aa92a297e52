import type { Settings } from './settings.js';
import type { OptionSpec } from './spec.js';

/** What becomes of DWARF and of line records. */
export const debugInfoOptions: readonly OptionSpec[] = [
  {
    names: ['strip-debug', 'S'],
    group: 'Debug information',
    summary: 'Leave out debugging sections; BTF stays, loaders need it',
    apply: (settings) => {
      settings.stripDebug = true;
    },
  },
  {
    names: ['strip-all', 's'],
    group: 'Debug information',
    summary: 'The same, and leave out symbols that neither relocations nor loaders need',
    apply: (settings) => {
      settings.stripAll = true;
    },
  },
  {
    names: ['compress-debug-sections'],
    group: 'Debug information',
    argument: { placeholder: 'HOW', choices: ['none', 'zlib'] },
    summary: 'Compress debugging sections: zlib, or none (the default)',
    apply: (settings, value) => {
      settings.compressDebugSections = value as Settings['compressDebugSections'];
    },
  },
  {
    names: ['separate-debug-file'],
    group: 'Debug information',
    argument: { placeholder: 'FILE', path: 'written' },
    summary: 'Write debugging sections to FILE, and its name to the linked object',
    apply: (settings, value) => {
      settings.separateDebugFile = value;
    },
  },
  {
    names: ['no-btf-ext-lines'],
    group: 'Debug information',
    summary: 'Leave the line records out of .BTF.ext',
    apply: (settings) => {
      settings.btfExtLines = false;
    },
  },
];
