/** Timing of commands and functions. Times are milliseconds, sizes bytes. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

/**
 * @typedef {{ readonly label: string, readonly words: readonly string[] }} Command program and
 *   arguments, under the name the table gives it
 * @typedef {{ readonly median: number, readonly min: number, readonly max: number,
 *   readonly samples: readonly number[] }} Samples
 */

/** GNU time, which reports the peak memory of what it starts. */
const GNU_TIME = '/usr/bin/time';

/** @param {readonly number[]} samples @returns {Samples} */
export function summarize(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  const low = sorted[sorted.length - 1 - middle] ?? Number.NaN;
  return {
    median: (low + high) / 2,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    samples,
  };
}

/**
 * Runs the commands in turns, each round in the opposite order of the one before, so that warming
 * up, clock changes and other load meet all of them alike. One round before is not counted.
 *
 * @param {readonly Command[]} commands
 * @param {number} rounds
 * @returns {Map<string, Samples>} by label
 */
export function timeInTurns(commands, rounds) {
  const samples = new Map(commands.map(({ label }) => [label, /** @type {number[]} */ ([])]));
  for (let round = -1; round < rounds; round++) {
    for (const { label, words } of round % 2 === 0 ? commands : [...commands].reverse()) {
      const elapsed = timeOnce(words);
      if (round >= 0) samples.get(label)?.push(elapsed);
    }
  }
  return new Map([...samples].map(([label, times]) => [label, summarize(times)]));
}

/** @param {readonly string[]} words */
function timeOnce([program = '', ...args]) {
  const start = performance.now();
  const { status, error } = spawnSync(program, args, { stdio: 'ignore' });
  const elapsed = performance.now() - start;
  if (status !== 0) throw new Error(`${program} failed (${error?.message ?? status})`);
  return elapsed;
}

/**
 * Peak resident memory of a command in bytes, the median of some runs; undefined without GNU time.
 *
 * @param {readonly string[]} words
 * @param {number} [runs]
 */
export function peakMemory(words, runs = 5) {
  if (!isExecutable(GNU_TIME)) return undefined;
  const peaks = Array.from({ length: runs }, () => {
    const { status, stderr } = spawnSync(GNU_TIME, ['-f', 'PEAK %M', ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const peak = /^PEAK (\d+)$/m.exec(stderr)?.[1];
    if (status !== 0 || peak === undefined) throw new Error(`${words[0]} failed:\n${stderr}`);
    return Number(peak) * 1024;
  });
  return summarize(peaks).median;
}

/**
 * Times a function once it is warm: it runs for `warmUp` milliseconds first.
 *
 * @param {() => unknown} run
 * @param {{ warmUp?: number, rounds?: number }} [options]
 */
export function timeWarm(run, { warmUp = 1500, rounds = 300 } = {}) {
  const end = performance.now() + warmUp;
  while (performance.now() < end) run();
  const samples = Array.from({ length: rounds }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return summarize(samples);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
