/** `--reproduce` and `--dependency-file`, through the command and the tools that read what they write. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { bpfLd, fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';

const tar = peer('tar');
const make = peer('make');
const parts = ['filter', 'parser', 'policy', 'stats'].map((part) => `${part}.o`);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bpf-ld-reproduce-'));
  for (const part of parts) {
    copyFileSync(fromRoot('examples/xdp-filter', part), join(folder, part));
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

function command(words: readonly string[], cwd: string = folder, input?: Uint8Array): number {
  const run = spawnSync(process.execPath, [bpfLd, ...words], { cwd, ...(input && { input }) });
  return run.status ?? -1;
}

function unpack(name: string): string {
  const run = spawnSync(tar.path, ['-xf', `${name}.tar`], { cwd: folder, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  assert.equal(run.stderr, '');
  return join(folder, name);
}

test('the unpacked response file makes the same object', needs(tar), () => {
  // Longer than the 100 bytes of a tar header's name and the 155 of its prefix, and with what needs quotes.
  const deep = join(folder, `a 'deep" folder\\`, 'x'.repeat(120), 'y'.repeat(120));
  mkdirSync(deep, { recursive: true });
  copyFileSync(join(folder, 'stats.o'), join(deep, 'stats é.o'));
  mkdirSync(join(folder, 'out'));
  const stdin = readFileSync(join(folder, 'policy.o'));
  const words = ['filter.o', './parser.o', '-', join(deep, 'stats é.o')];
  const options = [
    '-o',
    'out/linked.o',
    '-Map=out/a.map',
    '--no-undefined',
    '-z',
    'defs',
    '--verify',
  ];
  assert.equal(command([...words, ...options, '--reproduce', 'again.tar'], folder, stdin), 0);
  const unpacked = unpack('again');
  assert.match(readFileSync(join(unpacked, 'version.txt'), 'utf8'), /^bpf-ld \d+\.\d+\.\d+\n$/);
  assert.doesNotMatch(readFileSync(join(unpacked, 'response.txt'), 'utf8'), /--reproduce/);
  assert.equal(command(['@response.txt'], unpacked), 0);
  const image = readFileSync(join(folder, 'out/linked.o'));
  assert.ok(readFileSync(join(unpacked, 'linked.o')).equals(image));
  assert.ok(existsSync(join(unpacked, 'a.map')));
});

test('the same link gives the same tar', () => {
  assert.equal(command([...parts, '-o', 'out.o', '--reproduce=a.tar']), 0);
  const first = readFileSync(join(folder, 'a.tar'));
  assert.equal(command([...parts, '-o', 'out.o', '--reproduce=a.tar']), 0);
  assert.ok(readFileSync(join(folder, 'a.tar')).equals(first));
});

test('a failed link writes the tar and nothing else, and fails again from it', needs(tar), () => {
  const words = ['filter.o', '-o', 'out.o', '--no-undefined', '-Map=a.map'];
  const answers = ['--dependency-file=out.d', '--reproduce=a.tar'];
  assert.equal(command([...words, ...answers]), 1);
  for (const name of ['out.o', 'a.map', 'out.d']) assert.ok(!existsSync(join(folder, name)), name);
  assert.equal(command(['@response.txt'], unpack('a')), 1);
});

test('a tar that cannot be written fails the link, and nothing is written', () => {
  assert.equal(command([...parts, '-o', 'out.o', '--reproduce=absent/a.tar']), 1);
  assert.ok(!existsSync(join(folder, 'out.o')));
});

test('the dependency file is what lld writes', () => {
  copyFileSync(join(folder, 'stats.o'), join(folder, 'st #at$s.o'));
  const words = ['./filter.o', 'parser.o', 'policy.o', 'st #at$s.o'];
  assert.equal(command([...words, '-o', 'out.o', '--dependency-file=out.d']), 0);
  assert.equal(
    readFileSync(join(folder, 'out.d'), 'utf8'),
    `out.o: \\
 filter.o \\
 parser.o \\
 policy.o \\
 st\\ \\#at$$s.o

filter.o:

parser.o:

policy.o:

st\\ \\#at$$s.o:
`,
  );
});

test('make reads the dependency file', needs(make), () => {
  copyFileSync(join(folder, 'stats.o'), join(folder, 'st #at$s.o'));
  const words = ['filter.o', 'parser.o', 'policy.o', 'st #at$s.o'];
  assert.equal(command([...words, '-o', 'my out.o', '--dependency-file=out.d']), 0);
  writeFileSync(
    join(folder, 'Makefile'),
    'all: my\\ out.o\nmy\\ out.o:\n\techo linked\ninclude out.d\n',
  );
  const run = (): string =>
    spawnSync(make.path, ['-s'], { cwd: folder, encoding: 'utf8' }).stdout.trim();
  assert.equal(run(), '');
  rmSync(join(folder, 'st #at$s.o'));
  assert.equal(run(), 'linked', 'what is gone is no error: the rule for it has no prerequisites');
});
