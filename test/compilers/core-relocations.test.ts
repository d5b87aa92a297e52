import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, it } from 'node:test';
import { linkOurs } from '../differential/linkers.js';
import { readRawObject, SHF, STT, type RawObject } from '../support/raw-object.js';
import { objectFile } from './builds.js';

// GCC 12 with -mco-re writes CO-RE records and no other. They follow their instructions; and the
// kernel, which wants records of all functions of a program or of none, gets what it wants.

const main = (build: string): string => objectFile(build, 'main');
const task = (build: string): string => objectFile(build, 'task');
const [clang, gcc] = ['core-clang-19', 'core-gcc-12'];

describe('CO-RE records', () => {
  for (const [files, described] of [
    [[main(gcc), task(gcc)], false],
    [[task(gcc), main(gcc)], false],
    [[main(clang), task(gcc)], true],
    [[task(gcc), main(clang)], true],
    [[main(gcc), task(clang)], true],
    [[task(clang), main(gcc)], true],
  ] as const) {
    const name = files.map((file) => `${basename(file)} of ${basename(dirname(file))}`).join(', ');
    it(name, () => {
      const result = linkOurs(files);
      assert.ok(result.ok);
      const linked = readRawObject(result.image);
      assert.deepEqual(functionsDescribed(linked), described ? functions(linked) : []);
      const input = readRawObject(readFileSync(files.find((file) => file.endsWith('task.o'))!));
      const moved = addressOf(linked, 'thread') - addressOf(input, 'thread');
      assert.ok(input.ext!.coreRelo.length === 2, 'there are two');
      assert.deepEqual(
        linked.ext!.coreRelo.map(({ section, offset }) => [section, offset]),
        input.ext!.coreRelo.map(({ section, offset }) => [section, offset + moved]),
      );
      assert.deepEqual(
        linked.ext!.coreRelo.map(meaning(linked)),
        input.ext!.coreRelo.map(meaning(input)),
      );
    });
  }
});

function addressOf({ symbols }: RawObject, name: string): number {
  return symbols.find((symbol) => symbol.name === name)!.value;
}

/** Places of functions, in order. */
function functions({ sections, symbols }: RawObject): readonly string[] {
  return symbols
    .filter(
      ({ type, section }) => type === STT.FUNC && (sections[section]!.flags & SHF.EXECINSTR) !== 0,
    )
    .map(({ section, value }) => `${sections[section]!.name} ${value}`)
    .sort();
}

function functionsDescribed({ ext }: RawObject): readonly string[] {
  return ext!.funcInfo.map(({ section, offset }) => `${section} ${offset}`).sort();
}

/** Type, access string and kind of a record (btf.rst, struct bpf_core_relo). */
function meaning({
  btf,
}: RawObject): (record: { readonly words: readonly number[] }) => readonly unknown[] {
  return ({ words: [type, access, kind] }) => [btf!.types[type!]!.name, btf!.string(access!), kind];
}
