import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The folder test/cases, seen from the compiled file test/dist/support/case-format.js. */
export const casesFolder: string = fileURLToPath(new URL('../../cases/', import.meta.url));

/** One command line of a link case and what is expected of it. */
export interface Link {
  /** Stem of the expected files; unique in its case. */
  readonly name: string;
  /** Input files, relative to the case's folder, in command line order. */
  readonly inputs: readonly string[];
  readonly options: readonly string[];
  /** Expected exit status. */
  readonly exit: number;
  /** The link whose object and map this one has to write, too; itself, if absent from the case. */
  readonly like: string;
  /** Whether the link is expected to write an object. */
  readonly writes: boolean;
  /** The command is interrupted when this stands on standard output. */
  readonly until?: string;
}

/** A folder of test/cases, read. */
export interface LinkCase {
  readonly name: string;
  readonly folder: string;
  /** The sentence of the linking rules that this case holds. */
  readonly about: string;
  readonly fixtures: readonly Fixture[];
  readonly links: readonly Link[];
}

/** How a committed object of a case is made. */
export type Fixture =
  | { readonly kind: 'command'; readonly output: string; readonly argv: readonly string[] }
  | {
      readonly kind: 'archive';
      readonly output: string;
      /** Run among copies of the case's objects, so that a thin archive names them relative to itself. */
      readonly argv: readonly string[];
    }
  | {
      readonly kind: 'crafted';
      readonly output: string;
      /** Name of a function of craft.ts. */
      readonly craft: string;
      readonly from: string;
    };

interface CaseFile {
  readonly about: string;
  /** Extra compiler flags of a source. */
  readonly flags?: Readonly<Record<string, readonly string[]>>;
  /** Target of a source, where it is not bpfel. */
  readonly targets?: Readonly<Record<string, string>>;
  /** Object name of a source, where it is not the source's stem; null: the source is not compiled. */
  readonly objects?: Readonly<Record<string, string | null>>;
  /** Objects made from others: "craft-function input". */
  readonly crafted?: Readonly<Record<string, string>>;
  /** Objects made by a command of their own, to which `-o OUTPUT` is added. */
  readonly commands?: Readonly<Record<string, readonly string[]>>;
  /** Archives: the command line that makes each. */
  readonly archives?: Readonly<Record<string, readonly string[]>>;
  readonly links: readonly {
    readonly name?: string;
    readonly inputs?: readonly string[];
    /** In place of inputs: options and files in an order that matters. */
    readonly words?: readonly string[];
    readonly options?: readonly string[];
    readonly exit?: number;
    readonly like?: string;
    /** false: the command only prints something and succeeds. */
    readonly writes?: false;
    readonly until?: string;
    /** "all": one link for each permutation of the inputs. */
    readonly orders?: 'all';
  }[];
}

/**
 * A copy of a case below `folder`, without its expected text, for commands to write into; the headers and the cases
 * beside it are not there.
 */
export function copyOfCase({ name, folder: from }: LinkCase, folder: string): string {
  const copy = join(folder, name);
  cpSync(from, copy, { recursive: true, filter: (file) => !file.endsWith('.expected') });
  return copy;
}

/** All cases, by name. */
export function readCases(): LinkCase[] {
  return readdirSync(casesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'include')
    .map((entry) => readCase(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readCase(name: string): LinkCase {
  const folder = join(casesFolder, name);
  const file = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as CaseFile;
  const sources = readdirSync(folder)
    .filter((source) => /\.[cs]$/.test(source))
    .sort();
  const fixtures: Fixture[] = [];
  for (const source of sources) {
    const output = objectOf(file, source);
    if (output === null) continue;
    fixtures.push({ kind: 'command', output, argv: compileCommand(file, source) });
  }
  for (const [output, argv] of Object.entries(file.commands ?? {})) {
    fixtures.push({ kind: 'command', output, argv });
  }
  for (const [output, argv] of Object.entries(file.archives ?? {})) {
    fixtures.push({ kind: 'archive', output, argv });
  }
  for (const [output, recipe] of Object.entries(file.crafted ?? {})) {
    const [craft, from] = recipe.split(' ');
    fixtures.push({ kind: 'crafted', output, craft: craft!, from: from! });
  }
  const links: Link[] = [];
  for (const link of file.links) {
    const given = link.inputs ?? [];
    const orders = link.orders === 'all' ? permutations(given) : [given];
    for (const inputs of orders) {
      const stems = inputs.map((input) => input.replace(/\.[^.]*$/, '')).join('+');
      const stem = link.name ?? stems;
      links.push({
        name: stem,
        like: link.like ?? stem,
        inputs,
        options: link.words ?? link.options ?? [],
        exit: link.exit ?? 0,
        writes: link.writes ?? (link.exit ?? 0) === 0,
        ...(link.until !== undefined && { until: link.until }),
      });
    }
  }
  return { name, folder, about: file.about, fixtures, links };
}

function objectOf(file: CaseFile, source: string): string | null {
  const named = file.objects?.[source];
  return named === undefined ? source.replace(/\.[cs]$/, '.o') : named;
}

/** The compiler run in the case's folder; no host path may reach the object. */
function compileCommand(file: CaseFile, source: string): string[] {
  const target = file.targets?.[source] ?? 'bpfel';
  const flags = file.flags?.[source] ?? [];
  if (source.endsWith('.s')) {
    return ['llvm-mc-19', '-triple', target, '-mcpu=v3', '-filetype=obj', ...flags, source];
  }
  return [
    'clang-19',
    '-target',
    target,
    '-mcpu=v3',
    '-O2',
    '-g',
    '-Wall',
    '-Wno-unused-function',
    '-Wno-ignored-attributes',
    '-Wno-tautological-pointer-compare',
    '-fdebug-compilation-dir=.',
    '-fno-ident',
    '-I../include',
    ...flags,
    '-c',
    source,
  ];
}

/** Every order of `items`, the given one first. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}
