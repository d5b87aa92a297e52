/**
 * Where we and libbpf's linker mean different things on purpose. Each entry names the rule that
 * makes ours right and matches as little as possible; an entry that is never needed fails the test.
 */
import { typeForm } from '../support/raw-btf.js';
import { type RawObject, type RawSymbol, SHF, STB, STT } from '../support/raw-object.js';
import type { Difference } from './compare.js';
import { overAligned } from './dead-ranges.js';
import { type DeadRange, foldedName, meaningOf } from './meaning.js';
import { replacedForms, withoutForward, withoutParameterNames } from './replaced-types.js';

/** What an entry may look at. */
export interface Comparison {
  readonly inputs: readonly RawObject[];
  readonly ours: RawObject;
  readonly theirs: RawObject;
  /** Bodies of losing definitions that their output still holds. */
  readonly dead: readonly DeadRange[];
}

export interface AllowedDifference {
  readonly name: string;
  readonly rule: string;
  readonly matches: (difference: Difference, comparison: Comparison) => boolean;
  /** First libbpf version (major * 100 + minor) without the difference. */
  readonly libbpfBefore?: number;
}

export const allowedDifferences: readonly AllowedDifference[] = [
  {
    name: 'what refers to or describes a losing body',
    rule: 'the losing body leaves the output with its relocations and its .BTF.ext records',
    matches: ({ aspect, key, ours }) =>
      ours === undefined &&
      (aspect === 'reference' || aspect === 'record') &&
      /^(\w+ )?dead /.test(key),
  },
  {
    name: 'undefined symbol that only losing bodies refer to',
    rule: 'the losing body leaves the output with its relocations, and what they alone refer to',
    matches: ({ aspect, key, ours, theirs }, { ours: object, theirs: other, dead }) => {
      if (aspect === 'variable' || aspect === 'datasec') {
        const name = aspect === 'datasec' ? undefined : nameIn(key);
        if (ours !== undefined || !KERNEL_SECTIONS.test(key)) return false;
        return name === undefined || onlyDeadRefer(name, other, dead);
      }
      const gone = !key.includes('#') && globalSymbol(object, key) === undefined;
      return aspect === 'symbol' && gone && theirs !== undefined && onlyDeadRefer(key, other, dead);
    },
  },
  {
    name: 'label in a losing body',
    rule: 'the losing body leaves the output with its labels',
    matches: ({ aspect, key }, { theirs: object, dead }) => {
      const label = /^(.*)\/([^/]*)#/.exec(key);
      return (
        aspect === 'symbol' &&
        label !== null &&
        object.symbols.some(
          ({ name, binding, section, value }) =>
            name === label[2] &&
            binding === STB.LOCAL &&
            dead.some(
              (d) =>
                d.section === object.sections[section]?.name &&
                value >= d.start &&
                value < d.start + d.size,
            ),
        )
      );
    },
  },
  {
    name: 'bytes of a losing body',
    rule: 'the losing body leaves the output; what follows moves up',
    matches: ({ aspect, key, field, ours, theirs }, { dead, ours: object, theirs: other }) => {
      const place = placeOf(aspect, key, other);
      if (place === undefined || ours === undefined || theirs === undefined) return false;
      const gone = dead.filter(({ section }) => foldedName(section) === foldedName(place));
      if (gone.length === 0) return false;
      if (aspect === 'section' && field === 'bytes') return ours.length <= theirs.length;
      if (!['size', 'value', 'offset', undefined].includes(field)) return false;
      const alignment = object.sections.find((s) => s.name === foldedName(place))!.alignment;
      const slack = gone.length * alignment;
      const difference = Number(theirs) - Number(ours);
      const bytes = gone.reduce((sum, { size }) => sum + size, 0);
      return difference > -slack && difference <= bytes + slack;
    },
  },
  {
    name: 'pieces at the greatest alignment so far',
    rule: 'concatenated in input order, each at its alignment',
    matches: ({ aspect, key, field, ours, theirs }, { inputs, theirs: object }) => {
      const place = placeOf(aspect, key, object);
      if (place === undefined || !overAligned(inputs, place)) return false;
      if (field === 'bytes') return aspect === 'section' && ours!.length <= theirs!.length;
      const moves = field === 'value' || field === 'offset' || field === undefined;
      return (moves || (aspect === 'section' && field === 'size')) && Number(ours) < Number(theirs);
    },
  },
  {
    name: 'extern map or arena variable bound to where its object’s section starts',
    rule: 'kept undefined in -r output, whatever DATASEC its BTF extern sits in',
    matches: ({ aspect, key, field, ours, theirs }, comparison) => {
      if (aspect === 'symbol') {
        if (field === 'section') return ours === 'undefined' && OPEN_SECTIONS.test(theirs!);
        return field === 'value' && boundExtern(key, comparison);
      }
      if (aspect === 'variable') return field === 'offset' && boundExtern(nameIn(key), comparison);
      const name = /^type 1 -> undefined (\w+)\+0$/.exec(ours ?? '')?.[1];
      return aspect === 'reference' && name !== undefined && boundExtern(name, comparison);
    },
  },
  {
    name: 'DATASEC offset of a declaration that came before its definition',
    rule: 'each offset equal to its symbol’s',
    matches: ({ aspect, key, field, ours, theirs: offset }, { ours: object, theirs }) => {
      if (aspect !== 'variable' || field !== 'offset') return false;
      if (key.includes(' static ')) return false;
      const value = (o: RawObject) => String(globalSymbol(o, nameIn(key))!.value);
      return ours === value(object) && offset !== value(theirs);
    },
  },
  {
    name: 'type id in an instruction',
    rule: 'an instruction that holds the id of a local type (CO-RE) holds the one of the output',
    matches: ({ aspect, key, ours }, { ours: object }) => {
      const form = /^type id of (.*)$/s.exec(ours ?? '')?.[1];
      const record = meaningOf(object).records.get(`core ${key}`);
      return (
        aspect === 'reference' && form !== undefined && record?.endsWith(` of ${form}`) === true
      );
    },
  },
  {
    name: 'map of maps behind the maps it holds',
    rule: 'a map of maps comes after the maps that its static initialiser holds',
    matches: ({ aspect, key, field, ours, theirs }, { ours: object, theirs: other }) => {
      const place = placeOf(aspect, key, other);
      if (place !== '.maps' || holdersInFront(object) || !holdersInFront(other)) return false;
      if (aspect === 'section') return field === 'bytes' && ours?.length === theirs?.length;
      return field === (aspect === 'symbol' ? 'value' : 'offset');
    },
  },
  {
    name: 'size of a variable whose declaration has no room for its elements',
    rule: 'a variable is as large as its symbol; a declaration has no slots of a flexible array',
    matches: ({ aspect, key, field, ours, theirs: size }, { ours: object, theirs }) => {
      if (aspect !== 'variable' || field !== 'size' || key.includes(' static ')) return false;
      const symbolSize = (o: RawObject) => String(globalSymbol(o, nameIn(key))!.size);
      return (
        ours === symbolSize(object) && ours === symbolSize(theirs) && Number(size) < Number(ours)
      );
    },
  },
  {
    name: 'types of replaced declarations',
    rule: 'fewer types than libbpf where it leaves doubles, such as a second FUNC_PROTO',
    matches: ({ aspect, key, ours }, { inputs, dead }) =>
      aspect === 'type' &&
      ours === undefined &&
      replacedForms(inputs, dead).has(withoutForward(key)),
  },
  {
    name: 'parameter names written into a shared FUNC_PROTO',
    rule: 'the complete prototype wins for the function; other types that share the unnamed one keep theirs',
    matches: ({ aspect, key }, { inputs, dead, ours, theirs }) => {
      if (aspect !== 'type' || !key.includes('(')) return false;
      const unnamed = withoutParameterNames(key);
      const stripped = ({ btf }: RawObject) =>
        btf!.types.some(({ id }) => withoutParameterNames(typeForm(btf!, id)) === unnamed);
      const replaced = [...replacedForms(inputs, dead)].map(withoutParameterNames);
      return (stripped(ours) && stripped(theirs)) || replaced.includes(withoutForward(unnamed));
    },
  },
  {
    name: 'weak definition with a strong reference',
    rule: 'strength of a reference is the reference’s: the definition stays weak, and a later link may override it',
    matches: ({ aspect, key, field, ours, theirs }, { inputs }) =>
      aspect === 'symbol' &&
      field === 'binding' &&
      ours === String(STB.WEAK) &&
      theirs === String(STB.GLOBAL) &&
      inputs.every(({ symbols }) =>
        symbols.every((s) => s.name !== key || s.section === 0 || s.binding !== STB.GLOBAL),
      ),
  },
  {
    name: 'pointer to a forward declaration beside one to its struct',
    rule: 'never more types than libbpf, fewer where it leaves doubles',
    matches: ({ aspect, key, ours }, { ours: object }) =>
      aspect === 'type' &&
      ours === undefined &&
      key !== withoutForward(key) &&
      object.btf!.types.some(({ id }) => typeForm(object.btf!, id) === withoutForward(key)),
    libbpfBefore: 102,
  },
  {
    name: 'merged strings',
    rule: 'SHF_MERGE|SHF_STRINGS sections: equal strings once',
    matches: ({ aspect, key, field }, { ours, theirs }) => {
      if (aspect !== 'section' || (field !== 'size' && field !== 'bytes')) return false;
      const strings = (object: RawObject) => {
        const { flags, bytes } = object.sections.find((s) => s.name === key)!;
        if ((flags & SHF.STRINGS) === 0) return undefined;
        const texts = Buffer.from(bytes).toString('latin1').split('\0').slice(0, -1);
        return [...new Set(texts)].sort().join('\0');
      };
      return strings(ours) !== undefined && strings(ours) === strings(theirs);
    },
  },
  {
    name: 'variable listed under another section than its own',
    rule: 'DATASECs are as the sections came to be: clang 14 lists what is in .rodata.cst16 under .rodata',
    matches: ({ aspect, key }, { ours: object }) => {
      const [section, , name] = aspect === 'variable' ? key.split(' ') : [key];
      const place = ({ type, name: own, section: home }: RawSymbol) =>
        type === STT.OBJECT && (name === undefined || own === name)
          ? object.sections[home]!.name
          : '';
      const isPart = (home: string): boolean => /^\.(data|bss|rodata)\./.test(home);
      if (aspect === 'type' && key.startsWith('datasec ')) return isPart(key.slice(8));
      if (aspect !== 'variable' && aspect !== 'datasec') return false;
      return object.symbols.map(place).some((home) => isPart(home) && home.startsWith(section!));
    },
  },
  {
    name: 'folded .text sections',
    rule: '.text.NAME folds into .text',
    matches: ({ aspect, key, field, ours, theirs }, { ours: object, theirs: other }) => {
      const folded = other.sections.some((s) => s.name.startsWith('.text.'));
      const inText = object.symbols.find(
        (s) => s.name === key || key.startsWith(`.text/${s.name}#`),
      );
      if (!folded) return false;
      if (aspect === 'section') {
        if (key.startsWith('.text.')) return ours === undefined;
        // The whole has the mark of a folded section that is to be retained.
        const retained = other.sections.some(
          (s) => s.name.startsWith('.text.') && (s.flags & SHF.RETAIN) !== 0,
        );
        const flags = retained ? Number(theirs) | SHF.RETAIN : Number(theirs);
        return key === '.text' && (field !== 'flags' || Number(ours) === flags);
      }
      const section = inText && object.sections[inText.section]?.name;
      return aspect === 'symbol' && field === 'value' && section === '.text' && ours !== theirs;
    },
  },
];

