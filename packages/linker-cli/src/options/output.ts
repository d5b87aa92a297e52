import { defaultOutput } from './settings.js';
import type { OptionSpec } from './spec.js';

/** What is linked, and where it goes. */
export const outputOptions: readonly OptionSpec[] = [
  {
    names: ['output', 'o'],
    group: 'Output',
    argument: { placeholder: 'FILE', path: 'written' },
    summary: `Write the linked object to FILE; - is standard output (default: ${defaultOutput})`,
    apply: (settings, value) => {
      settings.output = value;
    },
  },
  {
    names: ['verify'],
    group: 'Output',
    summary: 'Check every entry of the finished object against the plan of the link',
    apply: (settings) => {
      settings.verify = true;
    },
  },
];
