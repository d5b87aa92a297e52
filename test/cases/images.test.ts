import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { link, type ImageOptions, type LinkOptions } from '@bpf-ld/linker';
import { openSection, parseElf, type ElfFile } from '@bpf-ld/elf-reader';
import { readCases } from '../support/case-format.js';
import { bpfLd, fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';
import { loadShared } from '../support/run-time-loader.js';

// Executables and shared objects: other people's tools read all of them without a complaint, and what
// a loader written from docs/dynamic.md makes of a shared object is what --static makes of its inputs.

const work = mkdtempSync(join(tmpdir(), 'bpf-ld-images-'));
after(() => rmSync(work, { recursive: true, force: true }));

const links = readCases().flatMap(({ name, folder, links: all }) =>
  all
    .filter(({ exit }) => exit === 0 && name.startsWith('image-'))
    .map((one) => ({ ...one, folder, name: `${name}-${one.name}` })),
);

describe('other tools read every image', () => {
  const outputs: string[] = [];
  before(() => {
    for (const { folder, name, inputs, options } of links) {
      const args = [bpfLd, '-w', ...options, ...inputs, '-o', join(work, `${name}.out`)];
      const run = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
      assert.equal(run.status, 0, run.stderr);
      outputs.push(`${name}.out`);
    }
  });

  const llvmReadelf = peer('llvm-readelf-19');
  const llvmObjdump = peer('llvm-objdump-19');
  const readelf = peer('readelf');

  function complaints(command: string, args: readonly string[], pattern: RegExp): string[] {
    const run = spawnSync(command, [...args, ...outputs], { cwd: work, encoding: 'utf8' });
    assert.equal(run.error, undefined);
    const lines = run.stdout.split('\n').filter((line) => pattern.test(line));
    return [...run.stderr.split('\n'), ...lines].filter((line) => line.trim() !== '');
  }

  it('llvm-readelf -a', needs(llvmReadelf), () => {
    assert.deepEqual(complaints(llvmReadelf.path, ['-a'], /warning|error/i), []);
  });
  it('llvm-objdump -d', needs(llvmObjdump), () => {
    assert.deepEqual(complaints(llvmObjdump.path, ['-d'], /^[^\t]*(warning|error):/i), []);
  });
  it('readelf -a', needs(readelf), () => {
    assert.deepEqual(complaints(readelf.path, ['-aW'], /readelf: (Warning|Error)/), []);
  });
});

function linked(paths: readonly string[], options: LinkOptions): Uint8Array {
  const inputs = paths.map((path) => ({
    name: path,
    bytes: readFileSync(fromRoot('test/cases', path)),
  }));
  const result = link({ inputs, options: { ...options, verify: true } });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  return result.image;
}

function parsed(bytes: Uint8Array): ElfFile {
  const elf = parseElf('image', bytes);
  assert.ok(elf.ok);
  return elf.value;
}

const helpers = new Map([
  ['machine_time', 5],
  ['machine_say', 0x41],
]);

describe('a shared object, loaded, is what --static makes of the same inputs', () => {
  const programs: readonly (readonly [readonly string[], ImageOptions])[] = [
    [['image-static/a.o', 'image-static/b.o'], { helpers }],
    [['image-static-be/a.o', 'image-static-be/b.o'], {}],
    [['image-shared/a.o', 'image-shared/library.o'], {}],
    [['image-target-sbf/b.o', 'image-target-ubpf/pointers.o'], {}],
  ];
  for (const [paths, image] of programs) {
    for (const base of [0, 0x4000_0000, 0x7_1234_5000]) {
      it(`${paths.join(' ')} at 0x${base.toString(16)}`, () => {
        const file = linked(paths, { output: 'shared', image });
        const shared = parsed(file);
        const loaded = loadShared(file, BigInt(base));
        loaded.relocate(() => undefined);
        const at = (name: string): number | undefined => {
          const address = shared.sections.find((section) => section.name === name)?.address;
          return address === undefined ? undefined : base + address;
        };
        const [text, rodata, data] = [at('.text'), at('.rodata'), at('.data') ?? at('.bss')];
        const addresses = {
          ...(text !== undefined && { text }),
          ...(rodata !== undefined && { rodata }),
          ...(data !== undefined && { data }),
        };
        const fixed = parsed(linked(paths, { output: 'static', image: { ...image, addresses } }));
        let compared = 0;
        for (const section of fixed.sections) {
          if (section.address === 0 || section.type === 8) continue;
          const start = section.address - base;
          const bytes = Buffer.from(loaded.memory.subarray(start, start + section.size));
          const expected = Buffer.from(openSection(fixed, section).bytes);
          // What is missing in a shared object is left to its loader, which finds nothing here.
          assert.ok(bytes.equals(expected), section.name);
          compared += section.size;
        }
        assert.ok(compared > 0);
      });
    }
  }
});

describe('shared objects that need each other', () => {
  for (const hashStyle of ['sysv', 'gnu', 'both'] as const) {
    it(`are found by ${hashStyle} tables and bound`, () => {
      const library = linked(['image-shared/library.o'], {
        output: 'shared',
        image: { soname: 'liblibrary.so.1', hashStyle },
      });
      const path = join(work, 'library.so');
      writeFileSync(path, library);
      const inputs = [
        { name: 'a.o', bytes: readFileSync(fromRoot('test/cases/image-shared/a.o')) },
        { name: path, bytes: library },
      ];
      const image = { soname: 'libshared.so.1', entry: 'shared_api', hashStyle };
      const result = link({ inputs, options: { output: 'shared', noUndefined: true, image } });
      assert.ok(result.ok, JSON.stringify(result.diagnostics));

      const user = loadShared(result.image, 0x10_0000n);
      const used = loadShared(library, 0x200_0000n);
      assert.deepEqual(user.needed, [used.soname]);
      assert.equal(user.soname, 'libshared.so.1');
      assert.equal(user.entry, user.offered.get('shared_api'));
      for (const object of [user, used]) {
        assert.ok(object.offered.size > 0);
        for (const [name, address] of object.offered) {
          for (const found of object.lookUp(name)) assert.equal(found, address, name);
        }
        for (const name of ['', 'library', 'shared_hidden', 'library_gett']) {
          assert.ok(
            object.lookUp(name).every((found) => found === undefined),
            name,
          );
        }
      }
      const resolve = (name: string) => used.lookUp(name)[0];
      used.relocate(resolve);
      user.relocate(resolve);
      const api = user.offered.get('shared_api')!;
      assert.equal(user.callee(api + 8n), used.offered.get('library_get'));
      assert.equal(user.immediate(api + 16n), used.offered.get('library_limit'));
      const pointer = user.offered.get('shared_pointer')!;
      assert.equal(user.word(pointer), used.offered.get('library_slot'));
      const slot = used.offered.get('library_slot')!;
      assert.equal(used.word(slot), used.offered.get('library_limit'));
    });
  }
});
