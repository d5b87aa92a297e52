/** Every relocatable output there is a fixture for: link cases and examples. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseSets, exampleSets } from '../differential/object-sets.js';
import { linkOurs } from '../differential/linkers.js';
import { copyOfCase, readCases } from '../support/case-format.js';
import { bpfLd } from '../support/paths.js';

/** Programs of machines in user space, which call what no kernel has: test/machines runs them. */
const OF_MACHINES = /^(solana|user-vm) /;

/** e_type (gABI) in either byte order; executables are nothing for the kernel's loaders. */
function isRelocatable(elf: Uint8Array): boolean {
  return (elf[16] ?? 0) + (elf[17] ?? 0) === 1;
}

/** A linked object in a file. */
export interface Output {
  /** Folder of the case or example, a space, and which of its links. */
  readonly name: string;
  readonly path: string;
}

/** Links every case and example, each in its orders and with its options, into `folder`. */
export function linkAll(folder: string): Output[] {
  const outputs: Output[] = [];
  const nextPath = (): string => join(folder, `${outputs.length}.o`);
  for (const { name, files } of [...caseSets(), ...exampleSets()]) {
    if (OF_MACHINES.test(name)) continue;
    const linked = linkOurs(files);
    if (!linked.ok) throw new Error(`${name} does not link`);
    const path = nextPath();
    writeFileSync(path, linked.image);
    outputs.push({ name, path });
  }
  for (const linkCase of readCases()) {
    const { name, links } = linkCase;
    const optioned = links.filter(
      ({ writes, options, until }) =>
        writes &&
        options.length > 0 &&
        !until &&
        !options.some((word) => word.startsWith('--target')),
    );
    if (optioned.length === 0) continue;
    const cwd = copyOfCase(linkCase, folder);
    for (const { name: link, inputs, options } of optioned) {
      const path = nextPath();
      const words = [bpfLd, '-w', ...options, ...inputs, '-o', path];
      const run = spawnSync(process.execPath, words, { cwd, encoding: 'utf8' });
      if (run.status !== 0) throw new Error(`${name} ${link}: ${run.stderr}`);
      if (isRelocatable(readFileSync(path))) outputs.push({ name: `${name} ${link}`, path });
    }
  }
  return outputs;
}