/** DATASECs of externs that have no section, and those that may hold externs alone. */
const KERNEL_SECTIONS = /^\.(ksyms|kconfig|maps|addr_space\.1)\b/;

/** Whether relocations of `object` against its undefined `name` are all in losing bodies. */
function onlyDeadRefer(name: string, object: RawObject, dead: readonly DeadRange[]): boolean {
  return object.relocations
    .filter(({ symbol }) => symbol.name === name)
    .every(({ section, offset }) =>
      dead.some(
        (d) =>
          d.section === object.sections[section]!.name &&
          offset >= d.start &&
          offset < d.start + d.size,
      ),
    );
}

/** Sections whose externs libbpf takes for definitions. */
const OPEN_SECTIONS = /^\.(maps|addr_space\.1)$/;

/** Whether theirs defines the global `name` in such a section, where no input and not ours does. */
function boundExtern(name: string, { inputs, ours, theirs }: Comparison): boolean {
  const symbol = globalSymbol(theirs, name);
  const section = symbol && theirs.sections[symbol.section]?.name;
  return (
    section !== undefined &&
    OPEN_SECTIONS.test(section) &&
    globalSymbol(ours, name)?.section === 0 &&
    inputs.every((input) => (globalSymbol(input, name)?.section ?? 0) === 0)
  );
}

