import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultSettings, options, spelled, type Settings } from './options/index.js';
import { canonicalWords, inputWord, scan } from './scan.js';
import { declareOptions } from './yargs-help.js';

/** Every way to spell every option, and the settings that differ from the defaults then. */
const spellings: readonly [words: string, expected: Partial<Settings>][] = [
  ['a.o', {}],
  ['a.o b.o', { inputs: ['a.o', 'b.o'] }],
  ['-o out.o a.o', { output: 'out.o' }],
  ['-oout.o a.o', { output: 'out.o' }],
  ['a.o -o -', { output: '-' }],
  ['a.o -o out.o -o last.o', { output: 'last.o' }],
  ['--output out.o a.o', { output: 'out.o' }],
  ['--output=out.o a.o', { output: 'out.o' }],
  // GNU ld: a short option's argument starts right behind the letter, and long names in `o` take two dashes only.
  ['-o=out.o a.o', { output: '=out.o' }],
  ['-output a.o', { output: 'utput' }],
  ['-o -r a.o', { output: '-r' }],
  ['-r a.o', { outputKind: 'relocatable' }],
  ['--relocatable a.o', { outputKind: 'relocatable' }],
  ['-relocatable a.o', { outputKind: 'relocatable' }],
  ['--static a.o', { outputKind: 'static' }],
  ['-static a.o', { outputKind: 'static' }],
  ['--shared a.o', { outputKind: 'shared' }],
  ['-shared a.o', { outputKind: 'shared' }],
  ['--target=ubpf a.o', { target: 'ubpf' }],
  ['--target sbf-v0 a.o', { target: 'sbf-v0' }],
  ['-target=sbf-v3 a.o', { target: 'sbf-v3' }],
  ['-e main a.o', { entry: 'main' }],
  ['-emain a.o', { entry: 'main' }],
  ['--entry=main a.o', { entry: 'main' }],
  ['--entry 0x1000 a.o', { entry: '0x1000' }],
  ['-entry main a.o', { entry: 'main' }],
  ['-Ttext=0x1000 a.o', { textAddress: 0x1000 }],
  ['-Ttext 0x1000 a.o', { textAddress: 0x1000 }],
  ['--Ttext=1000 a.o', { textAddress: 0x1000 }],
  ['-Trodata=FF00 a.o', { rodataAddress: 0xff00 }],
  ['--Trodata 0Xff00 a.o', { rodataAddress: 0xff00 }],
  ['-Tdata=0x1 a.o', { dataAddress: 1 }],
  ['--Tdata 0 a.o', { dataAddress: 0 }],
  ['-q a.o', { emitRelocations: true }],
  ['--emit-relocs a.o', { emitRelocations: true }],
  ['-emit-relocs a.o', { emitRelocations: true }],
  ['--resolve-calls a.o', { resolveCalls: true }],
  ['-resolve-calls a.o', { resolveCalls: true }],
  ['--helper say=3 --helper=time=0x5 a.o', { helpers: ['say=3', 'time=0x5'] }],
  ['-helper say=3 a.o', { helpers: ['say=3'] }],
  ['--helpers=list.txt -helpers other.txt a.o', { helperFiles: ['list.txt', 'other.txt'] }],
  ['-soname libx.so a.o', { soname: 'libx.so' }],
  ['--soname=libx.so a.o', { soname: 'libx.so' }],
  ['--hash-style=gnu a.o', { hashStyle: 'gnu' }],
  ['-hash-style both a.o', { hashStyle: 'both' }],
  ['-S a.o', { stripDebug: true }],
  ['--strip-debug a.o', { stripDebug: true }],
  ['-strip-debug a.o', { stripDebug: true }],
  ['-s a.o', { stripAll: true }],
  ['--strip-all a.o', { stripAll: true }],
  ['-strip-all a.o', { stripAll: true }],
  ['--compress-debug-sections=zlib a.o', { compressDebugSections: 'zlib' }],
  ['-compress-debug-sections zlib a.o', { compressDebugSections: 'zlib' }],
  ['--compress-debug-sections=zlib --compress-debug-sections=none a.o', {}],
  ['--separate-debug-file=a.debug a.o', { separateDebugFile: 'a.debug' }],
  ['--separate-debug-file a.debug a.o', { separateDebugFile: 'a.debug' }],
  ['-separate-debug-file=a.debug a.o', { separateDebugFile: 'a.debug' }],
  ['--no-btf-ext-lines a.o', { btfExtLines: false }],
  ['-no-btf-ext-lines a.o', { btfExtLines: false }],
  ['--verify a.o', { verify: true }],
  ['-verify a.o', { verify: true }],
  ['a.o -lfoo', { inputs: ['a.o', { library: 'foo' }] }],
  ['a.o -l foo', { inputs: ['a.o', { library: 'foo' }] }],
  ['a.o -l:foo.a', { inputs: ['a.o', { library: ':foo.a' }] }],
  ['a.o -l :foo.a', { inputs: ['a.o', { library: ':foo.a' }] }],
  ['a.o --library foo', { inputs: ['a.o', { library: 'foo' }] }],
  ['a.o --library=foo', { inputs: ['a.o', { library: 'foo' }] }],
  ['a.o -library=:foo.a', { inputs: ['a.o', { library: ':foo.a' }] }],
  ['-lfoo a.o', { inputs: [{ library: 'foo' }, 'a.o'] }],
  ['-L lib a.o', { libraryPaths: ['lib'] }],
  ['-Llib -Lother a.o', { libraryPaths: ['lib', 'other'] }],
  ['--library-path lib a.o', { libraryPaths: ['lib'] }],
  ['--library-path=lib a.o', { libraryPaths: ['lib'] }],
  ['-library-path=lib a.o', { libraryPaths: ['lib'] }],
  [
    '--whole-archive a.o -lfoo --no-whole-archive b.a -l bar',
    {
      inputs: [
        { path: 'a.o', wholeArchive: true },
        { library: 'foo', wholeArchive: true },
        'b.a',
        { library: 'bar' },
      ],
    },
  ],
  ['-whole-archive -no-whole-archive a.o', {}],
  ['--start-lib a.o --end-lib b.o', { inputs: [{ path: 'a.o', lazy: true }, 'b.o'] }],
  [
    '-start-lib a.o - -end-lib',
    {
      inputs: [
        { path: 'a.o', lazy: true },
        { path: '-', lazy: true },
      ],
    },
  ],
  ['--start-group a.o --end-group', {}],
  ['-start-group a.o -end-group', {}],
  ['-( a.o -)', {}],
  ['--why-extract why.txt a.o', { whyExtract: 'why.txt' }],
  ['--why-extract=why.txt a.o', { whyExtract: 'why.txt' }],
  ['-why-extract=why.txt a.o', { whyExtract: 'why.txt' }],
  ['-why-extract - a.o', { whyExtract: '-' }],
  ['--no-undefined a.o', { noUndefined: true }],
  ['-no-undefined a.o', { noUndefined: true }],
  ['-z defs a.o', { noUndefined: true }],
  ['-zdefs a.o', { noUndefined: true }],
  ['-z muldefs a.o', { allowMultipleDefinition: true }],
  ['-z defs -z muldefs a.o', { noUndefined: true, allowMultipleDefinition: true }],
  ['--unresolved-symbols=report-all a.o', { noUndefined: true }],
  ['--unresolved-symbols ignore-in-shared-libs a.o', { noUndefined: true }],
  ['-unresolved-symbols=ignore-all a.o', {}],
  ['--no-undefined --unresolved-symbols=ignore-in-object-files a.o', {}],
  ['--unresolved-symbols=ignore-all -z defs a.o', { noUndefined: true }],
  ['--warn-unresolved-symbols a.o', { warnUnresolved: true }],
  ['-warn-unresolved-symbols --error-unresolved-symbols a.o', {}],
  ['--error-unresolved-symbols a.o', {}],
  ['-u helper a.o', { undefined: ['helper'] }],
  ['-uhelper a.o', { undefined: ['helper'] }],
  ['-undefined helper a.o', { undefined: ['helper'] }],
  ['--undefined=helper --undefined other a.o', { undefined: ['helper', 'other'] }],
  ['--require-defined=helper a.o', { requireDefined: ['helper'] }],
  ['-require-defined helper a.o', { requireDefined: ['helper'] }],
  ['--defsym alias=helper+8 a.o', { definitions: ['alias=helper+8'] }],
  ['--defsym=alias=0x10 -defsym=x=1 a.o', { definitions: ['alias=0x10', 'x=1'] }],
  ['--wrap helper --wrap=other a.o', { wrap: ['helper', 'other'] }],
  ['-wrap=helper a.o', { wrap: ['helper'] }],
  ['--allow-multiple-definition a.o', { allowMultipleDefinition: true }],
  ['-allow-multiple-definition a.o', { allowMultipleDefinition: true }],
  ['--warn-common a.o', { warnCommon: true }],
  ['-warn-common a.o', { warnCommon: true }],
  ['--version-script=api.ver a.o', { versionScript: 'api.ver' }],
  ['-version-script api.ver a.o', { versionScript: 'api.ver' }],
  ['--export-symbol=api_* --export-symbol main a.o', { exportSymbols: ['api_*', 'main'] }],
  ['-export-symbol main a.o', { exportSymbols: ['main'] }],
  ['--export-symbols=api.txt a.o', { exportSymbolFiles: ['api.txt'] }],
  ['-export-symbols api.txt a.o', { exportSymbolFiles: ['api.txt'] }],
  ['--localize-hidden a.o', { localizeHidden: true }],
  ['-localize-hidden a.o', { localizeHidden: true }],
  ['--prefix-symbols=v1_ a.o', { prefix: 'v1_' }],
  ['-prefix-symbols v1_ a.o', { prefix: 'v1_' }],
  ['--unique-statics a.o', { uniqueStatics: true }],
  ['-unique-statics a.o', { uniqueStatics: true }],
  ['--retain-symbols-file=keep.txt a.o', { retainFile: 'keep.txt' }],
  ['-retain-symbols-file keep.txt a.o', { retainFile: 'keep.txt' }],
  ['-Map map.txt a.o', { mapFile: 'map.txt' }],
  ['-Map=map.txt a.o', { mapFile: 'map.txt' }],
  ['--Map map.txt a.o', { mapFile: 'map.txt' }],
  ['--Map=map.txt a.o', { mapFile: 'map.txt' }],
  ['--Map=a=b a.o', { mapFile: 'a=b' }],
  ['-Map=- a.o', { mapFile: '-' }],
  ['-M a.o', { printMap: true }],
  ['--print-map a.o', { printMap: true }],
  ['-print-map a.o', { printMap: true }],
  ['--print-disassembly a.o', { printDisassembly: [''] }],
  ['-print-disassembly a.o', { printDisassembly: [''] }],
  ['--print-disassembly=one -print-disassembly=two a.o', { printDisassembly: ['one', 'two'] }],
  ['-t a.o', { trace: true }],
  ['--trace a.o', { trace: true }],
  ['-trace a.o', { trace: true }],
  ['-y helper a.o', { traceSymbols: ['helper'] }],
  ['-yhelper a.o', { traceSymbols: ['helper'] }],
  ['--trace-symbol helper a.o', { traceSymbols: ['helper'] }],
  ['--trace-symbol=helper a.o', { traceSymbols: ['helper'] }],
  ['-trace-symbol=helper -y other a.o', { traceSymbols: ['helper', 'other'] }],
  ['--stats a.o', { stats: true }],
  ['-stats a.o', { stats: true }],
  ['--time a.o', { time: true }],
  ['-time a.o', { time: true }],
  ['--cref a.o', { crossReferences: true }],
  ['-cref a.o', { crossReferences: true }],
  ['--time-trace a.o', { timeTrace: '' }],
  ['-time-trace a.o', { timeTrace: '' }],
  ['--time-trace=trace.json a.o', { timeTrace: 'trace.json' }],
  ['-time-trace=trace.json a.o', { timeTrace: 'trace.json' }],
  ['--time-trace trace.json a.o', { timeTrace: 'trace.json' }],
  ['-time-trace trace.json a.o', { timeTrace: 'trace.json' }],
  ['--dependency-file=out.d a.o', { dependencyFile: 'out.d' }],
  ['--dependency-file out.d a.o', { dependencyFile: 'out.d' }],
  ['-dependency-file=out.d a.o', { dependencyFile: 'out.d' }],
  ['-dependency-file out.d a.o', { dependencyFile: 'out.d' }],
  ['--reproduce=repro.tar a.o', { reproduce: 'repro.tar' }],
  ['--reproduce repro.tar a.o', { reproduce: 'repro.tar' }],
  ['-reproduce=repro.tar a.o', { reproduce: 'repro.tar' }],
  ['-reproduce repro.tar a.o', { reproduce: 'repro.tar' }],
  ['--watch a.o', { watch: true }],
  ['-watch a.o', { watch: true }],
  ['--diagnostics-format=sarif a.o', { diagnosticsFormat: 'sarif' }],
  ['--diagnostics-format=json a.o', { diagnosticsFormat: 'json' }],
  ['--diagnostics-format json a.o', { diagnosticsFormat: 'json' }],
  ['-diagnostics-format=text a.o', {}],
  ['--color-diagnostics a.o', { color: 'always' }],
  ['-color-diagnostics=auto a.o', {}],
  ['--color-diagnostics=always a.o', { color: 'always' }],
  ['--color-diagnostics=never a.o', { color: 'never' }],
  ['--no-color-diagnostics a.o', { color: 'never' }],
  ['-O2 a.o', { optimization: '2' }],
  ['-O 0 a.o', { optimization: '0' }],
  ['-O2 -O1 a.o', {}],
  ['--gc-sections a.o', { gcSections: true }],
  ['-gc-sections a.o', { gcSections: true }],
  ['--gc-sections --no-gc-sections a.o', {}],
  ['-no-gc-sections --gc-sections a.o', { gcSections: true }],
  ['--gc-keep-exported a.o', { gcKeepExported: true }],
  ['--gc-maps a.o', { gcMaps: true }],
  ['-gc-maps a.o', { gcMaps: true }],
  ['--keep-section=.data --keep-section .bss a.o', { keepSections: ['.data', '.bss'] }],
  ['-keep-section .data -keep-section=.bss a.o', { keepSections: ['.data', '.bss'] }],
  ['--print-gc-sections a.o', { printGcSections: true }],
  ['--print-gc-sections --no-print-gc-sections a.o', {}],
  ['-print-gc-sections -no-print-gc-sections a.o', {}],
  ['--icf=all a.o', { icf: 'all' }],
  ['-icf=safe a.o', { icf: 'safe' }],
  ['--icf safe --icf=none a.o', {}],
  ['--print-icf-sections a.o', { printIcfSections: true }],
  ['--print-icf-sections --no-print-icf-sections a.o', {}],
  ['-print-icf-sections -no-print-icf-sections a.o', {}],
  ['--why-live=one -why-live two --why-live three a.o', { whyLive: ['one', 'two', 'three'] }],
  ['-why-live=one a.o', { whyLive: ['one'] }],
  ['--error-limit=0 a.o', { errorLimit: 0 }],
  ['--error-limit 7 a.o', { errorLimit: 7 }],
  ['-error-limit=7 a.o', { errorLimit: 7 }],
  ['--fatal-warnings a.o', { fatalWarnings: true }],
  ['--fatal-warnings --no-fatal-warnings a.o', {}],
  ['-w a.o', { noWarnings: true }],
  ['--no-warnings a.o', { noWarnings: true }],
  ['--verbose a.o', { verbose: true, trace: true, stats: true }],
  ['-v', { inputs: [], version: 'line' }],
  ['-v a.o', { version: 'line' }],
  ['--version', { inputs: [], version: 'only' }],
  ['-version -v a.o', { version: 'only' }],
  ['-v --version a.o', { version: 'only' }],
  ['-h', { inputs: [], help: true }],
  ['--help', { inputs: [], help: true }],
  ['-help a.o', { help: true }],
  ['-', { inputs: ['-'] }],
  ['a.o - b.o', { inputs: ['a.o', '-', 'b.o'] }],
  ['-- a.o -r', { inputs: ['a.o', '-r'] }],
];

