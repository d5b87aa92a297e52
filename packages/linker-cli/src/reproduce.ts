import { parse, posix, resolve, sep } from 'node:path';
import { version } from '@bpf-ld/linker';
import { packTar } from 'modern-tar';
import { spelled } from './options/index.js';
import type { Occurrence } from './scan.js';

/** Standard input under a name of its own: a reproduction is all files. */
const standardInputFile = 'standard-input';

/**
 * A tar that holds what it takes to repeat a link, laid out as lld does: below a folder that is named like the tar the
 * files that were read, each under its absolute path, `response.txt` with the command line and `version.txt`. In that
 * folder `bpf-ld @response.txt` is the same link. No time, owner or order of reading is in it: the same link gives the
 * same tar.
 *
 * @param sequence options and inputs in the order of the command line
 * @param filesRead bytes by path as the link read them; `-` is standard input
 */
export async function packReproduction(
  tarPath: string,
  sequence: readonly (Occurrence | string)[],
  filesRead: ReadonlyMap<string, Uint8Array>,
): Promise<Uint8Array> {
  const folder = parse(tarPath).name;
  const files = new Map<string, Uint8Array>();
  for (const [path, bytes] of filesRead) files.set(belowRoot(path), bytes);
  files.set('response.txt', new TextEncoder().encode(responseText(sequence)));
  files.set('version.txt', new TextEncoder().encode(`bpf-ld ${version}\n`));
  const sorted = [...files].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return packTar(
    sorted.map(([name, body]) => ({
      header: {
        name: `${folder}/${name}`,
        size: body.length,
        type: 'file',
        mode: 0o644,
        uid: 0,
        gid: 0,
        mtime: new Date(0),
      },
      body,
    })),
  );
}

/** The command line, a word a line; what it writes goes to the working directory, whatever folder it went to before. */
function responseText(sequence: readonly (Occurrence | string)[]): string {
  const words = sequence.flatMap((item): string[] => {
    if (typeof item === 'string') return [belowRoot(item)];
    const { option, value } = item;
    const [name] = option.names;
    if (name === 'reproduce') return [];
    if (option.argument === undefined) return [spelled(name)];
    if (value === '' && option.argument.absent === '') return [spelled(name)];
    const argument =
      value === '-' || option.argument.path === undefined
        ? value
        : option.argument.path === 'read'
          ? belowRoot(value)
          : parse(value).base;
    return name.length === 1 ? [spelled(name), argument] : [`${spelled(name)}=${argument}`];
  });
  return words.map((word) => `${quoted(word)}\n`).join('');
}

/** The absolute path without its root; a drive letter becomes a folder. */
function belowRoot(path: string): string {
  if (path === '-') return standardInputFile;
  const absolute = resolve(path);
  const { root } = parse(absolute);
  const drive = root.replaceAll(/[\\/:]+/g, '');
  return posix.join(drive, absolute.slice(root.length).replaceAll(sep, '/'));
}

/** The word as response files take it. */
function quoted(word: string): string {
  return /[\s'"\\]/.test(word) ? `"${word.replaceAll(/["\\]/g, '\\$&')}"` : word;
}
