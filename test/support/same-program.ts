/**
 * Whether two links of the same objects hold the same program, where one has folded functions:
 * both are walked side by side from the names they share. Reads the outputs with the tests' own reader.
 */
import { withoutParameterNames } from '../differential/replaced-types.js';
import { typeForm } from './raw-btf.js';
import {
  R_BPF,
  relocatedField,
  SHF,
  STB,
  STT,
  type RawObject,
  type RawRelocation,
  type RawSection,
  type RawSymbol,
} from './raw-object.js';
import { typeIdPlaces, type TypeIdPlace } from './type-id-places.js';

export interface SameProgram {
  /** What differs, as text; empty when nothing does. */
  readonly differences: readonly string[];
  /** Functions of the plain link that share their body with another one in the folded link. */
  readonly folded: readonly (readonly [string, string])[];
}

const CALL = 0x85;
const LDIMM64 = 0x18;
/** src_reg of a call of, and of a load of the address of, a function of the same section. */
const PSEUDO_CALL = 1;
const PSEUDO_FUNC = 4;

/** What an instruction or a word refers to: a function and a place in it, or anything else in words. */
type Target = { readonly body: RawSymbol; readonly at: number } | string;

export function sameProgram(plain: RawObject, folded: RawObject): SameProgram {
  const [left, right] = [new Reader(plain), new Reader(folded)];
  const differences: string[] = [];
  const partner = new Map<RawSymbol, RawSymbol>();
  const queue: (readonly [RawSymbol, RawSymbol])[] = [];
  const compare = (where: string, a: unknown, b: unknown): void => {
    if (a !== b) differences.push(`${where}: ${String(a)} became ${String(b)}`);
  };
  const meet = (where: string, a: Target | undefined, b: Target | undefined): void => {
    if (typeof a !== 'object' || typeof b !== 'object') {
      const told = (t: Target | undefined) =>
        typeof t === 'object' ? `${t.body.name}+${t.at}` : t;
      compare(where, told(a), told(b));
      return;
    }
    compare(`${where}, place in ${a.body.name}`, a.at, b.at);
    const known = partner.get(a.body);
    if (known) {
      if (known !== b.body) differences.push(`${where}: ${a.body.name} is two functions`);
      return;
    }
    partner.set(a.body, b.body);
    queue.push([a.body, b.body]);
  };

  for (const [name, symbol] of left.globals) {
    const other = right.globals.get(name);
    compare(`symbol ${name}`, symbol.section === 0, other?.section === 0);
    if (!left.isBody(symbol) || !other) continue;
    meet(name, { body: symbol, at: 0 }, { body: other, at: 0 });
  }
  for (const section of plain.sections) {
    if ((section.flags & SHF.ALLOC) === 0 || (section.flags & SHF.EXECINSTR) !== 0) continue;
    const other = folded.sections.find(({ name }) => name === section.name);
    compare(`section ${section.name}`, section.size, other?.size);
    const words = left.relocationsOf(section);
    for (const [offset, relocation] of words) {
      const there = other && right.relocationsOf(other).get(offset);
      const place = `${section.name}+${offset}`;
      meet(place, left.targetOf(relocation), there && right.targetOf(there));
    }
    if (other) compare(`contents of ${section.name}`, left.masked(section), right.masked(other));
  }
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [a, b] = next;
    compare(`size of ${a.name}`, a.size, b.size);
    compare(`type of ${a.name}`, left.typeOf(a), right.typeOf(b));
    compare(`CO-RE records of ${a.name}`, left.coreOf(a), right.coreOf(b));
    const [ours, theirs] = [left.instructions(a), right.instructions(b)];
    compare(`instructions of ${a.name}`, ours.bytes, theirs.bytes);
    for (const at of new Set([...ours.targets.keys(), ...theirs.targets.keys()])) {
      meet(`${a.name}+${at}`, ours.targets.get(at), theirs.targets.get(at));
    }
  }
  differences.push(...right.disorder());
  const sharers = new Map<RawSymbol, RawSymbol>();
  const pairs: (readonly [string, string])[] = [];
  for (const [a, b] of partner) {
    const first = sharers.get(b);
    if (first) pairs.push([a.name, first.name]);
    else sharers.set(b, a);
  }
  return { differences, folded: pairs };
}

class Reader {
  readonly #object: RawObject;
  readonly globals: ReadonlyMap<string, RawSymbol>;
  readonly #relocations = new Map<number, Map<number, RawRelocation>>();
  /** Functions by section, in order of value. */
  readonly #bodies = new Map<number, RawSymbol[]>();

  readonly #typeIds: readonly TypeIdPlace[];

  constructor(object: RawObject) {
    this.#object = object;
    this.#typeIds = typeIdPlaces(object);
    const named = object.symbols.filter(({ binding, index }) => index > 0 && binding !== STB.LOCAL);
    this.globals = new Map(named.map((symbol) => [symbol.name, symbol]));
    for (const relocation of object.relocations) {
      const known = this.#relocations.get(relocation.section) ?? new Map<number, RawRelocation>();
      this.#relocations.set(relocation.section, known.set(relocation.offset, relocation));
    }
    for (const symbol of object.symbols) {
      if (!this.isBody(symbol)) continue;
      const known = this.#bodies.get(symbol.section) ?? [];
      this.#bodies.set(symbol.section, [...known, symbol]);
    }
  }

