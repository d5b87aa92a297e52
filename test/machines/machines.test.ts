import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { loader } from '../interop/build-peers.js';
import { pinnedClang, pinnedCompilersInstalled } from '../support/build.js';
import { assertExpected } from '../support/expected.js';
import { fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';
import {
  compileForHost,
  compilePart,
  object,
  programs,
  source,
  sources,
  type Program,
} from './build-programs.js';
import {
  link,
  llvmReadelf,
  machines,
  readelf,
  runIn,
  runOnHost,
  targets,
  typeOf,
  type Behaviour,
  type Target,
} from './targets.js';

// The same programs, linked for the kernel and for each user-space machine, do there what they do
// when the host's compiler makes executables of them: same result, same words, same memory,
// interpreted and compiled. results.md says so, program by program.

const clang = peer('clang-19');
const kernel = peer('kernel');
const libbpf = loader('libbpf');
const otherClang = clang.missing === undefined && !pinnedCompilersInstalled();
const rebuild = otherClang ? { skip: `clang is not ${pinnedClang}` } : needs(clang);

const folder = mkdtempSync(join(tmpdir(), 'bpf-ld-machines-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Requests: seed, rounds, kind and two words, and room for the result. */
const requests = [
  ['0000000000000000', '00000000', '00000000', '0000000000000000', '0000000000000000'],
  ['0102030405060708', '07000000', '05000000', '1111111122222222', '3333333344444444'],
  ['fffffffffffffffe', '0f000000', 'd7393b9c', '8000000000000080', '7f7f7f7f7f7f7f7f'],
].map((fields) => [...fields, '0000000000000000'].join(''));

/** What machines get wrong by themselves: held too, so that a release that does better is noticed. */
const limits = [
  {
    name: 'frames',
    machines: ['rbpf', 'rbpf, shared'],
    by: 'compiler',
    why: 'it gives a called function the frame of its caller',
  },
];

describe('test programs of the machines', () => {
  it('compile to the committed objects', rebuild, () => {
    for (const stem of sources()) {
      const output = join(folder, `rebuilt-${stem}.o`);
      compilePart(clang.path, source(stem), output, stem === 'narrow' ? ['-mcpu=v3'] : []);
      assert.ok(readFileSync(output).equals(readFileSync(object(stem))), `${stem}.o differs`);
    }
  });
});

/** The outcomes as a page: a row a program, a column a machine, what is not "runs" in notes below. */
class Results {
  readonly #programs: string[] = [];
  readonly #outcomes = new Map<string, string[]>();
  readonly #columns = new Set<string>();
  readonly #notes: string[] = [];

  does({ name, about }: Program, expected: readonly Behaviour[]): void {
    this.#programs.push(row(name, about, ...expected.map(({ result }) => `\`${result}\``)));
  }

  add({ name }: Program, machineName: string, said: string): void {
    const cells = this.#outcomes.get(name) ?? [];
    this.#outcomes.set(name, cells);
    this.#columns.add(machineName);
    cells.push(said === 'runs' ? said : `[${this.#note(said)}]`);
  }

  #note(said: string): number {
    const known = this.#notes.indexOf(said);
    return known < 0 ? this.#notes.push(said) : known + 1;
  }

  text(): string {
    const table = (head: readonly string[], rows: readonly string[]): string =>
      [row(...head), row(...head.map(() => '---')), ...rows].join('\n');
    const outcomes = [...this.#outcomes].map(([name, cells]) => row(name, ...cells));
    const notes = this.#notes.map((said, index) => `${index + 1}. ${said}`);
    const text = [
      '# Results, machine by machine',
      'Written by machines.test.ts; README.md says how the programs are linked and run.',
      table(['program', 'what it does', 'first request', 'second', 'third'], this.#programs),
      table(['program', ...this.#columns], outcomes),
      notes.join('\n'),
    ];
    return `${text.join('\n\n')}\n`;
  }
}

const everything = needs(clang, readelf, llvmReadelf, kernel, libbpf, ...Object.values(machines));

describe('in machines', everything, () => {
  const results = new Results();

  for (const program of programs) {
    const expected = onHost(program);
    results.does(program, expected);

    it(`${program.name} in the kernel`, () => {
      if (program.kernel) {
        const returned = expected.map(({ result }) => result);
        assert.deepEqual(inKernel(program), returned);
      }
      results.add(program, 'kernel', program.kernel ? 'runs' : 'not for its verifier');
    });

    for (const target of targets) {
      it(`${program.name} in ${target.name}`, () => {
        results.add(program, target.name, outcome(program, target, expected));
      });
    }
  }

  after(() => assertExpected(fromRoot('test/machines/results.md'), results.text()));
});

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Links a program for a target, shows it to the readers of ELF, and runs it with every request. */
function outcome(program: Program, target: Target, expected: readonly Behaviour[]): string {
  const voice = program.speaks ? [target.voice] : [];
  const files = [program.entry, ...program.parts, ...voice].map(object);
  const output = join(folder, `${program.name}-${targets.indexOf(target)}`);
  const refusal = link(files, target.options, output);
  if (refusal !== undefined) return `refused by the linker: ${refusal}`;
  assert.equal(typeOf(output), target.type);
  const reports = runIn(target.peer, output, requests);
  const refusals = new Set(reports.flatMap(({ error }) => error ?? []));
  // What a profile promises, the machine takes.
  const hasProfile = target.options.some((option) => option.startsWith('--target='));
  if (hasProfile) assert.deepEqual([...refusals], []);
  if (refusals.size > 0) return `refused by the machine: ${[...refusals].join('; ')}`;
  const limit = limits.find(
    (each) => each.name === program.name && each.machines.includes(target.name),
  );
  reports.forEach(({ runs = [] }, index) => {
    assert.ok(runs.length > 1, 'interpreted and compiled');
    for (const { by, ...behaviour } of runs) {
      const where = `${target.name}, ${by}, request ${index}`;
      if (limit?.by === by) assert.notDeepEqual(behaviour, expected[index], where);
      else assert.deepEqual(behaviour, expected[index], where);
    }
  });
  return limit === undefined ? 'runs' : `runs, but not in its ${limit.by}: ${limit.why}`;
}

function onHost(program: Program): readonly Behaviour[] {
  const path = join(folder, `host-${program.name}`);
  compileForHost(clang.path, program.parts.map(source), path);
  return requests.map((request) => {
    const behaviour = runOnHost(path, request);
    // A program that gets no request leaves none behind.
    return program.entry === 'entry' ? behaviour : { ...behaviour, memory: request };
  });
}

/** The results of a program linked for the kernel: the last eight bytes of the request. */
function inKernel(program: Program): string[] {
  const output = join(folder, `${program.name}-kernel.o`);
  assert.equal(link(['kernel', ...program.parts].map(object), [], output), undefined);
  return requests.map((request) => {
    const run = spawnSync(libbpf.path, ['run', output, `run:run:${request}`], {
      encoding: 'utf8',
    });
    const left = /"output":"([0-9a-f]+)"/.exec(run.stdout)?.[1] ?? assert.fail(run.stdout);
    return `0x${Buffer.from(left, 'hex')
      .readBigUInt64LE(left.length / 2 - 8)
      .toString(16)}`;
  });
}
