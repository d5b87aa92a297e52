/** Debug information of every compiler, form and release: what LLVM's tools said of the inputs, they say of the output. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { link, type LinkOptions } from '@bpf-ld/linker';
import { needs, peer } from '../support/peers.js';
import { compile, renumbered, variants } from './compilers.js';
import { frameRanges, functionRanges, instructions, symbolize, verifyDebugInfo } from './judges.js';

const symbolizer = peer('llvm-symbolizer-19');
const dwarfdump = peer('llvm-dwarfdump-19');
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-debug-'));
after(() => rmSync(work, { recursive: true, force: true }));

function linked(inputs: readonly Uint8Array[], options: LinkOptions) {
  const named = inputs.map((bytes, i) => ({ name: String(i), bytes }));
  const result = link({ inputs: named, options: { ...options, verify: true } });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  const isAbout = (code: string): boolean => code === 'malformed-debug-info';
  assert.deepEqual(
    result.diagnostics.filter(({ code }) => isAbout(code)),
    [],
  );
  return result;
}

for (const variant of variants) {
  describe(variant.name, needs(variant.compiler, symbolizer, dwarfdump), () => {
    const sources = ['first', 'second'];
    for (const [how, options, order] of [
      ['plain', {}, sources],
      ['turned', {}, sources.toReversed()],
      ['without what nothing needs', { gc: {} }, sources],
      ['without what nothing needs, turned', { gc: {} }, sources.toReversed()],
      ['with identical functions folded', { icf: 'all' }, sources],
    ] as const) {
      it(how, () => {
        const objects = order.map((source) => compile(variant, source, work));
        const inputs = variant.renumber ? objects.map(renumbered) : objects;
        const { image, map } = linked(objects, options);
        const again = linked([image], options);
        assert.deepEqual(again.image, image, 'linked again it is the same');

        const moved = instructions(inputs, image, map());
        const file = join(work, 'object.o');
        const answers = symbolize(
          symbolizer,
          file,
          image,
          moved.map(({ outputAddress }) => outputAddress),
        );
        inputs.forEach((bytes, input) => {
          const own = moved.filter((instruction) => instruction.input === input);
          const asked = own.map(({ inputAddress }) => inputAddress);
          const expected = symbolize(symbolizer, file, bytes, asked);
          const found = own.map((instruction) => answers[moved.indexOf(instruction)]);
          assert.deepEqual(found, expected);
        });
        // Optimised code has instructions of no line, the ends of functions of GCC's too.
        const told = answers.filter((answer) => /\.c:[1-9]/.test(answer)).length;
        assert.ok(told > answers.length * 0.8, `${told} of ${answers.length} have a line`);

        // llvm-dwarfdump --verify runs forever on locations of GCC's, in the inputs as in the output.
        if (variant.renumber) return;
        writeFileSync(file, image);
        assert.equal(verifyDebugInfo(dwarfdump, file), '');
        assert.deepEqual(frameRanges(dwarfdump, file), functionRanges(image));
      });
    }
  });
}
