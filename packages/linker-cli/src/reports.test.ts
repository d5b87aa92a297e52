import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkMap } from '@bpf-ld/linker';
import { renderMap } from './map.js';
import {
  renderLiveness,
  renderRemoved,
  renderStats,
  renderTimings,
  renderTraces,
} from './reports.js';

const map: LinkMap = {
  extracted: [],
  sections: [
    {
      name: '.text',
      size: 0x120,
      alignment: 8,
      type: 'PROGBITS',
      flags: 'AX',
      pieces: [
        {
          object: 'net.o',
          section: '.text',
          inputOffset: 0,
          offset: 0,
          size: 0x58,
          symbols: [{ name: 'parse', offset: 0, size: 0x58, binding: 'local', kind: 'FUNC' }],
        },
        {
          object: 'lib/util.o',
          section: '.text',
          inputOffset: 0x40,
          offset: 0x58,
          size: 0xc8,
          symbols: [
            { name: 'helper', offset: 0x58, size: 0x80, binding: 'global', kind: 'FUNC' },
            { name: 'fallback', offset: 0xd8, size: 0x48, binding: 'weak', kind: 'FUNC' },
          ],
        },
      ],
    },
    { name: 'license', size: 4, alignment: 1, type: 'PROGBITS', flags: '', pieces: [] },
  ],
  references: [
    {
      symbol: 'helper',
      definedIn: 'lib/util.o',
      section: '.text',
      offset: 0x58,
      referencedBy: ['net.o', 'tc.o'],
    },
  ],
  discarded: [
    {
      object: 'net.o',
      section: '.text',
      offset: 0x58,
      size: 16,
      symbol: 'fallback',
      reason: 'weak',
    },
    { object: 'tc.o', section: '.debug_info', offset: 0, size: 4096, reason: 'debug\x1b' },
  ],
  crossReferences: [],
};

test('the map has a line for each section, piece, symbol, reference and discarded piece', () => {
  assert.equal(
    renderMap(map, 'out.o'),
    `Link map of out.o

Output sections

  offset   size  align  section / object:(input section) / symbol
     0x0  0x120      8  .text PROGBITS AX
     0x0   0x58           net.o:(.text+0x0)
     0x0   0x58             parse (local FUNC)
    0x58   0xc8           lib/util.o:(.text+0x40)
    0x58   0x80             helper (global FUNC)
    0xd8   0x48             fallback (weak FUNC)
     0x0    0x4      1  license PROGBITS

References between objects

  symbol  place       defined in  referenced by
  helper  .text+0x58  lib/util.o  net.o
  helper  .text+0x58  lib/util.o  tc.o

Discarded

    size  object:(input section)  symbol    reason
    0x10  net.o:(.text+0x58)      fallback  weak
  0x1000  tc.o:(.debug_info+0x0)  -         debug\\x1b
`,
  );
});

test('the map of nothing says so', () => {
  assert.equal(
    renderMap(
      { extracted: [], sections: [], references: [], discarded: [], crossReferences: [] },
      'out.o',
    ),
    `Link map of out.o

Output sections

  none

References between objects

  none

Discarded

  none
`,
  );
});

test('statistics are sentences', () => {
  const stats = {
    inputs: 3,
    inputBytes: 24_700,
    outputBytes: 1000,
    sections: 9,
    symbols: 41,
    relocations: 1,
    resolvedReferences: 14,
    undefinedSymbols: 2,
    typesIn: 812,
    typesOut: 301,
    droppedPieces: 1,
    collectedPieces: 3,
    foldedFunctions: 2,
    foldedBytes: 72,
  };
  assert.equal(
    renderStats(stats, 'out.o'),
    `merged    3 objects of 24.1 KiB into out.o of 1000 bytes
resolved  14 references between objects; 2 undefined symbols left to the loader
laid out  9 sections, 41 symbols, 1 relocation
types     812 BTF types in, 301 out, 511 shared with others
dropped   1 piece that another definition replaced
collected 3 pieces that nothing needs
folded    2 identical functions, 72 bytes
`,
  );
});

test('timings add up', () => {
  assert.equal(
    renderTimings([
      { pass: 'parse', milliseconds: 7.5 },
      { pass: 'relocate', milliseconds: 2.5 },
    ]),
    `parse      7.50 ms   75 %
relocate   2.50 ms   25 %
total     10.00 ms  100 %
`,
  );
  assert.equal(renderTimings([]), 'total  0.00 ms    0 %\n');
});

test('traces read as those of ld', () => {
  assert.equal(
    renderTraces([
      { symbol: 'helper', object: 'a.o', role: 'definition' },
      { symbol: 'helper', object: 'b.o', role: 'weak definition' },
      { symbol: 'table', object: 'b.o', role: 'common' },
      { symbol: 'helper', object: 'c.o', role: 'reference' },
      { symbol: 'helper', object: 'd.o', role: 'weak reference' },
    ]),
    `a.o: definition of helper
b.o: weak definition of helper
b.o: common definition of table
c.o: reference to helper
d.o: weak reference to helper
`,
  );
});

test('each removed piece is one line', () => {
  assert.equal(
    renderRemoved([
      { object: 'a.o', section: '.text', offset: 0x40, size: 16, symbol: 'un\x1bused' },
      { object: 'a.o', section: '.rodata', offset: 0, size: 1 },
    ]),
    'removing unused a.o:(.text+0x40) un\\x1bused, 16 bytes\n' +
      'removing unused a.o:(.rodata+0x0), 1 byte\n',
  );
});

test('a chain of references begins at its root and ends at the definition', () => {
  const program = { object: 'a.o', section: 'xdp', offset: 8, symbol: 'filter' };
  const helper = { object: 'b.o', section: '.text', offset: 0, symbol: 'helper' };
  const source = { file: 'a.c', line: 7, column: 1 };
  assert.equal(
    renderLiveness([
      {
        symbol: 'helper',
        state: 'live',
        site: helper,
        reason: 'a program',
        chain: [{ ...program, source }, helper],
      },
      { symbol: 'gone', state: 'removed', site: { ...helper, symbol: 'gone' }, chain: [] },
      { symbol: 'absent', state: 'undefined', chain: [] },
      { symbol: 'any', state: 'not-collected', chain: [] },
    ]),
    `helper: stays
>>> filter is a root: a program
>>> filter refers to helper at a.c:7 (a.o:(xdp+0x8))
>>> helper is defined at b.o:(.text+0x0)
gone: removed, nothing that stays refers to it
>>> b.o:(.text+0x0)
absent: not defined
any: stays, as all does without --gc-sections
`,
  );
});
