import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { link, type LinkOptions } from '@bpf-ld/linker';
import {
  caseSets,
  combinedSets,
  exampleSets,
  readObjectFile,
} from '../differential/object-sets.js';
import { needs, peer } from '../support/peers.js';
import { SHF } from '../support/raw-object.js';
import { reachability, type Entity } from '../support/reachability.js';

// --gc-sections on everything that links: nothing that programs or maps reach is missing, nothing
// unreached stays, nothing that stays refers to what left, and the output links to itself.

const readelf = peer('llvm-readelf-19');
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-gc-'));
after(() => rmSync(work, { recursive: true, force: true }));

// A label alone names no body: its bytes stay.
const COLLECTED_SECTION = /^\.(text|data|rodata|bss)(\.|$)/;

function linkFiles(files: readonly string[], options: LinkOptions) {
  const inputs = files.map((file, i) => ({ name: `${i}.o`, bytes: readFileSync(file) }));
  return linkInputs(inputs, options);
}

function linkInputs(inputs: { name: string; bytes: Uint8Array }[], options: LinkOptions) {
  const result = link({ inputs, options: { ...options, verify: true } });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  return result.image;
}

function tally(entities: readonly Entity[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name, section, size } of entities) {
    const key = `${section} ${name} ${size}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function examine(name: string, image: Uint8Array, retained: ReadonlySet<string>) {
  const file = join(work, name);
  writeFileSync(file, image);
  return reachability(readelf, file, retained);
}

/** What inputs keep whole sections for, of which the output marks the whole section they are part of. */
function retainedNames(files: readonly string[]): ReadonlySet<string> {
  const names = files.flatMap((file) => {
    const { symbols, sections } = readObjectFile(file);
    const isRetained = (index: number): boolean =>
      ((sections[index]?.flags ?? 0) & SHF.RETAIN) !== 0;
    return symbols.filter(({ section }) => isRetained(section)).map(({ name }) => name);
  });
  return new Set(names.filter((name) => name !== ''));
}

describe('--gc-sections', needs(readelf), () => {
  for (const set of [...caseSets(), ...exampleSets(), ...combinedSets(false)]) {
    it(set.name, () => {
      const whole = linkFiles(set.files, {});
      const collected = linkFiles(set.files, { gc: {} });
      const retained = retainedNames(set.files);
      const before = examine('whole.o', whole, retained);
      const afterwards = examine('collected.o', collected, retained);
      const kept = tally(afterwards.all);
      for (const [entity, count] of tally(before.reachable)) {
        assert.ok((kept.get(entity) ?? 0) >= count, `${entity} is reached, and left`);
      }
      assert.deepEqual(afterwards.dangling, before.dangling);
      assert.deepEqual(tally(afterwards.reachable), tally(before.reachable));
      const stayed = new Set(afterwards.reachable);
      const garbage = afterwards.all.filter(
        (entity) =>
          COLLECTED_SECTION.test(entity.section) && entity.type !== 'NOTYPE' && !stayed.has(entity),
      );
      assert.deepEqual(garbage, []);

      const tails = linkFiles(set.files, { mergeTails: true });
      const again = linkInputs([{ name: 'out.o', bytes: tails }], { mergeTails: true });
      assert.ok(Buffer.from(tails).equals(again), 'no tail is left to share');

      const inputs = [{ name: 'out.o', bytes: collected }];
      assert.ok(Buffer.from(collected).equals(linkInputs(inputs, {})), 'links to itself');
      assert.ok(
        Buffer.from(collected).equals(linkInputs(inputs, { gc: {} })),
        'nothing is left to collect',
      );
    });
  }
});
