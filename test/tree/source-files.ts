import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot } from '../support/paths.js';

/** A source file of the repository, by its path from the root with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const SOURCE = /\.(?:ts|mts|js|mjs)$/;
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', 'dist', 'target', 'work']);

/** The TypeScript and JavaScript sources below a folder, in the order of their paths. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  const found: SourceFile[] = [];
  for (const entry of readdirSync(fromRoot(folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name)) found.push(...sourceFiles(path));
    } else if (SOURCE.test(entry.name)) {
      found.push({ path, text: readFileSync(fromRoot(path), 'utf8') });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The packages' folder names below packages/. */
export function packageNames(): readonly string[] {
  return readdirSync(fromRoot('packages')).sort();
}

/** The parts of package.json that the tree's tests read. */
export interface Manifest {
  readonly name: string;
  /** Entry points by subpath, `.` being the package itself. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

export function manifestOf(packageName: string): Manifest {
  const path = join(fromRoot('packages'), packageName, 'package.json');
  const json = JSON.parse(readFileSync(path, 'utf8')) as Partial<Manifest>;
  return {
    name: json.name ?? '',
    exports: json.exports ?? {},
    dependencies: json.dependencies ?? {},
  };
}
