/** Where the parts of a measurement are. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, with a trailing separator. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url));
export const BENCH = join(ROOT, 'bench');
/** Everything generated; not under version control. */
export const WORK = join(BENCH, 'work');
/** The command as one file, as it is published. */
export const COMMAND = join(ROOT, 'packages/linker-cli/dist/bpf-ld.cjs');

/**
 * Whether the module is the program that was started.
 *
 * @param {string} url the module's import.meta.url
 */
export function isMain(url) {
  return process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(url);
}