function globalSymbol(object: RawObject, name: string): RawSymbol | undefined {
  return object.symbols.find((s) => s.name === name && s.binding !== STB.LOCAL);
}

/** Whether a map of an object refers to a map behind it in `.maps`. */
function holdersInFront({ relocations, sections }: RawObject): boolean {
  const maps = sections.findIndex(({ name }) => name === '.maps');
  return relocations.some(
    ({ section, offset, symbol }) =>
      section === maps && symbol.section === maps && symbol.value > offset,
  );
}

/** The variable's name in the key of its difference. */
function nameIn(key: string): string {
  return key
    .replace(/ \(\d+\)$/, '')
    .split(' ')
    .at(-1)!;
}

/** The section of theirs that a section's, symbol's, variable's or DATASEC's difference is about. */
function placeOf(aspect: Difference['aspect'], key: string, object: RawObject): string | undefined {
  switch (aspect) {
    case 'section':
    case 'datasec':
      return key;
    case 'variable':
      return key.split(' ')[0];
    case 'symbol': {
      const name = key.includes('#') ? /\/([^/]*)#/.exec(key)![1] : key;
      const local = key.includes('#') ? key.slice(0, key.lastIndexOf('/')) : undefined;
      const candidates = object.symbols.filter(
        (s) =>
          s.name === name && s.section !== 0 && (s.binding === STB.LOCAL) === (local !== undefined),
      );
      const sections = candidates.map((s) => object.sections[s.section]?.name);
      return local === undefined
        ? sections[0]
        : sections.find((s) => s !== undefined && foldedName(s) === local);
    }
    default:
      return undefined;
  }
}
