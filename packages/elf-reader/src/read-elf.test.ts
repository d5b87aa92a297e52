import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Cursor } from './cursor.js';
import { identifyFile } from './identify.js';
import { catchMalformed } from './malformed.js';
import { isPowerOfTwo, openSection, parseElf, parseRelocations, symbolName } from './read-elf.js';
import { EHDR, R_BPF_64_64, SHT_REL, STB_GLOBAL } from './records.js';

const fixture = (path: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../test/cases/${path}`, import.meta.url)));

function parsed(bytes: Uint8Array) {
  const result = parseElf('a.o', bytes);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

describe('Cursor', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 0x61, 0x62, 0);

  it('reads both byte orders', () => {
    const little = new Cursor(bytes, 'f', true);
    const big = new Cursor(bytes, 'f', false);
    assert.equal(little.u16(0), 0x0201);
    assert.equal(big.u32(0), 0x01020304);
    assert.equal(little.u64big(0), 0x0807060504030201n);
    assert.equal(big.cstring(8), 'ab');
  });

  it('says where a read leaves the window', () => {
    const window = new Cursor(bytes, 'f.o', true).window(4, 4, '.text');
    for (const read of [() => window.u32(2), () => window.u8(-1), () => window.cstring(0)]) {
      const result = catchMalformed<number | string>(read);
      assert.ok(!result.ok);
      assert.equal(result.error.place.file, 'f.o');
      assert.equal(result.error.place.section, '.text');
    }
  });

  it('takes 64-bit sizes up to 2^53 - 1 and refuses larger ones', () => {
    const largest = new Cursor(Uint8Array.of(255, 255, 255, 255, 255, 255, 31, 0), 'f', true);
    assert.equal(largest.u64(0), Number.MAX_SAFE_INTEGER);
    const beyond = new Cursor(Uint8Array.of(0, 0, 0, 0, 0, 0, 32, 0), 'f', true);
    assert.ok(!catchMalformed(() => beyond.u64(0)).ok);
  });
});

describe('parseElf', () => {
  it("reads clang's objects of both byte orders alike", () => {
    const [little, big] = ['single-object/a.o', 'big-endian/a.o'].map((f) => parsed(fixture(f)));
    assert.deepEqual([little!.littleEndian, big!.littleEndian], [true, false]);
    for (const elf of [little!, big!]) {
      const rel = elf.sections.find(({ type, info }) => type === SHT_REL && info > 0)!;
      const table = parseRelocations(elf, rel);
      assert.ok(table.ok && table.value.count > 0);
      assert.ok(table.value.type.every((type) => type > 0 && type <= 10));
      const globals = [...elf.symbols.binding.keys()].filter(
        (i) => elf.symbols.binding[i] === STB_GLOBAL,
      );
      assert.ok(globals.every((i) => symbolName(elf, i) !== ''));
      const symtab = elf.sections[elf.symbolTableIndex]!;
      assert.equal(openSection(elf, symtab).length, elf.symbols.count * 24);
    }
  });

  it('refuses sections that overlap, whose contents could be asked for without end', () => {
    const bytes = fixture('single-object/a.o');
    const { sections } = parsed(bytes);
    const table = new DataView(bytes.buffer).getUint32(EHDR.e_shoff.offset, true);
    const view = new DataView(bytes.buffer);
    for (const { index } of sections.slice(1)) {
      // sh_offset 0, sh_size the whole file
      view.setUint32(table + index * 64 + 24, 0, true);
      view.setUint32(table + index * 64 + 32, bytes.length, true);
    }
    const result = parseElf('a.o', bytes);
    assert.ok(!result.ok);
  });

  it('refuses a relocation against a symbol that is not there', () => {
    const bytes = fixture('data-relocations/a.o');
    const elf = parsed(bytes);
    const rel = elf.sections.find(({ name }) => name === '.rel.data')!;
    new DataView(bytes.buffer).setUint32(rel.offset + 12, elf.symbols.count, true);
    const table = parseRelocations(elf, rel);
    assert.ok(!table.ok);
    assert.equal(table.error.place.section, '.rel.data');
    assert.equal(R_BPF_64_64, 1);
  });
});

describe('identifyFile', () => {
  const kinds: readonly (readonly [string, Uint8Array])[] = [
    ['empty', new Uint8Array(0)],
    ['truncated-elf', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2)],
    ['bitcode', Uint8Array.of(0x42, 0x43, 0xc0, 0xde)],
    ['archive', Buffer.from('!<arch>\n')],
    ['text', Buffer.from('int main(void)\n')],
    ['unknown', Uint8Array.of(1, 2, 3)],
    ['bpf-object', fixture('single-object/a.o')],
  ];
  for (const [kind, bytes] of kinds) {
    it(`knows ${kind}`, () => assert.equal(identifyFile(bytes).kind, kind));
  }
});

it('isPowerOfTwo sees all of a safe integer', () => {
  for (let i = 0; i <= 52; i++) assert.ok(isPowerOfTwo(2 ** i));
  for (const n of [0, 3, 6, 2 ** 32 + 1, 2 ** 40 + 2 ** 20, -4]) assert.ok(!isPowerOfTwo(n));
});
