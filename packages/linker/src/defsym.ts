import type { TextProblem, TextResult } from './text-problem.js';

/** `NAME=EXPR` of `--defsym`: a sum of a number and of addresses of symbols. */
export interface SymbolAssignment {
  /** As it was written, for messages. */
  readonly text: string;
  readonly name: string;
  readonly constant: number;
  /** Each name in the order of its mention, added or subtracted. */
  readonly terms: readonly { readonly name: string; readonly sign: 1 | -1 }[];
}

const TOKEN = /\s*([A-Za-z_.$][\w.$]*|0[xX]\w*|\d\w*|[-+()])/y;
const NAME = /^[A-Za-z_.$][\w.$]*$/;
const NUMBER = /^(0[xX][\da-fA-F]+|0|[1-9]\d*)$/;
/** Parentheses inside parentheses. */
const MAXIMUM_DEPTH = 64;

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads `NAME=EXPR`. EXPR is made of decimal and hexadecimal numbers, names of global symbols, `+`,
 * `-` and parentheses. What the expression comes to is known only after the layout.
 */
export function parseDefsym(text: string): TextResult<SymbolAssignment> {
  const equals = text.indexOf('=');
  if (equals < 0) return fail('has no =', 0, text.length);
  const name = text.slice(0, equals).trim();
  if (!NAME.test(name)) return fail('is no name of a symbol', 0, Math.max(equals, 1));
  const tokens = split(text, equals + 1);
  if (!Array.isArray(tokens)) return { ok: false, problem: tokens as TextProblem };
  const reader = new ExpressionReader(tokens as readonly Token[], text.length);
  const problem = reader.sum(1, 0) ?? reader.rest();
  if (problem) return { ok: false, problem };
  return { ok: true, value: { text, name, constant: reader.constant, terms: reader.terms } };
}

function fail(message: string, start: number, end: number): TextResult<never> {
  return { ok: false, problem: { message, start, end } };
}

function split(text: string, from: number): readonly Token[] | TextProblem {
  const tokens: Token[] = [];
  let at = from;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) {
      const start = at + text.slice(at).search(/\S/);
      return { message: 'is neither a number, a name, + nor -', start, end: start + 1 };
    }
    at = TOKEN.lastIndex;
    tokens.push({ text: match[1]!, start: at - match[1]!.length, end: at });
  }
  return tokens;
}

/** Recursive descent over the tokens; adds up what it reads. */
class ExpressionReader {
  constant = 0;
  readonly terms: { readonly name: string; readonly sign: 1 | -1 }[] = [];
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  /** sum: operand (('+' | '-') operand)* */
  sum(sign: 1 | -1, depth: number): TextProblem | undefined {
    let own: 1 | -1 = sign;
    for (;;) {
      const problem = this.#operand(own, depth);
      if (problem) return problem;
      const operator = this.#tokens[this.#next]?.text;
      if (operator !== '+' && operator !== '-') return undefined;
      this.#next++;
      own = operator === '+' ? sign : negative(sign);
    }
  }

  /** What stands behind the expression. */
  rest(): TextProblem | undefined {
    const token = this.#tokens[this.#next];
    return token && { ...token, message: 'is not expected here; only + and - join operands' };
  }

  /** operand: ('+' | '-')* (number | name | '(' sum ')') */
  #operand(sign: 1 | -1, depth: number): TextProblem | undefined {
    let own = sign;
    for (;;) {
      const token = this.#tokens[this.#next++];
      if (!token)
        return { message: 'ends where a value is missing', start: this.#end, end: this.#end };
      const { text } = token;
      if (text === '-') own = negative(own);
      else if (text !== '+') return this.#value(token, own, depth);
    }
  }

  #value(token: Token, sign: 1 | -1, depth: number): TextProblem | undefined {
    const { text } = token;
    if (text === ')') return { ...token, message: 'stands where a value is missing' };
    if (text === '(') {
      if (depth === MAXIMUM_DEPTH) return { ...token, message: 'is nested too deep' };
      const problem = this.sum(sign, depth + 1);
      if (problem) return problem;
      if (this.#tokens[this.#next]?.text !== ')') return { ...token, message: 'is never closed' };
      this.#next++;
      return undefined;
    }
    if (!/^\d/.test(text)) {
      this.terms.push({ name: text, sign });
      return undefined;
    }
    const number = Number(text);
    if (!NUMBER.test(text)) return { ...token, message: 'is neither decimal nor hexadecimal' };
    this.constant += sign * number;
    const fits = Number.isSafeInteger(number) && Number.isSafeInteger(this.constant);
    return fits ? undefined : { ...token, message: 'is too large' };
  }
}

function negative(sign: 1 | -1): 1 | -1 {
  return sign === 1 ? -1 : 1;
}
