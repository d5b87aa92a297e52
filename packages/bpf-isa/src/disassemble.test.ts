import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';

import { disassemble, disassembleInstruction, encode, setImm } from './index.js';

/**
 * What llvm-objdump-19 prints for fixtures/instructions.c compiled by clang-19, for each byte order
 * and CPU version. Written anew by `BPF_LD_UPDATE=1 node --test packages/bpf-isa/dist/`.
 */
const EXPECTED = fileURLToPath(new URL('../fixtures/llvm-objdump.txt', import.meta.url));
const SOURCE = fileURLToPath(new URL('../fixtures/instructions.c', import.meta.url));

interface Variant {
  readonly target: 'bpfel' | 'bpfeb';
  readonly cpu: 'v1' | 'v2' | 'v3' | 'v4';
}
const VARIANTS: readonly Variant[] = (['bpfel', 'bpfeb'] as const).flatMap((target) =>
  (['v1', 'v2', 'v3', 'v4'] as const).map((cpu) => ({ target, cpu })),
);

/** One instruction as llvm-objdump shows it: its bytes and text. */
interface Shown {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** The instructions in the output of llvm-objdump -d; a label after a jump is not kept. */
function parseObjdump(output: string): Shown[] {
  const shown: Shown[] = [];
  for (const line of output.split('\n')) {
    const match = /^\s*[0-9a-f]+:\t([0-9a-f ]+)\t(.*)$/.exec(line);
    if (match === null) continue;
    const bytes = Uint8Array.from(match[1]!.trim().split(' '), (byte) => Number.parseInt(byte, 16));
    shown.push({ bytes, text: match[2]!.replace(/(?<=0x[0-9a-f]+) <[^>]*>$/, '').trim() });
  }
  return shown;
}

const heading = ({ target, cpu }: Variant): string => `# ${target} ${cpu}`;

function expectedFor(variant: Variant): Shown[] {
  const parts = readFileSync(EXPECTED, 'utf8').split(/^(?=# )/m);
  const part = parts.find((text) => text.startsWith(`${heading(variant)}\n`));
  assert.ok(part !== undefined, `no part ${heading(variant)}`);
  return parseObjdump(part);
}

/** llvm-objdump names 32-bit registers in loads and stores from v3 on. */
const usesAlu32 = (cpu: string): boolean => cpu === 'v3' || cpu === 'v4';

function assertSame(shown: readonly Shown[], littleEndian: boolean, alu32: boolean): void {
  for (const { bytes, text } of shown) {
    const ours = disassembleInstruction(bytes, 0, littleEndian, { alu32 });
    assert.equal(ours, text, Buffer.from(bytes).toString('hex'));
  }
}

for (const variant of VARIANTS) {
  test(`disassembles like LLVM: ${variant.target} ${variant.cpu}`, () => {
    const shown = expectedFor(variant);
    assert.ok(shown.length > 100);
    assertSame(shown, variant.target === 'bpfel', usesAlu32(variant.cpu));
  });
}

test('walks a section, ldimm64 as one instruction of 16 bytes', () => {
  const shown = expectedFor({ target: 'bpfel', cpu: 'v3' });
  const bytes = Uint8Array.from(shown.flatMap((one) => [...one.bytes]));
  const lines = [...disassemble(bytes, true, { alu32: true })];
  assert.deepEqual(
    lines.map(({ text }) => text),
    shown.map(({ text }) => text),
  );
  assert.deepEqual(
    lines.map(({ length }) => length),
    shown.map((one) => one.bytes.length),
  );
});

test('names operands and jump targets', () => {
  const slot = (opcode: number, src: number, off: number, imm: number): Uint8Array =>
    encode({ opcode, dst: 1, src, off, imm }, true);
  const parts = [slot(0x18, 1, 0, 0), slot(0x85, 1, 0, -1), slot(0x15, 0, -3, 2), slot(6, 0, 0, 0)];
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
  const names = new Map([
    [0, 'counters'],
    [16, 'helper'],
  ]);
  const labels = new Map([
    [8, 'inside'],
    [40, 'end'],
  ]);
  const lines = disassemble(bytes, true, {
    operand: (offset) => names.get(offset),
    label: (target) => labels.get(target),
  });
  assert.deepEqual(
    Array.from(lines, ({ text }) => text),
    ['r1 = counters ll', 'call helper', 'if r1 == 0x2 goto -0x3 <inside>', 'gotol +0x0 <end>'],
  );
});

test('prints what LLVM 19 does not know yet as later LLVM does', () => {
  const text = (opcode: number, off: number, imm: number): string =>
    disassembleInstruction(encode({ opcode, dst: 1, src: 2, off, imm }, true), 0, true);
  assert.equal(text(0xdb, 8, 0x100), 'r1 = load_acquire((u64 *)(r2 + 0x8))');
  assert.equal(text(0xc3, -4, 0x100), 'w1 = load_acquire((u32 *)(r2 - 0x4))');
  assert.equal(text(0xd3, 0, 0x110), 'store_release((u8 *)(r1 + 0x0), w2)');
  assert.equal(text(0x0d, 0, 0), 'gotox r1');
});

test('no bytes make the disassembler throw or stand still', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, littleEndian) => {
      let end = 0;
      for (const { offset, length } of disassemble(bytes, littleEndian)) {
        assert.equal(offset, end);
        assert.ok(length > 0);
        end = offset + length;
      }
      assert.equal(end, bytes.length);
    }),
  );
  assert.equal(disassembleInstruction(new Uint8Array(4), 0, true), '<unknown>');
  assert.equal(disassembleInstruction(new Uint8Array(8), 99, true), '<unknown>');
});

