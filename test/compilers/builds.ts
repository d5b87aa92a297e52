/** What each compiler is given, and the objects of it that are committed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fromRoot } from '../support/paths.js';
import type { PeerName } from '../support/peers.js';

/** The programs, by the folder of their sources, and the parts that are linked. */
export const programs = {
  program: ['main', 'math', 'store'],
  cxx: ['first', 'second'],
  assembly: ['main', 'llvm', 'gnu'],
  core: ['main', 'task'],
} as const;
export type Program = keyof typeof programs;

/** A compiler or assembler whose objects are committed: the same release gives the same bytes. */
export interface Compiler {
  readonly tool: PeerName;
  /** Text that its `--version` holds. */
  readonly release: string;
}

/** One program compiled with one set of options. */
export interface Build {
  /** Folder of its objects. */
  readonly name: string;
  readonly program: Program;
  /** The command line of each object, without `-o`: object's stem -> words. */
  readonly commands: Readonly<Record<string, readonly [Compiler, ...string[]]>>;
  /** Whether a machine of the usual byte order can run it. */
  readonly runs: boolean;
  /** What the kernel says of the compiler's own BTF, linked or not, where it refuses that. */
  readonly typesRefused?: RegExp;
}

const clang14: Compiler = { tool: 'clang-14', release: '14.0.6' };
const clang16: Compiler = { tool: 'clang-16', release: '16.0.6' };
const clang19: Compiler = { tool: 'clang-19', release: '19.1.7' };
const gcc12: Compiler = { tool: 'bpf-gcc', release: '12.2.0' };
const llvmMc: Compiler = { tool: 'llvm-mc-19', release: '19.1.7' };
const gnuAs: Compiler = { tool: 'bpf-as', release: '2.40' };

/** Without optimisation clang writes prototypes without names of parameters. */
const NAMELESS_PARAMETERS = /Invalid arg#1/;
/** BTF names are C identifiers; clang writes names like `clamp<unsigned long long>`. */
const CXX_NAMES = /Invalid name/;

const COMMON = ['-fcommon', '-DCOMMON'];
const SECTIONS = ['-ffunction-sections', '-fdata-sections'];
const CXX = ['-std=c++17', '-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics'];

export const builds: readonly Build[] = [
  clang('clang-14-v1-O2', clang14, ['-mcpu=v1', '-O2']),
  clang('clang-14-v2-O1-common', clang14, ['-mcpu=v2', '-O1', ...COMMON]),
  clang('clang-14-v3-O2-sections', clang14, ['-mcpu=v3', '-O2', ...SECTIONS]),
  clang('clang-16-v1-O1-sections', clang16, ['-mcpu=v1', '-O1', ...SECTIONS]),
  clang('clang-16-v2-O2-common', clang16, ['-mcpu=v2', '-O2', ...COMMON]),
  clang('clang-16-v3-O0', clang16, ['-mcpu=v3', '-O0']),
  clang('clang-19-v1-O2', clang19, ['-mcpu=v1', '-O2']),
  clang('clang-19-v2-O1', clang19, ['-mcpu=v2', '-O1']),
  clang('clang-19-v3-O0', clang19, ['-mcpu=v3', '-O0']),
  clang('clang-19-v4-O2', clang19, ['-mcpu=v4', '-O2']),
  clang('clang-19-v4-O2-common-sections', clang19, ['-mcpu=v4', '-O2', ...COMMON, ...SECTIONS]),
  clang('clang-19-big-endian', clang19, ['-mcpu=v3', '-O2'], 'bpfeb'),
  gcc('gcc-12-O2', ['-O2']),
  gcc('gcc-12-v1-O1', ['-mcpu=v1', '-O1']),
  gcc('gcc-12-v2-O2-sections', ['-mcpu=v2', '-O2', ...SECTIONS]),
  gcc('gcc-12-v3-O0', ['-mcpu=v3', '-O0']),
  gcc('gcc-12-core-common', ['-O2', '-mco-re', ...COMMON]),
  gcc('gcc-12-debug', ['-O2', '-g']),
  gcc('gcc-12-big-endian', ['-O2', '-mbig-endian']),
  cxx('cxx-clang-14', clang14, ['-mcpu=v3', '-O2', '-g']),
  // clang 16 crashes when it makes BTF of a member function.
  cxx('cxx-clang-16', clang16, ['-mcpu=v3', '-O2']),
  cxx('cxx-clang-19', clang19, ['-mcpu=v4', '-O2', '-g']),
  core('core-clang-19', clang19, [
    '-target',
    'bpfel',
    '-mcpu=v3',
    '-O2',
    '-g',
    '-fdebug-compilation-dir=.',
  ]),
  // The CO-RE records of GCC 12 are not at the instructions they mean: libbpf refuses them.
  { ...core('core-gcc-12', gcc12, ['-O2', '-gbtf', '-mco-re']), runs: false },
  assembly('assembly-clang-19', [clang19, '-target', 'bpfel', '-mcpu=v3', '-O2', '-g']),
  assembly('assembly-gcc-12', [gcc12, '-O2', '-gbtf']),
];

