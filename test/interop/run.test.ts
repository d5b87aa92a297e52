import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { bpfLd } from '../support/paths.js';
import { needs, peer, type Peer } from '../support/peers.js';
import { loader } from './build-peers.js';
import { ciliumRefusals, exampleNames, orders, readExample, type Example } from './examples.js';
import { scenarios } from './scenarios.js';
import * as report from './reports.js';

// The parts of each example, linked, behave in the running kernel as the same program compiled as
// one file, and every loader finds the same in both.

const bpftool = peer('bpftool');
const kernel = peer('kernel');
const libbpf = loader('libbpf');
const cilium = loader('cilium');
const aya = loader('aya');

const folder = mkdtempSync(join(tmpdir(), 'bpf-ld-interop-'));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const name of exampleNames) {
  const example = readExample(name);
  const steps = scenarios[name];
  const linkOrders = ordersOf(example);

  describe(name, () => {
    describe('in the kernel', needs(kernel, libbpf), () => {
      const whole = ask(libbpf, 'run', example.whole, ...steps.map((step) => step.text));

      it('compiled as one file, returns what each step says', () => {
        const returned = report.retvals(whole);
        assert.deepEqual(
          returned,
          steps.map((step) => [step.text, step.retval]),
        );
      });
      for (const order of linkOrders) {
        it(`runs as one file does: ${order.name}`, () => {
          const linked = ask(libbpf, 'run', order.output(), ...steps.map((step) => step.text));
          assert.deepEqual(report.runMeaning(linked), report.runMeaning(whole));
        });
      }
    });

    describe('as loaders read it', () => {
      it('libbpf lists the same', needs(kernel, libbpf), () => {
        sameInAllOrders(libbpf, 'load', report.libbpfMeaning);
      });
      it('cilium/ebpf lists the same', needs(cilium), () => {
        const refused = ciliumRefusals[name];
        if (refused === undefined) {
          sameInAllOrders(cilium, 'parse', report.ciliumMeaning);
          return;
        }
        assert.ok(!('refused' in report.ciliumMeaning(ask(cilium, 'parse', example.whole))));
        for (const order of linkOrders) {
          const linked = report.ciliumMeaning(ask(cilium, 'parse', order.output()));
          assert.deepEqual(linked, { refused }, order.name);
        }
      });
      it('cilium/ebpf loads the same', needs(kernel, cilium), () => {
        sameInAllOrders(cilium, 'load', report.ciliumLoadMeaning);
      });
      it('aya-obj lists the same', needs(aya), () => {
        sameInAllOrders(aya, 'parse', report.ayaMeaning);
      });
      it('bpftool makes the same skeleton', needs(bpftool), () => {
        const whole = report.skeletonMembers(skeleton(example.whole));
        assert.ok(whole.length > 3, 'the skeleton has members');
        for (const order of linkOrders) {
          assert.deepEqual(report.skeletonMembers(skeleton(order.output())), whole, order.name);
        }
      });
    });
  });

  function sameInAllOrders(
    from: Peer,
    command: string,
    meaning: (text: string) => report.Json,
  ): void {
    const whole = meaning(ask(from, command, example.whole));
    for (const order of linkOrders) {
      assert.deepEqual(meaning(ask(from, command, order.output())), whole, order.name);
    }
  }
}

/** One way to link an example. */
interface Order {
  /** The parts in the order they are linked in; those in brackets are linked by themselves first. */
  readonly name: string;
  /** The linked object; linked on first use. */
  readonly output: () => string;
}

function ordersOf(example: Example): readonly Order[] {
  const inOne = orders(example.parts).map((parts, index): Order => {
    const output = join(folder, `${example.name}-${index}.o`);
    return { name: namesOf(parts), output: once(() => link(parts, output)) };
  });
  return [...inOne, inTwoSteps(example)];
}

/** Each half of the parts makes an object with open references to the other; then both are linked. */
function inTwoSteps({ name, parts }: Example): Order {
  const half = Math.ceil(parts.length / 2);
  const halves = [parts.slice(0, half), parts.slice(half)];
  const output = once(() => {
    const partial = halves.map((files, i) => link(files, join(folder, `${name}-half-${i}.o`)));
    return link(partial, join(folder, `${name}-two-steps.o`));
  });
  return { name: halves.map((files) => `(${namesOf(files)})`).join(' '), output };
}

function namesOf(parts: readonly string[]): string {
  return parts.map((part) => basename(part)).join(' ');
}

function once(make: () => string): () => string {
  let made: string | undefined;
  return () => (made ??= make());
}

function link(parts: readonly string[], output: string): string {
  const run = spawnSync(process.execPath, [bpfLd, ...parts, '-o', output], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  assert.ok(existsSync(output), 'the output is there');
  return output;
}

/** What a loader's program prints, be it an error. */
function ask(from: Peer, ...args: readonly string[]): string {
  const run = spawnSync(from.path, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.ok(run.status === 0 || run.status === 1, `${from.path} ${args[0]}: ${run.stderr}`);
  return run.stdout;
}

function skeleton(object: string): string {
  const args = ['gen', 'skeleton', object, 'name', 'example'];
  const run = spawnSync(bpftool.path, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}
