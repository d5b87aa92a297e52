import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { link, type LinkResult } from '@bpf-ld/linker';
import { crafts } from '../support/craft.js';
import { fromRoot } from '../support/paths.js';
import { KIND, readRawBtf, type RawBtf } from '../support/raw-btf.js';
import { readRawObject } from '../support/raw-object.js';

// BTF of Linux 7.1 on its way through a link: what only the new form can say stays as it is, all else
// is written as before, for kernels that read no more.

const object = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fromRoot('test/cases/btf-layout', name)));

function linked(...objects: readonly Uint8Array[]): Uint8Array {
  const result: LinkResult = link({
    inputs: objects.map((bytes, i) => ({ name: `${i}.o`, bytes })),
  });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  return result.image;
}

function btfOf(image: Uint8Array): { readonly bytes: Uint8Array; readonly btf: RawBtf } {
  const { bytes } = readRawObject(image).sections.find(({ name }) => name === '.BTF')!;
  return { bytes, btf: readRawBtf(bytes, true) };
}

describe('BTF of newer kernels', () => {
  it('a layout section changes nothing in the output', () => {
    const plain = linked(object('a.plain.o'), object('b.o'));
    assert.deepEqual(linked(object('a.o'), object('b.o')), plain);
    const { bytes } = btfOf(plain);
    assert.equal(new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true), 24);
  });

  const wide = crafts['wideEnum']!(object('a.plain.o'));
  it('a type of more than 65,535 elements keeps them all', () => {
    const image = linked(wide, object('b.o'));
    const enums = btfOf(image).btf.types.filter(({ kind }) => kind === KIND.ENUM);
    assert.deepEqual(
      enums.map(({ count, members }) => [count, members.at(-1)?.offset]),
      [[70_000, 69_999n]],
    );
  });

  it('linked again it is the same', () => {
    const image = linked(wide, object('b.o'));
    assert.deepEqual(linked(image), image);
  });
});