// Comparison with the tools themselves.

const TOOLS = ['clang-19', 'llvm-objdump-19', 'llvm-mc-19'] as const;
const missing = TOOLS.filter((tool) => spawnSync(tool, ['--version']).status !== 0);
if (missing.length > 0 && process.env['BPF_LD_REQUIRE_PEERS'] === '1') {
  throw new Error(`required peers are missing: ${missing.join(', ')}`);
}
const withTools = { skip: missing.length > 0 && `needs ${missing.join(', ')}` };

const folder = mkdtempSync(join(tmpdir(), 'bpf-isa-'));
after(() => {
  rmSync(folder, { recursive: true });
});

function run(command: (typeof TOOLS)[number], args: readonly string[]): string {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(result.status, 0, `${command} ${args.join(' ')}\n${result.stderr}`);
  return result.stdout;
}

/** With -z: a run of zero bytes is instructions too, and what follows it keeps its place. */
function objdump(object: string, cpu: string): string {
  const cpuOption = usesAlu32(cpu) ? [`--mcpu=${cpu}`] : [];
  return run('llvm-objdump-19', ['-d', '-z', ...cpuOption, object]);
}

test('the expected text is what the pinned tools print today', withTools, () => {
  let text = '';
  for (const variant of VARIANTS) {
    const { target, cpu } = variant;
    const object = join(folder, `${target}-${cpu}.o`);
    run('clang-19', ['-target', target, `-mcpu=${cpu}`, '-O2', '-c', SOURCE, '-o', object]);
    const lines = objdump(object, cpu)
      .split('\n')
      .filter((line) => /^\s*[0-9a-f]+:\t/.test(line));
    text += `${heading(variant)}\n${lines.join('\n')}\n`;
  }
  if (process.env['BPF_LD_UPDATE'] === '1') writeFileSync(EXPECTED, text);
  assert.equal(readFileSync(EXPECTED, 'utf8'), text);
});

/** Offsets and immediates that some opcode treats specially, and plain ones. */
const FIELDS: readonly (readonly [off: number, imm: number])[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 0x1_0000],
  [-1, -1],
  [8, 16],
  [16, 32],
  [32, 64],
  [0, 16],
  [0, 32],
  [0, 64],
  [0, -0x1234_5678],
  [0x7fff, 0x7fff_ffff],
  [-0x8000, -0x8000_0000],
  ...[0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1, 0xf1].map((imm) => [-8, imm] as const),
];

/**
 * Instructions of which LLVM 19 prints something else: newer than it, and atomics, of whose immediate
 * it looks at the low byte alone, or with 32-bit registers off at nothing but that it adds.
 */
function isBeyondLlvm19(opcode: number, imm: number, alu32: boolean): boolean {
  const atomic = (opcode & 0xe7) === 0xc3;
  return opcode === 0x0d || (atomic && (imm < 0 || imm > 0xff || (!alu32 && opcode !== 0xdb)));
}

for (const littleEndian of [true, false]) {
  for (const cpu of ['v2', 'v4']) {
    const target = littleEndian ? 'bpfel' : 'bpfeb';
    const alu32 = usesAlu32(cpu);
    test(`every opcode disassembles as LLVM has it: ${target} ${cpu}`, withTools, () => {
      const lines: string[] = ['.text'];
      for (let opcode = 0; opcode < 256; opcode++) {
        for (const dst of [0, 9, 10, 11, 12, 15]) {
          for (const src of [0, 1, 4, 10, 11, 13]) {
            for (const [off, imm] of FIELDS) {
              if (isBeyondLlvm19(opcode, imm, alu32)) continue;
              const bytes = encode({ opcode, dst, src, off, imm }, littleEndian);
              if (opcode === 0x18) setImm(bytes, 8, littleEndian, imm ^ 0x55);
              lines.push(`.byte ${bytes.join(',')}`);
            }
          }
        }
      }
      const assembly = join(folder, `${target}.s`);
      const object = join(folder, `${target}-all.o`);
      writeFileSync(assembly, `${lines.join('\n')}\n`);
      run('llvm-mc-19', ['-triple', target, '-filetype=obj', assembly, '-o', object]);
      const shown = parseObjdump(objdump(object, cpu));
      assert.ok(shown.length >= lines.length - 1);
      assertSame(shown, littleEndian, alu32);
    });
  }
}
