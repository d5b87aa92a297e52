/** `--diagnostics-format=sarif`, `--time-trace`, `--cref` and what they may not overwrite, through the command. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import Ajv from 'ajv-draft-04';
import { copyOfCase, readCases } from '../support/case-format.js';
import { bpfLd, fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';

/** GNU ld for BPF, from Debian's binutils-bpf, has the name of this command. */
const gnuLd = peer('bpf-ld');

const folder = mkdtempSync(join(tmpdir(), 'bpf-ld-answers-'));
after(() => rmSync(folder, { recursive: true }));

const parts = ['filter', 'parser', 'policy', 'stats'].map((part) =>
  fromRoot('examples/xdp-filter', `${part}.o`),
);

function command(
  words: readonly string[],
  cwd: string = folder,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, [bpfLd, ...words], { cwd, encoding: 'utf8' });
}

interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region?: { readonly startLine?: number };
  };
}

interface SarifRun {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly invocations: readonly { readonly executionSuccessful: boolean }[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly locations: readonly SarifLocation[];
    readonly relatedLocations?: readonly SarifLocation[];
  }[];
}

describe('SARIF', () => {
  const schemaPath = createRequire(import.meta.url).resolve(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  );
  const schema = JSON.parse(readFileSync(schemaPath, 'utf8')) as object;
  // `uri` and the other formats are checked below, by making URLs.
  // One of its patterns is none by the rules of the `u` flag.
  const options = { strict: false, validateFormats: false, unicodeRegExp: false };
  const validate = new Ajv.default(options).compile(schema);

  /** The only run of a log that the schema allows. */
  function readLog(text: string): SarifRun {
    assert.match(text, /^[^\n]+\n$/);
    const log = JSON.parse(text) as { readonly runs: readonly SarifRun[] };
    assert.ok(validate(log), JSON.stringify(validate.errors));
    const [run, ...others] = log.runs;
    assert.equal(others.length, 0);
    for (const { ruleId, ruleIndex, locations, relatedLocations = [] } of run!.results) {
      assert.equal(run!.tool.driver.rules[ruleIndex]?.id, ruleId);
      for (const { physicalLocation } of [...locations, ...relatedLocations]) {
        assert.ok(URL.canParse(physicalLocation.artifactLocation.uri, 'file:///'));
      }
    }
    return run!;
  }

  test('the schema refuses what is no log', () => {
    assert.ok(!validate({ version: '2.1.0' }));
  });

  for (const linkCase of readCases()) {
    const links = linkCase.links.filter(({ name }) =>
      existsSync(join(linkCase.folder, `${name}.stderr.expected`)),
    );
    for (const link of links.slice(0, 1)) {
      test(`the log of ${linkCase.name} follows the schema`, () => {
        const words = [...link.options, ...link.inputs, '-o', join(folder, 'case.o')];
        const { status, stderr } = command(
          [...words, '--diagnostics-format=sarif'],
          copyOfCase(linkCase, folder),
        );
        const run = readLog(stderr);
        assert.equal(run.invocations[0]?.executionSuccessful, status === 0);
        assert.equal(
          run.results.some(({ level }) => level === 'error'),
          status !== 0,
        );
        assert.ok(run.results.length > 0);
      });
    }
  }

  test('both sites of a conflict are there, by source line', () => {
    const duplicate = fromRoot('test/cases/duplicate-strong');
    const words = ['a.o', 'b.o', '-o', join(folder, 'x.o'), '--diagnostics-format=sarif'];
    const [result] = readLog(command(words, duplicate).stderr).results;
    assert.equal(result?.ruleId, 'duplicate-symbol');
    assert.deepEqual(
      result.relatedLocations?.map(({ physicalLocation }) => physicalLocation.artifactLocation.uri),
      ['a.c', 'b.c'],
    );
    assert.ok(result.locations[0]!.physicalLocation.region!.startLine! > 0);
  });

  test('wrong command lines and links without a word are logs too', () => {
    const wrong = readLog(command(['--frobnicate', '--diagnostics-format=sarif']).stderr);
    assert.deepEqual(
      wrong.results.map(({ ruleId }) => ruleId),
      ['unknown-option', 'no-inputs'],
    );
    const words = [...parts, '-o', 'quiet.o', '--diagnostics-format=sarif'];
    assert.deepEqual(readLog(command(words).stderr).results, []);
  });
});

