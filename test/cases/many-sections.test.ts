import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { link } from '@bpf-ld/linker';
import { objectWithSections } from '../support/many-sections.js';
import { needs, peer } from '../support/peers.js';
import { readRawObject } from '../support/raw-object.js';

// More than 65,279 sections (SHN_XINDEX): in an input, and in an output whose inputs have fewer.

const readelf = peer('llvm-readelf-19');

describe('more than 65,279 sections', () => {
  const inputs = {
    'in one input': [objectWithSections('many', 66_000), objectWithSections('few', 2)],
    'in the output alone': [
      objectWithSections('left', 40_000),
      objectWithSections('right', 40_000),
    ],
  };
  for (const [title, objects] of Object.entries(inputs)) {
    const result = link({ inputs: objects.map((bytes, i) => ({ name: `${i}.o`, bytes })) });
    it(`${title}: every symbol is in its section`, () => {
      assert.ok(result.ok, JSON.stringify(result.diagnostics));
      const object = readRawObject(result.image);
      const symbols = object.symbols.filter((symbol) => symbol.binding === 1);
      const expected = objects.map((bytes) => readRawObject(bytes).symbols.length - 1);
      assert.equal(symbols.length, expected[0]! + expected[1]!);
      for (const { name, section, value } of symbols) {
        const { name: sectionName, bytes } = object.sections[section]!;
        const contents = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(value, true);
        assert.equal(sectionName, `.data.${name}`);
        assert.equal(`${name.replace(/\d+$/, '')}${contents}`, name);
      }
    });
    it(`${title}: linked again it is the same`, () => {
      assert.ok(result.ok);
      const again = link({ inputs: [{ name: 'out.o', bytes: result.image }] });
      assert.ok(again.ok && Buffer.from(again.image).equals(result.image));
    });
    it(`${title}: readelf has nothing to say`, needs(readelf), () => {
      assert.ok(result.ok);
      const work = mkdtempSync(join(tmpdir(), 'bpf-ld-sections-'));
      try {
        const file = join(work, 'out.o');
        writeFileSync(file, result.image);
        const run = spawnSync(readelf.path, ['-S', '--symbols', file], {
          encoding: 'utf8',
          maxBuffer: 1 << 28,
        });
        assert.equal(run.stderr, '');
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    });
  }
});
