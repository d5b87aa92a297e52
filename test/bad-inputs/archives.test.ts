import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { link, type LinkInput, type LinkResult, type ReadMember } from '@bpf-ld/linker';
import fc from 'fast-check';
import { casesFolder } from '../support/case-format.js';

// Hostile archives: each links or gives coded diagnostics, in time that grows with its size.

const folder = join(casesFolder, 'archives');
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
const main: LinkInput = { name: 'main.o', bytes: read('main.o') };
const readMember: ReadMember = (name) => {
  try {
    return read(name);
  } catch (error) {
    return { problem: String(error) };
  }
};

function promised(result: LinkResult): void {
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  assert.equal(result.ok, errors.length === 0, 'an error if and only if there is no image');
  assert.ok(errors.every(({ code, message }) => code !== 'verification-failed' && message !== ''));
}

function header(name: string, size: number): string {
  return `${name.padEnd(48)}${String(size).padEnd(10)}\`\n`;
}

describe('bad archives', () => {
  for (const form of ['gnu', 'bsd', 'noindex', 'thin']) {
    it(`mutants of lib${form}.a link or are refused`, () => {
      const good = read(`lib${form}.a`);
      // Half of the changes hit the index and the first header, where all is told.
      const at = fc.oneof(fc.nat(399), fc.nat(good.length - 1));
      const changes = fc.array(fc.tuple(at, fc.nat(255)), { minLength: 1, maxLength: 4 });
      const flags = fc.record({ wholeArchive: fc.boolean(), cut: fc.nat(good.length) });
      let linked = 0;
      fc.assert(
        fc.property(changes, flags, fc.boolean(), (edits, { wholeArchive, cut }, isCut) => {
          const bytes = good.slice(0, isCut ? cut : good.length);
          for (const [offset, value] of edits) bytes[offset % bytes.length] = value;
          const result = link({
            inputs: [main, { name: 'lib.a', bytes, wholeArchive, readMember }],
          });
          promised(result);
          if (result.ok) linked++;
        }),
        { numRuns: 500, seed: 20260101 },
      );
      assert.ok(linked > 0 && linked < 500, `${linked} of 500 linked`);
    });
  }

  it('a thin archive that names one file 100,000 times has it read once', () => {
    const names = 'square.o/\n';
    const text = `!<thin>\n${header('//', names.length)}${names}${header('/0', 9).repeat(100_000)}`;
    let reads = 0;
    const counted = (name: string): Uint8Array => {
      reads++;
      return read(name);
    };
    const bytes = new TextEncoder().encode(text);
    promised(link({ inputs: [main, { name: 'lib.a', bytes, readMember: counted }] }));
    assert.equal(reads, 1);
  });

  it('an archive of 100,000 empty members takes seconds at most', { timeout: 20_000 }, () => {
    const bytes = new TextEncoder().encode(`!<arch>\n${header('a.o/', 0).repeat(100_000)}`);
    promised(link({ inputs: [main, { name: 'lib.a', bytes }] }));
    promised(link({ inputs: [main, { name: 'lib.a', bytes, wholeArchive: true }] }));
  });

  it('an archive named a thousand times is linked once', { timeout: 20_000 }, () => {
    const library = { name: 'libgnu.a', bytes: read('libgnu.a') };
    const result = link({ inputs: [main, ...Array.from({ length: 1000 }, () => library)] });
    assert.ok(result.ok);
    assert.equal(result.stats.inputs, 3);
  });
});
