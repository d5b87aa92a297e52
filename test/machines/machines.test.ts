import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { machine, loader } from '../interop/build-peers.js';
import { pinnedClang, pinnedCompilersInstalled } from '../support/build.js';
import { assertExpected } from '../support/expected.js';
import { bpfLd, fromRoot } from '../support/paths.js';
import { needs, peer, type Peer } from '../support/peers.js';
import {
  compileForHost,
  compilePart,
  object,
  programs,
  sources,
  type Program,
} from './build-programs.js';

// The same programs, linked for the kernel and for each user-space machine, do there what they do
// when the host's compiler makes executables of them: same result, same words, same memory,
// interpreted and compiled. results.md says so, program by program.

const clang = peer('clang-19');
const readelf = peer('readelf');
const llvmReadelf = peer('llvm-readelf-19');
const kernel = peer('kernel');
const libbpf = loader('libbpf');
const machines = { rbpf: machine('rbpf'), ubpf: machine('ubpf'), sbpf: machine('sbpf') };
const otherClang = clang.missing === undefined && !pinnedCompilersInstalled();
const rebuild = otherClang ? { skip: `clang is not ${pinnedClang}` } : needs(clang);

const hostPrograms = new Set<string>();
const folder = mkdtempSync(join(tmpdir(), 'bpf-ld-machines-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Requests: seed, rounds, kind and two words, and room for the result. */
const requests = [
  ['0000000000000000', '00000000', '00000000', '0000000000000000', '0000000000000000'],
  ['0102030405060708', '07000000', '05000000', '1111111122222222', '3333333344444444'],
  ['fffffffffffffffe', '0f000000', 'd7393b9c', '8000000000000080', '7f7f7f7f7f7f7f7f'],
].map((fields) => [...fields, '0000000000000000'].join(''));

/** What a program does with a request. */
interface Behaviour {
  readonly result: string;
  readonly log: readonly string[];
  readonly memory: string;
}

/** One kind of output, and where it runs. */
interface Target {
  readonly name: string;
  readonly peer: Peer;
  readonly options: readonly string[];
  /** The type of the file, as readelf says it. */
  readonly type: 'DYN' | 'EXEC' | 'REL';
  /** The object through which the program speaks there. */
  readonly voice: 'say-user' | 'say-solana';
}

const helpers = ['--helper', 'log_number=1', '--helper', 'log_text=2'];
const fixed = ['--static', '-e', 'entrypoint', '-Ttext=0x10000000', '-Trodata=0x20000000'];
const user = {
  options: [...fixed, '-Tdata=0x30000000', ...helpers],
  type: 'EXEC',
  voice: 'say-user',
} as const;
const shared = {
  options: ['--shared', '-e', 'entrypoint'],
  type: 'DYN',
  voice: 'say-user',
} as const;
const sbf = (version: string): Target => ({
  name: `sbpf ${version}`,
  peer: machines.sbpf,
  options: [`--target=sbf-${version}`, '-e', 'entrypoint'],
  type: 'DYN',
  voice: 'say-solana',
});
const targets: readonly Target[] = [
  { name: 'rbpf', peer: machines.rbpf, ...user },
  { name: 'uBPF', peer: machines.ubpf, ...user },
  {
    name: 'uBPF, --target',
    peer: machines.ubpf,
    ...user,
    options: ['--target=ubpf', '--static', '-e', 'entrypoint', ...helpers],
  },
  { name: 'rbpf, shared', peer: machines.rbpf, ...shared },
  { name: 'uBPF, shared', peer: machines.ubpf, ...shared },
  {
    name: 'uBPF, object',
    peer: machines.ubpf,
    options: ['--target=ubpf'],
    type: 'REL',
    voice: 'say-user',
  },
  ...['v0', 'v1', 'v2', 'v3'].map(sbf),
];

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
      compilePart(clang.path, stem, output);
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
    const expected = requests.map((request) => onHost(program, request));
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
  const linked = link([program.entry, ...program.parts, ...voice], target.options);
  if (linked.refusal !== undefined) return `refused by the linker: ${linked.refusal}`;
  assert.equal(typeOf(linked.output), target.type);
  const run = spawnSync(
    target.peer.path,
    requests.map((request) => `${linked.output}=${request}`),
    { encoding: 'utf8' },
  );
  assert.ok(run.status === 0 || run.status === 1, `${target.name}: ${run.signal} ${run.stderr}`);
  const limit = limits.find(
    (each) => each.name === program.name && each.machines.includes(target.name),
  );
  const reports = run.stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const refusals = new Set(reports.flatMap((report) => errorOf(report) ?? []));
  // What a profile promises, the machine takes.
  if (target.options.some((option) => option.startsWith('--target=')))
    assert.deepEqual([...refusals], []);
  if (refusals.size > 0) return `refused by the machine: ${[...refusals].join('; ')}`;
  reports.forEach((report, index) => {
    for (const { by, ...behaviour } of runsOf(report)) {
      const where = `${target.name}, ${by}, request ${index}`;
      if (limit?.by === by) assert.notDeepEqual(behaviour, expected[index], where);
      else assert.deepEqual(behaviour, expected[index], where);
    }
  });
  return limit === undefined ? 'runs' : `runs, but not in its ${limit.by}: ${limit.why}`;
}

interface Linked {
  readonly output: string;
  /** The linker's first error, when it refused. */
  readonly refusal: string | undefined;
}

let outputs = 0;

function link(stems: readonly string[], options: readonly string[]): Linked {
  const output = join(folder, `output-${outputs++}.o`);
  const files = stems.map(object);
  const run = spawnSync(process.execPath, [bpfLd, ...options, ...files, '-o', output], {
    encoding: 'utf8',
  });
  if (run.status === 0) return { output, refusal: undefined };
  assert.equal(run.status, 1, run.stderr);
  // The target's name is left out: the table has a column for each.
  const error = /error: (?:(?:sbf-v\d|ubpf): )?(.+)/.exec(run.stderr)?.[1];
  return { output, refusal: error ?? assert.fail(run.stderr) };
}

/** The type of a file of which GNU readelf and LLVM's say all, and nothing against it. */
function typeOf(file: string): string | undefined {
  let type: string | undefined;
  for (const [reader, args] of [
    [readelf, ['-aW', file]],
    [llvmReadelf, ['-a', file]],
  ] as const) {
    const run = spawnSync(reader.path, args, { encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
    assert.equal(run.stderr, '');
    assert.doesNotMatch(run.stdout, /warning|<corrupt/i);
    type = /^ *Type: +(\w+)/m.exec(run.stdout)?.[1];
  }
  return type;
}

function onHost(program: Program, request: string): Behaviour {
  const path = join(folder, `host-${program.name}`);
  if (!hostPrograms.has(program.name)) {
    compileForHost(clang.path, program, path);
    hostPrograms.add(program.name);
  }
  const run = spawnSync(path, [request], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  const [result = '', memory = '', ...log] = run.stdout.trimEnd().split('\n');
  // A program that gets no request leaves none behind.
  return { result, log, memory: program.entry === 'entry' ? memory : request };
}

/** The results of a program linked for the kernel: the last eight bytes of the request. */
function inKernel(program: Program): string[] {
  const linked = link(['kernel', ...program.parts], []);
  return requests.map((request) => {
    const run = spawnSync(libbpf.path, ['run', linked.output, `run:run:${request}`], {
      encoding: 'utf8',
    });
    const output = /"output":"([0-9a-f]+)"/.exec(run.stdout)?.[1] ?? assert.fail(run.stdout);
    return `0x${Buffer.from(output, 'hex')
      .readBigUInt64LE(output.length / 2 - 8)
      .toString(16)}`;
  });
}

function errorOf(report: unknown): string | undefined {
  return (report as { readonly error?: string }).error;
}

function runsOf(report: unknown): readonly (Behaviour & { readonly by: string })[] {
  return (report as { readonly runs: readonly (Behaviour & { readonly by: string })[] }).runs;
}
