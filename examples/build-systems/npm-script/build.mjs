/** Compiles the parts of a BPF program with clang and links them in this process. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkFiles } from '@bpf-ld/linker/files';

const folder = dirname(fileURLToPath(import.meta.url));
const sources = join(folder, '../../xdp-filter');
const build = join(folder, 'build');

mkdirSync(build, { recursive: true });
const objects = ['filter', 'parser', 'policy', 'stats'].map((part) => {
  const object = join(build, `${part}.o`);
  const flags = ['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-Wall'];
  const files = ['-c', join(sources, `${part}.bpf.c`), '-o', object];
  execFileSync('clang-19', [...flags, ...files], { stdio: 'inherit' });
  return object;
});

const result = linkFiles({
  inputs: objects,
  output: join(build, 'xdp-filter.o'),
  options: { noUndefined: true },
});
for (const { severity, message } of result.diagnostics) console.error(`${severity}: ${message}`);
process.exitCode = result.ok ? 0 : 1;
