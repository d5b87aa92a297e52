import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { endianness, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { link, type LinkOptions } from '@bpf-ld/linker';
import { loader } from '../interop/build-peers.js';
import * as report from '../interop/reports.js';
import { permutations } from '../support/case-format.js';
import { needs, peer } from '../support/peers.js';
import { builds, mixtures, objectFile, programs, type Program } from './builds.js';

// What each compiler made of the parts of a program, linked in every order, does in the running
// kernel what the same compiler made of the program as one file. So do parts of several compilers.

const kernel = peer('kernel');
const libbpf = loader('libbpf');
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-compilers-run-'));
after(() => rmSync(work, { recursive: true, force: true }));

/** What is run of a program, in one load, and what it returns. */
interface Step {
  readonly function: string;
  readonly context: readonly number[];
  readonly retval: number;
}

const scenarios: Readonly<Record<Program, readonly Step[]>> = {
  program: [
    serve([0, 3, 1357], 101),
    serve([1, 2, 0], 145),
    serve([2, 1, 300], 3315),
    // 9 more where slots[0] has an initialiser.
    serve([3, 1, 0], 10254),
    serve([4, 5, 0], 11),
    serve([4, 5, 0], 14),
    serve([5, 0, 21], 42),
    serve([7, 1, 5], 120),
    { function: 'serve_second', context: [0, 6], retval: 179 },
    serve([3, 9, 0], 10254),
  ],
  cxx: [
    serve([0, 300], 101),
    serve([1, 7], 58),
    serve([2, 9], 99),
    serve([3, 4], 352),
    serve([3, 5], 365),
    serve([4, 0], 5),
    serve([2, 1000], 7081),
    serve([0, 0], 6),
  ],
  core: [serve([0], 1), serve([1], 1)],
  assembly: [
    serve([0, 3], 14),
    serve([1, 3], 184),
    serve([1, 100], 172),
    serve([2, 5], 122),
    serve([2, 300], 105),
  ],
};

const BUILDS_WITH_COMMON = /common/;

describe('linked objects run as one file does', needs(kernel, libbpf), () => {
  for (const build of builds.filter(({ runs }) => runs && endianness() === 'LE')) {
    const parts = programs[build.program].map((part) => [build.name, part] as const);
    const expected = expectedOf(build.program, BUILDS_WITH_COMMON.test(build.name));
    it(`${build.name} as one file`, () => {
      assert.deepEqual(run(build.program, [[build.name, 'whole']]), expected);
    });
    it(`${build.name} without what nothing needs`, () => {
      assert.deepEqual(run(build.program, parts, { gc: {} }), expected);
    });
    for (const order of permutations(parts)) {
      it(`${build.name}: ${order.map(([, part]) => part).join(' ')}`, () => {
        assert.deepEqual(run(build.program, order), expected);
      });
    }
  }
  for (const mixture of mixtures.filter(() => endianness() === 'LE')) {
    const names = mixture.map(([build, part]) => `${part} of ${build}`).join(', ');
    const [storeOf] = mixture.at(-1)!;
    const expected = expectedOf('program', BUILDS_WITH_COMMON.test(storeOf));
    for (const order of permutations(mixture)) {
      it(`${names}: ${order.map(([, part]) => part).join(' ')}`, () => {
        assert.deepEqual(run('program', order), expected);
      });
    }
  }
});

function serve(context: readonly number[], retval: number): Step {
  return { function: 'serve', context, retval };
}

function expectedOf(program: Program, common: boolean): readonly (number | undefined)[] {
  const [whole, short] = [10254, 10245];
  return scenarios[program].map(({ retval }) => (common && retval === whole ? short : retval));
}

/** Links the objects, loads what comes out, and runs the program's steps: what each returned. */
function run(
  program: Program,
  objects: readonly (readonly [string, string])[],
  options: LinkOptions = {},
): readonly (number | undefined)[] {
  const inputs = objects.map(([build, part]) => {
    const name = objectFile(build, part);
    return { name, bytes: readFileSync(name) };
  });
  const result = link({ inputs, options });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  const file = join(work, 'linked.o');
  writeFileSync(file, result.image);
  const steps = scenarios[program].map(({ function: name, context }) => {
    const bytes = Buffer.alloc(context.length * 8);
    context.forEach((value, i) => bytes.writeBigUInt64LE(BigInt(value), i * 8));
    return `run:${name}:${bytes.toString('hex')}`;
  });
  const peerRun = spawnSync(libbpf.path, ['run', file, ...steps], { encoding: 'utf8' });
  return report.retvals(peerRun.stdout).map(([, retval]) => retval);
}
