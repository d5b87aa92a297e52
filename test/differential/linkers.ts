/** The linkers that are compared. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { link, type LinkResult } from '@bpf-ld/linker';
import { peer } from '../support/peers.js';

/** Our linker, in process, on files. */
export function linkOurs(files: readonly string[]): LinkResult {
  return link({
    inputs: files.map((file) => ({
      name: join(basename(dirname(file)), basename(file)),
      bytes: readFileSync(file),
    })),
  });
}

export type PeerResult =
  | { readonly ok: true; readonly image: Uint8Array }
  /** What it printed, or the signal that ended it. */
  | { readonly ok: false; readonly why: string };

/** `bpftool gen object` on files. */
export function linkTheirs(files: readonly string[]): PeerResult {
  const work = mkdtempSync(join(tmpdir(), 'bpf-ld-differential-'));
  try {
    const output = join(work, 'theirs.o');
    const bpftool = peer('bpftool').path;
    const run = spawnSync(bpftool, ['gen', 'object', output, ...files], { encoding: 'utf8' });
    if (run.signal) return { ok: false, why: `killed by ${run.signal}` };
    if (run.status !== 0) return { ok: false, why: run.stderr.trim() };
    return { ok: true, image: readFileSync(output) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
