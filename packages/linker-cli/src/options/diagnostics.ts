import { defaultErrorLimit, type ColorMode, type Settings } from './settings.js';
import type { OptionSpec } from './spec.js';

/** How errors and warnings are shown. */
export const diagnosticOptions: readonly OptionSpec[] = [
  {
    names: ['diagnostics-format'],
    group: 'Diagnostics',
    argument: { placeholder: 'FORMAT', choices: ['text', 'json', 'sarif'] },
    summary: 'Print diagnostics as text (the default), or as one line of JSON or of SARIF 2.1.0',
    apply: (settings, value) => {
      settings.diagnosticsFormat = value as Settings['diagnosticsFormat'];
    },
  },
  {
    names: ['color-diagnostics'],
    group: 'Diagnostics',
    argument: { placeholder: 'WHEN', choices: ['auto', 'always', 'never'], absent: 'always' },
    summary: 'Colour diagnostics: auto (the default; on a terminal), always or never',
    apply: (settings, value) => {
      settings.color = value as ColorMode;
    },
  },
  {
    names: ['no-color-diagnostics'],
    group: 'Diagnostics',
    summary: 'The same as --color-diagnostics=never',
    apply: (settings) => {
      settings.color = 'never';
    },
  },
  {
    names: ['error-limit'],
    group: 'Diagnostics',
    argument: { placeholder: 'N', count: true },
    summary: `Stop printing after N errors; 0 prints all (default: ${defaultErrorLimit})`,
    apply: (settings, value) => {
      settings.errorLimit = Number(value);
    },
  },
  {
    names: ['fatal-warnings'],
    group: 'Diagnostics',
    summary: 'Treat warnings as errors',
    apply: (settings) => {
      settings.fatalWarnings = true;
    },
  },
  {
    names: ['no-fatal-warnings'],
    group: 'Diagnostics',
    summary: 'Do not treat warnings as errors (the default)',
    apply: (settings) => {
      settings.fatalWarnings = false;
    },
  },
  {
    names: ['no-warnings', 'w'],
    group: 'Diagnostics',
    summary: 'Do not print warnings',
    apply: (settings) => {
      settings.noWarnings = true;
    },
  },
];
