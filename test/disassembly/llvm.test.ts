import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { helperName } from '@bpf-ld/bpf-isa';
import {
  disassembleObject,
  type CodeInstruction,
  type CodeSection,
  type Disassembly,
} from '@bpf-ld/linker/disassembly';
import { assemblerOf, caseSets, exampleSets } from '../differential/object-sets.js';
import { linkOurs } from '../differential/linkers.js';
import { fromRoot } from '../support/paths.js';
import { needs, peer } from '../support/peers.js';
import { seededRandom } from '../support/random.js';
import { R_BPF, type RawObject, readRawObject, STT } from '../support/raw-object.js';
import { type ObjdumpInstruction, type ObjdumpSection, readObjdump } from './objdump.js';

// Every committed object and every linked one, instruction for instruction as llvm-objdump has it.
// Two things differ, and are held against the object instead: operands are symbols, and jumps inside
// a function go to labels.

const work = mkdtempSync(join(tmpdir(), 'bpf-ld-disassembly-'));
after(() => rmSync(work, { recursive: true, force: true }));

const llvmObjdump = peer('llvm-objdump-19');
const llvmStrip = peer('llvm-strip-19');
const llvmMc = peer('llvm-mc-19');
const bpftool = peer('bpftool');
const kernel = peer('kernel');

const EM_BPF = 247;
/** A jump through a register, as jump tables use it: later than LLVM 19. */
const OPCODE_GOTOX = 0x0d;

/** Objects that no link takes, of which there are no source lines to read. */
const REFUSED = /^(wrong-inputs\/|btf-layout\/(differs|kind|kind-in-layout|header|ext-header)\.o$)/;