/** Parts of the program from more than one compiler: build and part of each. */
export const mixtures: readonly (readonly [string, string])[][] = [
  mixture('clang-19-v4-O2', 'gcc-12-O2', 'gcc-12-O2'),
  mixture('gcc-12-O2', 'clang-19-v4-O2', 'gcc-12-v1-O1'),
  mixture('gcc-12-O2', 'gcc-12-v2-O2-sections', 'clang-14-v1-O2'),
  mixture('gcc-12-v3-O0', 'clang-16-v1-O1-sections', 'clang-19-v2-O1'),
  mixture('gcc-12-debug', 'clang-14-v3-O2-sections', 'clang-19-v1-O2'),
  mixture('gcc-12-core-common', 'clang-19-v4-O2-common-sections', 'gcc-12-core-common'),
  mixture('clang-14-v2-O1-common', 'gcc-12-core-common', 'clang-16-v2-O2-common'),
  mixture('clang-14-v3-O2-sections', 'clang-16-v2-O2-common', 'clang-19-v4-O2'),
];

/** The file of an object. */
export function objectFile(build: string, part: string): string {
  return fromRoot('test/compilers/objects', build, `${part}.o`);
}

/** Compiles one object of `build` again: its bytes, and what the compiler printed. */
export function compile(build: Build, part: string): { bytes: Uint8Array; printed: string } {
  const [{ tool }, ...words] = build.commands[part]!;
  const folder = mkdtempSync(join(tmpdir(), 'bpf-ld-compilers-'));
  try {
    const output = join(folder, 'out.o');
    const cwd = fromRoot('test/compilers', build.program);
    // GCC writes its working directory into BTF and DWARF as PWD calls it: here by a name that no machine changes.
    const env = { ...process.env, PWD: '/proc/self/cwd' };
    const run = spawnSync(tool, [...words, '-o', output], { cwd, env, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`${tool} ${words.join(' ')}\n${run.stderr}`);
    return { bytes: readFileSync(output), printed: run.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes an object to where it is committed. */
export function updateObject(build: Build, part: string): void {
  const file = objectFile(build.name, part);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, compile(build, part).bytes);
}

function clang(
  name: string,
  compiler: Compiler,
  flags: readonly string[],
  target: 'bpfel' | 'bpfeb' = 'bpfel',
): Build {
  const words = ['-target', target, '-g', '-Wall', '-fdebug-compilation-dir=.', ...flags];
  const refused = flags.includes('-O0') && { typesRefused: NAMELESS_PARAMETERS };
  return {
    name,
    program: 'program',
    commands: inC('program', compiler, words),
    runs: target === 'bpfel',
    ...refused,
  };
}

function gcc(name: string, flags: readonly string[]): Build {
  const words = ['-gbtf', '-Wall', ...flags];
  const runs = !flags.includes('-mbig-endian');
  return { name, program: 'program', commands: inC('program', gcc12, words), runs };
}

function cxx(name: string, compiler: Compiler, flags: readonly string[]): Build {
  const words = ['-target', 'bpfel', '-Wall', '-fdebug-compilation-dir=.', ...CXX, ...flags];
  const refused = flags.includes('-g') && { typesRefused: CXX_NAMES };
  return {
    name,
    program: 'cxx',
    commands: inC('cxx', compiler, words, 'cc'),
    runs: true,
    ...refused,
  };
}

function core(name: string, compiler: Compiler, flags: readonly string[]): Build {
  return {
    name,
    program: 'core',
    commands: inC('core', compiler, [...flags, '-Wall']),
    runs: true,
  };
}

function assembly(name: string, [compiler, ...flags]: readonly [Compiler, ...string[]]): Build {
  const words = compiler === gcc12 ? flags : [...flags, '-fdebug-compilation-dir=.'];
  return {
    name,
    program: 'assembly',
    commands: {
      main: [compiler, ...words, '-Wall', '-c', 'main.c'],
      llvm: [llvmMc, '-triple', 'bpfel', '-mcpu=v3', '-filetype=obj', 'llvm.s'],
      gnu: [gnuAs, 'gnu.s'],
      whole: [compiler, ...words, '-Wall', '-c', 'whole.c'],
    },
    runs: true,
  };
}

/** The parts of a program, and all of them as one file. */
function inC(
  program: Program,
  compiler: Compiler,
  words: readonly string[],
  extension: 'c' | 'cc' = 'c',
): Build['commands'] {
  const stems: readonly string[] = [...programs[program], 'whole'];
  return Object.fromEntries(
    stems.map((stem) => [stem, [compiler, ...words, '-c', `${stem}.${extension}`]]),
  );
}

function mixture(...from: readonly [string, string, string]): (readonly [string, string])[] {
  return from.map((build, i) => [build, programs.program[i]!] as const);
}
