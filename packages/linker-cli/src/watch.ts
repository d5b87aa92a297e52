import { statSync, watch, type FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';
import { createObjectCache, libraryFile } from '@bpf-ld/linker/files';
import type { Host } from './host.js';
import { linkCommand } from './link-command.js';
import type { Settings } from './options/index.js';
import { printDiagnostics, type Printer } from './print.js';
import type { CommandLine } from './scan.js';

/** Inputs count as written when nothing has changed for so many milliseconds. */
const settleTime = 50;
/** Milliseconds between looks at the inputs, for what the system does not tell: network folders, folders not yet there. */
const lookInterval = 500;

/**
 * Links, and links again whenever an input has changed, until interrupted. A link that fails, because an input is not
 * there or half written, is reported as any other, and the next change is waited for.
 */
export async function watchCommand(host: Host, line: CommandLine, printer: Printer): Promise<void> {
  const { settings } = line;
  const cache = createObjectCache();
  const interruption = new AbortController();
  const { signal } = interruption;
  void host.untilInterrupted().then(() => interruption.abort());
  let paths = pathsToWatch(settings);
  while (!signal.aborted) {
    // Taken before the link: what changes while it reads is a change.
    const known = signatures(paths);
    const missesBefore = cache.misses;
    const start = performance.now();
    const { diagnostics, filesRead } = await linkCommand(host, line, printer, cache);
    const milliseconds = performance.now() - start;
    const failed = await printDiagnostics(host, settings, diagnostics);
    const anew = cache.misses - missesBefore;
    await printer.print(
      `${failed ? 'failed' : 'ok'}: ${settings.output} in ${milliseconds.toFixed(1)} ms, ` +
        `${anew} of ${filesRead.length} objects parsed anew\n`,
    );
    const unknown = filesRead.filter((path) => !known.has(path));
    for (const [path, signature] of signatures(unknown)) known.set(path, signature);
    paths = [...known.keys()];
    await untilChanged(known, signal);
  }
}

/** The files of the command line, and every place in which one of its libraries may turn up. */
function pathsToWatch({ inputs, libraryPaths }: Settings): readonly string[] {
  return inputs.flatMap((input) => {
    if (typeof input === 'string') return [input];
    if ('path' in input) return [input.path];
    return libraryPaths.map((folder) => join(folder, libraryFile(input.library)));
  });
}

/** Settles when a file is no longer what it was and has settled, or on the signal. */
async function untilChanged(
  known: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  let wake = (): void => {};
  const onEvent = (): void => wake();
  const watchers = watchFolders(known.keys(), onEvent);
  signal.addEventListener('abort', onEvent);
  try {
    let seen = known;
    while (!signal.aborted) {
      const now = signatures(known.keys());
      const hasChanged = !same(now, known);
      if (hasChanged && same(now, seen)) return;
      seen = now;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, hasChanged ? settleTime : lookInterval);
        wake = () => {
          clearTimeout(timer);
          // However often the system tells of a change, it is looked at once, when it has had its time to settle.
          wake = () => {};
          setTimeout(resolve, signal.aborted ? 0 : settleTime);
        };
      });
    }
  } finally {
    signal.removeEventListener('abort', onEvent);
    for (const watcher of watchers) watcher.close();
  }
}

/** Watches folders, not files: a file that is replaced, as compilers and editors do, is another file. */
function watchFolders(paths: Iterable<string>, wake: () => void): FSWatcher[] {
  const watchers: FSWatcher[] = [];
  for (const folder of new Set([...paths].map((path) => dirname(path)))) {
    try {
      // An error, such as the folder being removed, leaves the looks at intervals.
      watchers.push(watch(folder, wake).on('error', wake));
    } catch {
      continue;
    }
  }
  return watchers;
}

/** What tells one state of each file from another. */
function signatures(paths: Iterable<string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of paths) {
    let signature = 'missing';
    try {
      const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
      signature = `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
    } catch {
      // Missing, or in a folder that cannot be entered: the link says which.
    }
    found.set(path, signature);
  }
  return found;
}

function same(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return [...a].every(([path, signature]) => b.get(path) === signature);
}
