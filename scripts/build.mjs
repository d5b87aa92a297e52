/** `npm run build`: compiles every package and the whole-link tests, then bundles the command. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setUp } from './setup.mjs';

/**
 * Builds what is out of date.
 *
 * @param project folder of the TypeScript project to build with those it references; everything when not given
 * @returns the compiler's messages; empty when everything is well typed
 */
export async function build(project = '.') {
  removeOrphans();
  const compiler = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', project], {
    cwd: root,
    encoding: 'utf8',
  });
  // Only now: esbuild is there once the dependencies are installed. Bundled in spite of type errors, for the compiler
  // writes its output in spite of them, and a bundle of older code must not stay behind.
  const { bundle } = await import('./bundle.mjs');
  const failure = await bundle();
  const messages = compiler.stdout + compiler.stderr + failure;
  return compiler.status === 0 ? messages : messages || `tsc ended with ${compiler.status}`;
}

/** Removes compiled files whose source is gone: a deleted or renamed test must not run on. */
function removeOrphans() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  for (const [dist, source] of [
    ...packages.map((folder) => [join(folder, 'dist'), join(folder, 'src')]),
    [join(root, 'test', 'dist'), join(root, 'test')],
  ]) {
    if (!existsSync(dist)) continue;
    for (const name of readdirSync(dist, { recursive: true })) {
      const stem = /^(.*)(?:\.d\.ts|\.js)$/.exec(name)?.[1];
      if (stem !== undefined && !existsSync(join(source, `${stem}.ts`))) rmSync(join(dist, name));
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  setUp();
  const messages = await build();
  if (messages !== '') {
    console.error(messages);
    process.exitCode = 1;
  }
}
