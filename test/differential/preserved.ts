import assert from 'node:assert/strict';
import { KIND } from '../support/raw-btf.js';
import { type RawObject, type RawSymbol, readRawObject, STB, STT } from '../support/raw-object.js';
import { linkOurs } from './linkers.js';
import { foldedName, type Meaning, meaningOf } from './meaning.js';
import { type ObjectSet, readObjectFile } from './object-sets.js';

/** Links `set` and demands that the output says whatever its inputs say. */
export function checkPreserved(set: ObjectSet): void {
  const inputs = set.files.map((file) => readObjectFile(file));
  const linked = linkOurs(set.files);
  assert.ok(linked.ok);
  const object = readRawObject(linked.image);
  const output = meaningOf(object);
  const losers = losingSymbols(inputs);
  const locals = new Map<string, number>();
  const missing: string[] = homelessVariables(object);
  const aliased = aliasedSymbols(inputs);
  for (const [i, input] of inputs.entries()) {
    const rename = outputNames(input, locals);
    const said = meaningOf(input);
    const lost = new Set([...losers[i]!, ...aliased]);
    missing.push(...unsaid(said, output, rename, lost).map((m) => `${set.files[i]}: ${m}`));
  }
  assert.equal(missing.slice(0, 12).join('\n'), '');
}

/** Entries of DATASECs that no symbol goes with: a loader looks each one up by name. */
function homelessVariables({ btf, symbols }: RawObject): string[] {
  const names = new Set(symbols.map(({ name }) => name));
  return (btf?.types ?? [])
    .filter(({ kind }) => kind === KIND.DATASEC)
    .flatMap(({ name, members }) =>
      members
        .map(({ type }) => btf!.types[type]!.name)
        .filter((variable) => !names.has(variable))
        .map((variable) => `DATASEC ${name} has ${variable}, which is no symbol`),
    );
}

/** Symbols of one place with another: which of the names a reader shows is no matter. */
function aliasedSymbols(inputs: readonly RawObject[]): string[] {
  return inputs.flatMap(({ symbols }) => {
    const counts = new Map<string, string[]>();
    for (const { name, section, value, size, type } of symbols) {
      if (section === 0 || size === 0 || type === STT.SECTION) continue;
      const place = `${section} ${value}`;
      counts.set(place, [...(counts.get(place) ?? []), name]);
    }
    return [...counts.values()].filter((names) => names.length > 1).flat();
  });
}

/** For each input, the names of its definitions that another definition replaces. */
function losingSymbols(inputs: readonly RawObject[]): ReadonlySet<string>[] {
  const winners = new Map<string, { readonly input: number; readonly strength: number }>();
  const strength = (s: RawSymbol) => {
    if (s.binding === STB.LOCAL || s.section === 0 || s.type === STT.SECTION) return 0;
    if (s.section === 0xfff2) return 1;
    return s.binding === STB.GLOBAL ? 3 : 2;
  };
  const groups = new Set<string>();
  const discarded = inputs.map((object) => discardedGroups(object, groups));
  for (const [input, object] of inputs.entries()) {
    for (const symbol of object.symbols) {
      const strong = discarded[input]!.has(symbol.section) ? 0 : strength(symbol);
      const winner = winners.get(symbol.name);
      if (strong > (winner?.strength ?? 0)) winners.set(symbol.name, { input, strength: strong });
    }
  }
  return inputs.map((object, input) => {
    const names = object.symbols
      .filter((s) => strength(s) > 0 && winners.get(s.name)?.input !== input)
      .map((s) => s.name);
    return new Set(names);
  });
}

/** Sections of COMDAT groups whose signature came before. */
function discardedGroups(object: RawObject, seen: Set<string>): ReadonlySet<number> {
  const discarded = new Set<number>();
  for (const { type, info, bytes, size } of object.sections) {
    if (type !== 17) continue;
    const signature = object.symbols[info]!.name;
    if (!seen.has(signature)) {
      seen.add(signature);
      continue;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, size);
    for (let at = 4; at < size; at += 4) discarded.add(view.getUint32(at, object.littleEndian));
  }
  return discarded;
}

/** Names places of an input as they are called in the output: locals are counted over all inputs. */
function outputNames(input: RawObject, locals: Map<string, number>): (text: string) => string {
  const before = new Map(locals);
  for (const symbol of input.symbols) {
    const section = input.sections[symbol.section];
    if (symbol.binding !== STB.LOCAL || symbol.section === 0 || !section) continue;
    if (symbol.type === STT.SECTION || symbol.type === STT.FILE) continue;
    const name = `${foldedName(section.name)}/${symbol.name}`;
    locals.set(name, (locals.get(name) ?? 0) + 1);
  }
  return (text) =>
    text.replaceAll(/([^ ]+)#(\d+)/g, (_, name: string, ordinal: string) => {
      return `${name}#${Number(ordinal) + (before.get(name) ?? 0)}`;
    });
}

/** What `input` says that `output` does not. */
function unsaid(
  input: Meaning,
  output: Meaning,
  rename: (text: string) => string,
  losers: ReadonlySet<string>,
): string[] {
  const missing: string[] = [];
  const symbolOf = (place: string) => /(?:^| )([^ +]+)\+\d+$/.exec(place)?.[1] ?? '';
  const gone = (place: string) => losers.has(symbolOf(place));
  /** Places outside any symbol have no name that survives; jump table names become local. */
  const nameless = (place: string) =>
    input.sections.has(symbolOf(place)) || /BPF\.JT\./.test(place);
  for (const [key, { bytes, size, section }] of input.symbols) {
    if (section === 'undefined' || losers.has(key) || nameless(`${key}+0`) || size === 0) continue;
    // License and version are kept once.
    if (section === 'license' || section === 'version') continue;
    const there = output.symbols.get(rename(key));
    if (!there || (bytes !== '' && there.bytes !== bytes)) {
      missing.push(`symbol ${key}: ${bytes} became ${there?.bytes ?? 'absent'}`);
    }
  }
  const demand = (kind: string, key: string, said: string, there: string | undefined) => {
    const expected = rename(said);
    if (there === expected || there === expected.replace('undefined ', '')) return;
    if (nameless(said) || gone(said)) return;
    missing.push(`${kind} ${rename(key)}: ${expected} became ${there ?? 'absent'}`);
  };
  for (const [key, said] of input.references) {
    if (gone(key) || nameless(key)) continue;
    demand('reference', key, said, output.references.get(rename(key)));
  }
  const jumps = new Set(output.jumps.values());
  for (const said of input.jumps.values()) {
    demand('jump table entry', said, said, jumps.has(rename(said)) ? rename(said) : undefined);
  }
  for (const [key, said] of input.records) {
    if (gone(key.replace(/ \(\d+\)$/, '')) || nameless(key)) continue;
    const there = output.records.get(rename(key));
    if (key.startsWith('line ')) demand('line', key, said, there);
    else if (there === undefined) missing.push(`record ${rename(key)} is absent`);
  }
  return missing;
}
