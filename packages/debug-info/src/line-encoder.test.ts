import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cursor } from '@bpf-ld/elf-reader';
import fc from 'fast-check';
import { DwarfReader, putUleb, ulebSize } from './dwarf-reader.js';
import { ByteWriter, LineEncoder } from './line-encoder.js';
import {
  readLineHeader,
  runLineProgram,
  type LineHeader,
  type LineRegisters,
} from './line-program.js';

/** A version 4 header as a compiler writes it, for a program of `size` bytes. */
function headerBytes(lineBase: number, lineRange: number, opcodeBase: number, size: number) {
  const lengths = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1].slice(0, opcodeBase - 1);
  const rest = [8, 1, 1, lineBase & 255, lineRange, opcodeBase, ...lengths, 0, 0];
  const view = new DataView(new ArrayBuffer(10));
  view.setUint32(0, 6 + rest.length + size, true);
  view.setUint16(4, 4, true);
  view.setUint32(6, rest.length, true);
  return Uint8Array.from([...new Uint8Array(view.buffer), ...rest]);
}

function open(
  header: Uint8Array,
  program: Uint8Array,
): { reader: DwarfReader; header: LineHeader } {
  const bytes = Uint8Array.from([...header, ...program]);
  const reader = new DwarfReader(new Cursor(bytes, 'test', true, '.debug_line'));
  return { reader, header: readLineHeader(reader) };
}

const rows = fc.array(
  fc.record({
    step: fc.nat(2000).map((count) => count * 8),
    file: fc.integer({ min: 1, max: 300 }),
    line: fc.integer({ min: 1, max: 100_000 }),
    column: fc.nat(500),
    isStatement: fc.boolean(),
    basicBlock: fc.boolean(),
    prologueEnd: fc.boolean(),
    epilogueBegin: fc.boolean(),
    isa: fc.nat(3),
    discriminator: fc.nat(200),
  }),
  { minLength: 1, maxLength: 40 },
);

test('rows that are encoded are the rows that are read', () => {
  fc.assert(
    fc.property(
      rows,
      fc.integer({ min: -10, max: 1 }),
      fc.integer({ min: 1, max: 20 }),
      (steps, lineBase, lineRange) => {
        const { header } = open(headerBytes(lineBase, lineRange, 13, 0), new Uint8Array(0));
        const encoder = new LineEncoder(header);
        let address = 64;
        const wanted: LineRegisters[] = steps.map(({ step, ...row }) => {
          address += step;
          return { ...row, address };
        });
        encoder.setAddress(64);
        for (const row of wanted) encoder.row(row);
        encoder.end(address + 8);
        const program = encoder.out.take();
        const { reader, header: again } = open(
          headerBytes(lineBase, lineRange, 13, program.length),
          program,
        );
        const found: LineRegisters[] = [];
        let end = 0;
        runLineProgram(reader, again, {
          setAddress: () => 64,
          row: (row, isEnd) => {
            if (isEnd) end = row.address;
            else found.push({ ...row });
          },
          other: () => assert.fail(),
          endOfSequence: () => {},
        });
        assert.deepEqual(found, wanted);
        assert.equal(end, address + 8);
      },
    ),
  );
});

test('LEB128 numbers are read as they were written, padded ones too', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat(3), fc.integer(), (unsigned, padding, signed) => {
      const bytes = new Uint8Array(16);
      const width = ulebSize(unsigned) + padding;
      assert.ok(putUleb(bytes, 0, width, unsigned));
      const reader = new DwarfReader(new Cursor(bytes, 'test', true));
      assert.equal(reader.uleb(), unsigned);
      assert.equal(reader.at, width);
      assert.equal(putUleb(bytes, 0, ulebSize(unsigned) - 1, unsigned), false);
      const writer = new ByteWriter();
      writer.sleb(signed);
      assert.equal(new DwarfReader(new Cursor(writer.take(), 'test', true)).sleb(), signed);
    }),
  );
});
