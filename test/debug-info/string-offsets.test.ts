/** Offsets in .debug_str_offsets that have no relocations: they mean the strings that they would mean with them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { link, type LinkOptions } from '@bpf-ld/linker';
import { fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';
import { readRawObject, SHT } from '../support/raw-object.js';

const dwarfdump = peer('llvm-dwarfdump-19');
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-debug-'));
after(() => rmSync(work, { recursive: true, force: true }));

const folder = fromRoot('examples/xdp-filter');
const objects = readdirSync(folder)
  .filter((name) => name.endsWith('.o') && name !== 'whole.o')
  .sort()
  .map((name) => new Uint8Array(readFileSync(join(folder, name))));

/** The fields hold what their relocations add nothing to: without these they say the same of the object alone. */
function withoutStringRelocations(object: Uint8Array): Uint8Array {
  const { sections } = readRawObject(object);
  const bytes = object.slice();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = sections.find(({ name }) => name === '.rel.debug_str_offsets')!;
  assert.equal(found.type, SHT.REL);
  // SHT_NULL: no section at all.
  view.setUint32(Number(view.getBigUint64(40, true)) + found.index * 64 + 4, 0, true);
  return bytes;
}

function linked(inputs: readonly Uint8Array[], options: LinkOptions = {}) {
  const named = inputs.map((bytes, i) => ({ name: `${i}.o`, bytes }));
  const result = link({ inputs: named, options: { ...options, verify: true } });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  return result;
}

function dump(name: string, image: Uint8Array): string {
  const file = join(work, name);
  writeFileSync(file, image);
  const verified = spawnSync(dwarfdump.path, ['--verify', file], { encoding: 'utf8' });
  assert.equal(verified.status, 0, verified.stdout);
  const { stdout } = spawnSync(dwarfdump.path, ['-a', file], { encoding: 'utf8' });
  return stdout.replaceAll(file, 'FILE');
}

describe('string offsets without relocations', needs(dwarfdump), () => {
  const bare = objects.map(withoutStringRelocations);

  it('name what they name in each object', () => {
    objects.forEach((object, i) => assert.equal(dump('a.o', bare[i]!), dump('b.o', object)));
  });

  for (const [how, options] of [
    ['a relocatable object', {}],
    ['an executable', { output: 'static' }],
  ] as const) {
    it(`get what relocations would make of them in ${how}`, () => {
      const expected = linked(objects, options).image;
      const found = linked(bare, options).image;
      assert.equal(dump('found.o', found), dump('expected.o', expected));
      assert.deepEqual(found, expected);
    });
  }

  it('stay, with a warning, where they are behind the strings', () => {
    const [first, second, ...rest] = bare as [Uint8Array, Uint8Array, ...Uint8Array[]];
    const table = readRawObject(second).sections.find(({ name }) => name === '.debug_str_offsets')!;
    const broken = second.slice();
    const view = new DataView(broken.buffer, broken.byteOffset, broken.byteLength);
    const header = Number(view.getBigUint64(40, true)) + table.index * 64;
    view.setUint32(Number(view.getBigUint64(header + 24, true)) + 12, 0x10_0000, true);
    const { diagnostics } = linked([first, broken, ...rest]);
    assert.deepEqual(
      diagnostics.map(({ code, message }) => [code, message]),
      [
        [
          'malformed-debug-info',
          'malformed debug information: offset 1048576 is behind the strings',
        ],
      ],
    );
  });
});
