import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeFilesAtomically } from './atomic-write.js';
import { createObjectCache, linkFiles } from './link-files.js';
import { link } from './link.js';

const cases = fileURLToPath(new URL('../../../test/cases/', import.meta.url));
const [a, b] = ['a.o', 'b.o'].map((name) => join(cases, 'global-calls', name)) as [string, string];

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'bpf-ld-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Names and contents of everything in the folder. */
const snapshot = (): Record<string, string> =>
  Object.fromEntries(
    fs.readdirSync(folder).map((name) => [name, fs.readFileSync(join(folder, name), 'base64')]),
  );

describe('linkFiles', () => {
  it('writes the output and nothing else', () => {
    const output = join(folder, 'out.o');
    const result = linkFiles({ inputs: [a, b], output });
    assert.ok(result.ok);
    assert.deepEqual(fs.readdirSync(folder), ['out.o']);
    assert.deepEqual(new Uint8Array(fs.readFileSync(output)), result.image);
  });

  it('may write over an input', () => {
    const own = join(folder, 'a.o');
    fs.copyFileSync(a, own);
    const apart = linkFiles({ inputs: [own, b] });
    const over = linkFiles({ inputs: [own, b], output: own });
    assert.ok(apart.ok && over.ok);
    assert.deepEqual(new Uint8Array(fs.readFileSync(own)), apart.image);
  });

  it('looks for libraries in order, and takes files only', () => {
    const archives = join(cases, 'archive-options');
    fs.mkdirSync(join(folder, 'libping.a'));
    const inputs = [
      join(archives, 'main.o'),
      { library: 'ping' },
      { library: ':libprogram.a', wholeArchive: true },
    ];
    const result = linkFiles({ inputs, libraryPaths: [join(folder, 'none'), folder, archives] });
    assert.ok(result.ok);
    assert.deepEqual(
      result.extracted.map(({ object, symbol }) => `${object} ${symbol}`),
      [`${join(archives, 'libping.a')}(ping.o) arcopt_ping`],
    );
    const lost = linkFiles({ inputs, libraryPaths: [folder] });
    assert.ok(!lost.ok);
    assert.deepEqual(
      lost.diagnostics.map(({ code }) => code),
      ['library-not-found', 'library-not-found'],
    );
  });

  it('reads members of thin archives from the folder of the archive; link() asks its caller', () => {
    const [main, thin] = ['main.o', 'libthin.a'].map((name) => join(cases, 'archives', name));
    const result = linkFiles({ inputs: [main!, thin!] });
    assert.ok(result.ok && result.extracted.length === 2);
    const inputs = [main!, thin!].map((name) => ({ name, bytes: fs.readFileSync(name) }));
    const blind = link({ inputs });
    assert.ok(!blind.ok);
    assert.equal(blind.diagnostics[0]!.code, 'thin-member-missing');
    const readMember = (name: string): Uint8Array => fs.readFileSync(join(cases, 'archives', name));
    const seeing = link({ inputs: inputs.map((input) => ({ ...input, readMember })) });
    assert.ok(seeing.ok);
    assert.deepEqual(seeing.image, result.image);
  });

  it('links the same from every form of archive, and nothing twice', () => {
    const forms = ['gnu', 'bsd', 'darwin', 'noindex', 'thin', 'binutils', 'binutilsthin'];
    const linked = forms.map((form) =>
      linkFiles({
        inputs: ['main.o', `lib${form}.a`].map((name) => join(cases, 'archives', name)),
      }),
    );
    const apart = linkFiles({
      inputs: ['main.o', 'square.o', 'product.o'].map((name) => join(cases, 'archives', name)),
    });
    assert.ok(apart.ok);
    for (const result of linked) {
      assert.ok(result.ok);
      assert.deepEqual(result.image, apart.image);
    }
  });

  it('changes no file when an input is missing, bad, or the link fails', () => {
    const output = join(folder, 'out.o');
    fs.writeFileSync(output, 'as it was');
    fs.writeFileSync(join(folder, 'bad.o'), 'not an object');
    const before = snapshot();
    for (const inputs of [
      [a, join(folder, 'none.o')],
      [a, join(folder, 'bad.o')],
      [a, a],
      [folder],
    ]) {
      const result = linkFiles({ inputs, output });
      assert.ok(!result.ok);
      assert.ok(result.diagnostics.some(({ severity }) => severity === 'error'));
      assert.deepEqual(snapshot(), before);
    }
  });

  it('writes neither output nor map when one of them cannot be', () => {
    const map = { path: join(folder, 'no', 'such', 'map'), bytes: Uint8Array.of(1) };
    const result = linkFiles({
      inputs: [a, b],
      output: join(folder, 'out.o'),
      sideOutputs: () => [map],
    });
    assert.ok(!result.ok);
    assert.deepEqual(result.diagnostics.map(({ code }) => code), ['cannot-write-output']); // prettier-ignore
    assert.deepEqual(fs.readdirSync(folder), []);
  });
});

describe('writeFilesAtomically', () => {
  it('keeps a symbolic link and the mode of what it replaces', () => {
    const target = join(folder, 'target');
    fs.writeFileSync(target, 'old');
    fs.chmodSync(target, 0o600);
    fs.symlinkSync(target, join(folder, 'link'));
    const failure = writeFilesAtomically([
      { path: join(folder, 'link'), bytes: Buffer.from('new') },
    ]);
    assert.equal(failure, undefined);
    assert.ok(fs.lstatSync(join(folder, 'link')).isSymbolicLink());
    assert.equal(fs.readFileSync(target, 'utf8'), 'new');
    assert.equal(fs.statSync(target).mode & 0o777, 0o600);
  });

  it('refuses a folder before it touches anything', () => {
    fs.mkdirSync(join(folder, 'folder'));
    const files = ['one', 'folder'].map((name) => ({
      path: join(folder, name),
      bytes: Uint8Array.of(1),
    }));
    assert.equal(writeFilesAtomically(files)?.path, join(folder, 'folder'));
    assert.deepEqual(fs.readdirSync(folder), ['folder']);
  });
});

describe('createObjectCache', () => {
  it('parses what it has not seen, whatever path and time say', () => {
    const cache = createObjectCache();
    const first = linkFiles({ inputs: [a, b], cache });
    assert.equal(cache.hits, 0);
    const second = linkFiles({ inputs: [a, b], cache });
    assert.equal(cache.hits, 2);
    assert.ok(first.ok && second.ok);
    assert.deepEqual(first.image, second.image);
    assert.equal(cache.bytes, fs.statSync(a).size + fs.statSync(b).size);
  });

  it('stays within its bound', () => {
    const cache = createObjectCache(fs.statSync(a).size);
    for (let i = 0; i < 3; i++) assert.ok(linkFiles({ inputs: [a, b], cache }).ok);
    assert.ok(cache.bytes <= fs.statSync(a).size);
  });
});
