import assert from 'node:assert/strict';
import { test } from 'node:test';
import { R_BPF_GNU_64_16, type RelocationTable } from '@bpf-ld/elf-reader';
import { crossings, type CodeRange } from './control-flow.js';

type Instruction = readonly [opcode: number, off?: number, imm?: number];

const EXIT: Instruction = [0x95];
const NOP: Instruction = [0xb7];
const CALL: Instruction = [0x85];

function assemble(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8);
  const view = new DataView(bytes.buffer);
  instructions.forEach(([opcode, off = 0, imm = 0], i) => {
    view.setUint8(i * 8, opcode);
    view.setInt16(i * 8 + 2, off, true);
    view.setInt32(i * 8 + 4, imm, true);
  });
  return bytes;
}

/** Ranges of so many instructions each, one behind the other. */
function ranges(...lengths: readonly number[]): readonly CodeRange[] {
  let end = 0;
  return lengths.map((length) => {
    const start = end;
    end += length * 8;
    return { start, end, sized: true };
  });
}

function spans(code: readonly Instruction[], cut: readonly CodeRange[]): (readonly number[])[] {
  return crossings(assemble(code), true, cut, []).map(({ first, last }) => [first, last]);
}

test('functions that end by themselves are apart', () => {
  assert.deepEqual(spans([NOP, EXIT, [0x05, -1], [0x06, 0, -1]], ranges(2, 1, 1)), []);
});

test('a jump, long or short, holds all between it and its target together', () => {
  assert.deepEqual(spans([[0x15, 2], EXIT, EXIT, EXIT], ranges(2, 1, 1)), [[0, 24]]);
  assert.deepEqual(spans([EXIT, EXIT, EXIT, [0x06, 0, -4]], ranges(1, 1, 2)), [[0, 24]]);
  assert.deepEqual(spans([[0xe5, 1], EXIT, EXIT], ranges(2, 1)), [[0, 16]]);
});

test('running past the end holds a function and the next together', () => {
  assert.deepEqual(spans([NOP, NOP, EXIT], ranges(2, 1)), [[15, 16]]);
});

test('a call at the end of a sized function does not return; of another it may', () => {
  assert.deepEqual(spans([CALL, EXIT], ranges(1, 1)), []);
  const unsized = ranges(1, 1).map((range) => ({ ...range, sized: false }));
  assert.deepEqual(spans([CALL, EXIT], unsized), [[7, 8]]);
});

test('a boundary inside an instruction is none', () => {
  assert.deepEqual(spans([[0x18], [0], EXIT], ranges(1, 2)), [[7, 8]]);
});

test('a relocated jump holds the whole section together', () => {
  const table: RelocationTable = {
    count: 1,
    offset: Float64Array.of(0),
    type: Uint32Array.of(R_BPF_GNU_64_16),
    symbol: Uint32Array.of(1),
    addend: undefined,
  };
  assert.deepEqual(crossings(assemble([EXIT, EXIT]), true, ranges(1, 1), [table]), [
    { first: 0, last: 16 },
  ]);
});
