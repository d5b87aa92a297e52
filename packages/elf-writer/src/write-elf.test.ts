import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  EM_BPF,
  ET_REL,
  openSection,
  parseElf,
  parseRelocations,
  SHT_NOBITS,
  SHT_PROGBITS,
  SHT_REL,
  StringPool,
  symbolName,
} from '@bpf-ld/elf-reader';
import { FIRST_SECTION, SYMTAB_INDEX, writeElf, writeRelocations } from './write-elf.js';

function write(littleEndian: boolean) {
  const strings = new StringPool();
  const name = (text: string) => strings.internText(text);
  const section = { flags: 6, alignment: 8, entrySize: 0, link: 0, info: 0 };
  const contents = Uint8Array.from({ length: 24 }, (_, i) => i);
  return writeElf({
    littleEndian,
    type: ET_REL,
    machine: EM_BPF,
    flags: 3,
    strings,
    symbols: {
      count: 3,
      firstGlobal: 2,
      name: Int32Array.of(0, name('local'), name('global')),
      binding: Uint8Array.of(0, 0, 1),
      type: Uint8Array.of(0, 1, 2),
      visibility: Uint8Array.of(0, 0, 2),
      section: Int32Array.of(0, FIRST_SECTION, 0),
      value: Float64Array.of(0, 8, 0),
      size: Float64Array.of(0, 2 ** 33, 0),
    },
    sections: [
      { ...section, name: name('.text'), type: SHT_PROGBITS, size: 24, contents },
      { ...section, name: name('.bss'), type: SHT_NOBITS, size: 2 ** 40, contents: undefined },
      {
        ...section,
        name: name('.rel.text'),
        type: SHT_REL,
        entrySize: 16,
        link: SYMTAB_INDEX,
        info: FIRST_SECTION,
        size: 16,
        contents: (output) =>
          writeRelocations(output, 1, () => ({ offset: 8, type: 10, symbol: 2 })),
      },
    ],
  });
}

describe('writeElf', () => {
  for (const littleEndian of [true, false]) {
    it(`is read back as it was meant, ${littleEndian ? 'little' : 'big'} endian`, () => {
      const parsed = parseElf('out.o', write(littleEndian));
      assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message);
      const elf = parsed.value;
      assert.deepEqual([elf.littleEndian, elf.machine, elf.flags], [littleEndian, EM_BPF, 3]);
      assert.deepEqual(
        elf.sections.map(({ name, size }) => [name, size]).slice(FIRST_SECTION),
        [['.text', 24], ['.bss', 2 ** 40], ['.rel.text', 16]], // prettier-ignore
      );
      assert.equal(elf.sections[SYMTAB_INDEX]!.info, 2);
      assert.deepEqual([1, 2].map((i) => symbolName(elf, i)), ['local', 'global']); // prettier-ignore
      assert.deepEqual([...elf.symbols.size], [0, 2 ** 33, 0]);
      assert.deepEqual([...elf.symbols.visibility], [0, 0, 2]);
      const table = parseRelocations(elf, elf.sections[FIRST_SECTION + 2]!);
      assert.ok(table.ok);
      assert.deepEqual([table.value.offset[0], table.value.type[0], table.value.symbol[0]], [8, 10, 2]); // prettier-ignore
      assert.equal(openSection(elf, elf.sections[FIRST_SECTION]!).u8(23), 23);
    });
  }
});
