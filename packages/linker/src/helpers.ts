import type { TextResult } from './text-problem.js';

/** A function of the machine and the number it is called by. */
export interface Helper {
  readonly name: string;
  readonly id: number;
}

const NAME = /^[A-Za-z_.$][\w.$]*$/;
const NUMBER = /^(0[xX][\da-fA-F]+|\d+)$/;

/** Reads `NAME=ID` of `--helper`; ID is a decimal or hexadecimal number of 32 bits. */
export function parseHelper(text: string): TextResult<Helper> {
  const fail = (message: string, start: number, end: number): TextResult<never> => ({
    ok: false,
    problem: { message, start, end },
  });
  const equals = text.indexOf('=');
  if (equals < 0) return fail('has no =', 0, text.length);
  const name = text.slice(0, equals).trim();
  if (!NAME.test(name)) return fail('is no name of a function', 0, Math.max(equals, 1));
  const number = text.slice(equals + 1).trim();
  const id = Number(number);
  if (!NUMBER.test(number) || id > 0xffff_ffff) {
    return fail('is no number of a helper', equals + 1, Math.max(text.length, equals + 2));
  }
  return { ok: true, value: { name, id } };
}

/** Reads a file of `NAME=ID` lines; empty lines and lines that begin with `#` do not count. */
export function parseHelperList(text: string): TextResult<readonly Helper[]> {
  const helpers: Helper[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    if (line.trim() !== '' && !line.trimStart().startsWith('#')) {
      const helper = parseHelper(line);
      if (!helper.ok) {
        const { message, start: from, end } = helper.problem;
        return { ok: false, problem: { message, start: start + from, end: start + end } };
      }
      helpers.push(helper.value);
    }
    start += line.length + 1;
  }
  return { ok: true, value: helpers };
}
