#!/usr/bin/env node
/**
 * The standalone executable of bpf-ld, as `npm run standalone` makes it: built and checked.
 *
 *     node bench/executable.mjs
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { generate } from './generate.mjs';
import { COMMAND, isMain, ROOT, WORK } from './places.mjs';

const EXECUTABLE = join(ROOT, 'out', process.platform === 'win32' ? 'bpf-ld.exe' : 'bpf-ld');

/**
 * Builds the executable from the bundled command, unless it is newer than that.
 *
 * @returns {string} its path
 */
export function buildExecutable() {
  const fresh = existsSync(EXECUTABLE) && statSync(EXECUTABLE).mtimeMs > statSync(COMMAND).mtimeMs;
  if (fresh) return EXECUTABLE;
  const built = spawnSync(process.execPath, ['scripts/standalone.mjs', '--no-build'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`npm run standalone failed:\n${built.stderr}`);
  return EXECUTABLE;
}

/**
 * Links the same inputs with the executable and under Node.
 *
 * @param {string} executable
 * @param {readonly string[]} inputs
 * @returns {{ same: boolean, size: number }} whether all output bytes are equal, and how many
 */
export function compareWithNode(executable, inputs) {
  mkdirSync(WORK, { recursive: true });
  const link = (
    /** @type {string} */ program,
    /** @type {string[]} */ own,
    /** @type {string} */ name,
  ) => {
    const output = join(WORK, name);
    const words = [...own, ...inputs, '-o', output];
    const linked = spawnSync(program, words, { encoding: 'utf8' });
    if (linked.status !== 0) throw new Error(`${program} failed:\n${linked.stderr}`);
    return readFileSync(output);
  };
  const alone = link(executable, [], 'executable.out.o');
  const underNode = link(process.execPath, [COMMAND], 'node.out.o');
  return { same: alone.equals(underNode), size: alone.length };
}

if (isMain(import.meta.url)) {
  const executable = buildExecutable();
  const { size } = statSync(executable);
  console.log(`${executable.slice(ROOT.length)}: ${(size / 1e6).toFixed(1)} MB`);
  const inputs = await generate(2, join(WORK, 'objects'));
  const { same, size: bytes } = compareWithNode(executable, inputs);
  const verdict = same ? 'equals' : 'DIFFERS FROM';
  console.log(`output of two objects ${verdict} that under Node (${bytes} bytes)`);
  if (!same) process.exitCode = 1;
}
