import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { machine } from '../interop/build-peers.js';
import { bpfLd } from '../support/paths.js';
import { peer, type Peer } from '../support/peers.js';

export const readelf: Peer = peer('readelf');
export const llvmReadelf: Peer = peer('llvm-readelf-19');
export const machines: Readonly<Record<'rbpf' | 'sbpf' | 'ubpf', Peer>> = {
  rbpf: machine('rbpf'),
  sbpf: machine('sbpf'),
  ubpf: machine('ubpf'),
};

/** One kind of output, and where it runs. */
export interface Target {
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

export const targets: readonly Target[] = [
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
    options: ['--target=ubpf', '-u', 'entrypoint'],
    type: 'REL',
    voice: 'say-user',
  },
  ...['v0', 'v1', 'v2', 'v3'].map(sbf),
];

/** Links files; gives the first error where the linker refuses, without the target's name. */
export function link(
  files: readonly string[],
  options: readonly string[],
  output: string,
): string | undefined {
  const words = [bpfLd, ...options, ...files, '-o', output];
  const run = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (run.status === 0) {
    assert.equal(run.stderr, '', 'no warnings');
    return undefined;
  }
  assert.equal(run.status, 1, run.stderr);
  return /error: (?:(?:sbf-v\d|ubpf): )?(.+)/.exec(run.stderr)?.[1] ?? assert.fail(run.stderr);
}

/** The type of a file of which GNU readelf and LLVM's say all, and nothing against it. */
export function typeOf(file: string): string | undefined {
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

/** What a program does with a request: hexadecimal result and memory, and what it said. */
export interface Behaviour {
  readonly result: string;
  readonly log: readonly string[];
  readonly memory: string;
}

/** What a machine made of a file with one request: it refused it, or ran it in several ways. */
export interface Report {
  readonly error?: string;
  readonly runs?: readonly (Behaviour & { readonly by: string })[];
}

/** Runs a file in a machine, once with each request. */
export function runIn(where: Peer, file: string, requests: readonly string[]): readonly Report[] {
  const words = requests.map((request) => `${file}=${request}`);
  const run = spawnSync(where.path, words, { encoding: 'utf8' });
  assert.ok(run.status === 0 || run.status === 1, `${where.path}: ${run.signal} ${run.stderr}`);
  const lines = run.stdout.trim().split('\n');
  assert.equal(lines.length, requests.length);
  return lines.map((line) => JSON.parse(line) as Report);
}

/** Runs a program that host.c is a part of. */
export function runOnHost(program: string, request: string): Behaviour {
  const run = spawnSync(program, [request], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  const [result = '', memory = '', ...log] = run.stdout.trimEnd().split('\n');
  return { result, log, memory };
}
