import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { machine } from '../interop/build-peers.js';
import { pinnedClang, pinnedCompilersInstalled } from '../support/build.js';
import { bpfLd, fromRoot } from '../support/paths.js';
import { needs, peer, type Peer } from '../support/peers.js';
import { FIRST_DATA, solanaInput, u64 } from './solana-input.js';

// examples/solana and examples/user-vm: linked by their Makefiles, run in the machines they are for.

const make = peer('make');
const clang = peer('clang-19');
const ar = peer('llvm-ar-19');
const cargo = peer('cargo');
const sbpf = machine('sbpf');
const ubpf = machine('ubpf');
const rbpf = machine('rbpf');
const otherClang = clang.missing === undefined && !pinnedCompilersInstalled();
const rebuild = otherClang ? { skip: `clang is not ${pinnedClang}` } : needs(make, clang, ar);

const copy = mkdtempSync(join(tmpdir(), 'bpf-ld-machine-examples-'));
after(() => rmSync(copy, { recursive: true, force: true }));
cpSync(fromRoot('examples'), copy, {
  recursive: true,
  filter: (path) => !path.endsWith('/out') && !path.endsWith('/target'),
});

for (const [name, count] of [
  ['solana', 6],
  ['user-vm', 3],
] as const) {
  describe(`examples/${name}`, () => {
    it('compiles to the committed objects', rebuild, () => {
      run(make.path, '-s', '-C', join(copy, name), 'objects');
      const files = readdirSync(join(copy, name)).filter((file) => /\.[oa]$/.test(file));
      assert.equal(files.length, count);
      for (const file of files) {
        const made = readFileSync(join(copy, name, file));
        assert.ok(made.equals(readFileSync(fromRoot('examples', name, file))), `${file} differs`);
      }
    });

    it('links by its Makefile', needs(make), () => makeOutputs(name));
  });
}

describe('examples/solana in sbpf', needs(make, sbpf), () => {
  const PROGRAM = 7;
  const ledger = (balance: bigint, entries = 0): Buffer =>
    Buffer.concat([u64(balance), u64(entries), u64(0)]);
  const request = (operation: number, amount: bigint, data: Buffer, owner = PROGRAM): Buffer =>
    solanaInput(
      [{ key: 3, owner, lamports: 1_000_000n, data }],
      Buffer.concat([Uint8Array.of(operation), u64(amount)]),
      PROGRAM,
    );

  for (const version of ['v0', 'v3']) {
    it(`${version}: an operation changes the ledger, or says why not`, () => {
      makeOutputs('solana');
      const program = join(copy, 'solana/out', `ledger-${version}.so`);
      const ask = (input: Buffer): Outcome => inAllModes(sbpf, program, input);

      const deposit = ask(request(0, 500n, ledger(1000n, 4)));
      assert.equal(deposit.result, '0x0');
      assert.deepEqual(deposit.log, ['deposit', '0x5dc, 0x5']);
      const data = deposit.memory.subarray(FIRST_DATA, FIRST_DATA + 24);
      assert.deepEqual(data, Buffer.concat([u64(1500), u64(5), Buffer.from('deposit\0')]));

      const interest = ask(request(2, 3n, ledger(1_000_000_000_000n)));
      assert.deepEqual(interest.log, ['interest', '0xefd0c8bc00, 0x1']);

      const tooMuch = ask(request(1, 1001n, ledger(1000n)));
      assert.equal(tooMuch.result, '0x300000000');
      assert.deepEqual(tooMuch.log, ['withdraw']);

      const stranger = ask(request(0, 1n, ledger(0n), 9));
      assert.equal(stranger.result, '0x200000000');
      assert.deepEqual(stranger.log, ['not an account of this program']);

      assert.equal(ask(request(3, 1n, ledger(0n))).result, '0x200000000');
    });
  }
});

describe('examples/user-vm', () => {
  const reading = (channel: number, raw: number): Buffer => {
    const bytes = Buffer.alloc(24);
    bytes.writeUInt32LE(channel, 0);
    bytes.writeUInt32LE(raw, 4);
    return bytes;
  };

  for (const [name, where, file] of [
    ['rbpf', rbpf, 'meter'],
    ['uBPF', ubpf, 'meter'],
    ["uBPF's own loader", ubpf, 'meter.o'],
  ] as const) {
    it(`scales a reading in ${name}`, needs(make, where), () => {
      makeOutputs('user-vm');
      const program = join(copy, 'user-vm/out', file);
      const over = inAllModes(where, program, reading(0, 4000));
      assert.equal(over.result, '0x1');
      // 500000 + (5000000000 - 500000) * 3000 / 3096, once over the limit.
      assert.deepEqual(over.memory.subarray(8), Buffer.concat([u64(4_844_976_744n), u64(1)]));
      assert.deepEqual(inAllModes(where, program, reading(9, 1)).log, ['no such channel']);
    });
  }

  it('remembers readings, in the host program of the example', needs(make, cargo), () => {
    const host = makeHost();
    makeOutputs('user-vm');
    const said = run(host, join(copy, 'user-vm/out/meter'), '0:150', '0:4095', '0:4000', '9:1');
    assert.deepEqual(said.trimEnd().split('\n'), [
      '1: channel 0 raw 150 is 37222',
      '2: channel 0 raw 4095 is 4998385174',
      'alarm: channel 0 at 4844976744',
      '3: channel 0 raw 4000 is 4844976744',
      'note: no such channel',
      '0: channel 9 raw 1 is 0',
    ]);
  });
});

/** Builds the host program where the example lies, as its README says. */
function makeHost(): string {
  const folder = fromRoot('examples/user-vm/host');
  const made = spawnSync(cargo.path, ['build', '--quiet', '--release', '--locked'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CARGO_TARGET_DIR: join(folder, 'target') },
  });
  assert.equal(made.status, 0, made.stderr);
  return join(folder, 'target/release/meter-host');
}

function makeOutputs(name: string): void {
  run(make.path, '-s', '-C', join(copy, name), `BPF_LD=${process.execPath} ${bpfLd}`);
}

interface Outcome {
  readonly result?: string;
  readonly error?: string;
  readonly log: readonly string[];
  readonly memory: Buffer;
}

/** What a program does, which must be the same interpreted and compiled. */
function inAllModes(where: Peer, program: string, input: Buffer): Outcome {
  const text = run(where.path, `${program}=${input.toString('hex')}`);
  const report = JSON.parse(text) as {
    readonly runs: readonly (Omit<Outcome, 'memory'> & { readonly memory: string })[];
  };
  const [first, ...others] = report.runs.map(({ result, error, log, memory }) =>
    error === undefined ? { result, log, memory } : { error, log, memory },
  );
  assert.ok(first !== undefined && others.length > 0);
  for (const other of others) assert.deepEqual(other, first);
  return { ...first, memory: Buffer.from(first.memory, 'hex') } as Outcome;
}

function run(command: string, ...args: readonly string[]): string {
  const made = spawnSync(command, args, { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stdout + made.stderr);
  assert.equal(made.stderr, '', 'no warnings');
  return made.stdout;
}
