import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { caseSets, compilerSets, exampleSets } from '../differential/object-sets.js';
import { linkOurs } from '../differential/linkers.js';
import { needs, peer } from '../support/peers.js';
import { readRawObject } from '../support/raw-object.js';
import { typeForm } from '../support/raw-btf.js';

// Other people's tools read every output without a complaint, and read in it what our tests' own
// reader reads.

const work = mkdtempSync(join(tmpdir(), 'bpf-ld-tools-'));
after(() => rmSync(work, { recursive: true, force: true }));

const sets = [...caseSets(), ...exampleSets(), ...compilerSets()];
/** File of each output -> name of its set. */
const outputs = new Map<string, string>();

before(() => {
  for (const [i, set] of sets.entries()) {
    const result = linkOurs(set.files);
    if (!result.ok) continue;
    const file = `${i}.o`;
    writeFileSync(join(work, file), result.image);
    outputs.set(file, set.name);
  }
});

/** Runs a reader on all outputs at once; its complaints, each with the set's name. */
function complaints(command: string, args: readonly string[], pattern: RegExp): string[] {
  const run = spawnSync(command, [...args, ...outputs.keys()], {
    cwd: work,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  assert.equal(run.error, undefined);
  const lines = [
    ...run.stderr.split('\n'),
    ...run.stdout.split('\n').filter((l) => pattern.test(l)),
  ];
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => line.replace(/\b\d+\.o\b/, (file) => `${file} (${outputs.get(file) ?? '?'})`));
}

const llvmReadelf = peer('llvm-readelf-19');
const llvmObjdump = peer('llvm-objdump-19');
const readelf = peer('readelf');
const bpftool = peer('bpftool');

describe('other tools read every output', () => {
  it('all sets link', () => assert.equal(outputs.size, sets.length));
  it('llvm-readelf -a', needs(llvmReadelf), () => {
    assert.deepEqual(complaints(llvmReadelf.path, ['-a'], /warning|error/i), []);
  });
  it('llvm-objdump -dr', needs(llvmObjdump), () => {
    assert.deepEqual(complaints(llvmObjdump.path, ['-dr'], /^[^\t]*(warning|error):/i), []);
  });
  it('readelf -a', needs(readelf), () => {
    assert.deepEqual(complaints(readelf.path, ['-aW'], /readelf: (Warning|Error)/), []);
  });
  it('llvm-readelf sees what our reader sees', needs(llvmReadelf), () => {
    for (const [file, set] of outputs) {
      const run = spawnSync(
        llvmReadelf.path,
        ['--elf-output-style=JSON', '--sections', '--symbols', '--relocs', file],
        { cwd: work, encoding: 'utf8', maxBuffer: 1 << 28 },
      );
      assert.deepEqual(ownView(readFileSync(join(work, file))), llvmView(run.stdout), set);
    }
  });
  it('bpftool sees the types our reader sees', needs(bpftool), () => {
    for (const [file, set] of outputs) {
      const { btf, littleEndian } = readRawObject(readFileSync(join(work, file)));
      if (!btf || !littleEndian) continue;
      const args = ['btf', 'dump', '-j', 'file', file];
      const run = spawnSync(bpftool.path, args, {
        cwd: work,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      const types = JSON.parse(run.stdout) as {
        types: { id: number; kind: string; name: string }[];
      };
      const theirs = types.types.map(
        ({ id, kind, name }) => `${id} ${kind} ${name.replace('(anon)', '')}`,
      );
      const kinds =
        'VOID INT PTR ARRAY STRUCT UNION ENUM FWD TYPEDEF VOLATILE CONST RESTRICT FUNC FUNC_PROTO VAR DATASEC FLOAT DECL_TAG TYPE_TAG ENUM64'.split(
          ' ',
        );
      const ours = btf.types.slice(1).map(({ id, kind, name }) => `${id} ${kinds[kind]} ${name}`);
      assert.deepEqual(ours, theirs, set);
      for (const type of btf.types) assert.ok(typeForm(btf, type.id), set);
    }
  });
});

function ownView(bytes: Uint8Array): unknown {
  const object = readRawObject(bytes);
  return {
    sections: object.sections.map((s) => [s.name, s.type, s.flags, s.size]),
    symbols: object.symbols.map((s) => [s.value, s.size, s.binding, s.type, s.section]),
    relocations: object.relocations.map((r) => [r.offset, r.type, r.symbol.index]),
  };
}

interface LlvmValue {
  readonly Value: number;
}

interface LlvmObject {
  readonly Sections: readonly {
    readonly Section: {
      readonly Name: { readonly Name: string };
      readonly Type: LlvmValue;
      readonly Flags: LlvmValue;
      readonly Size: number;
    };
  }[];
  readonly Symbols: readonly {
    readonly Symbol: {
      readonly Value: number;
      readonly Size: number;
      readonly Binding: LlvmValue;
      readonly Type: LlvmValue;
      readonly Section: LlvmValue;
    };
  }[];
  readonly Relocations: readonly {
    readonly Relocs: readonly {
      readonly Relocation: {
        readonly Offset: number;
        readonly Type: LlvmValue;
        readonly Symbol: LlvmValue;
      };
    }[];
  }[];
}

function llvmView(json: string): unknown {
  const [object] = JSON.parse(json) as LlvmObject[];
  return {
    sections: object!.Sections.map(({ Section: s }) => [
      s.Name.Name,
      s.Type.Value,
      s.Flags.Value,
      s.Size,
    ]),
    symbols: object!.Symbols.map(({ Symbol: s }) => [
      s.Value,
      s.Size,
      s.Binding.Value,
      s.Type.Value,
      s.Section.Value,
    ]),
    relocations: object!.Relocations.flatMap(({ Relocs }) =>
      Relocs.map(({ Relocation: r }) => [r.Offset, r.Type.Value, r.Symbol.Value]),
    ),
  };
}