for (const [text, expected] of spellings) {
  test(`reads ${text}`, () => {
    const line = scan(text.split(' '));
    assert.deepEqual(line.problems, []);
    assert.deepEqual(line.settings, { ...defaultSettings(), inputs: ['a.o'], ...expected });
  });

  test(`yargs reads the same from ${text}`, async () => {
    const line = scan(text.split(' '));
    const values = await declareOptions(canonicalWords(line)).parseAsync();
    const files = line.settings.inputs.filter(
      (input) => typeof input === 'string' || 'path' in input,
    );
    assert.deepEqual(values._, files.map(inputWord));
    for (const option of options) {
      const given = line.occurrences.filter((occurrence) => occurrence.option === option);
      const [key] = option.names;
      if (given.length === 0) {
        assert.equal(values[key], undefined, key);
      } else if (option.argument === undefined) {
        assert.deepEqual(
          [values[key]].flat(),
          given.map(() => true),
          key,
        );
      } else {
        assert.deepEqual(
          [values[key]].flat().map(String),
          given.map(({ value }) => value),
          key,
        );
      }
    }
  });
}

test('the spelling table holds every name of every option', () => {
  const used = new Set(
    spellings.flatMap(([text]) => scan(text.split(' ')).occurrences.map(({ option }) => option)),
  );
  assert.deepEqual(
    options.filter((option) => !used.has(option)).map(({ names }) => names[0]),
    [],
  );
  const words = spellings.flatMap(([text]) => text.split(' '));
  for (const name of options.flatMap(({ names }) => names)) {
    assert.ok(
      words.some((word) => word.startsWith(spelled(name))),
      `${spelled(name)} is in no line of the table`,
    );
  }
});

