import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Whether this run rewrites what it would compare: `UPDATE=fixtures` recompiles the objects,
 * `UPDATE=1` (or `--update`) rewrites the expected text.
 */
export function updating(what: 'fixtures' | 'expected'): boolean {
  const asked = process.env['UPDATE'] ?? (process.argv.includes('--update') ? '1' : '');
  return what === 'fixtures' ? asked === 'fixtures' : asked === '1';
}

/** Holds `actual` against the text of `file`; an empty text is a file that is not there. */
export function assertExpected(file: string, actual: string): void {
  if (updating('expected')) {
    if (actual === '') rmSync(file, { force: true });
    else writeFileSync(file, actual);
    return;
  }
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  assert.equal(actual, expected, `${file} (UPDATE=1 rewrites it)`);
}
