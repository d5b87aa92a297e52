import type { OptionSpec } from './spec.js';

/** What stays in the output, and how it is folded. */
export const sectionOptions: readonly OptionSpec[] = [
  {
    names: ['gc-sections'],
    group: 'Sections',
    summary: 'Leave out functions and variables that no program, map or kept name needs',
    apply: (settings) => {
      settings.gcSections = true;
    },
  },
  {
    names: ['no-gc-sections'],
    group: 'Sections',
    summary: 'Keep functions and variables that nothing needs (the default)',
    apply: (settings) => {
      settings.gcSections = false;
    },
  },
  {
    names: ['gc-keep-exported'],
    group: 'Sections',
    summary: 'With --gc-sections, keep global definitions that are not hidden',
    apply: (settings) => {
      settings.gcKeepExported = true;
    },
  },
  {
    names: ['gc-maps'],
    group: 'Sections',
    summary: 'With --gc-sections, leave out maps, too, that nothing needs',
    apply: (settings) => {
      settings.gcMaps = true;
    },
  },
  {
    names: ['keep-section'],
    group: 'Sections',
    argument: { placeholder: 'NAME', repeatable: true },
    summary: 'With --gc-sections, keep the input sections called NAME; can be repeated',
    apply: (settings, value) => {
      settings.keepSections.push(value);
    },
  },
  {
    names: ['icf'],
    group: 'Sections',
    argument: { placeholder: 'WHICH', choices: ['none', 'safe', 'all'] },
    summary:
      'Fold identical local functions of .text into one: all, those whose address is not taken (safe), or none (the default)',
    apply: (settings, value) => {
      settings.icf = value as typeof settings.icf;
    },
  },
  {
    names: ['O'],
    group: 'Sections',
    argument: { placeholder: 'LEVEL', choices: ['0', '1', '2'] },
    summary:
      '2: strings that are the ends of others share their bytes; 0 and 1 (the default): they do not',
    apply: (settings, value) => {
      settings.optimization = value;
    },
  },
];