test('no two options share a name', () => {
  const names = options.flatMap((option) => option.names);
  assert.equal(new Set(names).size, names.length);
});

/** Lines that are wrong, and what is said about each problem. */
const refusals: readonly [words: string, messages: readonly string[]][] = [
  ['', ['no input files']],
  ['--stats', ['no input files']],
  ['a.o --frobnicate', ['unknown option: --frobnicate']],
  ['a.o --frobnicate=1 -Q', ['unknown option: --frobnicate', 'unknown option: -Q']],
  ['a.o -rS', ['unknown option: -rS']],
  ['a.o --o out.o', ['unknown option: --o']],
  ['a.o -o', ['option -o needs an argument: FILE']],
  ['a.o --Map', ['option --Map needs an argument: FILE']],
  ['a.o --Map=', ['option --Map needs an argument that is not empty']],
  ['a.o --stats=yes', ['option --stats takes no argument']],
  [
    'a.o --diagnostics-format=xml',
    ["option --diagnostics-format does not take 'xml', only text, json or sarif"],
  ],
  ['a.o -z now', ["option -z does not take 'now', only defs or muldefs"]],
  [
    'a.o --unresolved-symbols=all',
    [
      "option --unresolved-symbols does not take 'all', only report-all, ignore-all, ignore-in-object-files or ignore-in-shared-libs",
    ],
  ],
  ['a.o --defsym=alias', ["option --defsym: 'alias' has no ="]],
  ['a.o --defsym=alias=helper*2', ["option --defsym: '*' is neither a number, a name, + nor -"]],
  ['a.o --prefix-symbols=1', ["option --prefix-symbols: '1' cannot begin the name of a C symbol"]],
  ['a.o --error-limit=-1', ["option --error-limit needs a number, not '-1'"]],
  ['a.o --error-limit=1e3', ["option --error-limit needs a number, not '1e3'"]],
  ['- a.o -', ['standard input is named twice']],
  ['- --start-lib -', ['standard input is named twice']],
  ['a.o -l', ['option -l needs an argument: NAME']],
  ['a.o --whole-archive=yes', ['option --whole-archive takes no argument']],
  ['a.o --end-lib', ['--end-lib without --start-lib']],
  ['a.o --static --shared', ['--shared cannot be used with --static']],
  ['a.o --shared -r', ['--relocatable cannot be used with --shared']],
  ['a.o -Ttext=many', ["option -Ttext: 'many' is not a hexadecimal number"]],
  [
    'a.o -Tdata 0xffffffff80000000',
    ["option -Tdata: '0xffffffff80000000' is beyond 2 to the power of 52"],
  ],
  ['a.o --helper=print', ["option --helper: 'print' has no ="]],
  ['a.o --helper=1=1', ["option --helper: '1' is no name of a function"]],
  ['a.o --helper=print=0x100000000', ["option --helper: '0x100000000' is no number of a helper"]],
  [
    'a.o --target=sbf',
    ["option --target does not take 'sbf', only bpf, ubpf, sbf-v0, sbf-v1, sbf-v2 or sbf-v3"],
  ],
  ['a.o --end-group -)', Array(2).fill('--end-group without --start-group')],
  ['--start-lib a.o --start-lib', ['--start-lib inside of --start-lib']],
  ['-( --start-lib a.o', ['--start-lib inside of --start-group']],
  ['-( a.o -(', ['--start-group inside of --start-group']],
];

