import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  cannotReadInput,
  cannotWriteOutput,
  libraryNotFound,
  type Diagnostic,
} from '@bpf-ld/diagnostics';
import type {
  InputFlags,
  LinkInput,
  LinkOptions,
  LinkResult,
  LinkSuccess,
  ReadMember,
} from './api.js';
import { writeFilesAtomically, type OutputFile } from './atomic-write.js';
import { linkWith } from './link.js';
import type { ObjectCache } from './object-cache.js';
import { parseObject } from './parse-object.js';

export { createObjectCache, type ObjectCache } from './object-cache.js';
export type { OutputFile } from './atomic-write.js';

/** An input file that is not linked as a matter of course. */
export interface FileInput extends InputFlags {
  readonly path: string;
}

/** A library to be looked for (`-l`). */
export interface LibraryInput extends InputFlags {
  /** `net` for a file libnet.a, `:net.a` for one of that very name. */
  readonly library: string;
}

export interface LinkFilesJob {
  /** Paths of objects and archives, libraries, or inputs whose bytes are at hand. */
  readonly inputs: readonly (string | FileInput | LibraryInput | LinkInput)[];
  /** Folders in which libraries are looked for, in this order (`-L`). */
  readonly libraryPaths?: readonly string[];
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

function readInputs({ inputs, libraryPaths = [], onRead }: LinkFilesJob): {
  readonly inputs: readonly LinkInput[];
  readonly unreadable: readonly Diagnostic[];
} {
  const unreadable: Diagnostic[] = [];
  const read = inputs.flatMap((input): LinkInput[] => {
    if (typeof input !== 'string' && 'bytes' in input) return [input];
    const { path: name, flags, problem } = locate(input, libraryPaths);
    if (problem) {
      unreadable.push(problem);
      return [];
    }
    try {
      const bytes = fs.readFileSync(name);
      onRead?.(name, bytes);
      const readMember = memberReader(path.dirname(name), onRead);
      return [{ name, bytes, readMember, ...flags }];
    } catch (error) {
      unreadable.push(cannotReadInput(name, reasonOf(error)));
      return [];
    }
  });
  return { inputs: read, unreadable };
}

/** The name of the file that `-l` looks for. */
export function libraryFile(library: string): string {
  return library.startsWith(':') ? library.slice(1) : `lib${library}.a`;
}

function locate(
  input: string | FileInput | LibraryInput,
  libraryPaths: readonly string[],
): { readonly path: string; readonly flags?: InputFlags; readonly problem?: Diagnostic } {
  if (typeof input === 'string') return { path: input };
  if ('path' in input) {
    const { path, ...flags } = input;
    return { path, flags };
  }
  const { library, ...flags } = input;
  const file = libraryFile(library);
  const candidates = libraryPaths.map((folder) => path.join(folder, file));
  const found = candidates.find((candidate) => isFile(candidate));
  if (found !== undefined) return { path: found, flags };
  return { path: file, problem: libraryNotFound(`-l${library}`, file, libraryPaths) };
}

function isFile(candidate: string): boolean {
  try {
    return fs.statSync(candidate).isFile();
  } catch {
    return false;
  }
}

/** Reads members of thin archives: their paths start at the archive's folder. */
function memberReader(folder: string, onRead: LinkFilesJob['onRead']): ReadMember {
  return (member) => {
    try {
      const file = path.isAbsolute(member) ? member : path.join(folder, member);
      // A device or a pipe has no end, or none that comes.
      if (!fs.statSync(file).isFile()) return { problem: 'it is not a regular file' };
      const bytes = fs.readFileSync(file);
      onRead?.(file, bytes);
      return bytes;
    } catch (error) {
      return { problem: reasonOf(error) };
    }
  };
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
