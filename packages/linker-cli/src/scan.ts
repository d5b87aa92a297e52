import {
  addInput,
  defaultSettings,
  options,
  type OptionArgument,
  type OptionSpec,
  type Position,
  type Settings,
} from './options/index.js';

/** One option as it stood on the command line. */
export interface Occurrence {
  readonly option: OptionSpec;
  /** '' for an option without argument. */
  readonly value: string;
  /** Its argument, or the option where it has none. */
  readonly at: Span;
}

/** A stretch of one argument of the command line. */
export interface Span {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** The code of a problem, as JSON has it. */
export type ProblemKind =
  | 'invalid-argument'
  | 'malformed-script'
  | 'misplaced-option'
  | 'missing-argument'
  | 'no-inputs'
  | 'path-conflict'
  | 'response-file'
  | 'unknown-option';

/** Something wrong with a command line. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly message: string;
  /** Index of the argument at fault and the span of the offending text in it; absent when something is missing. */
  readonly at?: Span;
  /** Of an unknown option: its name without dashes or value. */
  readonly name?: string;
}

/** A command line, read. The settings are meant to be followed only when there are no problems. */
export interface CommandLine {
  readonly settings: Settings;
  /** Options in order. */
  readonly occurrences: readonly Occurrence[];
  /** Options and inputs in order. */
  readonly sequence: readonly (Occurrence | string)[];
  /** In order of the arguments. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a command line by the option table, with the spelling rules of GNU ld: a long option takes one dash or two and
 * its argument behind `=` or as the next word; a short option takes its argument in the same word or the next; a long
 * name that starts with `o` needs two dashes, since `-output` is `-o utput`. `--` ends the options, `-` is an input.
 * Short flags do not combine, as in lld.
 */
export function scan(words: readonly string[]): CommandLine {
  const byName = optionsByName();
  const settings = defaultSettings();
  const occurrences: Occurrence[] = [];
  const sequence: (Occurrence | string)[] = [];
  const problems: Problem[] = [];
  const position: Position = { wholeArchive: false, inLibrary: false, inGroup: false };
  let optionsEnded = false;

  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (optionsEnded || word === '-' || !word.startsWith('-')) {
      if (word === '-' && settings.inputs.some((input) => inputWord(input) === word)) {
        const message = 'standard input is named twice';
        problems.push({ kind: 'path-conflict', message, at: { index, start: 0, end: 1 } });
      }
      addInput(settings, position, { path: word });
      sequence.push(word);
      continue;
    }
    if (word === '--') {
      optionsEnded = true;
      continue;
    }
    const match = matchOption(word, byName);
    if (match === undefined) {
      problems.push(unknownOption(word, index));
      continue;
    }
    const { option, attached } = match;
    const { argument } = option;
    let value = '';
    let at = { index, start: 0, end: word.length };
    if (argument === undefined) {
      if (attached !== undefined) {
        at = { index, start: attached - 1, end: word.length };
        const message = `option ${word.slice(0, attached - 1)} takes no argument`;
        problems.push({ kind: 'invalid-argument', message, at });
        continue;
      }
    } else if (attached !== undefined) {
      value = word.slice(attached);
      at = { index, start: attached, end: word.length };
    } else if (argument.absent !== undefined && !endsWith(words[index + 1], argument.ending)) {
      value = argument.absent;
    } else if (index + 1 < words.length) {
      index++;
      value = words[index]!;
      at = { index, start: 0, end: value.length };
    } else {
      const message = `option ${word} needs an argument: ${argument.placeholder}`;
      problems.push({ kind: 'missing-argument', message, at });
      continue;
    }
    const refusal = argument && refuse(argument, value);
    if (refusal !== undefined) {
      problems.push({
        kind: 'invalid-argument',
        message: `option ${match.spelling} ${refusal}`,
        at,
      });
      continue;
    }
    const flaw = argument?.check?.(value);
    if (flaw !== undefined) {
      const text = value.slice(flaw.start, flaw.end);
      const quoted = text === '' ? '' : `'${text}' `;
      problems.push({
        kind: 'invalid-argument',
        message: `option ${match.spelling}: ${quoted}${flaw.message}`,
        at: { index: at.index, start: at.start + flaw.start, end: at.start + flaw.end },
      });
      continue;
    }
    const occurrence = { option, value, at };
    occurrences.push(occurrence);
    sequence.push(occurrence);
    const misplaced = option.apply(settings, value, position);
    if (misplaced) {
      const span = { index, start: 0, end: word.length };
      problems.push({ kind: 'misplaced-option', message: misplaced, at: span });
    }
  }