for (const [text, messages] of refusals) {
  test(`refuses '${text}'`, () => {
    const { problems } = scan(text === '' ? [] : text.split(' '));
    assert.deepEqual(
      problems.map(({ message }) => message),
      messages,
    );
  });
}

test('yargs refuses what the scanner refuses', async () => {
  const lines = [
    ['--frobnicate'],
    ['--Map'],
    ['--diagnostics-format=xml'],
    ['--color-diagnostics=blue'],
    ['-z=now'],
    ['--error-limit=1e3'],
    ['--error-limit=-1'],
  ];
  for (const words of lines) {
    assert.equal(scan(['a.o', ...words]).problems.length, 1, words.join(' '));
    await assert.rejects(
      async () => declareOptions(words).fail(false).parseAsync(),
      words.join(' '),
    );
  }
});

test('docs/cli.md describes every option in every spelling, and no other', () => {
  const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
  const headings = page.split('\n').filter((line) => line.startsWith('| `-'));
  const documented = headings.flatMap((line) => {
    const cell = line.split('|')[1]!;
    return [...cell.matchAll(/`(--?(?:[\w-]+|[()]))/g)].map((match) => match[1]!);
  });
  const declared = options.flatMap(({ names }) => names.map(spelled));
  assert.deepEqual(documented.toSorted(), declared.toSorted());
});

test('docs/cli.md shows the argument of each option', () => {
  const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
  for (const { names, argument } of options) {
    if (argument === undefined) continue;
    const name = spelled(names[0]);
    const separator = names[0].length === 1 ? ' ' : '=';
    const shown =
      argument.absent === undefined
        ? `${name}${separator}${argument.placeholder}`
        : `${name}[${separator}${argument.placeholder}]`;
    assert.ok(page.includes(`\`${shown}\``), shown);
  }
});

test('every option is on the command line of a link case', () => {
  const cases = new URL('../../../test/cases/', import.meta.url);
  const used = new Set<string>();
  for (const entry of readdirSync(cases, { withFileTypes: true })) {
    const file = new URL(`${entry.name}/case.json`, cases);
    if (!entry.isDirectory() || !existsSync(file)) continue;
    const { links } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly links: readonly { readonly words?: string[]; readonly options?: string[] }[];
    };
    for (const { words = [], options: only = [] } of links) {
      for (const { option } of scan([...words, ...only]).occurrences) used.add(option.names[0]);
    }
  }
  const unused = options.map(({ names }) => names[0]).filter((name) => !used.has(name));
  assert.deepEqual(unused, []);
});
