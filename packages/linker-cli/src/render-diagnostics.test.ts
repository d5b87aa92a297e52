import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  renderJson,
  renderText,
  selectDiagnostics,
  type CommandDiagnostic,
} from './render-diagnostics.js';

const plain = { color: false, errorLimit: 0 };

const duplicate: CommandDiagnostic = {
  code: 'duplicate-symbol',
  severity: 'error',
  message: 'duplicate symbol: helper',
  related: [
    {
      label: 'defined at',
      site: {
        object: 'net.o',
        section: '.text',
        offset: 0x40,
        symbol: 'helper',
        source: { file: 'net.bpf.c', line: 12, column: 1 },
      },
    },
    {
      label: 'defined at',
      site: {
        object: 'util.o',
        section: '.text',
        offset: 0,
        symbol: 'helper',
        source: { file: 'util.bpf.c', line: 3, column: 5 },
      },
    },
  ],
  details: [],
};

const mismatch: CommandDiagnostic = {
  code: 'type-mismatch',
  severity: 'error',
  message: 'conflicting types for limit',
  related: [
    { label: 'defined at', site: { object: 'a.o', section: '.bss', offset: 8 } },
    { label: 'declared at', site: { object: 'b.o', offset: 64 } },
  ],
  details: ['a.o: int limit;', 'b.o: struct limits {\n\tint low;\n} limit;'],
  hint: 'declare it the same in both files',
};

const undefinedSymbol: CommandDiagnostic = {
  code: 'undefined-symbol',
  severity: 'error',
  message: 'undefined symbol: count',
  related: [
    {
      label: 'referenced by',
      site: {
        object: 'net.o',
        section: 'xdp',
        offset: 0x18,
        symbol: 'filter',
        source: { file: 'net.bpf.c', line: 30, column: 9 },
      },
    },
    { label: 'referenced by', site: { object: 'tc.o', section: 'tc', symbol: 'mark' } },
    { label: 'referenced by', site: { object: 'empty.o', symbol: 'count' } },
  ],
  details: [],
};

function plainDiagnostic(
  severity: CommandDiagnostic['severity'],
  message: string,
): CommandDiagnostic {
  return { code: 'test', severity, message, related: [], details: [] };
}

test('a conflict names every definition as lld does', () => {
  assert.equal(
    renderText([duplicate], plain),
    `bpf-ld: error: duplicate symbol: helper
>>> defined at net.bpf.c:12 (net.o:(.text+0x40))
>>> defined at util.bpf.c:3 (util.o:(.text+0x0))
`,
  );
});

test('details and hint follow the sites, what is unknown is left out', () => {
  assert.equal(
    renderText([mismatch], plain),
    `bpf-ld: error: conflicting types for limit
>>> defined at a.o:(.bss+0x8)
>>> declared at b.o+0x40
>>>   a.o: int limit;
>>>   b.o: struct limits {
>>>   \tint low;
>>>   } limit;
>>> hint: declare it the same in both files
`,
  );
});

test('a reference names the function around it', () => {
  assert.equal(
    renderText([undefinedSymbol], plain),
    `bpf-ld: error: undefined symbol: count
>>> referenced by net.bpf.c:30 (net.o:(xdp+0x18)) in filter
>>> referenced by tc.o:(tc) in mark
>>> referenced by empty.o
`,
  );
});

test('an empty line stands around diagnostics of several lines only', () => {
  const one = plainDiagnostic('warning', 'one');
  const two = plainDiagnostic('note', 'two');
  assert.equal(
    renderText([one, two, { ...duplicate, related: [], details: ['more'] }, one], plain),
    `bpf-ld: warning: one
bpf-ld: note: two

bpf-ld: error: duplicate symbol: helper
>>>   more

bpf-ld: warning: one
`,
  );
});

test('nothing to say prints nothing', () => {
  assert.equal(renderText([], plain), '');
});

test('colours', () => {
  const all = (['error', 'warning', 'note'] as const).map((severity) =>
    plainDiagnostic(severity, 'text'),
  );
  assert.equal(
    renderText(all, { color: true, errorLimit: 0 }),
    'bpf-ld: \x1b[1;31merror:\x1b[0m text\n' +
      'bpf-ld: \x1b[1;35mwarning:\x1b[0m text\n' +
      'bpf-ld: \x1b[1;36mnote:\x1b[0m text\n',
  );
});

test('errors stop at the limit, which other severities do not count for', () => {
  const errors = ['one', 'two', 'three'].map((message) => plainDiagnostic('error', message));
  const diagnostics = [errors[0]!, plainDiagnostic('warning', 'careful'), errors[1]!, errors[2]!];
  assert.equal(
    renderText([...diagnostics, plainDiagnostic('warning', 'not shown')], {
      color: false,
      errorLimit: 2,
    }),
    `bpf-ld: error: one
bpf-ld: warning: careful
bpf-ld: error: two
bpf-ld: error: too many errors emitted, stopping now (use --error-limit=0 to see all errors)
`,
  );
  assert.doesNotMatch(renderText(errors, { color: false, errorLimit: 3 }), /too many/);
  assert.doesNotMatch(renderText(errors, { color: false, errorLimit: 0 }), /too many/);
});

test('no name from an object reaches the terminal as a control sequence', () => {
  const hostile = '\x1b]0;title\x07\r\n\x9b31m\x7f';
  const text = renderText(
    [
      {
        code: 'test',
        severity: 'error',
        message: hostile,
        related: [
          { label: 'referenced by', site: { object: hostile, section: hostile, symbol: hostile } },
        ],
        details: [hostile],
        hint: hostile,
      },
    ],
    plain,
  );
  assert.doesNotMatch(text, /[^\P{Cc}\n]/u);
  assert.match(text, /^bpf-ld: error: \\x1b\]0;title\\x07\\x0d\\x0a\\x9b31m\\x7f\n/);
});

test('warnings can be silenced or made errors, notes are for --verbose', () => {
  const diagnostics = (['note', 'warning', 'error'] as const).map((severity) =>
    plainDiagnostic(severity, severity),
  );
  const severities = (settings: Partial<Parameters<typeof selectDiagnostics>[1]>): string[] =>
    selectDiagnostics(diagnostics, {
      fatalWarnings: false,
      noWarnings: false,
      verbose: false,
      ...settings,
    }).map(({ severity }) => severity);
  assert.deepEqual(severities({}), ['warning', 'error']);
  assert.deepEqual(severities({ verbose: true }), ['note', 'warning', 'error']);
  assert.deepEqual(severities({ fatalWarnings: true }), ['error', 'error']);
  assert.deepEqual(severities({ noWarnings: true, fatalWarnings: true }), ['error']);
});

test('JSON is one line that holds everything', () => {
  const text = renderJson(false, [duplicate, mismatch, undefinedSymbol]);
  assert.equal(text.indexOf('\n'), text.length - 1);
  assert.deepEqual(JSON.parse(text), {
    version: 1,
    ok: false,
    diagnostics: [duplicate, mismatch, undefinedSymbol],
  });
  assert.equal(renderJson(true, []), '{"version":1,"ok":true,"diagnostics":[]}\n');
});

test('JSON members keep their order', () => {
  const { related, code, ...rest } = mismatch;
  assert.equal(renderJson(false, [{ related, ...rest, code }]), renderJson(false, [mismatch]));
});
