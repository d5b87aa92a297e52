import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pinnedClang, pinnedCompilersInstalled } from '../support/build.js';
import { bpfLd, fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';
import { loader } from './build-peers.js';
import { tcp4, tcp6 } from './packets.js';
import { retvals } from './reports.js';

// The library of examples/library, linked into its two programs: each gets the members it needs, and runs with them.

const make = peer('make');
const clang = peer('clang-19');
const ar = peer('llvm-ar-19');
const kernel = peer('kernel');
const libbpf = loader('libbpf');
const otherClang = clang.missing === undefined && !pinnedCompilersInstalled();
const rebuild = otherClang ? { skip: `clang is not ${pinnedClang}` } : needs(make, clang, ar);

const DROP = 1;
const PASS = 2;

const committed = fromRoot('examples', 'library');
const copy = mkdtempSync(join(tmpdir(), 'bpf-ld-library-'));
const folder = join(copy, 'library');
after(() => rmSync(copy, { recursive: true, force: true }));
cpSync(fromRoot('examples'), copy, { recursive: true, filter: (path) => !path.endsWith('/out') });

describe('examples/library', () => {
  it('links by its Makefile, each program with the members it needs', needs(make), () => {
    run(make.path, '-s', `BPF_LD=${process.execPath} ${bpfLd}`);
    const membersOf = (program: string): string[] => {
      const map = readFileSync(join(folder, 'out', `${program}.map`), 'utf8');
      return [...new Set([...map.matchAll(/libguard\.a\((\w+)\.o\)/g)].map(([, name]) => name!))];
    };
    assert.deepEqual(membersOf('enforce').toSorted(), ['hash', 'limit', 'report']);
    assert.deepEqual(membersOf('observe').toSorted(), ['hash', 'limit']);
  });

  it('compiles to the committed objects and the committed archive', rebuild, () => {
    run(make.path, '-s', 'objects');
    const files = readdirSync(folder).filter((file) => /\.[oa]$/.test(file));
    assert.equal(files.length, 6);
    for (const file of files) {
      const made = readFileSync(join(folder, file));
      assert.ok(made.equals(readFileSync(join(committed, file))), `${file} differs`);
    }
  });

  // The limit counts packets in a second: four pass.
  const enforced = [PASS, PASS, PASS, PASS, DROP, DROP];
  const programs = { enforce: enforced, observe: enforced.map(() => PASS) };
  for (const [program, results] of Object.entries(programs)) {
    it(`${program} runs in the kernel`, needs(kernel, libbpf), () => {
      const output = join(copy, `${program}.o`);
      const words = [`${program}.o`, '-L.', '-lguard', '--no-undefined', '-o', output];
      run(process.execPath, bpfLd, ...words);
      const packet = Buffer.from(tcp4()).toString('hex');
      const other = Buffer.from(tcp6()).toString('hex');
      const steps = [...results.map(() => packet), other].map((data) => `run:${program}:${data}`);
      const attempt = (): (number | undefined)[] =>
        retvals(run(libbpf.path, 'run', output, ...steps)).map(([, retval]) => retval);
      const expected = [...results, PASS];
      // A second may begin between two packets; it does not twice in a row.
      const first = attempt();
      assert.deepEqual(first.join() === expected.join() ? first : attempt(), expected);
    });
  }
});

function run(command: string, ...args: readonly string[]): string {
  const made = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  assert.equal(made.stderr, '', 'no warnings');
  return made.stdout;
}
