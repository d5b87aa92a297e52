import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import {
  decode,
  dstRegAt,
  encode,
  immAt,
  instructionLength,
  ldimm64At,
  localCalls,
  offAt,
  opcodeAt,
  setImm,
  setLdimm64,
  setLdimm64Halves,
  setOff,
  setSrcReg,
  srcRegAt,
} from './index.js';

const anyBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const int16 = fc.integer({ min: -0x8000, max: 0x7fff });
const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
const uint64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

test('encode(decode(bytes)) is the bytes', () => {
  let decoded = 0;
  fc.assert(
    fc.property(anyBytes, fc.boolean(), fc.boolean(), (bytes, littleEndian, wide) => {
      if (wide) {
        bytes[0] = 0x18;
        bytes.fill(0, 8, 12);
      }
      const instruction = decode(bytes, 0, littleEndian);
      if (instruction === undefined) {
        assert.equal(bytes[0], 0x18);
        return;
      }
      decoded++;
      const length = instructionLength(instruction.opcode);
      assert.deepEqual(encode(instruction, littleEndian), bytes.slice(0, length));
    }),
    { numRuns: 1000 },
  );
  assert.ok(decoded > 500);
});

test('decode(encode(instruction)) is the instruction', () => {
  const nibble = fc.nat({ max: 15 });
  fc.assert(
    fc.property(
      fc.record({ opcode: fc.nat({ max: 255 }), dst: nibble, src: nibble, off: int16, imm: int32 }),
      uint64,
      fc.boolean(),
      (slot, imm64, littleEndian) => {
        const instruction =
          slot.opcode === 0x18
            ? { ...slot, imm: Number(BigInt.asIntN(32, imm64)), imm64 }
            : { ...slot };
        assert.deepEqual(decode(encode(instruction, littleEndian), 0, littleEndian), instruction);
      },
    ),
    { numRuns: 1000 },
  );
});

test('a field that is set reads back and leaves the others alone', () => {
  fc.assert(
    fc.property(
      anyBytes,
      fc.boolean(),
      fc.nat({ max: 15 }),
      int16,
      int32,
      (bytes, le, src, off, imm) => {
        const opcode = opcodeAt(bytes, 0);
        const dst = dstRegAt(bytes, 0, le);
        const rest = bytes.slice(8);
        setSrcReg(bytes, 0, le, src);
        setOff(bytes, 0, le, off);
        setImm(bytes, 0, le, imm);
        assert.deepEqual(
          [opcodeAt(bytes, 0), dstRegAt(bytes, 0, le), srcRegAt(bytes, 0, le)],
          [opcode, dst, src],
        );
        assert.deepEqual([offAt(bytes, 0, le), immAt(bytes, 0, le)], [off, imm]);
        assert.deepEqual(bytes.slice(8), rest);
      },
    ),
  );
});

test('ldimm64 keeps its immediate in two halves, low first, in both byte orders', () => {
  fc.assert(
    fc.property(uint64, fc.boolean(), (value, littleEndian) => {
      const bytes = new Uint8Array(16);
      setLdimm64(bytes, 0, littleEndian, value);
      assert.equal(ldimm64At(bytes, 0, littleEndian), value);
      assert.equal(immAt(bytes, 0, littleEndian) >>> 0, Number(value & 0xffff_ffffn));
      assert.equal(immAt(bytes, 8, littleEndian) >>> 0, Number(value >> 32n));
    }),
  );
  const halves = new Uint8Array(16);
  setLdimm64Halves(halves, 0, true, 0x1234_5678, -1);
  assert.equal(ldimm64At(halves, 0, true), 0xffff_ffff_1234_5678n);
});

test('the byte orders put registers, offset and immediate where RFC 9669 says', () => {
  const instruction = { opcode: 0x7b, dst: 1, src: 2, off: -8, imm: 0x01020304 };
  assert.deepEqual([...encode(instruction, true)], [0x7b, 0x21, 0xf8, 0xff, 4, 3, 2, 1]);
  assert.deepEqual([...encode(instruction, false)], [0x7b, 0x12, 0xff, 0xf8, 1, 2, 3, 4]);
});

test('what does not fit is not decoded', () => {
  assert.equal(decode(new Uint8Array(7), 0, true), undefined);
  assert.equal(decode(new Uint8Array(8), 1, true), undefined);
  assert.equal(decode(new Uint8Array(8), -8, true), undefined);
  assert.equal(decode(new Uint8Array(8), Number.NaN, true), undefined);
  assert.equal(decode(Uint8Array.of(0x18, 0, 0, 0, 0, 0, 0, 0), 0, true), undefined);
});

for (const littleEndian of [true, false]) {
  test(`local calls are found, ${littleEndian ? 'little' : 'big'} endian`, () => {
    const slot = (opcode: number, src: number, imm: number): Uint8Array =>
      encode({ opcode, dst: 0, src, off: 0, imm }, littleEndian);
    // A call in the upper half of an ldimm64 is data: its first byte is the second slot's opcode.
    const disguised = slot(0x18, 0, 0);
    disguised[8] = 0x85;
    disguised[9] = littleEndian ? 0x10 : 0x01;
    const parts = [
      slot(0x85, 1, 3), // 0: call 4 slots on
      slot(0x85, 0, 5), // 8: helper
      slot(0x85, 2, 7), // 16: kernel function
      slot(0x18, 4, -4), // 24: function address, back at 0
      disguised, // 40
      slot(0x85, 1, -8), // 56: call back to 0
      slot(0x95, 0, 0), // 64
    ];
    const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
    assert.deepEqual(localCalls(bytes, littleEndian, 0, bytes.length), [
      { offset: 0, target: 32 },
      { offset: 24, target: 0 },
      { offset: 56, target: 0 },
    ]);
    assert.deepEqual(localCalls(bytes, littleEndian, 8, 56), [{ offset: 24, target: 0 }]);
    assert.deepEqual(localCalls(bytes.subarray(0, 7), littleEndian, 0, 1e9), []);
  });
}
