import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { casesFolder, readCases } from '../support/case-format.js';
import { bpfLd } from '../support/paths.js';
import { needs, peer, type Peer } from '../support/peers.js';
import { loader } from './build-peers.js';
import { ciliumRefusals, orders, readExample } from './examples.js';
import * as report from './reports.js';
import { scenarios } from './scenarios.js';

// Control of symbols as the kernel and the loaders see it: what was wrapped, aliased, made local,
// prefixed or told apart still loads, and does what the names say.

const kernel = peer('kernel');
const libbpf = loader('libbpf');
const cilium = loader('cilium');

const folder = mkdtempSync(join(tmpdir(), 'bpf-ld-symbols-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Links of cases, the program to run of each, and what it returns. */
const results: readonly [linkCase: string, link: string, program: string, retval: number][] = [
  // __wrap_wrapd_limit is 7; the wrapper adds 1 to twice that.
  ['symbols-wrap', 'wrapped', 'wrapd_use', 15],
  ['symbols-wrap', 'wrapped', 'wrapd_own', 2],
  ['symbols-defsym', 'values', 'defs_use', 8],
  ['symbols-defsym', 'beats-definition', 'defs_main', 13],
  ['symbols-scope', 'version-script', 'scope_use', 3],
  ['symbols-scope', 'patterns', 'scope_use', 3],
  ['symbols-scope', 'export-symbol', 'scope_use', 3],
  ['symbols-localize-hidden', 'use+have', 'lochid_use', 6],
  ['symbols-localize-hidden', 'have+use', 'lochid_use', 6],
  ['symbols-prefix', 'side-by-side', 'prefix_main', 113],
  ['symbols-unique-statics', 'a+b+c', 'uniq_b', 12],
  ['symbols-unique-statics', 'linked-before', 'uniq_a', 12],
  ['symbols-unique-statics', 'with-localized', 'uniq_c', 8],
  ['symbols-multiple', 'muldefs', 'multi_main_b', 4],
];

describe('control of symbols', () => {
  for (const [name, linkName, program, retval] of results) {
    it(`${name} ${linkName}: ${program} returns ${retval}`, needs(kernel, libbpf), () => {
      const found = readCases().find((linkCase) => linkCase.name === name);
      const wanted = found?.links.find((each) => each.name === linkName);
      assert.ok(wanted);
      const output = link(join(casesFolder, name), wanted.inputs, wanted.options);
      const input = '00'.repeat(64);
      const step = `run:${program}:${input}`;
      assert.deepEqual(report.retvals(ask(libbpf, 'run', output, step)), [[step, retval]]);
    });
  }

  const example = readExample('trace-exec');
  const steps = scenarios['trace-exec'];
  const hidden = ['--unique-statics', '--localize-hidden'];
  for (const parts of orders(example.parts)) {
    it('trace-exec, statics told apart, runs as one file does', needs(kernel, libbpf), () => {
      const texts = steps.map(({ text }) => text);
      const output = link('.', parts, hidden);
      const [linked, whole] = [output, example.whole].map((object) =>
        report.runMeaning(ask(libbpf, 'run', object, ...texts)),
      );
      assert.deepEqual(withoutStatics(linked!), withoutStatics(whole!));
    });

    it('trace-exec is taken by cilium/ebpf, which refuses it otherwise', needs(cilium), () => {
      assert.ok('trace-exec' in ciliumRefusals);
      const linked = report.ciliumMeaning(ask(cilium, 'parse', link('.', parts, hidden)));
      const whole = report.ciliumMeaning(ask(cilium, 'parse', example.whole));
      assert.ok(!('refused' in linked), JSON.stringify(linked));
      assert.deepEqual(linked['programs'], whole['programs']);
      assert.deepEqual(linked['maps'], whole['maps']);
    });

    // Hidden functions that stay global are checked without their callers, and refused.
    it(
      'trace-exec, hidden functions local, is loaded by cilium/ebpf',
      needs(kernel, cilium),
      () => {
        const output = link('.', parts, hidden);
        assert.notEqual(report.ciliumLoadMeaning(ask(cilium, 'load', output)), 'refused');
      },
    );
  }
});

/** A run without static variables: one file has to call them otherwise than several do. */
function withoutStatics(run: report.Json): report.Json {
  return JSON.parse(
    JSON.stringify(run, (_, value: unknown) =>
      Array.isArray(value)
        ? value.filter((item) => !(Array.isArray(item) && /calls/.test(String(item[0]))))
        : value,
    ),
  ) as report.Json;
}

let count = 0;

function link(cwd: string, inputs: readonly string[], options: readonly string[]): string {
  const output = join(folder, `${count++}.o`);
  const args = [bpfLd, ...options, ...inputs, '-o', output];
  const run = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return output;
}

function ask(from: Peer, ...args: readonly string[]): string {
  const run = spawnSync(from.path, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.ok(run.status === 0 || run.status === 1, `${from.path} ${args[0]}: ${run.stderr}`);
  return run.stdout;
}
