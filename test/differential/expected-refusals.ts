/** Inputs that libbpf's linker cannot link, where we must. An entry that never happens fails the test. */
import { KIND, type RawBtf } from '../support/raw-btf.js';
import { type RawObject, SHF, SHT, STB } from '../support/raw-object.js';

export interface ExpectedRefusal {
  readonly name: string;
  /** What of the linking rules its failure falls short of. */
  readonly rule: string;
  /** Its message, or `killed by SIGNAL`. */
  readonly why: RegExp;
  readonly matches: (inputs: readonly RawObject[], why: string) => boolean;
  /** First libbpf version (major * 100 + minor) without the failure. */
  readonly libbpfBefore?: number;
}

const SHT_NOTE = 7;
const SHT_GROUP = 17;
const SHT_LOOS = 0x6000_0000;
const SHN_COMMON = 0xfff2;

const anySection = (inputs: readonly RawObject[], type: (type: number) => boolean) =>
  inputs.some((object) => object.sections.some((section) => type(section.type)));

/** A void parameter stands last or nowhere (btf.rst). */
/** Of a typedef that is not called (clang 19), or of empty parentheses. */
const saysNoParameters = ({ kind, members }: RawBtf['types'][number]): boolean =>
  kind === KIND.FUNC_PROTO &&
  (members.slice(0, -1).some(({ type }) => type === 0) ||
    (members.length === 1 && members[0]!.type === 0));

