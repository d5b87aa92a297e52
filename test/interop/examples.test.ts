import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pinnedClang, pinnedCompilersInstalled } from '../support/build.js';
import { bpfLd, fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';
import { exampleNames } from './examples.js';

// The committed objects of the examples are what their Makefiles make of their sources, wherever
// the folder lies; and the Makefiles link them.

const make = peer('make');
const clang = peer('clang-19');
const otherClang = clang.missing === undefined && !pinnedCompilersInstalled();
const rebuild = otherClang ? { skip: `clang is not ${pinnedClang}` } : needs(make, clang);

const copy = mkdtempSync(join(tmpdir(), 'bpf-ld-examples-'));
after(() => rmSync(copy, { recursive: true, force: true }));

describe('examples', () => {
  cpSync(fromRoot('examples'), copy, {
    recursive: true,
    filter: (path) => !path.endsWith('/out'),
  });

  for (const name of exampleNames) {
    it(`${name} links by its Makefile`, needs(make), () => {
      run(name, `BPF_LD=${process.execPath} ${bpfLd}`);
      assert.ok(readFileSync(join(copy, name, 'out', `${name}.o`)).length > 0);
    });

    it(`${name} compiles to the committed objects`, rebuild, () => {
      run(name, 'objects');
      const objects = readdirSync(join(copy, name)).filter((file) => file.endsWith('.o'));
      assert.ok(objects.length > 2, 'there are objects');
      for (const file of objects) {
        const committed = readFileSync(fromRoot('examples', name, file));
        assert.ok(readFileSync(join(copy, name, file)).equals(committed), `${file} differs`);
      }
    });
  }
});

function run(name: string, ...args: readonly string[]): void {
  const made = spawnSync(make.path, ['-s', '-C', join(copy, name), ...args], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  assert.equal(made.stderr, '', 'no warnings');
}
