import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  casesFolder,
  copyOfCase,
  type Link,
  type LinkCase,
  readCases,
} from '../support/case-format.js';
import { dumpObject } from '../support/dump.js';
import { assertExpected, updating } from '../support/expected.js';
import { bpfLd } from '../support/paths.js';
import { describeWritten, withoutTimes } from '../support/written-files.js';

// Every link case, through the command: exit status, what it prints, every file it writes, and the whole
// output as text. UPDATE=1 rewrites the expected text; read the diff before you commit it.

const work = mkdtempSync(join(tmpdir(), 'bpf-ld-cases-'));
cpSync(join(casesFolder, 'include'), join(work, 'include'), { recursive: true });
after(() => rmSync(work, { recursive: true, force: true }));

for (const linkCase of readCases()) {
  describe(`${linkCase.name}: ${linkCase.about}`, () => {
    for (const link of linkCase.links) {
      it(`${link.inputs.join(' ')} ${link.options.join(' ')}`.trim(), () =>
        runLink(linkCase, link),
      );
    }
    it('has no expected text without a link', () => {
      const names = linkCase.links.map(({ name }) => `${name}.`);
      const strays = readdirSync(linkCase.folder).filter(
        (file) => file.endsWith('.expected') && !names.some((name) => file.startsWith(name)),
      );
      if (updating('expected')) for (const file of strays) unlinkSync(join(linkCase.folder, file));
      else assert.deepEqual(strays, []);
    });
  });
}

async function runLink(linkCase: LinkCase, link: Link): Promise<void> {
  const { folder } = linkCase;
  // Among copies of the inputs: what a link writes lies beside them, by names that no machine changes.
  const home = copyOfCase(linkCase, work);
  const given = new Set(readdirSync(home));
  const words = [...link.options, ...link.inputs, '-o', './out.o', '-Map', './out.map'];
  const run = await runCommand(words, home, link.until);
  assert.equal(run.status, link.exit, run.stderr);
  const output = join(home, 'out.o');
  assert.equal(existsSync(output), link.writes, 'an output exists if and only if the link did');

  // A reproduction has absolute paths; the part that is the machine's is left out.
  const readable = (text: string): string =>
    withoutTimes(text).replaceAll(work, '').replaceAll(work.slice(1), '');
  const texts = new Map([
    ['object', link.writes ? dumpObject('out.o', readFileSync(output)) : ''],
    ['stderr', readable(run.stderr)],
    ['stdout', readable(run.stdout)],
  ]);
  for (const file of readdirSync(home)) {
    if (given.has(file) || file === 'out.o') continue;
    const what = file === 'out.map' ? 'map' : file;
    texts.set(what, readable(describeWritten(file, readFileSync(join(home, file)))));
  }
  rmSync(home, { recursive: true });
  const expected = (what: string): string => {
    const name = what === 'object' || what === 'map' ? link.like : link.name;
    return `${name}.${what}.expected`;
  };
  for (const [what, text] of texts) assertExpected(join(folder, expected(what)), text);
  const known = new Set([...texts.keys()].map(expected));
  const strays = readdirSync(folder).filter(
    (file) => file.startsWith(`${link.name}.`) && file.endsWith('.expected') && !known.has(file),
  );
  if (updating('expected')) for (const file of strays) unlinkSync(join(folder, file));
  else assert.deepEqual(strays, [], 'the link writes every file that is expected of it');
}

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end, or interrupts it when `until` stands on its standard output. */
async function runCommand(
  words: readonly string[],
  cwd: string,
  until: string | undefined,
): Promise<Run> {
  const child = spawn(process.execPath, [bpfLd, ...words], { cwd, timeout: 60_000 });
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
      if (until !== undefined && printed.stdout.includes(until)) child.kill('SIGINT');
    });
  }
  child.stdin.end();
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...printed };
}
