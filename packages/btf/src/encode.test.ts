import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Cursor, StringPool } from '@bpf-ld/elf-reader';
import {
  btfOf,
  buildBtf,
  cursorOn,
  datasec,
  declTag,
  func,
  int,
  parsed,
  prototype,
  ptr,
  struct,
  type TestType,
  variable,
} from './build-btf.testkit.js';
import { dedup } from './dedup.js';
import { encodeBtf, type EncodedBtf } from './encode.js';
import { encodeBtfExt, poolExtRecords } from './encode-ext.js';
import { keptTypes } from './live.js';
import { parseBtfExt } from './read-ext.js';
import { type TypeBase, TypePool } from './type-pool.js';

interface Linked {
  readonly pool: TypePool;
  readonly bases: readonly TypeBase[];
  readonly canonical: Uint32Array;
}

function linked(...inputs: readonly (readonly TestType[])[]): Linked {
  const pool = new TypePool(new StringPool());
  const bases = inputs.map((types) => pool.add(btfOf(types)));
  return { pool, bases, canonical: dedup(pool) };
}

function encoded({ pool, canonical }: Linked, littleEndian = true): EncodedBtf {
  const live = keptTypes(pool, [], []);
  const entries = [{ type: 3, offset: 0, size: 4 }];
  const datasecs = [{ name: pool.strings.internText('.bss'), size: 8, entries }];
  return encodeBtf({ pool, canonical, live, datasecs, littleEndian });
}

describe('encodeBtf', () => {
  const input = [int('int'), ptr(1), variable('x', 2), datasec('.bss', [[3, 4, 4]])];

  it('writes each type once, DATASECs last, in either byte order', () => {
    for (const littleEndian of [true, false]) {
      const out = encoded(linked(input, [int('int'), ptr(1), variable('y', 2)]), littleEndian);
      assert.deepEqual(
        [1, 2, 3, 5, 6, 7].map((id) => out.newId(id)),
        [1, 2, 3, 1, 2, 4],
      );
      const expected = [
        int('int'),
        ptr(1),
        variable('x', 2),
        variable('y', 2),
        { ...datasec('.bss', [[3, 0, 4]]), third: 8 },
      ];
      assert.deepEqual(out.bytes(), buildBtf(expected, { littleEndian }));
    }
  });
});

