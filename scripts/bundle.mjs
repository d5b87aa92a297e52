/**
 * Bundles the command into packages/linker-cli/dist/bpf-ld.cjs, so that a cold start reads one file. What few links call
 * is a second one, chunks/late.cjs. Each module the command imports lazily (its help and its usage errors, which bring
 * yargs) becomes a file of its own in chunks/. What such a module shares with the command is in both files: it holds no
 * state, and a third file would be read at every start.
 */
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { build as esbuild } from 'esbuild';
import { bundleInTwo } from './late-part.mjs';
import { root } from './setup.mjs';

const DIST = `${root}packages/linker-cli/dist`;

/** fflate's build for Node loads worker threads, which nothing here uses; the one for browsers does not. */
const WITHOUT_WORKERS = {
  name: 'without-workers',
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^fflate$/ }, ({ kind, importer, resolveDir }) =>
      resolve('fflate/browser', { kind, importer, resolveDir }),
    ),
};

const OPTIONS = {
  absWorkingDir: root,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  legalComments: 'inline',
  logLevel: 'silent',
};

/** @returns the bundler's complaints; empty when it has none */
export async function bundle() {
  rmSync(`${DIST}/chunks`, { recursive: true, force: true });
  const lazy = new Map();
  const splitLazyImports = {
    name: 'split-lazy-imports',
    setup: ({ onResolve, resolve }) =>
      onResolve({ filter: /^\./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === 'resolving') return undefined;
        const target = await resolve(path, {
          kind,
          importer,
          resolveDir,
          pluginData: 'resolving',
        });
        const name = basename(target.path, '.js');
        lazy.set(name, target.path);
        return { path: `./chunks/${name}.mjs`, external: true };
      }),
  };
  try {
    // Node starts a script sooner than a module, and fewer bytes sooner than more.
    const script = { ...OPTIONS, format: 'cjs', minify: true };
    const command = await bundleInTwo(
      esbuild,
      {
        ...script,
        entryPoints: { 'bpf-ld': `${DIST}/main.js` },
        outdir: DIST,
        outExtension: { '.js': '.cjs' },
        plugins: [splitLazyImports, WITHOUT_WORKERS],
      },
      { ...script, outfile: `${DIST}/chunks/late.cjs`, plugins: [WITHOUT_WORKERS] },
    );
    const chunks = await esbuild({
      ...OPTIONS,
      entryPoints: Object.fromEntries(lazy),
      outdir: `${DIST}/chunks`,
      plugins: [WITHOUT_WORKERS],
    });
    return [...command, ...chunks.warnings].map(({ text }) => `${text}\n`).join('');
  } catch (error) {
    return `${error.message}\n`;
  }
}
