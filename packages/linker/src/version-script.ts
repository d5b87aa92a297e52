import type { SymbolScope } from './symbol-patterns.js';
import type { TextProblem, TextResult } from './text-problem.js';

/**
 * Reads a version script of GNU ld: `{ global: name; pattern*; local: *; };`, one or more of them,
 * with or without names. BPF objects have no versions, so that the names of the nodes mean nothing.
 */
export function parseVersionScript(text: string): TextResult<SymbolScope> {
  const reader = new ScriptReader(text);
  const problem = reader.script();
  if (problem) return { ok: false, problem };
  return { ok: true, value: { global: reader.global, local: reader.local } };
}

/** A list of symbols or patterns: one a line, empty lines and lines that begin with # aside. */
export function parseSymbolList(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

interface Token {
  /** '' at the end of the text. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** White space and comments, which begin with # or stand between slashes and stars. */
const BLANK = /(?:\s+|#[^\n]*|\/\*[^]*?\*\/)*/y;
const TOKEN = /[{};:]|"[^"\n]*"|[^\s{};:"#]+/y;
const PATTERN = /^[\w.$*?[\]!^-]+$/;

class ScriptReader {
  readonly global: string[] = [];
  readonly local: string[] = [];
  readonly #text: string;
  #token: Token;

  constructor(text: string) {
    this.#text = text;
    this.#token = this.#read(0);
  }

  /** script: node+ */
  script(): TextProblem | undefined {
    do {
      const problem = this.#node();
      if (problem) return problem;
    } while (this.#token.text !== '');
    return undefined;
  }

  /** node: [NAME] '{' entry* '}' [NAME] ';' */
  #node(): TextProblem | undefined {
    if (this.#isWord()) this.#advance();
    const open = this.#token;
    if (open.text !== '{') return this.#expected('{');
    this.#advance();
    let list = this.global;
    for (;;) {
      const { text } = this.#token;
      if (text === '}') break;
      if (text === '') return { ...open, message: 'this { is never closed' };
      if (text === 'extern') {
        const problem = this.#externC(list);
        if (problem) return problem;
        continue;
      }
      const word = this.#token;
      if (!this.#isWord()) return this.#expected('a pattern');
      this.#advance();
      if (this.#token.text === ':') {
        if (word.text !== 'global' && word.text !== 'local') {
          return { ...word, message: 'expected global or local in front of :' };
        }
        list = word.text === 'global' ? this.global : this.local;
        this.#advance();
        continue;
      }
      const problem = this.#pattern(word, list);
      if (problem) return problem;
    }
    this.#advance();
    if (this.#isWord()) this.#advance();
    if (this.#token.text !== ';') return this.#expected('; behind }');
    this.#advance();
    return undefined;
  }

  /** extern: 'extern' '"C"' '{' (pattern ';')* '}' ';' */
  #externC(list: string[]): TextProblem | undefined {
    this.#advance();
    if (!this.#is('"C"')) return this.#expected('"C", the one language of BPF objects');
    this.#advance();
    if (!this.#is('{')) return this.#expected('{');
    this.#advance();
    while (!this.#is('}')) {
      const word = this.#token;
      if (!this.#isWord()) return this.#expected('a pattern or }');
      this.#advance();
      const problem = this.#pattern(word, list);
      if (problem) return problem;
    }
    this.#advance();
    if (this.#token.text !== ';') return this.#expected('; behind }');
    this.#advance();
    return undefined;
  }

  /** Takes in a pattern that was read, and the semicolon behind it, which may be left out before }. */
  #pattern(word: Token, list: string[]): TextProblem | undefined {
    const text = word.text.startsWith('"') ? word.text.slice(1, -1) : word.text;
    if (!PATTERN.test(text)) return { ...word, message: 'this is no pattern for names of symbols' };
    list.push(text);
    if (this.#token.text === ';') this.#advance();
    else if (this.#token.text !== '}') return this.#expected('; behind a pattern');
    return undefined;
  }

  #is(text: string): boolean {
    return this.#token.text === text;
  }

  #isWord(): boolean {
    return this.#token.text !== '' && !/^[{};:]$/.test(this.#token.text);
  }

  #expected(what: string): TextProblem {
    const { start, end } = this.#token;
    return { message: `expected ${what}`, start, end };
  }

  #advance(): void {
    this.#token = this.#read(this.#token.end);
  }

  #read(from: number): Token {
    BLANK.lastIndex = from;
    BLANK.test(this.#text);
    const start = Math.max(BLANK.lastIndex, from);
    if (start >= this.#text.length)
      return { text: '', start: this.#text.length, end: this.#text.length };
    TOKEN.lastIndex = start;
    const match = TOKEN.exec(this.#text);
    // A quote without its partner is a token of its own, which no rule accepts.
    const text = match?.[0] ?? this.#text[start]!;
    return { text, start, end: start + text.length };
  }
}
