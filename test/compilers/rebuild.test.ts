import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { updating } from '../support/expected.js';
import { needs, peer, type Peer } from '../support/peers.js';
import { KIND, typeForm } from '../support/raw-btf.js';
import { readRawObject, type RawObject } from '../support/raw-object.js';
import { builds, compile, objectFile, updateObject, type Compiler } from './builds.js';

// The committed objects are what each compiler makes of the sources beside them.

describe('objects are what the compilers make of their sources', () => {
  for (const build of builds) {
    for (const [part, [compiler]] of Object.entries(build.commands)) {
      it(`${build.name} ${part}`, needs(released(compiler)), () => {
        if (updating('fixtures')) updateObject(build, part);
        const { bytes, printed } = compile(build, part);
        assert.equal(printed, '', 'no warnings');
        const committed = readFileSync(objectFile(build.name, part));
        if (compiler.tool === 'bpf-gcc') assertEqualButForOrder(bytes, committed);
        else assert.ok(committed.equals(bytes), 'the same bytes');
      });
    }
  }
});

/** GCC 12 orders VARs, FUNCs and DATASECs by addresses in its memory: only .BTF's bytes differ from run to run. */
function assertEqualButForOrder(bytes: Uint8Array, committed: Uint8Array): void {
  const [ours, theirs] = [readRawObject(bytes), readRawObject(committed)];
  assert.deepEqual(typesOf(ours), typesOf(theirs), 'the same types');
  assert.ok(withoutTypes(bytes, ours).equals(withoutTypes(committed, theirs)), 'the same bytes');
}

function typesOf({ btf }: RawObject): readonly string[] {
  const forms = btf!.types.map((type) => {
    const isDatasec = type.kind === KIND.DATASEC;
    const entries = type.members.map((entry) => {
      const { name } = btf!.types[entry.type]!;
      return `${name} ${entry.offset} ${entry.size}`;
    });
    return typeForm(btf!, type.id) + (isDatasec ? ` ${entries.sort().join(', ')}` : '');
  });
  return forms.sort();
}

/** An object's bytes with those of .BTF made zero. */
function withoutTypes(bytes: Uint8Array, object: RawObject): Buffer {
  const copy = Buffer.from(bytes);
  const types = object.sections.find(({ name }) => name === '.BTF')!.bytes;
  const at = copy.indexOf(types);
  return copy.fill(0, at, at + types.length);
}

/** The compiler as a peer: missing, too, where it is another release. */
function released({ tool, release }: Compiler): Peer {
  const found = peer(tool);
  if (found.missing !== undefined) return found;
  const { stdout } = spawnSync(found.path, ['--version'], { encoding: 'utf8' });
  return stdout.includes(release) ? found : { ...found, missing: `${tool} is not ${release}` };
}
