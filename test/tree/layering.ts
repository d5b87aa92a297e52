/**
 * The import table of the packages, and a checker that holds sources against it. docs/ARCHITECTURE.md gives the same
 * table with what each package is for.
 */
import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import type { SourceFile } from './source-files.js';

/** What one package's sources may import. Tests may use node: modules and fast-check besides. */
export interface Row {
  /** Packages of this repository. */
  readonly ours: readonly string[];
  /** Packages from npm. */
  readonly npm: readonly string[];
  /** node: modules and the only files that may import them; `'*'` stands for every file. */
  readonly node: Readonly<Record<string, '*' | readonly string[]>>;
  /** Whether `process` and `console` may be touched. */
  readonly touchesProcess: boolean;
}

const PURE = { npm: [], node: {}, touchesProcess: false } as const;

/** linker is pure but for its files layer, which an embedder in a browser leaves out. */
const FILES_LAYER = ['link-files.ts', 'atomic-write.ts', 'object-cache.ts'];

export const importTable: Readonly<Record<string, Row>> = {
  'elf-reader': { ours: [], ...PURE },
  'elf-writer': { ours: ['elf-reader'], ...PURE },
  'bpf-isa': { ours: [], ...PURE },
  btf: { ours: ['elf-reader'], ...PURE },
  'debug-info': { ours: ['elf-reader'], ...PURE, npm: ['fflate', 'fzstd'] },
  diagnostics: { ours: [], ...PURE },
  'symbol-resolver': { ours: ['elf-reader', 'btf', 'bpf-isa', 'diagnostics'], ...PURE },
  'reloc-engine': { ours: ['elf-reader', 'bpf-isa', 'diagnostics'], ...PURE },
  linker: {
    ours: [
      'elf-reader',
      'elf-writer',
      'bpf-isa',
      'btf',
      'debug-info',
      'diagnostics',
      'symbol-resolver',
      'reloc-engine',
    ],
    npm: ['lru-cache'],
    node: {
      'node:fs': FILES_LAYER,
      'node:fs/promises': FILES_LAYER,
      'node:path': FILES_LAYER,
      'node:crypto': FILES_LAYER,
    },
    touchesProcess: false,
  },
  'linker-cli': {
    ours: ['linker'],
    npm: ['modern-tar', 'yargs'],
    node: {
      'node:fs': '*',
      'node:fs/promises': '*',
      'node:path': '*',
      'node:process': '*',
      'node:stream': '*',
      'node:tty': '*',
      'node:url': '*',
      'node:util': '*',
    },
    touchesProcess: true,
  },
};

/** Globals that tie code to a host; `globalThis.process` counts as well. */
const HOST_GLOBALS: ReadonlySet<string> = new Set(['process', 'console']);

/** What a file imports: module specifiers as written, and the host globals it names. */
export interface FileUse {
  readonly imports: readonly string[];
  readonly globals: readonly string[];
}

/** Reads a file's static and dynamic imports (types too) and the host globals it names. */
export function useOf(file: SourceFile): FileUse {
  const { program, module, errors } = parseSync(file.path, file.text);
  if (errors.length > 0) throw new Error(`${file.path}: ${errors[0]!.message}`);
  const imports = new Set<string>();
  for (const { moduleRequest } of module.staticImports) imports.add(moduleRequest.value);
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest } of entries) {
      if (moduleRequest !== null) imports.add(moduleRequest.value);
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const written = file.text.slice(moduleRequest.start, moduleRequest.end);
    imports.add(/^(['"`])(.*)\1$/s.exec(written)?.[2] ?? `(computed: ${written})`);
  }
  const globals = new Set<string>();
  collectHostGlobals(program, globals);
  return { imports: [...imports], globals: [...globals] };
}

/**
 * Everything in a package's sources that its row does not allow.
 *
 * @param files sources of one package, paths as `packages/<name>/src/<file>`
 */
export function layeringViolations(
  name: string,
  row: Row,
  files: readonly SourceFile[],
): readonly string[] {
  const found: string[] = [];
  for (const file of files) {
    const isTest = file.path.endsWith('.test.ts');
    const inPackage = file.path.slice(`packages/${name}/src/`.length);
    const { imports, globals } = useOf(file);
    for (const specifier of imports) {
      if (!mayImport(name, row, inPackage, isTest, specifier)) {
        found.push(`${file.path} imports ${specifier}`);
      }
    }
    if (row.touchesProcess || isTest) continue;
    for (const global of globals) found.push(`${file.path} touches ${global}`);
  }
  return found;
}

function mayImport(
  name: string,
  row: Row,
  inPackage: string,
  isTest: boolean,
  specifier: string,
): boolean {
  if (specifier.startsWith('.')) {
    return !posix.join(posix.dirname(inPackage), specifier).startsWith('..');
  }
  if (specifier.startsWith('@bpf-ld/')) {
    // An entry point such as @bpf-ld/linker/files belongs to its package.
    const other = specifier.split('/')[1]!;
    return row.ours.includes(other) || (isTest && other === name);
  }
  if (specifier.startsWith('node:')) {
    const files = row.node[specifier];
    return isTest || files === '*' || (files?.includes(inPackage) ?? false);
  }
  // A package's subpath belongs to the package.
  return (
    row.npm.some((npm) => specifier === npm || specifier.startsWith(`${npm}/`)) ||
    (isTest && specifier === 'fast-check')
  );
}

/** Every cycle of relative imports among these files, type imports included, each as `a -> b -> a`. */
export function importCycles(files: readonly SourceFile[]): readonly string[] {
  const graph = new Map(
    files.map((file) => [
      file.path,
      useOf(file)
        .imports.filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => posix.join(posix.dirname(file.path), specifier))
        .map((path) => path.replace(/\.js$/, '.ts')),
    ]),
  );
  const cycles: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push([...trail.slice(start), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return cycles;
}

/** Walks a syntax tree; every object with a string `type` is a node. */
function collectHostGlobals(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const each of node) collectHostGlobals(each, found);
    return;
  }
  if (!isNode(node)) return;
  if (node.type === 'Identifier' && HOST_GLOBALS.has(String(node['name']))) {
    found.add(String(node['name']));
  }
  for (const [key, value] of Object.entries(node)) {
    // In `record.process` and `{ process: 1 }` the name is a property's; `globalThis.process` is the global again.
    const isPropertyName =
      (key === 'property' || key === 'key') &&
      node['computed'] === false &&
      node['shorthand'] !== true &&
      !(isNode(node['object']) && node['object']['name'] === 'globalThis');
    if (!isPropertyName) collectHostGlobals(value, found);
  }
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}
