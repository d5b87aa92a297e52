/** `npm start`: builds bpf-ld, links an example from its committed objects and shows what the link did. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { build } from './build.mjs';
import { root, setUp } from './setup.mjs';

const EXAMPLE = 'examples/xdp-filter';
const OUTPUT = 'out/xdp-filter.o';

setUp();
process.stdout.write('build: compiling the packages ... ');
const messages = await build('packages/linker-cli');
if (messages !== '') {
  console.log('failed');
  console.error(messages);
  process.exit(1);
}
console.log('done');

// whole.o is the same program compiled as one file, kept for comparison.
const objects = readdirSync(root + EXAMPLE)
  .filter((name) => name.endsWith('.o') && name !== 'whole.o')
  .sort();
mkdirSync(`${root}out`, { recursive: true });
rmSync(root + OUTPUT, { force: true });
const args = [...objects, '-o', `../../${OUTPUT}`, '--print-map', '--stats', '--verify'];
console.log(`\n$ cd ${EXAMPLE}\n$ bpf-ld ${args.join(' ')}\n`);
const link = spawnSync(process.execPath, [`${root}packages/linker-cli/dist/bpf-ld.cjs`, ...args], {
  cwd: root + EXAMPLE,
  stdio: ['ignore', 'inherit', 'inherit'],
});
const written = statSync(root + OUTPUT, { throwIfNoEntry: false });
if (link.status === 0 && written !== undefined) {
  console.log(`\nLinked ${objects.length} objects into ${OUTPUT}, ${written.size} bytes.`);
} else {
  console.error(`\nThe link failed with status ${link.status}.`);
  process.exitCode = 1;
}
