import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder: tests run from `test/dist`, the files they read lie beside their sources. */
export const repositoryRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The `bpf-ld` command as users run it: `node ${bpfLd} a.o b.o -o out.o`. */
export const bpfLd: string = fromRoot('packages/linker-cli/dist/main.js');

/** An absolute path from one relative to the repository's root. */
export function fromRoot(...parts: readonly string[]): string {
  return join(repositoryRoot, ...parts);
}

function findRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'pnpm-workspace.yaml'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no pnpm-workspace.yaml above ${from}`);
    folder = parent;
  }
  return folder;
}
