/**
 * The tools of others that tests compare with or run on: compilers, LLVM's readers, loaders, the running kernel.
 *
 * A test that needs one is skipped where the tool is absent, and fails there when BPF_LD_REQUIRE_PEERS=1 (as in
 * continuous integration), so that a missing tool cannot hide behind a skip.
 *
 *     const clang = peer('clang-19');
 *     test('rebuilds', needs(clang), () => run(clang.path, [...]));
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { release } from 'node:os';
import { delimiter, join } from 'node:path';

/** A tool on PATH by its file name, or `kernel`: a running kernel that loads BPF programs for this user. */
export type PeerName =
  | 'bpf-as'
  | 'bpf-gcc'
  | 'bpf-ld'
  | 'bpf-objdump'
  | 'bpf-readelf'
  | 'bpftool'
  | 'cargo'
  | 'clang'
  | 'clang-14'
  | 'clang-16'
  | 'clang-19'
  | 'cmake'
  | 'go'
  | 'kernel'
  | 'llvm-ar-19'
  | 'llvm-dwarfdump-19'
  | 'llvm-mc-19'
  | 'llvm-objcopy-19'
  | 'llvm-objdump-19'
  | 'llvm-readelf-19'
  | 'llvm-readobj-19'
  | 'llvm-strip-19'
  | 'llvm-symbolizer-19'
  | 'make'
  | 'meson'
  | 'ninja'
  | 'pkg-config'
  | 'readelf'
  | 'tar';

/** A peer looked for on this machine. */
export interface Peer {
  readonly name: PeerName;
  /** Absolute path of the executable (for `kernel`, its BTF file); empty when missing. */
  readonly path: string;
  /** Why it cannot be used here; undefined when it can. */
  readonly missing: string | undefined;
}

/** Options for `test()`: run, or skip with the reason. */
export interface PeerOptions {
  readonly skip: string | false;
}

/** Whether a missing peer is a failure rather than a skip. */
export const peersRequired: boolean = process.env['BPF_LD_REQUIRE_PEERS'] === '1';

const KERNEL_BTF = '/sys/kernel/btf/vmlinux';

/** Folders with system tools that are often absent from an ordinary user's PATH. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

const found = new Map<PeerName, Peer>();

/**
 * Looks for a peer, once per process. `BPF_LD_PEER_<NAME>` (upper case, `-` as `_`) names another executable, for
 * example `BPF_LD_PEER_BPFTOOL=/opt/bpftool/bpftool`.
 */
export function peer(name: PeerName): Peer {
  let result = found.get(name);
  if (result === undefined) {
    result = name === 'kernel' ? findKernel() : findTool(name);
    found.set(name, result);
  }
  return result;
}

/**
 * Options for a test that needs these peers: `{ skip: reason }` when one is missing, `{ skip: false }` otherwise.
 *
 * @throws Error when one is missing and peers are required; thrown while the test file loads, it fails the file.
 */
export function needs(...peers: readonly Peer[]): PeerOptions {
  const reasons = peers.flatMap(({ missing }) => (missing === undefined ? [] : [missing]));
  if (reasons.length === 0) return { skip: false };
  const reason = reasons.join('; ');
  if (peersRequired) throw new Error(`a required peer is missing: ${reason}`);
  return { skip: reason };
}

/** The running kernel, if it is not older than a release such as 6.18. */
export function kernelSince(since: string): Peer {
  const kernel = peer('kernel');
  if (kernel.missing !== undefined) return kernel;
  const numbers = (text: string): readonly number[] => text.split('.').map(Number.parseFloat);
  const [major = 0, minor = 0] = numbers(release());
  const [wantedMajor = 0, wantedMinor = 0] = numbers(since);
  const isOld = major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
  const missing = isOld ? `kernel ${release()} is older than ${since}` : undefined;
  return { ...kernel, missing };
}

function findTool(name: PeerName): Peer {
  const variable = `BPF_LD_PEER_${name.toUpperCase().replaceAll('-', '_')}`;
  const override = process.env[variable];
  if (override !== undefined && override !== '') {
    return isExecutable(override)
      ? { name, path: override, missing: undefined }
      : { name, path: '', missing: `${variable}=${override} is not an executable` };
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...folders, ...SYSTEM_FOLDERS]) {
    const path = join(folder, name);
    if (isExecutable(path)) return { name, path, missing: undefined };
  }
  return { name, path: '', missing: `${name} is not on PATH` };
}

/** The kernel counts when it publishes its BTF and lets this user use bpf(2), which a listing by bpftool shows. */
function findKernel(): Peer {
  const absent = (missing: string): Peer => ({ name: 'kernel', path: '', missing });
  if (!existsSync(KERNEL_BTF)) return absent(`the kernel publishes no ${KERNEL_BTF}`);
  const bpftool = peer('bpftool');
  if (bpftool.missing !== undefined)
    return absent(`kernel tests load by bpftool: ${bpftool.missing}`);
  const listing = spawnSync(bpftool.path, ['prog', 'list'], { encoding: 'utf8' });
  if (listing.status !== 0) return absent(`bpf(2) is refused: ${listing.stderr.trim()}`);
  return { name: 'kernel', path: KERNEL_BTF, missing: undefined };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