describe('keptTypes', () => {
  const object = [
    int('int'),
    struct('only_here', [['v', 1]]),
    ptr(2),
    prototype(1, [['p', 3]]),
    func('weak', 4),
    prototype(1, []),
    func('stays', 6),
    declTag('tag', 5),
    struct('unused', []),
    datasec('.text', [[5, 0, 8]]),
  ];
  const living = (dropped: number[], roots: number[], ...inputs: TestType[][]): number[] => {
    const { pool } = linked(...inputs);
    const live = keptTypes(pool, dropped, roots);
    return [...live.keys()].filter((id) => live[id] === 1);
  };

  it('lets go what only a dropped type reached, with its tags', () => {
    assert.deepEqual(living([5], [], object), [1, 6, 7, 9]);
  });

  it('keeps all else, but no DATASEC', () => {
    assert.deepEqual(living([], [], object), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('keeps what another object has, or a root reaches', () => {
    assert.deepEqual(living([5], [], object, [int('int'), struct('only_here', [['v', 1]])]), [1, 6, 7, 9, 11, 12]); // prettier-ignore
    assert.deepEqual(living([5], [3], object), [1, 2, 3, 6, 7, 9]);
  });

  it('moves the tags of a redirected declaration to what it means', () => {
    const pool = new TypePool(new StringPool());
    pool.add(btfOf([prototype(0, []), func('f', 1, 2), declTag('t', 2)]));
    pool.add(btfOf([prototype(0, []), func('f', 1, 1)]));
    pool.redirect(2, 5);
    const live = keptTypes(pool, [], []);
    const canonical = dedup(pool, live);
    const out = encodeBtf({ pool, canonical, live, datasecs: [], littleEndian: true });
    const expected = [declTag('t', 3), prototype(0, []), func('f', 2, 1)];
    assert.deepEqual(out.bytes(), buildBtf(expected));
  });
});

describe('.BTF.ext', () => {
  const types = [int('int'), prototype(1, []), func('f', 2)];
  const btf = btfOf(types);
  // String offsets: 1 "int", 5 "f"; "int" serves as section, file and line.
  const records = [
    [[8, 1, 1, 0, 3]],
    [[16, 1, 2, 0, 1, 5, 10 << 10, 8, 5, 1, 11 << 10]],
    [[16, 1, 1, 8, 1, 5, 0]],
  ];
  const section = (littleEndian: boolean, parts: readonly (readonly number[][])[]): Uint8Array => {
    const words = parts.map((part) => part.flat());
    const bytes = new Uint8Array(8 + parts.length * 8 + words.flat().length * 4);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 0xeb9f, littleEndian);
    view.setUint8(2, 1);
    const header = [8 + parts.length * 8];
    let offset = 0;
    for (const part of words) {
      header.push(offset, part.length * 4);
      offset += part.length * 4;
    }
    [...header, ...words.flat()].forEach((word, i) =>
      view.setUint32(4 + 4 * i, word, littleEndian),
    );
    return bytes;
  };

  it('goes through pool and encoder unchanged, in both byte orders', () => {
    for (const littleEndian of [true, false]) {
      const bytes = section(littleEndian, records);
      const own = parsed(buildBtf(types, { littleEndian }), littleEndian);
      const ext = parseBtfExt(cursorOn(bytes, littleEndian), own);
      assert.ok(ext.ok);
      const pool = new TypePool(new StringPool());
      const base = pool.add(own);
      const canonical = dedup(pool);
      const live = keptTypes(pool, [], []);
      const out = encodeBtf({ pool, canonical, live, datasecs: [], littleEndian });
      const pooled = (kind: 'funcInfo' | 'lineInfo' | 'coreRelo') =>
        ext.value[kind].map((part) => ({
          sectionName: pool.internString(base, part.sectionName),
          recordSize: part.recordSize,
          words: poolExtRecords(kind, part, pool, base),
        }));
      const written = encodeBtfExt({
        funcInfo: pooled('funcInfo'),
        lineInfo: pooled('lineInfo'),
        coreRelo: pooled('coreRelo'),
        btf: out,
      });
      assert.deepEqual(written, bytes);
      assert.deepEqual(out.bytes(), buildBtf(types, { littleEndian }));
    }
  });

  it('reads the short header without core_relo', () => {
    const ext = parseBtfExt(cursorOn(section(true, records.slice(0, 2))), btf);
    assert.ok(ext.ok);
    assert.deepEqual(ext.value.coreRelo, []);
    assert.equal(ext.value.lineInfo[0]!.count, 2);
  });

  it('refuses what does not fit', () => {
    const refused = (part: number, word: number, value: number): string => {
      const changed = records.map((lines) => lines.map((line) => [...line]));
      changed[part]![0]![word] = value;
      const ext = parseBtfExt(new Cursor(section(true, changed), 'a.o', true, '.BTF.ext'), btf);
      assert.ok(!ext.ok, 'accepted');
      return ext.error.message;
    };
    assert.match(refused(0, 0, 4), /record size 4/);
    assert.match(refused(0, 0, 10), /record size 10/);
    assert.match(refused(0, 2, 0), /no records/);
    assert.match(refused(0, 2, 9), /9 records run past/);
    assert.match(refused(0, 2, 0xffffffff), /run past/);
    assert.match(refused(0, 4, 4), /refers to BTF type 4/);
    assert.match(refused(0, 4, 1), /not a FUNC/);
    assert.match(refused(1, 1, 99), /section name at 99/);
    assert.match(refused(1, 4, 99), /string at 99/);
    assert.match(refused(2, 5, 99), /string at 99/);
  });
});
