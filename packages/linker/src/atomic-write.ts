import * as fs from 'node:fs';
import * as path from 'node:path';

/** One file to be written whole. */
export interface OutputFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file that could not be written, and why; no file was changed. */
export interface WriteFailure {
  readonly path: string;
  readonly error: unknown;
}

/**
 * Writes files so that each is either as before or complete: every one goes to a temporary file in
 * its target's folder and to the disk, and only when all are there are they renamed into place.
 * A symbolic link stays and its target is replaced; what is no regular file (a device, a pipe) is
 * written to directly, at the end.
 *
 * @returns the first failure; then no target was touched, and no temporary file is left.
 */
export function writeFilesAtomically(files: readonly OutputFile[]): WriteFailure | undefined {
  const staged: { readonly temporary: string; readonly target: string; readonly path: string }[] =
    [];
  const streams: OutputFile[] = [];
  let current = '';
  try {
    for (const file of files) {
      current = file.path;
      const existing = fs.statSync(file.path, { throwIfNoEntry: false });
      if (existing?.isDirectory()) throw new IsADirectory();
      if (existing && !existing.isFile()) {
        streams.push(file);
        continue;
      }
      const target = existing ? fs.realpathSync(file.path) : file.path;
      staged.push({ ...stage(target, file.bytes, existing?.mode), target, path: file.path });
    }
    for (const stream of streams) {
      current = stream.path;
      fs.writeFileSync(stream.path, stream.bytes);
    }
    for (const { temporary, target, path: name } of staged) {
      current = name;
      fs.renameSync(temporary, target);
    }
    return undefined;
  } catch (error) {
    for (const { temporary } of staged) fs.rmSync(temporary, { force: true });
    return { path: current, error };
  }
}

class IsADirectory extends Error {
  readonly code = 'EISDIR';
}

function stage(
  target: string,
  bytes: Uint8Array,
  mode: number | undefined,
): { readonly temporary: string } {
  // Only to keep two links apart; `wx` refuses a name that is taken, and the link fails then.
  const unique = Math.random().toString(36).slice(2);
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${unique}.tmp`);
  const descriptor = fs.openSync(temporary, 'wx', mode ?? 0o666);
  try {
    for (let done = 0; done < bytes.length;) {
      done += fs.writeSync(descriptor, bytes, done, bytes.length - done);
    }
    fs.fdatasyncSync(descriptor);
  } catch (error) {
    fs.closeSync(descriptor);
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  fs.closeSync(descriptor);
  return { temporary };
}
