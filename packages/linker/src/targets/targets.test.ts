import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { OPCODE_CALL, OPCODE_MAY_GOTO } from '@bpf-ld/bpf-isa';
import {
  DT_RELENT,
  DYN_SIZE,
  EHDR,
  parseElf,
  parseProgramHeaders,
  PHDR,
  PT_DYNAMIC,
  SHDR,
  R_BPF_64_ABS64,
  SHDR_SIZE,
  SHT_STRTAB,
  STT_FUNC,
  SYM_SIZE,
  type ElfFile,
  type Section,
} from '@bpf-ld/elf-reader';
import type { LinkOptions } from '../api.js';
import { link } from '../link.js';
import { bpf } from './bpf.js';
import { machines } from './machines.js';
import type { TargetImage, TargetName, TargetProfile, TargetRule } from './profile.js';

// An image of each target obeys every rule; each rule finds what breaks it in the same image, changed
// in one place. That the machines agree is shown where they run (test/machines).

const cases = new URL('../../../../test/cases/', import.meta.url);
const object = (path: string) => ({ name: path, bytes: readFileSync(new URL(path, cases)) });
const bigEndian = ['image-static-be/a.o', 'image-static-be/b.o'];
const solana = ['image-target-sbf/b.o', 'image-target-sbf/a.o'];

/** Objects and options of an image that obeys all rules of a target, and rules about what it has not. */
const good: readonly (readonly [TargetName, readonly string[], LinkOptions, RegExp])[] = [
  ['ubpf', ['image-target-ubpf/b.o', 'image-target-ubpf/a.o'], {}, /^(no-maps|entry-first)$/],
  [
    'ubpf',
    ['image-target-ubpf/b.o'],
    { output: 'static' },
    /^(header|section-count|one-string-table|code-flags|data|function-symbols|relocations)$/,
  ],
  ['sbf-v0', solana, {}, /^$/],
  ['sbf-v1', solana, {}, /^$/],
  [
    'sbf-v2',
    ['image-target-sbf/simple.o'],
    {},
    /^(no-maps|read-only-data|symbol-names|dynamic-section|relocation-types)$/,
  ],
  ['sbf-v3', solana, {}, /^$/],
];

class Image {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly elf: ElfFile;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes.slice();
    this.view = new DataView(this.bytes.buffer);
    const parsed = parseElf('image', this.bytes);
    assert.ok(parsed.ok);
    this.elf = parsed.value;
  }

  section(name: string): Section {
    const found = this.elf.sections.find((section) => section.name === name);
    assert.ok(found, `there is ${name}`);
    return found;
  }

  /** Where a field of a section's header is. */
  header(name: string, field: keyof typeof SHDR): number {
    return this.at(EHDR.e_shoff.offset) + this.section(name).index * SHDR_SIZE + SHDR[field].offset;
  }

  at(offset: number): number {
    return Number(this.view.getBigUint64(offset, true));
  }

  /** Writes 64 bits into the value of a dynamic entry. */
  setDynamic(tag: number, value: bigint): void {
    const { offset, size } = this.section('.dynamic');
    for (let at = offset; at < offset + size; at += DYN_SIZE) {
      if (this.at(at) === tag) this.view.setBigUint64(at + 8, value, true);
    }
  }

  /** Gives a section another name, in the bytes of its old one. */
  rename(name: string, other: string): void {
    const { offset } = this.section('.strtab');
    const nameAt = this.view.getUint32(this.header(name, 'sh_name'), true);
    this.bytes.set(new TextEncoder().encode(`${other}\0`), offset + nameAt);
  }

  u64(at: number, value: number): void {
    this.view.setBigUint64(at, BigInt(value), true);
  }

  code(): number {
    return this.section('.text').offset;
  }

  /** Overwrites the first instruction. */
  instruction(...bytes: readonly number[]): void {
    this.bytes.set(bytes, this.code());
  }

  symbol(type: number): number {
    const { offset } = this.section('.symtab');
    const row = this.elf.symbols.type.indexOf(type);
    return offset + row * 24;
  }
}