describe('the time trace', () => {
  interface Event {
    readonly name: string;
    readonly ph: string;
    readonly ts?: number;
    readonly dur?: number;
    readonly args: Readonly<Record<string, unknown>>;
  }

  function readTrace(path: string): readonly Event[] {
    const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as { traceEvents: Event[] };
    return traceEvents;
  }

  test('has the link, its passes, in the first the inputs, and counters', () => {
    assert.equal(command([...parts, '-o', 'out.o', '--time-trace']).status, 0);
    const events = readTrace(join(folder, 'out.o.time-trace'));
    const lasting = events.filter(({ ph }) => ph === 'X');
    const [link, parse, ...inputs] = lasting;
    assert.equal(link?.name, 'link');
    assert.equal(parse?.name, 'parse');
    assert.deepEqual(
      inputs.slice(0, 4).map(({ args }) => args['detail']),
      parts,
    );
    for (const { ts, dur } of lasting) {
      assert.ok(Number.isInteger(ts) && Number.isInteger(dur) && ts! >= 0 && dur! >= 0);
      // Start and duration are rounded each by itself.
      assert.ok(ts! + dur! <= link.dur! + 2);
    }
    const counters = events.filter(({ ph }) => ph === 'C').map(({ name }) => name);
    assert.deepEqual(counters, ['bytes', 'types', 'symbols', 'relocations']);
    const shape = ({ name, ph, args }: Event): object => ({ name, ph, args });
    assert.equal(command([...parts, '-o', 'out.o', '--time-trace=again.json']).status, 0);
    assert.deepEqual(readTrace(join(folder, 'again.json')).map(shape), events.map(shape));
  });

  test('is written for a failed link too', () => {
    const words = [parts[0]!, '--no-undefined', '-o', 'failed.o', '--time-trace=failed.json'];
    assert.equal(command(words).status, 1);
    const link = readTrace(join(folder, 'failed.json')).find(({ name }) => name === 'link');
    assert.equal(link?.args['ok'], 'false');
    assert.ok(!existsSync(join(folder, 'failed.o')));
  });

  test('can go to standard output', () => {
    const { stdout } = command([...parts, '-o', 'out.o', '--time-trace=-']);
    assert.ok(Array.isArray((JSON.parse(stdout) as { traceEvents: unknown }).traceEvents));
  });
});

describe('cross references', () => {
  test('are printed in the columns of GNU ld, definers before users', () => {
    const [filter, , , stats] = parts;
    const { stdout } = command([...parts, '-o', 'out.o', '--cref']);
    const column = ' '.repeat(50);
    assert.ok(stdout.startsWith(`\nCross Reference Table\n\nSymbol${' '.repeat(44)}File\n`));
    const name = 'count_verdict'.padEnd(50);
    assert.ok(stdout.includes(`\n${name}${stats}\n${column}${filter}\n`));
  });

  test('are those of GNU ld, byte for byte', needs(gnuLd), () => {
    const cases = ['undefined-similar', 'weak-variable', 'aliases', 'comdat-groups'];
    for (const name of cases) {
      const cwd = fromRoot('test/cases', name);
      const words = ['-r', '--cref', 'a.o', 'b.o', '-o', join(folder, 'out.o')];
      const gnu = spawnSync(gnuLd.path, words, { cwd, encoding: 'utf8' });
      assert.equal(command(words, cwd).stdout, gnu.stdout, name);
    }
  });

  test('stand in the map where there is one', () => {
    const { stdout } = command([...parts, '-o', 'out.o', '--cref', '-Map=out.map']);
    assert.equal(stdout, '');
    assert.match(readFileSync(join(folder, 'out.map'), 'utf8'), /\n\nCross Reference Table\n/);
  });
});

describe('paths that would be lost', () => {
  const lines: readonly [words: string, fault: string, message: string][] = [
    ['a.o -o x --dependency-file=x', 'x', 'the dependency file would overwrite x'],
    ['a.o -o x --reproduce=./a.o', './a.o', 'the reproduction would overwrite a.o'],
    ['a.o -o x --Map=m --time-trace=m', 'm', 'the time trace would overwrite m'],
    [
      'x.time-trace -o x --time-trace',
      '--time-trace',
      'the time trace would overwrite x.time-trace',
    ],
    ['a.o --dependency-file=x -o -', '-', '--dependency-file needs an output that is a file'],
    ['a.o --watch -o a.o', 'a.o', 'the output would overwrite a.o'],
    ['- -o x --watch', '--watch', '--watch needs inputs and an output that are files'],
  ];
  for (const [words, fault, message] of lines) {
    test(words, () => {
      const before = readdirSync(folder);
      const { status, stderr } = command(words.split(' '));
      assert.equal(status, 2);
      const caret = `${' '.repeat(words.lastIndexOf(fault))}^${'~'.repeat(fault.length - 1)}`;
      assert.equal(
        stderr,
        `bpf-ld: error: ${message}\n>>>   bpf-ld ${words}\n>>>          ${caret}\n`,
      );
      assert.deepEqual(readdirSync(folder), before);
    });
  }
});
