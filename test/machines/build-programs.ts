import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fromRoot } from '../support/paths.js';

/** The folder of the test programs: sources, and the objects compiled from them. */
export const programsFolder: string = fromRoot('test/machines/programs');

/** A test program. The parts are objects of `programs/`, by their stems; the first defines `compute`. */
export interface Program {
  readonly name: string;
  readonly about: string;
  readonly parts: readonly string[];
  /** The entry point in user-space machines. */
  readonly entry: 'entry' | 'entry-bare';
  /** Whether it speaks, and so needs helpers or syscalls. */
  readonly speaks: boolean;
  /** Whether the kernel's verifier takes it: no pointers in data, no calls through registers. */
  readonly kernel: boolean;
}

export const programs: readonly Program[] = [
  {
    name: 'registers',
    about: 'calls between objects, registers only',
    parts: ['registers', 'advance'],
    entry: 'entry-bare',
    speaks: false,
    kernel: true,
  },
  {
    name: 'digest',
    about: 'tables, strings, 64-bit constants, a pointer into the frame of the caller',
    parts: ['digest', 'mix', 'words'],
    entry: 'entry',
    speaks: false,
    kernel: true,
  },
  {
    name: 'frames',
    about: 'a frame in the caller and one in the called',
    parts: ['frames', 'shuffle'],
    entry: 'entry',
    speaks: false,
    kernel: true,
  },
  {
    name: 'narrow',
    about: '32-bit arithmetic and jumps (-mcpu=v3)',
    parts: ['narrow'],
    entry: 'entry',
    speaks: false,
    kernel: true,
  },
  {
    name: 'state',
    about: 'variables in .data and .bss',
    parts: ['state', 'count'],
    entry: 'entry',
    speaks: false,
    kernel: true,
  },
  {
    name: 'names',
    about: 'pointers in constant data, helpers or syscalls',
    parts: ['weigh', 'names'],
    entry: 'entry',
    speaks: true,
    kernel: false,
  },
  {
    name: 'dispatch',
    about: 'tables of function pointers, calls through registers',
    parts: ['dispatch', 'operations'],
    entry: 'entry',
    speaks: true,
    kernel: false,
  },
];

/** Sources of `programs/` that are compiled for BPF, by their stems. */
export function sources(): readonly string[] {
  const names = readdirSync(programsFolder).filter((name) => name.endsWith('.c'));
  return names.map((name) => name.slice(0, -2)).filter((name) => name !== 'host');
}

/**
 * Compiles a file for BPF. -mcpu=v2: sbpf sign-extends results of 32-bit arithmetic, which v3 and
 * later make use of, and takes no 32-bit jumps before its version 3.
 *
 * @param flags further flags, which may say otherwise
 */
export function compilePart(
  clang: string,
  file: string,
  output: string,
  flags: readonly string[] = [],
): void {
  const usual = ['-target', 'bpf', '-mcpu=v2', '-O2', '-g', '-Wall', '-Werror'];
  // The folder stays out of the bytes.
  const folder = dirname(file);
  const paths = [`-ffile-prefix-map=${folder}=.`, '-fdebug-compilation-dir=.'];
  const files = ['-ffile-reproducible', '-c', basename(file), '-o', output];
  compile(clang, folder, [...usual, ...flags, ...paths, ...files]);
}

/** Compiles a program for this machine: what it does there is what it should do anywhere. */
export function compileForHost(clang: string, files: readonly string[], output: string): void {
  const all = [source('host'), ...files];
  compile(clang, programsFolder, ['-O1', '-Wall', '-Werror', ...all, '-o', output]);
}

function compile(clang: string, folder: string, args: readonly string[]): void {
  const run = spawnSync(clang, args, { cwd: folder, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${clang} ${args.join(' ')}\n${run.stderr}`);
}

/** The source of a part. */
export function source(stem: string): string {
  return join(programsFolder, `${stem}.c`);
}

/** The committed object of a part. */
export function object(stem: string): string {
  return join(programsFolder, `${stem}.o`);
}
