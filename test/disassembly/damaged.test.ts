import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { disassembleObject, renderDisassembly } from '@bpf-ld/linker/disassembly';
import { fromRoot } from '../support/paths.js';
import { seededRandom } from '../support/random.js';

const OBJECTS = [
  'test/cases/disassembly/a.o',
  'test/cases/big-endian/a.o',
  'test/cases/gnu-jump-relocation/a.o',
  'test/cases/rela-relocations/a.o',
].map((path) => ({ path, bytes: readFileSync(fromRoot(path)) }));

test('damaged objects are diagnostics or text, never exceptions', () => {
  const random = seededRandom(4);
  const outcomes = { text: 0, warned: 0, refused: 0 };
  for (let round = 0; round < 3000; round++) {
    const { path, bytes } = OBJECTS[round % OBJECTS.length]!;
    const damaged = bytes.slice(0, random() % 10 === 0 ? random() % bytes.length : bytes.length);
    const copy = Uint8Array.from(damaged);
    for (let change = random() % 8; change >= 0; change--) {
      if (copy.length > 0) copy[random() % copy.length] = random() & 0xff;
    }
    const result = disassembleObject({ name: path, bytes: copy });
    if (!result.ok) {
      assert.ok(result.diagnostics.some(({ severity }) => severity === 'error'));
      outcomes.refused++;
      continue;
    }
    assert.ok(result.diagnostics.every(({ severity }) => severity === 'warning'));
    outcomes[result.diagnostics.length > 0 ? 'warned' : 'text']++;
    const text = [...renderDisassembly(result.disassembly)].join('');
    assert.ok(text.length < 300 * copy.length + 10_000, `${text.length}`);
  }
  for (const [outcome, count] of Object.entries(outcomes)) assert.ok(count > 100, outcome);
});

test('what is no object is said to be none', () => {
  const inputs = ['executable.o', 'i386.o', 'empty.o', 'truncated.o', 'a.c'];
  for (const name of inputs) {
    const bytes = readFileSync(fromRoot('test/cases/wrong-inputs', name));
    const result = disassembleObject({ name, bytes });
    assert.equal(result.diagnostics[0]?.severity, 'error', name);
  }
});
