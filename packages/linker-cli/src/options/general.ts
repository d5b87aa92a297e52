import type { OptionSpec } from './spec.js';

/** Help, version and verbosity. */
export const generalOptions: readonly OptionSpec[] = [
  {
    names: ['verbose'],
    group: 'General',
    summary: 'Print notes, and the same as --trace and --stats',
    apply: (settings) => {
      settings.verbose = true;
      settings.trace = true;
      settings.stats = true;
    },
  },
  {
    names: ['v'],
    group: 'General',
    summary: 'Print the version, then link if there are inputs',
    apply: (settings) => {
      settings.version ??= 'line';
    },
  },
  {
    names: ['version'],
    group: 'General',
    summary: 'Print the version and exit',
    apply: (settings) => {
      settings.version = 'only';
    },
  },
  {
    names: ['help', 'h'],
    group: 'General',
    summary: 'Print this help and exit',
    apply: (settings) => {
      settings.help = true;
    },
  },
];