interface Subject {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function committedObjects(): Subject[] {
  return ['test/cases', 'examples'].flatMap((folder) =>
    readdirSync(fromRoot(folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.o') && !REFUSED.test(file))
      .sort()
      .map((file) => ({
        name: `${folder}/${file}`,
        bytes: readFileSync(fromRoot(`${folder}/${file}`)),
      }))
      // Among the cases are inputs that are no BPF objects: e_machine is at 18 (gABI).
      .filter(({ bytes }) => bytes[18] === EM_BPF || bytes[19] === EM_BPF),
  );
}

function linkedObjects(): Subject[] {
  return [...caseSets(), ...exampleSets()].map(({ name, files }) => {
    const result = linkOurs(files);
    assert.ok(result.ok, name);
    return { name, bytes: result.image };
  });
}

/** Without DWARF, which llvm-objdump would take the source lines from. */
function objdump(subjects: readonly Subject[]): ObjdumpSection[][] {
  if (subjects.length === 0) return [];
  const files = subjects.map(({ bytes }, i) => {
    const file = join(work, `${i}.o`);
    writeFileSync(file, bytes);
    return file;
  });
  const strip = spawnSync(llvmStrip.path, ['--strip-debug', ...files], { encoding: 'utf8' });
  assert.equal(strip.status, 0, strip.stderr);
  const options = ['-d', '-z', '-S', '-l', '--mcpu=v4'];
  const run = spawnSync(llvmObjdump.path, [...options, ...files], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  assert.equal(run.status, 0, run.stderr);
  const read = readObjdump(run.stdout);
  assert.equal(read.length, subjects.length);
  return read;
}

function disassemblyOf({ name, bytes }: Subject): Disassembly {
  const result = disassembleObject({ name, bytes });
  assert.ok(result.ok, `${name}: ${JSON.stringify(result.diagnostics)}`);
  return result.disassembly;
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** Both texts with the operand left open, where ours is a symbol. */
function withoutOperand(
  ours: CodeInstruction,
  theirs: ObjdumpInstruction,
): readonly [string, string] {
  if (ours.bytes[0] === OPCODE_GOTOX) {
    assert.match(ours.text, /^gotox r\d+$/);
    return [theirs.text, '<unknown>'];
  }
  const own = ours.text.replace(/ <[^<>]*>$/, (label) => (ours.text === '<unknown>' ? label : ''));
  if (ours.operand === undefined) return [own, theirs.text];
  if (ours.bytes.length === 16) {
    // With a mark of the loader's in src_reg llvm-objdump prints no `ll`.
    const open = (text: string): string =>
      text.replace(/ = .* ll$/, ' = ? ll').replace(/^ld_pseudo\t(r\d+), .*$/, '$1 = ? ll');
    assert.match(own, / = %(map|var|func|extern|abs)\(.+\) ll$/);
    return [open(own), open(theirs.text)];
  }
  return [own.replace(/^call \S+$/, 'call ?'), theirs.text.replace(/^call \S+$/, 'call ?')];
}

/** Byte offsets that a label of llvm-objdump can mean: local symbols can share a name. */
function placesOf(label: string, object: RawObject, section: string): number[] {
  const [, name, distance] = /^(.*?)(?:\+0x([0-9a-f]+))?$/.exec(label)!;
  // A place before the section is a distance that wraps.
  const offset = Number(BigInt.asIntN(64, BigInt(`0x${distance ?? '0'}`)));
  if (name === section) return [offset];
  return object.symbols
    .filter((s) => s.name === name && object.sections[s.section]?.name === section)
    .map((s) => s.value + offset);
}

interface Counted {
  instructions: number;
  lines: number;
}

/** llvm-objdump takes the byte order of all its files from the first. */
function compare(subjects: readonly Subject[]): Counted {
  const counted = { instructions: 0, lines: 0 };
  const isBig = ({ bytes }: Subject): boolean => bytes[5] === 2;
  compareAll(subjects.filter(isBig), counted);
  compareAll(
    subjects.filter((subject) => !isBig(subject)),
    counted,
  );
  return counted;
}

function compareAll(subjects: readonly Subject[], counted: Counted): void {
  const theirs = objdump(subjects);
  subjects.forEach((subject, i) => {
    const object = readRawObject(subject.bytes, assemblerOf(subject.name));
    const { sections } = disassemblyOf(subject);
    assert.deepEqual(
      sections.map(({ name }) => name),
      theirs[i]!.map(({ name }) => name),
      subject.name,
    );
    sections.forEach((section, k) => {
      const expected = theirs[i]![k]!;
      checkNames(section, expected.headings);
      const found = section.functions.flatMap((one) => [...one.instructions()]);
      const where = `${subject.name} ${section.name}`;
      let previous: CodeInstruction | undefined;
      found.forEach((ours, n) => {
        const their = expected.instructions[n]!;
        assert.ok(their !== undefined, `${where} ${ours.offset}: ${ours.text}`);
        const at = `${where} ${their.offset}: ${their.text}`;
        assert.deepEqual([ours.offset, hex(ours.bytes)], [their.offset, their.bytes], at);
        const [ownText, theirText] = withoutOperand(ours, their);
        assert.equal(ownText, theirText, at);
        checkOperand(object, section.name, ours, at);
        if (their.label !== undefined && ours.target !== undefined) {
          const places = placesOf(their.label, object, section.name);
          assert.ok(places.includes(ours.target), `${at} <${their.label}>`);
        }
        compareSource(ours, their, previous, at);
        if (their.source) counted.lines++;
        previous = ours;
      });
      assert.equal(found.length, expected.instructions.length, where);
      counted.instructions += found.length;
    });
  });
}

/** Its headings name our functions, or labels in them; of several names of a place it prints one. */
function checkNames({ name, functions }: CodeSection, headings: readonly string[]): void {
  const own = functions.flatMap((one) => [
    ...(one.names.length === 0 ? [name] : one.names).map((title) => headingOf(one.offset, title)),
    ...Array.from(one.instructions(), ({ offset, label }) => headingOf(offset, label ?? '')),
  ]);
  const known = new Set(own);
  assert.deepEqual(
    headings.filter((heading) => !known.has(heading)),
    [],
  );
  const theirs = new Set(headings.map((heading) => heading.slice(0, 16)));
  assert.ok(functions.every(({ offset }) => theirs.has(headingOf(offset, '').slice(0, 16))));
}

const headingOf = (offset: number, name: string): string =>
  `${offset.toString(16).padStart(16, '0')} <${name}>:`;

/** The operand is the symbol at the place that the relocation means, and there is one for each relocation. */
function checkOperand(object: RawObject, section: string, ours: CodeInstruction, at: string): void {
  const { operand } = ours;
  const relocation = object.relocations.find(
    (r) =>
      r.offset === ours.offset &&
      object.sections[r.section]!.name === section &&
      (r.type === R_BPF.R64_64 || r.type === R_BPF.R64_32 || r.type === R_BPF.GNU_64_16),
  );
  if (!relocation) {
    checkPlainOperand(object, section, ours, at);
    return;
  }
  const { type, symbol, addend } = relocation;
  if (type === R_BPF.GNU_64_16) {
    // What llvm-objdump shows of it is the field, which the relocation overrules.
    const distance = addend === 0n ? '' : `+0x${addend.toString(16)}`;
    const place = `${symbol.name}${distance}`;
    assert.deepEqual([ours.text.slice(-place.length - 3), ours.target], [` <${place}>`, undefined]);
    return;
  }
  assert.ok(operand !== undefined && operand.kind !== 'helper', at);
  if (symbol.section === 0) {
    assert.deepEqual([operand.kind, operand.symbol], ['extern', symbol.name], at);
    return;
  }
  const home = object.sections[symbol.section];
  const target = symbol.value + Number(addend);
  const covering = object.symbols.filter(
    (s) =>
      s.section === symbol.section &&
      s.type !== STT.SECTION &&
      (s.value === target || (s.value < target && target < s.value + s.size)),
  );
  if (operand.symbol === undefined) {
    assert.deepEqual([covering, operand.section, operand.offset], [[], home!.name, target], at);
    return;
  }
  assert.ok(
    covering.some((s) => s.name === operand.symbol && s.value + operand.offset === target),
    `${at}: ${JSON.stringify(operand)}`,
  );
  const kinds: Readonly<Record<string, string>> = { '.maps': 'map', '.text': 'function' };
  const data = /^\.(data|bss|rodata|kconfig)/.test(home?.name ?? '') ? 'variable' : undefined;
  const expected = kinds[home?.name ?? ''] ?? data;
  if (expected !== undefined) assert.equal(operand.kind, expected, at);
}

/** Without a relocation the immediate says what is meant: a helper's number, or a distance in instructions. */
function checkPlainOperand(
  object: RawObject,
  section: string,
  { offset, bytes, operand, text }: CodeInstruction,
  at: string,
): void {
  if (operand === undefined) return;
  const imm = new DataView(bytes.buffer, bytes.byteOffset).getInt32(4, object.littleEndian);
  if (operand.kind === 'helper') {
    assert.deepEqual([text, operand.id], [`call ${operand.symbol}#${imm}`, imm], at);
    return;
  }
  const target = offset + (imm + 1) * 8;
  const home = object.sections.findIndex(({ name }) => name === section);
  const symbols = object.symbols.filter((s) => s.name === operand.symbol && s.section === home);
  const places = operand.symbol === undefined ? [0] : symbols.map((s) => s.value);
  assert.equal(operand.kind, 'function', at);
  assert.ok(places.includes(target - operand.offset), at);
}

/** llvm-objdump leaves a line out that it printed for the instruction before. */
function compareSource(
  { source }: CodeInstruction,
  their: ObjdumpInstruction,
  previous: CodeInstruction | undefined,
  at: string,
): void {
  const place = source && `${source.file}:${source.line}`;
  const before = previous?.source && `${previous.source.file}:${previous.source.line}`;
  if (their.source === undefined) {
    assert.ok(place === undefined || place === before, at);
  } else {
    assert.deepEqual({ place, text: source?.text }, their.source, at);
  }
}

test('every committed object', needs(llvmObjdump, llvmStrip), () => {
  const { instructions, lines } = compare(committedObjects());
  assert.ok(instructions > 6000 && lines > 2400, `${instructions} instructions, ${lines} lines`);
});

test('every linked object', needs(llvmObjdump, llvmStrip), () => {
  const { instructions, lines } = compare(linkedObjects());
  assert.ok(instructions > 8000 && lines > 3000, `${instructions} instructions, ${lines} lines`);
});

/** Instruction words of which most are nearly valid, by every opcode but those of which LLVM 19 prints something else. */
function randomWords(random: () => number, count: number, littleEndian: boolean): number[][] {
  const pick = <T>(list: readonly T[]): T => list[random() % list.length]!;
  return Array.from({ length: count }, () => {
    const opcode = random() & 0xff;
    // Later than LLVM 19. Of an atomic's immediate it sees four bits where a whole number counts.
    if (opcode === OPCODE_GOTOX) return randomWords(random, 1, littleEndian)[0]!;
    const isAtomic = (opcode & 0xe7) === 0xc3;
    const off = pick([0, 0, 0, 1, 8, 16, 32, random() % 64, -1, random()]) & 0xffff;
    const imm = isAtomic
      ? pick([0x00, 0x01, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1, 0xf1])
      : pick([0, 0, 1, 16, 32, 64, random() % 256, 0x10000, random()]);
    const [dst, src] = [random() % 12, random() % (random() % 8 === 0 ? 16 : 12)];
    const word = new DataView(new ArrayBuffer(8));
    word.setUint8(0, opcode);
    word.setUint8(1, littleEndian ? (src << 4) | dst : (dst << 4) | src);
    word.setUint16(2, off, littleEndian);
    word.setUint32(4, imm, littleEndian);
    return [...new Uint8Array(word.buffer)];
  });
}

for (const target of ['bpfel', 'bpfeb']) {
  test(`random instruction words: ${target}`, needs(llvmObjdump, llvmStrip, llvmMc), () => {
    const random = seededRandom(target === 'bpfel' ? 1 : 2);
    const lines = ['.text'];
    randomWords(random, 20000, target === 'bpfel').forEach((word, i) => {
      if (random() % 20 === 0) lines.push(`.type f${i},@function`, `f${i}:`);
      lines.push(`.byte ${word.join(',')}`);
    });
    const source = join(work, `${target}.s`);
    const object = join(work, `${target}.o`);
    writeFileSync(source, `${lines.join('\n')}\n`);
    const args = ['-triple', target, '-filetype=obj', source, '-o', object];
    const run = spawnSync(llvmMc.path, args, { encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
    const subject = { name: target, bytes: readFileSync(object) };
    assert.ok(compare([subject]).instructions > 19000);
  });
}

test('the helpers have the names the running kernel gives them', needs(kernel, bpftool), () => {
  const run = spawnSync(bpftool.path, ['btf', 'dump', 'file', kernel.path], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const found = [...run.stdout.matchAll(/^\t'BPF_FUNC_(\w+)' val=(\d+)$/gm)];
  assert.ok(found.length > 200);
  for (const [, name, id] of found) {
    assert.equal(helperName(Number(id)), id === '0' ? undefined : `bpf_${name}`);
  }
});
