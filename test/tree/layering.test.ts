import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fromRoot } from '../support/paths.js';
import { importCycles, importTable, layeringViolations, useOf, type Row } from './layering.js';
import { manifestOf, packageNames, sourceFiles, type SourceFile } from './source-files.js';

/** A file longer than this holds more than one matter. */
const MOST_LINES = 600;

const sources = new Map(
  packageNames().map((name) => [name, sourceFiles(`packages/${name}/src`)] as const),
);

test('the import table has a row for every package, and no other', () => {
  assert.deepEqual(Object.keys(importTable).sort(), packageNames());
});

for (const [name, files] of sources) {
  const row = importTable[name];
  if (row === undefined) continue;
  describe(name, () => {
    test('imports and touches only what its row allows', () => {
      assert.deepEqual(layeringViolations(name, row, files), []);
    });

    test('declares the dependencies it imports, and no other', () => {
      assert.deepEqual(Object.keys(manifestOf(name).dependencies).sort(), importedPackages(files));
    });

    test('references the projects of its dependencies', () => {
      const config = JSON.parse(
        readFileSync(fromRoot('packages', name, 'tsconfig.json'), 'utf8'),
      ) as { references: readonly { path: string }[] };
      assert.deepEqual(
        config.references.map(({ path }) => path).sort(),
        Object.keys(manifestOf(name).dependencies)
          .filter((dependency) => dependency.startsWith('@bpf-ld/'))
          .map((dependency) => dependency.replace('@bpf-ld/', '../'))
          .sort(),
      );
    });

    test('has no import cycle', () => {
      assert.deepEqual(importCycles(files), []);
    });
  });
}

test(`no source file has more than ${MOST_LINES} lines`, () => {
  const long = ['packages', 'test', 'bench', 'scripts']
    .filter((folder) => existsSync(fromRoot(folder)))
    .flatMap((folder) => sourceFiles(folder))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > MOST_LINES);
  assert.deepEqual(long, []);
});

describe('the checker', () => {
  const row: Row = {
    ours: ['elf-reader'],
    npm: ['lru-cache'],
    node: { 'node:fs': ['files.ts'] },
    touchesProcess: false,
  };
  const violations = (text: string, name = 'a.ts'): readonly string[] =>
    layeringViolations('linker', row, [file(name, text)]);

  for (const [what, text] of [
    ['a package outside the row', `import { x } from '@bpf-ld/btf';`],
    ['a type from a package outside the row', `import type { X } from '@bpf-ld/btf';`],
    ['a re-export', `export * from '@bpf-ld/btf';`],
    ['a dynamic import', `await import('@bpf-ld/btf');`],
    ['a computed import', `await import(name);`],
    ['an npm package outside the row', `import yargs from 'yargs';`],
    ['a node: module outside its file', `import { existsSync, readFileSync } from 'node:fs';`],
    ["another package's file", `import { x } from '../../btf/src/index.js';`],
    ['process', `process.exit(1);`],
    ['process through globalThis', `globalThis.process.exit(1);`],
    ['console', `console.log(1);`],
    ['console as a value', `const log = console;`],
  ] as const) {
    test(`reports ${what}`, () => assert.equal(violations(text).length, 1));
  }

  for (const [what, text, name] of [
    ['what the row allows', `import { Cursor } from '@bpf-ld/elf-reader';`, 'a.ts'],
    [
      'a node: module in its file',
      `import { existsSync, readFileSync } from 'node:fs';`,
      'files.ts',
    ],
    ['any node: module in a test', `import test from 'node:test';`, 'a.test.ts'],
    ['properties of those names', `const x = { process: 1 }; x.process;`, 'a.ts'],
    ['words in comments and text', `// process\nexport const x = "import 'yargs'";`, 'a.ts'],
  ] as const) {
    test(`accepts ${what}`, () => assert.deepEqual(violations(text, name), []));
  }

  test('reports a cycle through a type import', () => {
    const files = [
      file('a.ts', `import { b } from './b.js';`),
      file('b.ts', `import type { A } from './c.js';`),
      file('c.ts', `export * from './a.js';`),
    ];
    assert.equal(importCycles(files).length, 1);
    assert.deepEqual(importCycles(files.slice(0, 2)), []);
  });
});

/** The packages the sources (tests aside) import, as package.json names them. */
function importedPackages(files: readonly SourceFile[]): readonly string[] {
  const names = files
    .filter(({ path }) => !path.endsWith('.test.ts'))
    .flatMap((source) => useOf(source).imports)
    .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0]);
  return [...new Set(names)].sort();
}

function file(name: string, text: string): SourceFile {
  return { path: `packages/linker/src/${name}`, text };
}
