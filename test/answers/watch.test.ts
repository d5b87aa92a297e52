/** `--watch` with files that change under it. Every wait is for a line it prints, and bounded. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, test } from 'node:test';
import { bpfLd, fromRoot } from '../support/paths.js';

const parts = ['filter', 'parser', 'policy', 'stats'].map((part) => `${part}.o`);
const patience = 30_000;

let folder = '';
let child: ChildProcessByStdio<null, Readable, Readable> | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bpf-ld-watch-'));
  for (const part of parts) {
    copyFileSync(fromRoot('examples/xdp-filter', part), join(folder, part));
  }
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts watching; gives the next line that it prints for a link. */
function startWatching(): () => Promise<string> {
  child = spawn(process.execPath, [bpfLd, ...parts, '-o', 'out.o', '--watch'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.resume();
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no link in time')), patience);
    });
    try {
      const { value } = (await Promise.race([lines.next(), late])) as { value: string };
      return value.replace(/[\d.]+ ms/, 'T ms');
    } finally {
      clearTimeout(timer);
    }
  };
}

test('links again what has changed, and survives what is missing or half written', async () => {
  const nextLine = startWatching();
  assert.equal(await nextLine(), 'ok: out.o in T ms, 4 of 4 objects parsed anew');
  const image = readFileSync(join(folder, 'out.o'));
  const stats = readFileSync(join(folder, 'stats.o'));

  // Half of it, in place.
  writeFileSync(join(folder, 'stats.o'), stats.subarray(0, stats.length / 2));
  assert.equal(await nextLine(), 'failed: out.o in T ms, 1 of 4 objects parsed anew');
  assert.ok(readFileSync(join(folder, 'out.o')).equals(image), 'the last output stays');

  // As before: nothing is parsed.
  writeFileSync(join(folder, 'stats.o'), stats);
  assert.equal(await nextLine(), 'ok: out.o in T ms, 0 of 4 objects parsed anew');

  rmSync(join(folder, 'stats.o'));
  assert.match(await nextLine(), /^failed: /);

  // As a compiler does it: another file takes the name.
  copyFileSync(join(folder, 'policy.o'), join(folder, 'kept.o'));
  writeFileSync(join(folder, 'new.o'), stats);
  renameSync(join(folder, 'new.o'), join(folder, 'stats.o'));
  assert.equal(await nextLine(), 'ok: out.o in T ms, 0 of 4 objects parsed anew');
  assert.ok(readFileSync(join(folder, 'out.o')).equals(image));
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`ends with exit status 0 on ${signal}`, async () => {
    const nextLine = startWatching();
    await nextLine();
    const ended = once(child!, 'exit');
    child!.kill(signal);
    assert.deepEqual(await ended, [0, null]);
  });
}
