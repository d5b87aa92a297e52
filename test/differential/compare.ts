import { foldedName, type Meaning, type MeaningSymbol } from './meaning.js';

/** One thing two outputs say differently; an absent side is undefined. */
export interface Difference {
  readonly aspect: 'section' | 'symbol' | 'reference' | 'type' | 'variable' | 'datasec' | 'record';
  /** What it is about: a name, a place or a type's form. */
  readonly key: string;
  /** Which property of it, where it is on both sides. */
  readonly field?: string;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

/** Everything `ours` and `theirs` say differently. Fewer copies of a type in ours are no difference. */
export function compareMeanings(ours: Meaning, theirs: Meaning): Difference[] {
  return [
    ...compareRecords('section', ours.sections, theirs.sections, [
      'type',
      'flags',
      'size',
      'alignment',
      'bytes',
    ]),
    ...compareSymbols(ours.symbols, theirs.symbols),
    ...compareValues('reference', ours.references, theirs.references),
    ...compareTypes(ours.types, theirs.types),
    ...compareRecords('variable', ours.variables, theirs.variables, ['offset', 'size']),
    ...compareValues('datasec', asText(ours.datasecs), asText(theirs.datasecs)),
    ...compareValues('record', ours.records, theirs.records),
  ];
}

function asText(map: ReadonlyMap<string, number>): Map<string, string> {
  return new Map([...map].map(([key, value]) => [key, String(value)] as const));
}

function compareValues(
  aspect: Difference['aspect'],
  ours: ReadonlyMap<string, string>,
  theirs: ReadonlyMap<string, string>,
): Difference[] {
  return allKeys(ours, theirs)
    .filter((key) => ours.get(key) !== theirs.get(key))
    .map((key) => ({ aspect, key, ours: ours.get(key), theirs: theirs.get(key) }));
}

function compareRecords<T extends object>(
  aspect: Difference['aspect'],
  ours: ReadonlyMap<string, T>,
  theirs: ReadonlyMap<string, T>,
  fields: readonly (keyof T & string)[],
): Difference[] {
  return allKeys(ours, theirs).flatMap((key): Difference[] => {
    const a = ours.get(key);
    const b = theirs.get(key);
    if (!a || !b) {
      return [{ aspect, key, ours: a && JSON.stringify(a), theirs: b && JSON.stringify(b) }];
    }
    return fields
      .filter((field) => a[field] !== b[field])
      .map((field) => ({ aspect, key, field, ours: String(a[field]), theirs: String(b[field]) }));
  });
}

function compareSymbols(
  ours: ReadonlyMap<string, MeaningSymbol>,
  theirs: ReadonlyMap<string, MeaningSymbol>,
): Difference[] {
  return compareRecords('symbol', ours, theirs, [
    'binding',
    'visibility',
    'type',
    'section',
    'value',
    'size',
    'bytes',
  ]).filter(
    ({ field, ours: a, theirs: b }) => !(field === 'section' && foldedName(b!) === foldedName(a!)),
  );
}

function compareTypes(
  ours: ReadonlyMap<string, number>,
  theirs: ReadonlyMap<string, number>,
): Difference[] {
  return allKeys(ours, theirs)
    .filter((form) => {
      const [a, b] = [ours.get(form) ?? 0, theirs.get(form) ?? 0];
      return a > b || (a === 0 && b > 0);
    })
    .map((form) => ({
      aspect: 'type' as const,
      key: form,
      ours: ours.get(form)?.toString(),
      theirs: theirs.get(form)?.toString(),
    }));
}

function allKeys(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])];
}

/** A difference as one line of a failure message. */
export function describe(difference: Difference): string {
  const { aspect, key, field, ours, theirs } = difference;
  const title = field === undefined ? `${aspect} ${key}` : `${aspect} ${key}: ${field}`;
  return `${title}\n      ours:   ${ours ?? 'absent'}\n      theirs: ${theirs ?? 'absent'}`;
}
