/** Executables and shared objects: debug information has the addresses of the image, and says what the inputs' say. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { link, type LinkOptions } from '@bpf-ld/linker';
import { fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';
import { imageInstructions, symbolize, symbolizeFile, verifyDebugInfo } from './judges.js';

const symbolizer = peer('llvm-symbolizer-19');
const dwarfdump = peer('llvm-dwarfdump-19');
const readelf = peer('readelf');
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-debug-'));
after(() => rmSync(work, { recursive: true, force: true }));

const helpers = new Map([
  ['machine_say', 5],
  ['machine_time', 6],
]);
const ENTRIES: Readonly<Record<string, string>> = {
  'image-static': 'static_go',
  'image-static-be': 'big_go',
};

const kinds: readonly (readonly [how: string, options: LinkOptions])[] = [
  ['static', { output: 'static' }],
  ['shared', { output: 'shared' }],
  ['static, at addresses', { output: 'static', image: { addresses: { text: 0x40_0000 } } }],
  ['static, without what nothing needs', { output: 'static', gc: {} }],
  ['static, with a record of relocations', { output: 'static', image: { emitRelocations: true } }],
  ['static, compressed', { output: 'static', compressDebug: true }],
  ['shared, compressed', { output: 'shared', compressDebug: true }],
];

describe('debug information of images', needs(symbolizer, dwarfdump, readelf), () => {
  for (const name of ['image-static', 'image-static-be']) {
    const inputs = ['a.o', 'b.o'].map(
      (file) => new Uint8Array(readFileSync(fromRoot('test/cases', name, file))),
    );
    const named = inputs.map((bytes, i) => ({ name: String(i), bytes }));
    for (const [how, options] of kinds) {
      it(`${name}, ${how}`, () => {
        const image = { ...options.image, helpers, entry: ENTRIES[name]! };
        const result = link({ inputs: named, options: { ...options, image, verify: true } });
        assert.ok(result.ok, JSON.stringify(result.diagnostics));
        const file = join(work, 'out.elf');
        writeFileSync(file, result.image);
        assert.equal(verifyDebugInfo(dwarfdump, file), '');
        const read = spawnSync(readelf.path, ['-aW', file], { encoding: 'utf8' });
        assert.equal(read.stderr, '');
        assert.match(read.stdout, /\.debug_info/);

        const moved = imageInstructions(inputs, result.map());
        assert.ok(moved.length > 10);
        const addresses = moved.map(({ outputAddress }) => outputAddress);
        const answers = symbolizeFile(symbolizer, file, addresses);
        inputs.forEach((bytes, input) => {
          const own = moved.flatMap((m, i) => (m.input === input ? [{ ...m, i }] : []));
          const asked = own.map(({ inputAddress }) => inputAddress);
          const found = own.map(({ i }) => answers[i]);
          assert.deepEqual(found, symbolize(symbolizer, join(work, 'in.o'), bytes, asked));
        });
      });
    }
  }
});