/** What breaks each rule, in the bytes of an image; the answer is the file where it has to be another. */
const breaks: Readonly<Record<string, (image: Image) => Uint8Array | void>> = {
  'little-endian': () => make('bpf', bigEndian, { output: 'static' }).bytes,
  'no-maps': (image) => image.rename('.rodata', '.maps'),
  header: (image) => {
    image.bytes[EHDR.ei_osabi.offset] = 3;
  },
  'one-text': (image) => image.rename('.text', '.code'),
  'read-only-data': (image) => image.rename('.rodata', '.bss'),
  'section-names': (image) => image.rename('.text', 'a.name.of.more.bytes'),
  'symbol-names': (image) => {
    const nameAt = image.view.getUint32(image.section('.dynsym').offset + SYM_SIZE, true);
    const strings = new Uint8Array(nameAt + 65);
    strings.fill(0x6e, nameAt, nameAt + 64);
    image.u64(image.header('.dynstr', 'sh_offset'), image.bytes.length);
    image.u64(image.header('.dynstr', 'sh_size'), strings.length);
    // Names of the other symbols are in what is gone.
    image.u64(image.header('.dynsym', 'sh_size'), 2 * SYM_SIZE);
    return Uint8Array.of(...image.bytes, ...strings);
  },
  'file-order': (image) => image.u64(image.header('.text', 'sh_offset'), image.code() + 8),
  'segment-order': (image) => image.u64(64 + PHDR.p_vaddr.offset, 0x10_0000),
  'address-is-offset': (image) => image.u64(image.header('.text', 'sh_addr'), 0x1000),
  'dynamic-section': (image) => image.setDynamic(DT_RELENT, 24n),
  'relocation-types': (image) => {
    image.view.setUint32(image.section('.rel.dyn').offset + 8, R_BPF_64_ABS64, true);
  },
  entry: (image) => image.u64(EHDR.e_entry.offset, image.at(EHDR.e_entry.offset) + 4),
  'whole-instructions': (image) => {
    image.u64(image.header('.text', 'sh_size'), image.section('.text').size - 4);
  },
  calls: (image) => image.instruction(OPCODE_CALL, 0, 0, 0, 6, 0, 0, 0),
  'instruction-set': (image) => image.instruction(OPCODE_MAY_GOTO, 0, 0, 0, 0, 0, 0, 0),
  'stack-frames': (image) => {
    // `*(u64 *)(r10 - 8) = r1`, and a call of the function that this is in.
    const store = [0x7b, 0x1a, 0xf8, 0xff, 0, 0, 0, 0];
    image.instruction(...store, OPCODE_CALL, 0x10, 0, 0, 0xfe, 0xff, 0xff, 0xff);
  },
  segments: (image) => image.u64(64 + PHDR.p_memsz.offset, 0x100),
  'no-relocations': (image) => image.view.setUint32(64 + PHDR.p_type.offset, PT_DYNAMIC, true),
  'section-count': (image) => {
    // The table goes on with headers of zeros.
    image.view.setUint16(EHDR.e_shnum.offset, 33, true);
    return Uint8Array.of(...image.bytes, ...new Uint8Array(33 * SHDR_SIZE));
  },
  'one-string-table': (image) => {
    image.view.setUint32(image.header('.data', 'sh_type'), SHT_STRTAB, true);
    exchangeHeaders(image, '.data', '.strtab');
  },
  'code-flags': (image) => image.u64(image.header('.text', 'sh_flags'), 7),
  data: (image) => image.u64(image.header('.data', 'sh_flags'), 2),
  'function-symbols': (image) => image.u64(image.symbol(STT_FUNC) + 16, 8),
  relocations: (image) => {
    image.view.setUint32(image.section('.rel.text').offset + 8, R_BPF_64_ABS64, true);
  },
  'entry-first': (image) => image.u64(EHDR.e_entry.offset, image.at(EHDR.e_entry.offset) + 8),
};

/** Exchanges two section headers, and what refers to the string table. */
function exchangeHeaders(image: Image, first: string, strings: string): void {
  const table = image.at(EHDR.e_shoff.offset);
  const to = image.section(first).index;
  const [left, right] = [first, strings].map((name) => {
    const at = table + image.section(name).index * SHDR_SIZE;
    return { at, bytes: image.bytes.slice(at, at + SHDR_SIZE) };
  }) as [{ at: number; bytes: Uint8Array }, { at: number; bytes: Uint8Array }];
  image.bytes.set(right.bytes, left.at);
  image.bytes.set(left.bytes, right.at);
  image.view.setUint16(EHDR.e_shstrndx.offset, to, true);
  image.view.setUint32(image.header('.symtab', 'sh_link'), to, true);
}

function make(name: TargetName, paths: readonly string[], options: LinkOptions): Image {
  const result = link({ inputs: paths.map(object), options: { ...options, target: name } });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  return new Image(result.image);
}

function read(bytes: Uint8Array): TargetImage {
  const elf = parseElf('image', bytes);
  assert.ok(elf.ok, elf.ok ? '' : elf.error.message);
  const programHeaders = parseProgramHeaders(elf.value);
  assert.ok(programHeaders.ok);
  return { elf: elf.value, programHeaders: programHeaders.value };
}

/** The rules that an image breaks. */
function broken({ rules }: TargetProfile, image: TargetImage): readonly TargetRule[] {
  return rules.filter((rule) => [...rule.check(image)].length > 0);
}

const targets = { bpf, ...machines };

describe('rules of targets', () => {
  const caught = new Set<TargetRule>();

  for (const [name, paths, options, absent] of good) {
    const profile = targets[name];
    const title = `${name} ${options.output ?? profile.outputs[0]!}`;
    it(`${title} obeys all`, () => {
      assert.deepEqual(broken(profile, read(make(name, paths, options).bytes)), []);
    });
    for (const rule of profile.rules.filter((one) => !absent.test(one.name))) {
      it(`${title}: ${rule.name} is caught`, () => {
        const image = make(name, paths, options);
        const other = breaks[rule.name]!(image);
        const found = broken(profile, read(other ?? image.bytes));
        assert.ok(found.includes(rule), `found ${found.map((one) => one.name).join()}`);
        caught.add(rule);
      });
    }
  }

  after(() => {
    const all = Object.values(targets).flatMap(({ rules }) => rules);
    const missed = all.filter((rule) => !caught.has(rule)).map((rule) => rule.name);
    assert.deepEqual(missed, [], 'every rule is broken by an image');
  });
});

describe('docs/targets.md', () => {
  const text = readFileSync(new URL('../../../../docs/targets.md', import.meta.url), 'utf8');
  for (const [name, { rules }] of Object.entries(targets)) {
    it(`has every rule of ${name}`, () => {
      for (const { name: rule, about } of rules) {
        assert.ok(text.includes(`| \`${rule}\` | ${about} |`), `| \`${rule}\` | ${about} |`);
      }
    });
  }
});
