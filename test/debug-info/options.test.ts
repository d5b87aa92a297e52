/** What the options of debug information make, shown to the tools it is for. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { link, type LinkOptions } from '@bpf-ld/linker';
import { bpfLd, fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';

const objdump = peer('llvm-objdump-19');
const objcopy = peer('llvm-objcopy-19');
const symbolizer = peer('llvm-symbolizer-19');
const dwarfdump = peer('llvm-dwarfdump-19');
const readelf = peer('readelf');
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-debug-'));
after(() => rmSync(work, { recursive: true, force: true }));

const folder = fromRoot('examples/xdp-filter');
const objects = ['filter.o', 'parser.o'].map((name) => join(folder, name));

function linked(options: LinkOptions, name: string): string {
  const inputs = objects.map((file) => ({ name: file, bytes: readFileSync(file) }));
  const result = link({ inputs, options: { ...options, verify: true } });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  const file = join(work, name);
  writeFileSync(file, result.image);
  return file;
}

function run(tool: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, words, {
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 1 << 28,
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Without the lines that name the file. */
const body = (text: string, file: string): string => text.replaceAll(file, 'FILE');

describe('the source beside the disassembly', needs(objdump), () => {
  it('comes from the sources of all objects', () => {
    const file = linked({}, 'whole.o');
    const text = run(objdump.path, '-S', '-l', '-d', file);
    for (const source of ['filter.bpf.c', 'parser.bpf.c']) {
      assert.match(text, new RegExp(`^; .*${source}:[1-9]`, 'm'));
      // Each line that objdump shows stands in the source.
      const lines = new Set(readFileSync(join(folder, source), 'utf8').split('\n'));
      const shown = text
        .split('\n')
        .filter((line) => line.startsWith('; ') && lines.has(line.slice(2)));
      assert.ok(shown.length > 0, source);
    }
  });
});

describe('--compress-debug-sections=zlib', needs(dwarfdump, objcopy, readelf), () => {
  it('changes nothing but the bytes that are stored', () => {
    const plain = linked({}, 'plain.o');
    const packed = linked({ compressDebug: true }, 'packed.o');
    assert.ok(readFileSync(packed).length < readFileSync(plain).length);
    const dump = (file: string): string => body(run(dwarfdump.path, '-a', file), file);
    assert.equal(dump(packed), dump(plain));
    assert.equal(spawnSync(readelf.path, ['-wi', packed], { encoding: 'utf8' }).status, 0);

    const unpacked = join(work, 'unpacked.o');
    run(objcopy.path, '--decompress-debug-sections', packed, unpacked);
    assert.equal(dump(unpacked), dump(plain));
  });

  it('is undone and redone by linking again', () => {
    const again = (file: string, options: LinkOptions): Uint8Array => {
      const result = link({ inputs: [{ name: 'x.o', bytes: readFileSync(file) }], options });
      assert.ok(result.ok);
      return result.image;
    };
    const [plain, packed] = [join(work, 'plain.o'), join(work, 'packed.o')];
    assert.deepEqual(again(packed, {}), new Uint8Array(readFileSync(plain)));
    const redone = again(packed, { compressDebug: true });
    assert.deepEqual(redone, new Uint8Array(readFileSync(packed)));
  });
});

describe('--separate-debug-file', needs(objdump, symbolizer, dwarfdump), () => {
  it('leaves a symbolizer what it had', () => {
    // Without DWARF LLVM's tools would take lines from .BTF.ext.
    const whole = linked({ lineInfo: false }, 'whole.o');
    const output = join(work, 'out.o');
    const debug = join(work, 'out.debug');
    const words = [bpfLd, ...objects, '-o', output, `--separate-debug-file=${debug}`];
    run(process.execPath, ...words, '--no-btf-ext-lines', '--verify');
    assert.doesNotMatch(run(objdump.path, '-h', output), /\.debug_/);
    assert.equal(spawnSync(dwarfdump.path, ['--verify', debug]).status, 0);

    const ask = (...flags: readonly string[]): string =>
      run(symbolizer.path, ...flags, '0x0', '0x8', '0x10', '0x40', '0x80');
    const expected = ask(`--obj=${whole}`);
    assert.match(expected, /bpf\.c:[1-9]/);
    assert.equal(ask(`--obj=${output}`), expected, 'beside the object');

    // A folder of debug files holds the paths of what they are about, as GDB's does.
    const elsewhere = mkdtempSync(join(tmpdir(), 'bpf-ld-debug-files-'));
    after(() => rmSync(elsewhere, { recursive: true, force: true }));
    mkdirSync(join(elsewhere, work), { recursive: true });
    renameSync(debug, join(elsewhere, work, 'out.debug'));
    assert.doesNotMatch(ask(`--obj=${output}`), /bpf\.c:[1-9]/, 'nowhere');
    const flags = [`--fallback-debug-path=${elsewhere}`, `--obj=${output}`];
    assert.equal(ask(...flags), expected, 'in a folder of debug files');

    writeFileSync(debug, readFileSync(whole));
    assert.doesNotMatch(ask(`--obj=${output}`), /bpf\.c:[1-9]/, 'another file of that name');
  });
});
