/** The documentation holds what it promises: links lead somewhere, and code blocks compile and run. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fromRoot } from '../support/paths.js';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs/ARCHITECTURE.md',
  'docs/cli.md',
  'docs/coverage.md',
  'docs/disassembly.md',
  'docs/library.md',
  'docs/machines.md',
  'examples/README.md',
  'examples/build-systems/README.md',
  'test/machines/README.md',
  'bench/RESULTS.md',
];

/** Pages whose TypeScript blocks are whole programs; they find two objects as a.o and b.o. */
const PAGES_WITH_PROGRAMS = ['README.md', 'docs/disassembly.md', 'docs/library.md'];

const LINK = /\]\((?!https?:)([^)#\s]+)/g;
const PROGRAM = /^```ts\n(.*?)^```$/gms;

for (const page of PAGES) {
  test(`the links of ${page} lead somewhere`, () => {
    const targets = [...readFileSync(fromRoot(page), 'utf8').matchAll(LINK)].map(([, to]) => to!);
    const dead = targets.filter((target) => !existsSync(fromRoot(dirname(page), target)));
    assert.deepEqual(dead, []);
  });
}

describe('the programs in the documentation', () => {
  // Below test/dist the compiler and node resolve the packages as a user's project would.
  const folder = fromRoot('test/dist/documentation');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const programs = PAGES_WITH_PROGRAMS.flatMap((page) =>
    [...readFileSync(fromRoot(page), 'utf8').matchAll(PROGRAM)].map(([, text], index) => {
      const name = `${page.replaceAll(/\W/g, '-')}-${index + 1}`;
      writeFileSync(join(folder, `${name}.mts`), text!);
      return { name, title: `number ${index + 1} of ${page}` };
    }),
  );
  const config = {
    extends: '../../../tsconfig.base.json',
    compilerOptions: {
      composite: false,
      declaration: false,
      isolatedDeclarations: false,
      noUnusedLocals: false,
      types: ['node'],
    },
    include: ['*.mts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  copyFileSync(fromRoot('examples/xdp-filter/filter.o'), join(folder, 'a.o'));
  copyFileSync(fromRoot('examples/xdp-filter/parser.o'), join(folder, 'b.o'));

  test('compile', () => {
    const compiler = fromRoot('node_modules/typescript/bin/tsc');
    const run = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
    assert.equal(run.stdout, '');
    assert.equal(run.status, 0);
  });

  for (const { name, title } of programs) {
    test(`${title} runs`, () => {
      const run = spawnSync(process.execPath, [`${name}.mjs`], { cwd: folder, encoding: 'utf8' });
      assert.equal(run.status, 0, run.stderr);
    });
  }
});
