import * as fs from 'node:fs';
import { cannotReadInput, cannotWriteOutput, type Diagnostic } from '@bpf-ld/diagnostics';
import type { LinkInput, LinkOptions, LinkResult, LinkSuccess } from './api.js';
import { writeFilesAtomically, type OutputFile } from './atomic-write.js';
import { linkWith } from './link.js';
import type { ObjectCache } from './object-cache.js';
import { parseObject } from './parse-object.js';

export { createObjectCache, type ObjectCache } from './object-cache.js';
export type { OutputFile } from './atomic-write.js';

export interface LinkFilesJob {
  /** Paths, or inputs whose bytes are at hand. */
  readonly inputs: readonly (string | LinkInput)[];
  /** Path of the output; without one nothing is written and the image is in the result. */
  readonly output?: string;
  /** Further files (a map) that appear with the output, or not at all. */
  readonly sideOutputs?: (result: LinkSuccess) => readonly OutputFile[];
  readonly options?: LinkOptions;
  /** Told each file that was read, in order, also when the link fails. */
  readonly onRead?: (path: string, bytes: Uint8Array) => void;
  /** Keeps parsed objects between links. */
  readonly cache?: ObjectCache;
}

/**
 * Links files. Inputs are read whole before anything is written, so that the output may be one of
 * them; the output is complete, flushed and verified before it takes its name. On any failure every
 * file is as it was.
 *
 * @example
 * const result = linkFiles({ inputs: ['a.o', 'b.o'], output: 'out.o' });
 * process.exitCode = result.ok ? 0 : 1;
 */
export function linkFiles(job: LinkFilesJob): LinkResult {
  const { inputs, unreadable } = readInputs(job);
  if (unreadable.length > 0) {
    return { ok: false, diagnostics: unreadable, timings: [], traces: [] };
  }
  const parse = job.cache ? job.cache.parse : parseObject;
  const options = job.options ? { options: job.options } : {};
  const result = linkWith({ inputs, ...options }, parse);
  if (!result.ok) return result;
  const files: OutputFile[] = [...(job.sideOutputs?.(result) ?? [])];
  if (job.output !== undefined) files.push({ path: job.output, bytes: result.image });
  const problem = writeFiles(files);
  if (!problem) return result;
  return {
    ok: false,
    diagnostics: [...result.diagnostics, problem],
    timings: result.timings,
    traces: result.traces,
  };
}

/**
 * Writes files complete or not at all, as {@link linkFiles} writes its output and what goes with it.
 *
 * @returns why nothing was written; undefined when everything was
 */
export function writeFiles(files: readonly OutputFile[]): Diagnostic | undefined {
  const failure = writeFilesAtomically(files);
  return failure && cannotWriteOutput(failure.path, reasonOf(failure.error));
}

function readInputs({ inputs, onRead }: LinkFilesJob): {
  readonly inputs: readonly LinkInput[];
  readonly unreadable: readonly Diagnostic[];
} {
  const unreadable: Diagnostic[] = [];
  const read = inputs.flatMap((input): LinkInput[] => {
    if (typeof input !== 'string') return [input];
    try {
      const bytes = fs.readFileSync(input);
      onRead?.(input, bytes);
      return [{ name: input, bytes }];
    } catch (error) {
      unreadable.push(cannotReadInput(input, reasonOf(error)));
      return [];
    }
  });
  return { inputs: read, unreadable };
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a directory'],
  ['ENOENT', 'no such file or directory'],
  ['ENOSPC', 'no space left on the device'],
  ['ENOTDIR', 'part of the path is not a directory'],
  ['EROFS', 'the file system is read-only'],
]);

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS.get(code) ?? (error instanceof Error ? error.message : String(error));
}
