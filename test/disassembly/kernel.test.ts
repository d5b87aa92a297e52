import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { disassembleObject } from '@bpf-ld/linker/disassembly';
import { exampleSets } from '../differential/object-sets.js';
import { linkOurs } from '../differential/linkers.js';
import { needs, peer } from '../support/peers.js';

// The source lines that bpftool prints of a program in the kernel, as far as the verifier left its
// code, are those that we print of the object.

const bpftool = peer('bpftool');
const work = mkdtempSync(join(tmpdir(), 'bpf-ld-disassembly-kernel-'));
const pins = `/sys/fs/bpf/bpf-ld-disassembly-${process.pid}`;
after(() => {
  rmSync(work, { recursive: true, force: true });
  rmSync(pins, { recursive: true, force: true });
});

/** A line of `bpftool -j prog dump xlated linum`; `proto` where a function begins. */
interface DumpLine {
  readonly proto?: string;
  readonly src?: string;
  readonly file?: string;
  readonly line_num?: number;
}

test('bpftool prints the same source lines', needs(peer('kernel'), bpftool), () => {
  const set = exampleSets().find(({ name }) => name.startsWith('xdp-filter'))!;
  const linked = linkOurs(set.files);
  assert.ok(linked.ok);
  const file = join(work, 'linked.o');
  writeFileSync(file, linked.image);
  const load = spawnSync(bpftool.path, ['prog', 'loadall', file, pins], { encoding: 'utf8' });
  assert.equal(load.status, 0, load.stderr);
  const dump = spawnSync(
    bpftool.path,
    ['-j', 'prog', 'dump', 'xlated', 'pinned', join(pins, 'filter_ingress'), 'linum'],
    { encoding: 'utf8' },
  );
  rmSync(pins, { recursive: true, force: true });
  assert.equal(dump.status, 0, dump.stderr);

  const result = disassembleObject({ name: 'linked.o', bytes: linked.image });
  assert.ok(result.ok);
  const own = new Map(
    result.disassembly.sections
      .flatMap(({ functions }) => functions)
      .map(({ names, instructions }) => [
        names[0],
        Array.from(instructions(), ({ source }) => source)
          .filter((source) => source !== undefined)
          .map(({ file: path, line, text }) => `${path}:${line} ${text.trim()}`),
      ]),
  );
  let lines = 0;
  let expected: readonly string[] = [];
  let at = 0;
  for (const { proto, src, file: path, line_num: line } of JSON.parse(dump.stdout) as DumpLine[]) {
    if (proto !== undefined) {
      expected = own.get(/(\w+)\(/.exec(proto)![1]) ?? [];
      at = 0;
    }
    if (src === undefined) continue;
    at = expected.indexOf(`${path}:${line} ${src.trim()}`, at) + 1;
    assert.ok(at > 0, `${path}:${line} ${src}`);
    lines++;
  }
  assert.ok(lines > 100, `${lines}`);
});
