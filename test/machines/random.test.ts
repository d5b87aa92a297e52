import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { needs, peer } from '../support/peers.js';
import { seededRandom } from '../support/random.js';
import { compileForHost, compilePart, object, programsFolder } from './build-programs.js';
import { randomProgram, type RandomProgram } from './random-program.js';
import {
  link,
  llvmReadelf,
  machines,
  readelf,
  runIn,
  runOnHost,
  targets,
  typeOf,
  type Target,
} from './targets.js';

// Random programs of several files do in every machine what they do as executables of the host.
// PROGRAMS=200 SEED=7 runs other and more of them.

const clang = peer('clang-19');
const seed = Number(process.env['SEED'] ?? 1);
const count = Number(process.env['PROGRAMS'] ?? 6);

const folder = mkdtempSync(join(tmpdir(), 'bpf-ld-random-machines-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Versions 1 and 2 of sbpf refuse most programs; rbpf's compiler shares frames, and stops at some
 * sizes of programs.
 */
const wanted = targets.filter(
  ({ name }) => !['sbpf v1', 'sbpf v2'].includes(name) && !name.startsWith('rbpf'),
);

/** Whether a target takes every program of this kind. */
function takes({ name }: Target, { pointers, variables, indirect }: RandomProgram): boolean {
  if (name.startsWith('sbpf')) return !variables;
  return !indirect && !(name === 'uBPF, object' && pointers);
}

describe(
  'random programs',
  needs(clang, readelf, llvmReadelf, machines.ubpf, machines.sbpf),
  () => {
    for (let number = 0; number < count; number++) {
      const name = `program ${number} of seed ${seed}`;
      it(`${name} is the same everywhere`, () => {
        const random = seededRandom(seed * 1000 + number);
        const program = randomProgram(random);
        const place = join(folder, `${number}`);
        mkdirSync(place);
        const stems = program.files.map((file) => join(place, file.name));
        program.files.forEach(({ text }, index) => writeFileSync(`${stems[index]!}.c`, text));
        const sources = stems.map((stem) => `${stem}.c`);
        compileForHost(clang.path, [`-I${programsFolder}`, ...sources], join(place, 'host'));
        for (const stem of stems) {
          const splits = random() % 2 === 0 ? ['-ffunction-sections', '-fdata-sections'] : [];
          compilePart(clang.path, `${stem}.c`, `${stem}.o`, [`-I${programsFolder}`, ...splits]);
        }
        const requests = Array.from({ length: 3 }, () =>
          Array.from({ length: 4 }, () => hex(random()) + hex(random()))
            .join('')
            .padEnd(80, '0'),
        );
        const expected = requests.map((request) => runOnHost(join(place, 'host'), request));
        for (const target of wanted) {
          const output = join(place, 'output');
          const files = [object('entry'), ...stems.map((stem) => `${stem}.o`)];
          const refusal = link(files, target.options, output);
          // A refusal needs a reason; what a profile let through has to run.
          const hasProfile = target.options.some((option) => option.startsWith('--target='));
          if (takes(target, program)) assert.equal(refusal, undefined, target.name);
          else if (refusal !== undefined || !hasProfile) continue;
          assert.equal(typeOf(output), target.type);
          runIn(target.peer, output, requests).forEach(({ error, runs = [] }, index) => {
            assert.equal(error, undefined, target.name);
            for (const { by, ...behaviour } of runs) {
              assert.deepEqual(behaviour, expected[index], `${target.name}, ${by}`);
            }
          });
        }
      });
    }
  },
);

/** Four bytes as hexadecimal digits. */
function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
