import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Problem } from './scan.js';

/** Response files inside response files, at most this deep. */
export const maxResponseDepth = 32;
/** Response files read for one command line, at most: a file named twice on each of many levels grows exponentially. */
export const maxResponseFiles = 2000;

/** Where a word of the command line was written. */
export interface WordOrigin {
  /** The response file, or undefined for the command line itself. */
  readonly file: string | undefined;
  /** 1-based; 0 on the command line. */
  readonly line: number;
}

/** A command line with its response files put in place. */
export interface Expansion {
  readonly words: readonly string[];
  /** For each word where it came from; absent when nothing was expanded. */
  readonly origins?: readonly WordOrigin[];
  /** A response file that cannot be used; the words end where it is named. */
  readonly problem?: Problem;
}

/**
 * Replaces each `@FILE` by the words in FILE, which may name further files. As in GNU tools, a name is relative to the
 * working directory, and `@FILE` stays as it is when there is no such file. Expansion goes on behind `--`, as there.
 */
export function expandResponseFiles(
  commandLine: readonly string[],
  read: (path: string) => string = readText,
): Expansion {
  if (!commandLine.some((word) => word.length > 1 && word.startsWith('@'))) {
    return { words: commandLine };
  }
  const words: string[] = [];
  const origins: WordOrigin[] = [];
  /** The files being read, outermost first. */
  const open: { readonly path: string; readonly name: string }[] = [];
  let filesRead = 0;

  /** Adds a word or what it stands for; answers what is wrong, if anything. */
  function add(word: string, origin: WordOrigin): string | undefined {
    if (!word.startsWith('@') || word.length === 1) return keep(word, origin);
    const name = word.slice(1);
    const path = resolve(name);
    const cycleStart = open.findIndex((file) => file.path === path);
    if (cycleStart >= 0) {
      const chain = [...open.slice(cycleStart).map((file) => file.name), name].join(' -> ');
      return `response file ${name} includes itself: ${chain}`;
    }
    if (open.length === maxResponseDepth) {
      return `response file ${name} is nested more than ${maxResponseDepth} deep`;
    }
    let text: string;
    try {
      text = read(path);
    } catch (error) {
      if (isMissing(error)) return keep(word, origin);
      return `cannot read response file ${name}: ${reason(error)}`;
    }
    filesRead++;
    if (filesRead > maxResponseFiles) return `more than ${maxResponseFiles} response files`;
    open.push({ path, name });
    for (const inner of splitWords(text)) {
      const problem = add(inner.text, { file: name, line: inner.line });
      if (problem !== undefined) return problem;
    }
    open.pop();
    return undefined;
  }

  function keep(word: string, origin: WordOrigin): undefined {
    words.push(word);
    origins.push(origin);
  }

  for (const word of commandLine) {
    const message = add(word, { file: undefined, line: 0 });
    if (message !== undefined) {
      return { words, origins, problem: { kind: 'response-file', message } };
    }
  }
  return { words, origins };
}

/** As the C locale has it: a no-break space is part of a name. */
const whiteSpace = ' \t\n\v\f\r';

/**
 * Splits the text of a response file by the rules of GNU binutils: words end at white space; single or double quotes,
 * anywhere in a word, keep it together; a backslash takes the next character as it is, in quotes too.
 */
export function splitWords(text: string): { readonly text: string; readonly line: number }[] {
  const words: { text: string; line: number }[] = [];
  let word: string | undefined;
  let wordLine = 1;
  let line = 1;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    let character = text[at]!;
    const startsWord = word === undefined;
    if (character === '\\' && at + 1 < text.length) {
      at++;
      character = text[at]!;
      word = (word ?? '') + character;
    } else if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (whiteSpace.includes(character)) {
      if (word !== undefined) words.push({ text: word, line: wordLine });
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
    if (startsWord) wordLine = line;
    if (character === '\n') line++;
  }
  if (word !== undefined) words.push({ text: word, line: wordLine });
  return words;
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
