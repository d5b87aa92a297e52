import { options, spelled } from './options/index.js';
import { printable, type CommandDiagnostic } from './render-diagnostics.js';
import type { Expansion } from './response-file.js';
import type { Problem } from './scan.js';

/** Columns of the command line shown around the offending word. */
const excerptWidth = 72;

/** A problem of the command line as a diagnostic: the words around it, a caret line below, and what was meant. */
export function usageDiagnostic(problem: Problem, expansion: Expansion): CommandDiagnostic {
  const hint = usageHint(problem);
  return {
    code: problem.kind,
    severity: 'error',
    message: problem.message,
    related: [],
    details: problem.at ? excerpt(problem.at, expansion) : [],
    ...(hint !== undefined && { hint }),
  };
}

const WITHOUT_HINT: ReadonlySet<string> = new Set([
  'misplaced-option',
  'path-conflict',
  'response-file',
]);

function usageHint({ kind, name }: Problem): string | undefined {
  if (WITHOUT_HINT.has(kind)) return undefined;
  const meant = name === undefined ? undefined : nearestOption(name);
  return meant === undefined
    ? 'bpf-ld --help lists the options'
    : `did you mean ${spelled(meant)}?`;
}

/** The offending word among its neighbours, and the line with the caret. */
function excerpt(at: NonNullable<Problem['at']>, { words, origins }: Expansion): string[] {
  const origin = origins?.[at.index];
  const inFile = origin?.file !== undefined;
  const sameLine = (index: number): boolean =>
    origins?.[index]?.file === origin?.file && origins?.[index]?.line === origin?.line;
  const shown = (index: number): string => displayed(words[index]!);

  const word = words[at.index]!;
  let text = shown(at.index);
  // In a quoted word the caret points at the whole of it: the columns inside have moved.
  const isPlain = text === word;
  let caretStart = isPlain ? at.start : 0;
  const caretLength = Math.max(1, isPlain ? at.end - at.start : text.length);

  let first = at.index;
  while (
    first > 0 &&
    sameLine(first - 1) &&
    text.length + shown(first - 1).length < excerptWidth / 2
  ) {
    first--;
    text = `${shown(first)} ${text}`;
    caretStart += shown(first).length + 1;
  }
  let last = at.index;
  while (
    last + 1 < words.length &&
    sameLine(last + 1) &&
    text.length + shown(last + 1).length < excerptWidth
  ) {
    last++;
    text = `${text} ${shown(last)}`;
  }
  const startsLine = first === 0 || !sameLine(first - 1);
  const endsLine = last + 1 === words.length || !sameLine(last + 1);
  const place = inFile ? `${displayed(origin.file)}:${origin.line}: ` : 'bpf-ld ';
  const before = `${place}${startsLine ? '' : '... '}`;
  const caret = `${' '.repeat(before.length + caretStart)}^${'~'.repeat(caretLength - 1)}`;
  return [`${before}${text}${endsLine ? '' : ' ...'}`, caret];
}

/** A word as it can be shown on one line, quoted where a shell would need it. */
function displayed(word: string): string {
  const safe = printable(word).replaceAll('\t', '\\t');
  return safe === '' || /[\s'"]/.test(safe) ? `'${safe}'` : safe;
}

/** The option whose name is the fewest edits from `name`, when that is few enough to be a slip of the finger. */
export function nearestOption(name: string): string | undefined {
  let nearest: string | undefined;
  let fewest = Math.min(3, Math.ceil(name.length / 3)) + 1;
  for (const candidate of options.flatMap(({ names }) => names)) {
    if (candidate.length === 1) continue;
    const edits =
      candidate.toLowerCase() === name.toLowerCase() ? 0 : editDistance(name, candidate, fewest);
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Levenshtein distance in UTF-16 units, or `limit` if it is that or more. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substitution = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return Math.min(previous[to.length]!, limit);
}
