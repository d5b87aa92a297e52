/**
 * Bundles the command into packages/linker-cli/dist/bpf-ld.mjs, so that a cold start reads one file. What the command
 * imports lazily (yargs, for its help and its errors) becomes a chunk beside it.
 */
import { rmSync } from 'node:fs';
import { build as esbuild } from 'esbuild';
import { root } from './setup.mjs';

const DIST = `${root}packages/linker-cli/dist`;

export async function bundle() {
  rmSync(`${DIST}/chunks`, { recursive: true, force: true });
  await esbuild({
    absWorkingDir: root,
    entryPoints: { 'bpf-ld': `${DIST}/main.js` },
    outdir: DIST,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    legalComments: 'linked',
    logLevel: 'warning',
  });
}
