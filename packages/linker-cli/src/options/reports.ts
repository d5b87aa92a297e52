import type { OptionSpec } from './spec.js';

/** What the link tells. */
export const reportOptions: readonly OptionSpec[] = [
  {
    names: ['why-extract'],
    group: 'Reports',
    argument: { placeholder: 'FILE', path: 'written' },
    summary: 'Write which archive members were linked, and why, to FILE; - is standard output',
    apply: (settings, value) => {
      settings.whyExtract = value;
    },
  },
  {
    names: ['print-gc-sections'],
    group: 'Reports',
    summary: 'Print each function and variable that --gc-sections leaves out',
    apply: (settings) => {
      settings.printGcSections = true;
    },
  },
  {
    names: ['no-print-gc-sections'],
    group: 'Reports',
    summary: 'Do not print what --gc-sections leaves out (the default)',
    apply: (settings) => {
      settings.printGcSections = false;
    },
  },
  {
    names: ['print-icf-sections'],
    group: 'Reports',
    summary: 'Print each function that --icf keeps for others, and those that it folds into it',
    apply: (settings) => {
      settings.printIcfSections = true;
    },
  },
  {
    names: ['no-print-icf-sections'],
    group: 'Reports',
    summary: 'Do not print what --icf folds (the default)',
    apply: (settings) => {
      settings.printIcfSections = false;
    },
  },
  {
    names: ['why-live'],
    group: 'Reports',
    argument: { placeholder: 'SYMBOL', repeatable: true },
    summary: 'Print what keeps SYMBOL under --gc-sections, from a root on; can be repeated',
    apply: (settings, value) => {
      settings.whyLive.push(value);
    },
  },
  {
    names: ['Map'],
    group: 'Reports',
    argument: { placeholder: 'FILE', path: 'written' },
    summary: 'Write a link map to FILE; - is standard output',
    apply: (settings, value) => {
      settings.mapFile = value;
    },
  },
  {
    names: ['print-map', 'M'],
    group: 'Reports',
    summary: 'Print a link map',
    apply: (settings) => {
      settings.printMap = true;
    },
  },
  {
    names: ['print-disassembly'],
    group: 'Reports',
    argument: { placeholder: 'SYMBOL', absent: '', repeatable: true },
    summary: 'Print the linked code as assembly (default: all of it); can be repeated',
    apply: (settings, value) => {
      settings.printDisassembly.push(value);
    },
  },
  {
    names: ['trace', 't'],
    group: 'Reports',
    summary: 'Print the name of each input',
    apply: (settings) => {
      settings.trace = true;
    },
  },
  {
    names: ['trace-symbol', 'y'],
    group: 'Reports',
    argument: { placeholder: 'SYMBOL', repeatable: true },
    summary: 'Print each input that defines or references SYMBOL; can be repeated',
    apply: (settings, value) => {
      settings.traceSymbols.push(value);
    },
  },
  {
    names: ['stats'],
    group: 'Reports',
    summary: 'Print what was merged, resolved and laid out',
    apply: (settings) => {
      settings.stats = true;
    },
  },
  {
    names: ['time'],
    group: 'Reports',
    summary: 'Print how long each pass took',
    apply: (settings) => {
      settings.time = true;
    },
  },
  {
    names: ['cref'],
    group: 'Reports',
    summary: 'Print who defines and who references each global symbol, or write it into the map',
    apply: (settings) => {
      settings.crossReferences = true;
    },
  },
  {
    names: ['time-trace'],
    group: 'Reports',
    argument: { placeholder: 'FILE', path: 'written', absent: '', ending: '.json' },
    summary: 'Write a trace for chrome://tracing to FILE (default: OUTPUT.time-trace)',
    apply: (settings, value) => {
      settings.timeTrace = value;
    },
  },
];
