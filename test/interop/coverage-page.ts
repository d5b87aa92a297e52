import { loaderRefusals } from './loader-refusals.js';

/** A row of the table of features: the feature, its fixture, and who answers what. */
export interface CoverageRow {
  readonly feature: string;
  readonly fixture: string;
  readonly answers: Answers;
}

/** One answer for each column behind the first two. */
export type Answers = readonly [bpftool: string, libbpf: string, ours: string, kernel: string];

/** The versions that answer in the columns of others. */
export const BPFTOOL = '7.1';
export const LIBBPF = '1.7';
export const KERNEL = '6.18';

const HEADINGS = [
  'feature',
  'link case',
  `bpftool ${BPFTOOL}`,
  `libbpf ${LIBBPF}’s linker`,
  'bpf-ld',
  `kernel ${KERNEL}`,
];

const LOADER_NAMES = {
  libbpf: 'libbpf 1.7',
  cilium: 'cilium/ebpf 0.22',
  aya: 'aya-obj 0.3',
} as const;

/** docs/coverage.md from its tables. */
export function coveragePage(rows: readonly CoverageRow[]): string {
  return `# What is covered

Both tables are written by tests (\`npm test -- coverage --update\`) and held by them.

## What BPF has

Each row is a program in two or more objects that uses the feature across the object boundary. It is linked in every
order of its objects. The other linkers answer "same" where their output means the same (sections, symbols, relocations,
types, \`.BTF.ext\`), else with the named differences or the refusal of \`test/differential\`; what of it happens in some
orders only is marked so. The kernel's answer is what libbpf ${LIBBPF} and the running kernel make of our output in each order:
it loads, and the programs named return these numbers in BPF_PROG_TEST_RUN.

${table(HEADINGS, rows.map(rowCells))}

Private stacks need nothing of a linker: the kernel's JIT decides which program gets one, by the program's type and the
depth of its stack, and no object says anything about it.

## What loaders refuse

Every output of every link case and example is read by three loaders, and loaded into the running kernel by the two that
can. These are refused, for reasons that are the loader's own or the fixture's.

${table(['loader', 'refuses to', 'why', 'outputs of'], refusalCells())}
`;
}

/** The answers that a page has for each fixture. */
export function readAnswers(page: string): ReadonlyMap<string, Answers> {
  const answers = new Map<string, Answers>();
  for (const line of page.split('\n')) {
    const cells = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''));
    const fixture = /^\[([\w-]+)\]/.exec(cells[1] ?? '')?.[1];
    const [bpftool, libbpf, ours, kernel] = cells.slice(2);
    if (fixture === undefined || kernel === undefined) continue;
    answers.set(fixture, [bpftool!, libbpf!, ours!, kernel]);
  }
  return answers;
}

function rowCells({ feature, fixture, answers }: CoverageRow): string[] {
  return [feature, `[${fixture}](../test/cases/${fixture})`, ...answers];
}

function refusalCells(): string[][] {
  return loaderRefusals.map(({ loader, stage, reason, fixtures }) => [
    LOADER_NAMES[loader],
    stage,
    reason,
    fixtures.join(', '),
  ]);
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}
