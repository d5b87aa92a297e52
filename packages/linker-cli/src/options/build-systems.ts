import type { OptionSpec } from './spec.js';

/** What build systems ask for. */
export const buildSystemOptions: readonly OptionSpec[] = [
  {
    names: ['dependency-file'],
    group: 'Build systems',
    argument: { placeholder: 'FILE', path: 'written' },
    summary: 'Write to FILE what the output depends on, as a rule for make and ninja',
    apply: (settings, value) => {
      settings.dependencyFile = value;
    },
  },
  {
    names: ['reproduce'],
    group: 'Build systems',
    argument: { placeholder: 'FILE', path: 'written' },
    summary: 'Write a tar to FILE with all that it takes to repeat the link',
    apply: (settings, value) => {
      settings.reproduce = value;
    },
  },
  {
    names: ['watch'],
    group: 'Build systems',
    summary: 'Link again whenever an input changes, until interrupted',
    apply: (settings) => {
      settings.watch = true;
    },
  },
];
