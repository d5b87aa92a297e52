import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from './cursor.js';
import { readArchive, type Archive } from './read-archive.js';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../test/cases/${name}`, import.meta.url)));

function read(bytes: Uint8Array): Archive {
  const result = readArchive('lib.a', bytes);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

function problem(bytes: Uint8Array | string): string {
  const result = readArchive('lib.a', typeof bytes === 'string' ? encodeUtf8(bytes) : bytes);
  assert.ok(!result.ok, 'the archive is refused');
  return result.error.message;
}

/** `symbol member` for each entry of the index. */
function indexLines({ bytes, index, members }: Archive): string[] | undefined {
  if (!index) return undefined;
  return Array.from({ length: index.count }, (_, i) => {
    const name = decodeUtf8(bytes, index.nameAt[i]!, index.nameEnd[i]!);
    return `${name} ${members[index.member[i]!]!.name}`;
  });
}

/** One member in the form of the System V manual. */
function member(name: string, contents: string, size: number | string = contents.length): string {
  const fields = [
    [name, 16],
    ['0', 12],
    ['0', 6],
    ['0', 6],
    ['644', 8],
    [String(size), 10],
  ] as const;
  const header = fields.map(([text, width]) => text.padEnd(width)).join('');
  return `${header}\`\n${contents}${contents.length % 2 === 0 ? '' : '\n'}`;
}

const word = (...values: readonly number[]): string =>
  values.map((value) => `\0\0${String.fromCharCode(value >> 8, value & 0x7f)}`).join('');

const names = ['hook.o', 'square.o', 'product.o'];
const symbols = [
  'arc_hook hook.o',
  'arc_product product.o',
  'arc_products product.o',
  'arc_square square.o',
];

describe('readArchive', () => {
  for (const form of ['gnu', 'bsd', 'darwin', 'binutils', 'noindex', 'binutilsnoindex']) {
    it(`reads members and index: ${form}`, () => {
      const archive = read(fixture(`archives/lib${form}.a`));
      assert.equal(archive.thin, false);
      assert.deepEqual(
        archive.members.map(({ name }) => name),
        names,
      );
      for (const { name, offset, size } of archive.members) {
        const object = fixture(`archives/${name}`);
        // The Darwin form pads members, and counts the padding.
        const contents = archive.bytes.subarray(offset, offset + size).subarray(0, object.length);
        assert.deepEqual(contents, object);
      }
      const expected = form.endsWith('noindex') ? undefined : symbols;
      assert.deepEqual(indexLines(archive)?.toSorted(), expected);
    });
  }

  for (const form of ['thin', 'binutilsthin']) {
    it(`reads what a thin archive names: ${form}`, () => {
      const archive = read(fixture(`archives/lib${form}.a`));
      assert.equal(archive.thin, true);
      assert.deepEqual(
        archive.members.map(({ name }) => name),
        names,
      );
      assert.deepEqual(indexLines(archive)?.toSorted(), symbols);
    });
  }

  it('reads an archive without members, and members of one name', () => {
    assert.deepEqual(read(encodeUtf8('!<arch>\n')).members, []);
    const repeated = read(fixture('archives/librepeated.a')).members.map(({ name }) => name);
    assert.deepEqual(repeated, ['square.o', 'product.o', 'square.o']);
  });

  it('reads names as they stand, long ones, odd ones, and ones with spaces', () => {
    const table = 'a folder/with a long name.o/\n../up.o/\n';
    const text = [
      '!<arch>\n',
      member('//', table),
      member('/0', 'x'),
      member('/29', 'yy'),
      member('short.o/', ''),
      member('#1/8', 'in\0\0\0\0\0\0data'),
      member('bsd name.o', ''),
    ].join('');
    assert.deepEqual(
      read(encodeUtf8(text)).members.map(({ name, size }) => `${name} ${size}`),
      ['a folder/with a long name.o 1', '../up.o 2', 'short.o 0', 'in 4', 'bsd name.o 0'],
    );
  });

  it('reads the 64-bit index', () => {
    const index = `\0\0\0\0${word(1)}\0\0\0\0${word(86)}f\0`;
    const text = `!<arch>\n${member('/SYM64/', index)}${member('a.o/', 'x')}`;
    assert.deepEqual(indexLines(read(encodeUtf8(text))), ['f a.o']);
  });

  const refused: readonly [about: string, text: string, message: RegExp][] = [
    ['a cut header', '!<arch>\nfoo.o/', /member header: .* past the end/],
    [
      'a header without its end',
      `!<arch>\n${member('a.o/', '').replace('`', 'x')}`,
      /does not end/,
    ],
    ['a size beyond the file', `!<arch>\n${member('a.o/', 'x', 99)}`, /member a\.o.* past the end/],
    ['a negative size', `!<arch>\n${member('a.o/', 'x', -1)}`, /size of a member is '-1'/],
    ['a size that is no number', `!<arch>\n${member('a.o/', 'x', '0x10')}`, /not a number/],
    ['a long name without a table', `!<arch>\n${member('/0', '')}`, /no table of long names/],
    [
      'a long name outside the table',
      `!<arch>\n${member('//', 'a/\n')}${member('/9', '')}`,
      /at 9/,
    ],
    ['a long name without end', `!<arch>\n${member('//', 'aaa')}${member('/0', '')}`, /not end/],
    ['a member of another archive', `!<thin>\n${member('/0:8', '')}`, /archives do not nest/],
    ['a BSD name longer than its member', `!<arch>\n${member('#1/9', 'ab')}`, /longer than/],
    ['more symbols than fit', `!<arch>\n${member('/', word(9999))}`, /9999|past the end/],
    ['a symbol without end', `!<arch>\n${member('/', `${word(1, 8)}ab`)}`, /no terminating NUL/],
    ['an index to no member', `!<arch>\n${member('/', `${word(1, 9)}a\0`)}`, /member is at 9/],
    ['an empty index', `!<arch>\n${member('/', '')}`, /past the end/],
    ['a BSD index too small', `!<arch>\n${member('__.SYMDEF', 'abc')}`, /do not fit/],
    ['a BSD index of odd sizes', `!<arch>\n${member('__.SYMDEF', 'abcdabcd')}`, /do not fit/],
  ];
  for (const [about, text, message] of refused) {
    it(`refuses ${about}`, () => assert.match(problem(text), message));
  }

  it('does not spell out a name that many members share', () => {
    const table = `${'n'.repeat(4000)}/\n`;
    const shared = Array.from({ length: 100 }, () => member('/0', '')).join('');
    assert.match(problem(`!<thin>\n${member('//', table)}${shared}`), /overlap without measure/);
  });

  it('answers or refuses every damaged archive, and never throws', () => {
    const forms = ['gnu', 'bsd', 'thin', 'binutils'].map((form) =>
      fixture(`archives/lib${form}.a`).slice(0, 700),
    );
    const change = fc.tuple(fc.nat(699), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...forms),
        fc.array(change, { maxLength: 8 }),
        (form, changes) => {
          const bytes = form.slice();
          for (const [at, value] of changes) bytes[at] = value;
          const result = readArchive('lib.a', bytes);
          if (!result.ok) return result.error.message !== '';
          return result.value.members.every(
            ({ offset, size }) => result.value.thin || offset + size <= bytes.length,
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});
