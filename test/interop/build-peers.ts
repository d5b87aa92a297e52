import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fromRoot } from '../support/paths.js';
import { peer, type Peer } from '../support/peers.js';

/** The loaders of others that this folder holds programs for. */
export type LoaderName = 'aya' | 'cilium' | 'libbpf';

/** Enough for a first build, which fetches and compiles the loader. */
const BUILD_TIMEOUT_MS = 600_000;

const built = new Map<LoaderName, Peer>();

/**
 * Builds a loader's program, once per process, and gives it as a peer: missing where its toolchain
 * is, or where it does not build, say without a network on the first time.
 */
export function loader(name: LoaderName): Peer {
  let result = built.get(name);
  if (result === undefined) {
    result = build(name);
    built.set(name, result);
  }
  return result;
}

function build(name: LoaderName): Peer {
  const tool = peer(name === 'cilium' ? 'go' : 'cargo');
  if (tool.missing !== undefined) return tool;
  const folder = fromRoot('test/interop', name);
  const target = join(folder, 'target');
  const [path, args] =
    name === 'cilium'
      ? [join(target, 'cilium-peer'), ['build', '-trimpath', '-o', 'target/cilium-peer', '.']]
      : [join(target, `release/${name}-peer`), ['build', '--quiet', '--release', '--locked']];
  const run = spawnSync(tool.path, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CARGO_TARGET_DIR: target, CGO_ENABLED: '0' },
    timeout: BUILD_TIMEOUT_MS,
  });
  if (run.status === 0) return { name: tool.name, path, missing: undefined };
  const why = run.stderr.trim() || (run.error?.message ?? `exit status ${run.status}`);
  return { name: tool.name, path: '', missing: `${name}-peer does not build: ${why}` };
}