export const expectedRefusals: readonly ExpectedRefusal[] = [
  {
    name: 'big endian before libbpf 1.5',
    rule: 'either byte order',
    why: /unsupported byte order of ELF file/,
    matches: (inputs) => !inputs[0]!.littleEndian,
    libbpfBefore: 105,
  },
  {
    name: 'kernel function declared in two objects',
    rule: '.ksyms: entries once per name, functions too',
    why: /'(\w+)': failed to resolve size of underlying type/,
    matches: (inputs, why) => {
      const name = /'(\w+)': failed/.exec(why)![1];
      const isKfunc = ({ btf }: RawObject) =>
        btf?.types.some(
          (type) => type.kind === KIND.FUNC && type.name === name && type.count === 2,
        );
      return inputs.filter(isKfunc).length > 1;
    },
    libbpfBefore: 107,
  },
  {
    name: 'kernel symbol without a type declared in two objects',
    rule: '.ksyms: entries once per name, typeless ones too',
    why: /'(\w+)': failed to resolve size of underlying type/,
    matches: (inputs, why) => {
      const name = /'(\w+)': failed/.exec(why)![1];
      const isTypeless = ({ btf }: RawObject) =>
        btf?.types.some(
          (type) => type.kind === KIND.VAR && type.name === name && isVoid(btf, type.third),
        );
      return inputs.filter(isTypeless).length > 1;
    },
  },
  {
    name: 'prototype that says nothing of its parameters',
    rule: 'a declaration by a typedef, of which clang says nothing, conflicts with nothing, and `f()` with no parameters',
    why: /global '\w+': incompatible number of func_proto params/,
    matches: (inputs) => inputs.some(({ btf }) => btf?.types.some(saysNoParameters) ?? false),
  },
  {
    name: 'object without BTF',
    rule: 'no BTF for a symbol: resolved by name with a warning',
    why: /failed to find BTF info for object/,
    matches: (inputs) => inputs.some((object) => !object.btf),
  },
  {
    name: 'symbol without BTF',
    rule: 'no BTF for a symbol: resolved by name; common symbols have no DATASEC entry',
    why: /failed to find BTF info for global\/extern symbol/,
    matches: (inputs) =>
      inputs.some((object) => object.symbols.some((s) => s.section === SHN_COMMON)),
  },
  {
    name: 'function that the BTF of its object calls static, or does not name',
    rule: 'symbols say what is global: GCC 12 marks every FUNC static, clang 16 has none for an extern at -O0',
    why: /failed to find BTF info for global\/extern symbol '(\w+)'/,
    matches: (inputs, why) => {
      const name = /symbol '(\w+)'/.exec(why)![1];
      return inputs.some(
        ({ btf, symbols }) =>
          symbols.some((s) => s.name === name && s.binding !== STB.LOCAL) &&
          !btf?.types.some(
            (type) => type.name === name && type.kind === KIND.FUNC && type.count !== 0,
          ),
      );
    },
  },
  {
    name: 'variable listed under another section than its own',
    rule: 'take DATASECs from ELF: GCC 12 lists externs in .bss, clang 14 parts of .data in .data',
    why: /failed to find symbol for variable '(\w+)' in section '([^']+)'/,
    matches: (inputs, why) => {
      const [, name, section] = /variable '(\w+)' in section '([^']+)'/.exec(why)!;
      const isThere = ({ sections, symbols }: RawObject) =>
        symbols.some((s) => s.name === name && sections[s.section]?.name === section);
      const isListed = ({ btf }: RawObject) =>
        btf?.types.some(
          (type) =>
            type.name === section &&
            type.members.some((entry) => btf.types[entry.type]!.name === name),
        );
      return inputs.some((object) => isListed(object) && !isThere(object));
    },
  },
  {
    name: 'variable with two VARs in one object',
    rule: 'one declaration stands for each name: GCC 12 has a VAR for each declaration',
    why: /global\/extern '(\w+)' BTF is ambiguous/,
    matches: (inputs, why) => {
      const name = /extern '(\w+)'/.exec(why)![1];
      const count = ({ btf }: RawObject) =>
        btf?.types.filter((type) => type.kind === KIND.VAR && type.name === name).length ?? 0;
      return inputs.some((object) => count(object) > 1);
    },
  },
  {
    name: 'data relocation against a section symbol',
    rule: 'data relocations against section symbols too',
    why: /relocation against STT_SECTION in non-exec section is not supported/,
    matches: (inputs) =>
      inputs.some(({ relocations, sections }) =>
        relocations.some((r) => r.symbol.type === 3 && (sections[r.section]!.flags & 6) === 2),
      ),
  },
  {
    name: 'section types beyond PROGBITS, NOBITS and REL',
    rule: 'section types RELA, NOTE, GROUP and unknown ones that are not ALLOC',
    why: /unrecognized section #/,
    matches: (inputs) =>
      anySection(
        inputs,
        (type) => type === SHT.RELA || type === SHT_NOTE || type === SHT_GROUP || type >= SHT_LOOS,
      ),
  },
  {
    name: 'wider .BTF.ext records',
    rule: 'record sizes are given per kind and may grow',
    why: /incompatible \.BTF\.ext record sizes/,
    matches: (inputs) => {
      const words = inputs.flatMap(
        (o) => o.ext?.funcInfo.slice(0, 1).map((r) => r.words.length) ?? [],
      );
      return new Set(words).size > 1;
    },
  },
  {
    name: 'relocation types beyond R_BPF_64_64, 64_ABS64, 64_ABS32 and 64_32',
    rule: 'R_BPF_GNU_64_16 is applied in place; R_BPF_64_NODYLD32 in data is 4 bytes as 64_ABS32',
    why: /has unexpected type (4|256) /,
    matches: (inputs, why) => {
      const number = Number(/unexpected type (\d+)/.exec(why)![1]);
      return inputs.some(({ relocations, sections }) =>
        relocations.some(
          (r) => r.number === number && (sections[r.section]!.flags & SHF.ALLOC) !== 0,
        ),
      );
    },
  },
  {
    name: 'different GPL-compatible licenses',
    rule: 'first kept with a warning',
    why: /non-identical contents of section 'license'/,
    matches: (inputs) => {
      const licenses = inputs.flatMap((o) => o.sections.filter((s) => s.name === 'license'));
      return new Set(licenses.map((s) => Buffer.from(s.bytes).toString())).size > 1;
    },
  },
  {
    name: 'INTERNAL and PROTECTED visibility',
    rule: 'INTERNAL and PROTECTED accepted',
    why: /unsupported symbol visibility/,
    matches: (inputs) => inputs.some((o) => o.symbols.some((s) => s.visibility % 2 === 1)),
  },
  {
    name: 'weak definition taken for strong after a strong reference',
    rule: 'strong beats weak; a strong reference does not make the definition strong',
    why: /conflicting non-weak symbol #\d+ \(\w+\)/,
    matches: (inputs, why) => {
      const name = /#\d+ \((\w+)\)/.exec(why)![1];
      const named = inputs.flatMap((o) => o.symbols.filter((s) => s.name === name));
      const strong = named.filter((s) => s.binding === STB.GLOBAL);
      const weak = named.some((s) => s.binding === STB.WEAK && s.section !== 0);
      return (
        weak &&
        strong.some((s) => s.section === 0) &&
        strong.filter((s) => s.section !== 0).length === 1
      );
    },
  },
  {
    name: 'weak definition before a strong one of another section',
    rule: 'a weak definition may live in another section than the strong one',
    why: /killed by SIGSEGV/,
    matches: (inputs) => sectionsDiffer(inputs, STB.WEAK),
  },
  {
    name: 'weak definition after a strong one of another section',
    rule: 'a weak definition may live in another section than the strong one',
    why: /section mismatch/,
    matches: (inputs) => sectionsDiffer(inputs, STB.GLOBAL),
  },
];

/** Whether a type is void, be it const. */
function isVoid(btf: RawBtf, id: number): boolean {
  const { kind, third } = btf.types[id]!;
  return kind === KIND.VOID || (kind === KIND.CONST && isVoid(btf, third));
}

/** Whether a symbol that is first defined with binding `first` has definitions in differently named sections. */
function sectionsDiffer(inputs: readonly RawObject[], first: number): boolean {
  const seen = new Map<string, { readonly section: string; readonly binding: number }>();
  for (const object of inputs) {
    for (const { name, binding, section: index } of object.symbols) {
      const section = object.sections[index]?.name;
      if (binding === STB.LOCAL || index === 0 || section === undefined) continue;
      const known = seen.get(name);
      if (!known) seen.set(name, { section, binding });
      else if (known.section !== section && known.binding === first) return true;
    }
  }
  return false;
}
