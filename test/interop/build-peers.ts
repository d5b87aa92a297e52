import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fromRoot } from '../support/paths.js';
import { peer, type Peer } from '../support/peers.js';

/** The loaders of others that this folder holds programs for. */
export type LoaderName = 'aya' | 'cilium' | 'libbpf';

/** The user-space machines that test/machines holds programs for. */
export type MachineName = 'rbpf' | 'sbpf' | 'ubpf';

/** Enough for a first build, which fetches and compiles the loader. */
const BUILD_TIMEOUT_MS = 600_000;

const built = new Map<string, Peer>();

/**
 * Builds a loader's program, once per process, and gives it as a peer: missing where its toolchain
 * is, or where it does not build, say without a network on the first time.
 */
export function loader(name: LoaderName): Peer {
  return name === 'cilium'
    ? build('go', 'test/interop/cilium', 'cilium-peer')
    : build('cargo', `test/interop/${name}`, `${name}-peer`);
}

/** Builds a machine's program, as {@link loader} does. */
export function machine(name: MachineName): Peer {
  return build('cargo', `test/machines/${name}`, `${name}-machine`);
}

function build(toolName: 'cargo' | 'go', folder: string, program: string): Peer {
  const known = built.get(folder);
  if (known !== undefined) return known;
  const tool = peer(toolName);
  const result = tool.missing === undefined ? run(tool, fromRoot(folder), program) : tool;
  built.set(folder, result);
  return result;
}

function run(tool: Peer, folder: string, program: string): Peer {
  const target = join(folder, 'target');
  const [path, args] =
    tool.name === 'go'
      ? [join(target, program), ['build', '-trimpath', '-o', `target/${program}`, '.']]
      : [join(target, 'release', program), ['build', '--quiet', '--release', '--locked']];
  const made = spawnSync(tool.path, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CARGO_TARGET_DIR: target, CGO_ENABLED: '0' },
    timeout: BUILD_TIMEOUT_MS,
  });
  if (made.status === 0) return { name: tool.name, path, missing: undefined };
  const why = made.stderr.trim() || (made.error?.message ?? `exit status ${made.status}`);
  return { name: tool.name, path: '', missing: `${program} does not build: ${why}` };
}
