/** The linkers that are compared. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { link, type LinkResult } from '@bpf-ld/linker';
import { loader } from '../interop/build-peers.js';
import { casesFolder } from '../support/case-format.js';
import { type Peer, peer } from '../support/peers.js';

const UTF8 = { encoding: 'utf8' } as const;

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

/** Another program that links with libbpf. */
export interface PeerLinker {
  readonly name: string;
  readonly peer: Peer;
  /** Its libbpf version as major * 100 + minor; 0 when it is missing. */
  readonly libbpf: number;
  readonly link: (files: readonly string[]) => PeerResult;
}

/** `bpftool gen object`. */
export function bpftoolLinker(): PeerLinker {
  const bpftool = peer('bpftool');
  return {
    name: 'bpftool gen object',
    peer: bpftool,
    libbpf:
      bpftool.missing === undefined
        ? versionIn(spawnSync(bpftool.path, ['version'], UTF8).stdout)
        : 0,
    link: (files) => linkWith(files, bpftool.path, (to) => ['gen', 'object', to, ...files]),
  };
}

/** The program of test/interop/libbpf, which has a libbpf of its own. */
export function libbpfLinker(): PeerLinker {
  const libbpf = loader('libbpf');
  const probe = join(casesFolder, 'single-object', 'a.o');
  const version = () =>
    inWork((to) => versionIn(spawnSync(libbpf.path, ['link', to, probe], UTF8).stdout));
  return {
    name: 'libbpf-peer link',
    peer: libbpf,
    libbpf: libbpf.missing === undefined ? version() : 0,
    link: (files) => linkWith(files, libbpf.path, (to) => ['link', to, ...files]),
  };
}

/** The number in `using libbpf v1.8` or `"libbpf":"1.7"`. */
function versionIn(text: string): number {
  const [, major, minor] = /libbpf[ "v:]+(\d+)\.(\d+)/.exec(text) ?? [];
  if (major === undefined) throw new Error(`no libbpf version in ${JSON.stringify(text)}`);
  return Number(major) * 100 + Number(minor);
}

function linkWith(
  files: readonly string[],
  command: string,
  args: (output: string) => readonly string[],
): PeerResult {
  if (files.length === 0) throw new Error('nothing to link');
  return inWork((to) => {
    const run = spawnSync(command, args(to), UTF8);
    if (run.signal) return { ok: false, why: `killed by ${run.signal}` };
    if (run.status !== 0) return { ok: false, why: `${run.stderr}${run.stdout}`.trim() };
    return { ok: true, image: readFileSync(to) };
  });
}

/** Runs `work` with the path of an output in a folder that is gone afterwards. */
function inWork<T>(work: (to: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bpf-ld-differential-'));
  try {
    return work(join(folder, 'theirs.o'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
