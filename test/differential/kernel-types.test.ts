import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { needs, peer } from '../support/peers.js';
import { fromRoot } from '../support/paths.js';
import { KIND, readRawBtf, type RawBtf, type RawType } from '../support/raw-btf.js';
import { readRawObject } from '../support/raw-object.js';
import { bpftoolLinker, linkOurs } from './linkers.js';

// Objects that carry all types of the running kernel, linked with each other and with small ones:
// the types are libbpf's, one for one, and the kernel takes them.

const kernel = peer('kernel');
const bpftool = peer('bpftool');
const theirs = bpftoolLinker();
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-kernel-types-'));
const pins = `/sys/fs/bpf/bpf-ld-types-${process.pid}`;
after(() => rmSync(work, { recursive: true, force: true }));

const cases = (...names: readonly string[]): string[] =>
  names.map((name) => fromRoot('test/cases', name));
const large = cases('static-names/a.o', 'static-names/b.o', 'static-calls/b.o', 'decl-tags/a.o');
const small = cases('core-relocations/a.o', 'core-relocations/b.o');
// `changed` takes bpftool a minute.
const variants =
  process.env['FULL'] === '1' ? ['identical', 'permuted', 'changed'] : ['identical', 'permuted'];

describe('a whole kernel of types in four objects', () => {
  for (const variant of variants) {
    it(`${variant}: the types are bpftool's`, needs(kernel, bpftool), () => {
      const files = [...objectsOf(variant), ...small];
      const ours = linkOurs(files);
      assert.ok(ours.ok, JSON.stringify(ours.diagnostics));
      const linked = theirs.link(files);
      assert.ok(linked.ok, linked.ok ? '' : linked.why);
      const own = typesOf(ours.image);
      const other = typesOf(linked.image);
      assert.ok(own.types.length > 50_000, `only ${own.types.length} types`);
      assert.ok(own.types.length <= other.types.length);
      assert.deepEqual(counted(own), counted(other));
    });
  }

  it('the kernel takes them', needs(kernel, bpftool), () => {
    const ours = linkOurs(objectsOf('permuted').slice(0, 2));
    assert.ok(ours.ok, JSON.stringify(ours.diagnostics));
    const file = join(work, 'linked.o');
    writeFileSync(file, ours.image);
    const run = spawnSync(bpftool.path, ['--debug', 'prog', 'loadall', file, pins], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    rmSync(pins, { recursive: true, force: true });
    assert.equal(run.status, 0, run.stderr.slice(-2000));
    assert.doesNotMatch(run.stderr, /BTF loading error/);
  });
});

function objectsOf(variant: string): string[] {
  const script = fromRoot('bench/kernel-objects.mjs');
  const run = spawnSync(process.execPath, [script, variant, join(work, variant), ...large], {
    encoding: 'utf8',
  });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout.trim().split('\n');
}

function typesOf(image: Uint8Array): RawBtf {
  const { bytes } = readRawObject(image).sections.find(({ name }) => name === '.BTF')!;
  return readRawBtf(bytes, true);
}

/** How often each type occurs, by its own words and the names of what it refers to. */
function counted(btf: RawBtf): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of btf.types) {
    // Offsets of VARs are the layout's, and another test's.
    if (type.kind === KIND.DATASEC) continue;
    const key = `${KIND_NAMES[type.kind]} ${formOf(btf, type)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const KIND_NAMES = Object.keys(KIND);
const SIZED: ReadonlySet<number> = new Set([
  KIND.INT,
  KIND.STRUCT,
  KIND.UNION,
  KIND.ENUM,
  KIND.FLOAT,
  KIND.ENUM64,
]);

function formOf(btf: RawBtf, type: RawType): string {
  const target = (id: number): string => `${btf.types[id]!.kind}:${btf.types[id]!.name}`;
  const { kind, name, kindFlag, count, third, extra, members } = type;
  const rest = kind === KIND.ARRAY ? [target(extra[0]!), target(extra[1]!), extra[2]] : [...extra];
  const referred = SIZED.has(kind) || kind === KIND.FWD || kind === KIND.ARRAY;
  return [
    name,
    kindFlag,
    count,
    referred ? third : target(third),
    ...rest,
    ...members.map((m) => `${m.name} ${target(m.type)} ${m.offset} ${m.size}`),
  ].join('|');
}
