/**
 * Reporter for node's test runner: one line a file, every failure in full, then the totals for scripts/test.mjs.
 */
import { relative } from 'node:path';
import { inspect } from 'node:util';

export default async function* report(events) {
  /** @type {Map<string, { passed: number, failed: number, skipped: number }>} */
  const files = new Map();
  const totals = { passed: 0, failed: 0, skipped: 0 };
  /** Names of the suites and tests around the one reported, outermost first. */
  const around = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      around.length = data.nesting;
      around[data.nesting] = data.name;
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      yield data.message;
    } else if (type === 'test:pass' || type === 'test:fail') {
      const outcome = outcomeOf(type, data);
      // A suite only groups: its tests are counted. One that failed in a hook of its own has none to show it.
      if (data.details?.type === 'suite' && !isOwnFailure(type, data)) continue;
      // A failure of subtests is shown by them.
      if (outcome === 'failed' && data.details?.error?.failureType === 'subtestsFailed') continue;
      const path = relative('.', data.file ?? data.name);
      const file = files.get(path) ?? { passed: 0, failed: 0, skipped: 0 };
      files.set(path, file);
      file[outcome]++;
      totals[outcome]++;
      const name = [...around.slice(0, data.nesting), data.name].join(' > ');
      if (outcome === 'failed') yield failure(name, path, data);
      if (outcome === 'skipped') yield `skip   ${name}: ${data.skip ?? data.todo}\n`;
    }
  }
  for (const path of [...files.keys()].sort()) {
    const { passed, failed, skipped } = files.get(path);
    yield `${failed > 0 ? 'FAILED' : 'ok    '} ${path}: ${passed} passed, ${failed} failed`;
    yield skipped > 0 ? `, ${skipped} skipped\n` : '\n';
  }
  yield `totals: ${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`;
}

function outcomeOf(type, data) {
  if (data.skip !== undefined || data.todo !== undefined) return 'skipped';
  return type === 'test:pass' ? 'passed' : 'failed';
}

function isOwnFailure(type, data) {
  return type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed';
}

function failure(name, path, data) {
  const place = data.line === undefined ? path : `${path}:${data.line}`;
  const error = data.details?.error;
  const cause = error?.cause ?? error;
  const text = typeof cause === 'string' ? cause : (cause?.stack ?? inspect(cause));
  return `FAILED ${name}\n       at ${place}\n${text.replace(/^/gm, '       ')}\n`;
}