  if (settings.inputs.length === 0 && settings.version === undefined && !settings.help) {
    problems.push({ kind: 'no-inputs', message: 'no input files' });
  }
  return { settings, occurrences, sequence, problems };
}

/**
 * The options in a spelling every option parser reads alike, `--name=value` with the table's first name; a one-letter
 * first name keeps its one dash. This is what yargs is given.
 */
export function canonicalWords(line: CommandLine): string[] {
  const words = line.occurrences.map(({ option, value }) => {
    const [name] = option.names;
    const dashed = name.length === 1 ? `-${name}` : `--${name}`;
    return option.argument === undefined ? dashed : `${dashed}=${value}`;
  });
  const files = line.settings.inputs.filter(
    (input) => typeof input === 'string' || 'path' in input,
  );
  return [...words, '--', ...files.map(inputWord)];
}

/** An input as it stands on a command line; `-` is standard input. */
export function inputWord(input: Settings['inputs'][number]): string {
  if (typeof input === 'string') return input;
  return 'path' in input ? input.path : `-l${input.library}`;
}

interface Match {
  readonly option: OptionSpec;
  /** The option as typed, without its argument. */
  readonly spelling: string;
  /** Where in the word the argument starts, if the word holds one. */
  readonly attached: number | undefined;
}

function matchOption(word: string, byName: ReadonlyMap<string, OptionSpec>): Match | undefined {
  const dashes = word.startsWith('--') ? 2 : 1;
  const equals = word.indexOf('=');
  const nameEnd = equals < 0 ? word.length : equals;
  const name = word.slice(dashes, nameEnd);
  if (name.length > 1 && (dashes === 2 || !name.startsWith('o'))) {
    const option = byName.get(name);
    if (option !== undefined) {
      const attached = equals < 0 ? undefined : equals + 1;
      return { option, spelling: word.slice(0, nameEnd), attached };
    }
  }
  if (dashes === 2) return undefined;
  const option = byName.get(word.charAt(1));
  if (option === undefined) return undefined;
  if (word.length === 2) return { option, spelling: word, attached: undefined };
  return option.argument === undefined
    ? undefined
    : { option, spelling: word.slice(0, 2), attached: 2 };
}

function unknownOption(word: string, index: number): Problem {
  const equals = word.indexOf('=');
  const end = equals < 0 ? word.length : equals;
  return {
    kind: 'unknown-option',
    message: `unknown option: ${word.slice(0, end)}`,
    at: { index, start: 0, end },
    name: word.slice(word.startsWith('--') ? 2 : 1, end),
  };
}

/** Why an option does not take a value, to stand behind `option --name`; undefined if it does. */
function refuse(argument: OptionArgument, value: string): string | undefined {
  if (argument.choices !== undefined && !argument.choices.includes(value)) {
    return `does not take '${value}', only ${oneOf(argument.choices)}`;
  }
  if (argument.count && !(/^\d+$/.test(value) && Number.isSafeInteger(Number(value)))) {
    return `needs a number, not '${value}'`;
  }
  if (value === '' && argument.absent !== '') return 'needs an argument that is not empty';
  return undefined;
}

function endsWith(word: string | undefined, ending: string | undefined): boolean {
  return ending !== undefined && word?.endsWith(ending) === true && !word.startsWith('-');
}

/** `a`, `a or b`, `a, b or c`. */
function oneOf(choices: readonly string[]): string {
  return choices.join(', ').replace(/, (?=[^,]*$)/, ' or ');
}

function optionsByName(): Map<string, OptionSpec> {
  const byName = new Map<string, OptionSpec>();
  for (const option of options) {
    for (const name of option.names) byName.set(name, option);
  }
  return byName;
}
