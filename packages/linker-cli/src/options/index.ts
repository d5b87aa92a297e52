import { buildSystemOptions } from './build-systems.js';
import { debugInfoOptions } from './debug-info.js';
import { diagnosticOptions } from './diagnostics.js';
import { generalOptions } from './general.js';
import { imageOptions } from './image.js';
import { inputOptions } from './inputs.js';
import { outputOptions } from './output.js';
import { reportOptions } from './reports.js';
import { sectionOptions } from './sections.js';
import type { OptionSpec } from './spec.js';
import { symbolOptions } from './symbols.js';

export * from './settings.js';
export * from './spec.js';

/**
 * Every option of the command: the scanner reads command lines by this table, yargs is declared from it, and
 * docs/cli.md is held against it. Names and meanings are those of GNU ld and lld wherever the same thing is meant.
 */
export const options: readonly OptionSpec[] = [
  ...outputOptions,
  ...imageOptions,
  ...inputOptions,
  ...symbolOptions,
  ...sectionOptions,
  ...debugInfoOptions,
  ...reportOptions,
  ...buildSystemOptions,
  ...diagnosticOptions,
  ...generalOptions,
];
