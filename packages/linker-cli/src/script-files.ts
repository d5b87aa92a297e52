import type { TextProblem } from '@bpf-ld/linker';
import { printable, type CommandDiagnostic } from './render-diagnostics.js';

/** What is wrong in a file that an option names, with the line and a mark under it. `kind` as in `version script`. */
export function malformedText(
  kind: string,
  file: string,
  text: string,
  problem: TextProblem,
): CommandDiagnostic {
  const before = text.slice(0, problem.start);
  const line = before.split('\n').length;
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = text.indexOf('\n', problem.start);
  const shown = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  const indent = shown.slice(0, problem.start - lineStart).replaceAll(/[^\t]/g, ' ');
  const width = Math.max(1, Math.min(problem.end, lineStart + shown.length) - problem.start);
  const place = `${file}:${line}: `;
  return {
    code: 'malformed-script',
    severity: 'error',
    message: `malformed ${kind}: ${problem.message}`,
    related: [],
    details: [
      `${place}${printable(shown).replaceAll('\t', ' ')}`,
      `${' '.repeat(place.length)}${indent.replaceAll('\t', ' ')}^${'~'.repeat(width - 1)}`,
    ],
  };
}

/** Why a file that an option names was not read. */
export function cannotRead(path: string, error: unknown): CommandDiagnostic {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'no such file or directory',
    EISDIR: 'it is a directory',
    EACCES: 'permission denied',
  };
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return {
    code: 'cannot-read-input',
    severity: 'error',
    message: `cannot read ${path}: ${reason}`,
    related: [],
    details: [],
  };
}
