/** Installs the pinned dependencies when they are absent or older than the lock file. Needs only Node and npm. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's root folder, with a trailing separator. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const OLDEST_NODE = [20, 19];

/** Written after a complete install; holds the digest of what was installed. */
const STAMP = `${root}node_modules/.installed-lock`;

/** Makes the working tree ready to build; exits the process with a message when that cannot be done. */
export function setUp() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    console.error(`Node ${OLDEST_NODE.join('.')} or later is needed, this is ${process.version}`);
    process.exit(1);
  }
  const wanted = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
    wanted.update(readFileSync(root + file));
  }
  const digest = wanted.digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return;

  const started = performance.now();
  process.stdout.write('set-up: installing the pinned dependencies ... ');
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const install = npx(['-y', packageManager, 'install', '--frozen-lockfile']);
  if (install.status !== 0) {
    console.log('failed');
    console.error(install.stdout + install.stderr + (install.error?.message ?? ''));
    process.exit(1);
  }
  writeFileSync(STAMP, digest);
  console.log(`done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Runs npx and waits; on Windows it is a script that only a shell starts. */
export function npx(args) {
  return spawnSync('npx', args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true' },
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
