/** Every relocatable output there is a fixture for: link cases and examples. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseSets, exampleSets } from '../differential/object-sets.js';
import { linkOurs } from '../differential/linkers.js';
import { copyOfCase, readCases } from '../support/case-format.js';
import { bpfLd } from '../support/paths.js';

/** A linked object in a file. */
export interface Output {
  /** Folder of the case or example, a space, and which of its links. */
  readonly name: string;
  readonly path: string;
}

/** Links every case and example, each in its orders and with its options, into `folder`. */
export function linkAll(folder: string): Output[] {
  const outputs: Output[] = [];
  const add = (name: string): string => {
    const path = join(folder, `${outputs.length}.o`);
    outputs.push({ name, path });
    return path;
  };
  for (const { name, files } of [...caseSets(), ...exampleSets()]) {
    const linked = linkOurs(files);
    if (!linked.ok) throw new Error(`${name} does not link`);
    writeFileSync(add(name), linked.image);
  }
  for (const linkCase of readCases()) {
    const { name, links } = linkCase;
    const optioned = links.filter(
      ({ writes, options, until }) => writes && options.length > 0 && !until,
    );
    if (optioned.length === 0) continue;
    const cwd = copyOfCase(linkCase, folder);
    for (const { name: link, inputs, options } of optioned) {
      const words = [bpfLd, '-w', ...options, ...inputs, '-o', add(`${name} ${link}`)];
      const run = spawnSync(process.execPath, words, { cwd, encoding: 'utf8' });
      if (run.status !== 0) throw new Error(`${name} ${link}: ${run.stderr}`);
    }
  }
  return outputs;
}
