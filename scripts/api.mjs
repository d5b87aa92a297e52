/**
 * The public API of every package, held against its golden report in docs/api/.
 *
 *     npm run api               shows what differs, exit status 1 when something does
 *     npm run api -- --update   rewrites the reports; read the diff before committing it
 *     node scripts/api.mjs --json   [{ entry, difference }] for test/tree/public-api.test.ts
 *
 * Works on the compiled declarations: build first.
 */
import { mkdtempSync, readFileSync, readdirSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { root } from './setup.mjs';

const GOLDEN = join(root, 'docs', 'api');

const update = process.argv.includes('--update');
const scratch = mkdtempSync(join(tmpdir(), 'bpf-ld-api-'));
try {
  const results = entryPoints().map((entry) => {
    const golden = join(GOLDEN, `${entry.name}.api.md`);
    const report = reportOf(entry);
    if (update) writeFileSync(golden, report);
    const expected = existsSync(golden) ? readFileSync(golden, 'utf8') : '';
    return { entry: entry.name, difference: difference(expected, report) };
  });
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(results));
  } else {
    for (const { entry, difference } of results) {
      console.log(difference === '' ? `ok      ${entry}` : `DIFFERS ${entry}\n${difference}`);
    }
    if (results.some(({ difference }) => difference !== '')) {
      console.log('npm run api -- --update accepts these changes');
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** What can be imported: each export of each package, `./files` of linker being named `linker-files`. */
function entryPoints() {
  const packages = readdirSync(join(root, 'packages')).sort();
  return packages.flatMap((name) => {
    const folder = join(root, 'packages', name);
    const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return Object.entries(exports).map(([subpath, { types }]) => ({
      name: [name, ...subpath.split('/').slice(1)].join('-'),
      folder,
      types,
    }));
  });
}

/** The report of what an entry point's declarations export, with everything its signatures name. */
function reportOf({ name, folder, types }) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, types),
      newlineKind: 'lf',
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: scratch,
        reportTempFolder: join(scratch, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2023',
            lib: ['es2023'],
            types: [],
            module: 'nodenext',
            moduleResolution: 'nodenext',
            strict: true,
            skipLibCheck: true,
          },
          files: [types],
        },
      },
      // Whether the declarations are sound is the compiler's to say; the report records only their shape.
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  return readFileSync(join(scratch, `${name}.api.md`), 'utf8');
}

/** Lines only one side has, `-` golden and `+` now: declarations are sorted by name, so sets of lines suffice. */
function difference(expected, actual) {
  if (expected === actual) return '';
  const [before, after] = [expected.split('\n'), actual.split('\n')];
  const [old, now] = [new Set(before), new Set(after)];
  const lines = [
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
  return lines.join('\n') || '  the same lines in another order';
}
