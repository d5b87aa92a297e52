import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { disassembleObject, renderDisassembly } from '@bpf-ld/linker/disassembly';
import { bpfLd, fromRoot } from '../support/paths.js';

// --print-disassembly as a user types it. What it prints of each kind of code is in the link case
// test/cases/disassembly.

const work = mkdtempSync(join(tmpdir(), 'bpf-ld-print-disassembly-'));
after(() => rmSync(work, { recursive: true, force: true }));

const folder = fromRoot('examples/xdp-filter');
const inputs = ['filter.o', 'parser.o', 'policy.o', 'stats.o'];
const output = join(work, 'xdp.o');

function bpfLdPrints(words: readonly string[]): {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly status: number | null;
} {
  const run = spawnSync(process.execPath, [bpfLd, ...words], { cwd: folder });
  return { stdout: run.stdout, stderr: run.stderr.toString(), status: run.status };
}

function rendered(name: string, bytes: Uint8Array, functions: readonly string[] = []): string {
  const result = disassembleObject({ name, bytes, functions });
  assert.ok(result.ok);
  return [...renderDisassembly(result.disassembly)].join('');
}

test('the command of docs/disassembly.md prints what the library renders', () => {
  const page = readFileSync(fromRoot('docs/disassembly.md'), 'utf8');
  const [, words] = /^\$ bpf-ld (.*)$/m.exec(page)!;
  const { stdout, stderr, status } = bpfLdPrints(words!.replace('xdp.o', output).split(' '));
  assert.deepEqual([stderr, status], ['', 0]);
  const text = stdout.toString();
  assert.equal(text, rendered(output, readFileSync(output), ['port_is_denied']));
  assert.match(text, /^[0-9a-f]{16} <port_is_denied>:\n; .* @ \.\/policy\.bpf\.c:\d+\n/m);
  assert.equal(text.match(/^[0-9a-f]{16} </gm)?.length, 1);
});

test('with -o - the object has standard output for itself', () => {
  const { stdout, stderr, status } = bpfLdPrints([...inputs, '-o', '-', '--print-disassembly']);
  assert.equal(status, 0);
  assert.equal(stderr, rendered('<stdout>', stdout));
});

test('without a name all functions are printed, whatever is named besides', () => {
  const words = [...inputs, '-o', output, '--print-disassembly=flow_hash', '--print-disassembly'];
  assert.equal(bpfLdPrints(words).stdout.toString(), rendered(output, readFileSync(output)));
});

test('nothing is written when a function does not exist', () => {
  const absent = join(work, 'absent.o');
  const map = join(work, 'absent.map');
  const words = [...inputs, '-o', absent, '-Map', map, '--print-disassembly=flow_hsah'];
  const { stdout, stderr, status } = bpfLdPrints(words);
  assert.deepEqual([stdout.toString(), status], ['', 1]);
  const hint = '>>> hint: did you mean flow_hash?';
  assert.equal(stderr, `bpf-ld: error: ${absent} has no function flow_hsah\n${hint}\n`);
  assert.deepEqual([existsSync(absent), existsSync(map)], [false, false]);
});
