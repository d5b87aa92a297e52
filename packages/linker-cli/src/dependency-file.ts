import { sep } from 'node:path';

/**
 * The rule that says what the output depends on, in Make syntax as lld writes it: the output, its inputs one a line, and
 * for each input a rule without prerequisites, so that make goes on when one of them has been removed.
 */
export function renderDependencies(output: string, inputs: readonly string[]): string {
  const names = [...new Set(inputs.map(escaped))];
  const rule = `${escaped(output)}:${names.map((name) => ` \\\n ${name}`).join('')}\n`;
  return rule + names.map((name) => `\n${name}:\n`).join('');
}

/** What make and ninja take for the path: a space with the backslashes before it doubled, `#` and `$` escaped. */
function escaped(path: string): string {
  return withoutDots(path).replaceAll(
    /(\\*) |#|\$/g,
    (special, backslashes: string | undefined) => {
      if (special === '#') return '\\#';
      if (special === '$') return '$$';
      return `${backslashes}${backslashes}\\ `;
    },
  );
}

/** The path without its `.` parts, in the separators of the system; `..` stays, it can lead out of a symbolic link. */
function withoutDots(path: string): string {
  const parts = path.split(sep === '\\' ? /[\\/]+/ : /\/+/).filter((part) => part !== '.');
  return parts.join(sep) || '.';
}