  isBody({ type, section, size }: RawSymbol): boolean {
    return type === STT.FUNC && section > 0 && section < 0xff00 && size > 0;
  }

  relocationsOf({ index }: RawSection): ReadonlyMap<number, RawRelocation> {
    return this.#relocations.get(index) ?? new Map<number, RawRelocation>();
  }

  /** The contents, without what relocations fill in. */
  masked(section: RawSection): string {
    const bytes = section.bytes.slice();
    for (const relocation of this.relocationsOf(section).values()) {
      for (const [at, size] of relocatedField(relocation)) bytes.fill(0, at, at + size);
    }
    return Buffer.from(bytes).toString('hex');
  }

  targetOf({ symbol, addend }: RawRelocation): Target {
    const isLocal = symbol.binding === STB.LOCAL;
    if (symbol.section === 0 || symbol.section >= 0xff00) return `${symbol.name} ${addend}`;
    const place = this.#placeOf(symbol.section, symbol.value + Number(addend));
    // A global is the one of its name whatever it holds.
    if (!isLocal && typeof place !== 'object') return `${symbol.name} ${addend}`;
    if (!isLocal && typeof place === 'object' && place.body.name !== symbol.name) {
      return `${symbol.name} ${addend}`;
    }
    return place;
  }

  #placeOf(section: number, offset: number): Target {
    const body = this.#bodies
      .get(section)
      ?.find(({ value, size }) => value <= offset && offset < value + size);
    return body
      ? { body, at: offset - body.value }
      : `${this.#object.sections[section]!.name} ${offset}`;
  }

  /** The bytes of a function with all it refers to masked, and that by offset. */
  instructions(body: RawSymbol): { bytes: string; targets: Map<number, Target> } {
    const section = this.#object.sections[body.section]!;
    const bytes = section.bytes.slice(body.value, body.value + body.size);
    const view = new DataView(bytes.buffer);
    const targets = new Map<number, Target>();
    const relocations = this.relocationsOf(section);
    const { littleEndian } = this.#object;
    for (let at = 0; at < body.size; at += 8) {
      const opcode = bytes[at]!;
      const source = littleEndian ? bytes[at + 1]! >> 4 : bytes[at + 1]! & 15;
      const relocation = relocations.get(body.value + at);
      const isLocal =
        (opcode === CALL && source === PSEUDO_CALL) ||
        (opcode === LDIMM64 && source === PSEUDO_FUNC);
      if (relocation) {
        targets.set(at, this.targetOf(relocation));
        const width = relocation.type === R_BPF.R64_64 ? 12 : 4;
        bytes.fill(0, at + 4, at + 8);
        if (width === 12) bytes.fill(0, at + 12, at + 16);
      } else if (isLocal) {
        const distance = view.getInt32(at + 4, littleEndian);
        targets.set(at, this.#placeOf(body.section, body.value + at + (distance + 1) * 8));
        bytes.fill(0, at + 4, at + 8);
      }
      if (opcode === LDIMM64) at += 8;
    }
    for (const { section: home, offset, says, fields } of this.#typeIds) {
      if (home !== body.section || offset < body.value || offset >= body.value + body.size)
        continue;
      targets.set(offset - body.value, says);
      for (const [from, size] of fields) bytes.fill(0, from - body.value, from - body.value + size);
    }
    return { bytes: Buffer.from(bytes).toString('hex'), targets };
  }

  /** What func_info says of a function, names aside. */
  typeOf({ section, value }: RawSymbol): string {
    const { ext, btf, sections } = this.#object;
    const name = sections[section]!.name;
    const records = ext?.funcInfo.filter((r) => r.section === name && r.offset === value) ?? [];
    return records
      .map(({ words }) => withoutParameterNames(typeForm(btf!, words[0]!)))
      .map((form) => form.replace(/^func \S* /, 'func '))
      .join();
  }

  coreOf({ section, value, size }: RawSymbol): string {
    const { ext, btf, sections } = this.#object;
    const name = sections[section]!.name;
    return (ext?.coreRelo ?? [])
      .filter((r) => r.section === name && r.offset >= value && r.offset < value + size)
      .map(({ offset, words: [type, access, kind] }) =>
        [offset - value, typeForm(btf!, type!), btf!.string(access!), kind].join(' '),
      )
      .sort()
      .join();
  }

  /** The kernel wants records of functions in ascending order, one an instruction. */
  disorder(): string[] {
    const records = this.#object.ext?.funcInfo ?? [];
    return records.flatMap(({ section, offset }, i) => {
      const before = records[i - 1];
      const ascends = !before || before.section !== section || before.offset < offset;
      return ascends ? [] : [`func_info at ${section}+${offset} stands behind ${before.offset}`];
    });
  }
}
