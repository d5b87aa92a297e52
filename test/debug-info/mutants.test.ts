/**
 * Debug information with wrong bytes in it: a link that has to follow it (code leaves) ends soon, throws nothing, and
 * what it writes links again to the same bytes.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseElf } from '@bpf-ld/elf-reader';
import { link } from '@bpf-ld/linker';
import { fromRoot } from '../support/paths.js';
import { seededRandom } from '../support/random.js';

const MUTANTS = Number(process.env['MUTANTS'] ?? 250);
/** A link of these small objects takes milliseconds; one that takes so many hangs. */
const HANG_MILLISECONDS = 30_000;

const read = (...path: readonly string[]): Uint8Array =>
  new Uint8Array(readFileSync(fromRoot('test/cases', ...path)));

/** Bytes that make lengths, counts and LEB128s absurd. */
const EXTREMES = [0x00, 0x01, 0x7f, 0x80, 0xf0, 0xfe, 0xff];

const below = (random: () => number, limit: number): number => random() % limit;

/** The ranges of a file that debug sections and their relocations take. */
function debugRanges(bytes: Uint8Array): readonly { offset: number; size: number; name: string }[] {
  const parsed = parseElf('object', bytes);
  assert.ok(parsed.ok);
  return parsed.value.sections.filter(
    ({ name, size }) => /^(\.rel)?\.debug_/.test(name) && size > 0,
  );
}

function mutant(bytes: Uint8Array, random: () => number): { bytes: Uint8Array; title: string } {
  const ranges = debugRanges(bytes);
  const copy = bytes.slice();
  const titles: string[] = [];
  for (let count = 1 + below(random, 3); count > 0; count--) {
    const { offset, size, name } = ranges[below(random, ranges.length)]!;
    const at = below(random, size);
    const run = 1 + below(random, Math.min(8, size - at));
    const value = below(random, 3) === 0 ? below(random, 256) : EXTREMES[below(random, 7)]!;
    copy.fill(value, offset + at, offset + at + run);
    titles.push(`${name}+${at} ${run} times ${value}`);
  }
  return { bytes: copy, title: titles.join(', ') };
}

for (const [name, first, second] of [
  ['DWARF 5', read('gc-sections', 'main.o'), read('gc-sections', 'library.o')],
  ['a weak body', read('weak-function', 'a.o'), read('weak-function', 'b.o')],
  ['compressed', read('debug-options', 'zlib.o'), read('debug-options', 'zstd.o')],
  ['DWARF 4', read('debug-dwarf-4', 'a.o'), read('debug-dwarf-4', 'b.o')],
] as const) {
  describe(`malformed debug information: ${name}`, () => {
    it(`${MUTANTS} mutants`, () => {
      const random = seededRandom(name.length);
      for (let i = 0; i < MUTANTS; i++) {
        const { bytes, title } = mutant(i % 2 === 0 ? first : second, random);
        const inputs = [
          { name: 'first.o', bytes: i % 2 === 0 ? bytes : first },
          { name: 'second.o', bytes: i % 2 === 0 ? second : bytes },
        ];
        const started = performance.now();
        const result = link({ inputs, options: { gc: {} } });
        assert.ok(performance.now() - started < HANG_MILLISECONDS, `${title} hangs`);
        if (!result.ok) {
          assert.ok(result.diagnostics.every(({ message }) => message !== ''));
          continue;
        }
        const again = link({ inputs: [{ name: 'out.o', bytes: result.image }] });
        assert.ok(again.ok, title);
        assert.ok(Buffer.from(again.image).equals(result.image), `${title} links to other bytes`);
      }
    });
  });
}
