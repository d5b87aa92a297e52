import assert from 'node:assert/strict';

/** What the loaders' programs print, less what depends on how a program was put together. */

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonRecord = { readonly [key: string]: Json };

/** Of each step: its text and, of a program run, what it returned. */
export function retvals(text: string): [string, number | undefined][] {
  return listOf(parse(text), 'steps').map((step) => {
    const { step: name, retval, error } = step;
    assert.equal(error, undefined, `${textOf(name)}: ${textOf(error)}`);
    return [textOf(name), typeof retval === 'number' ? retval : undefined];
  });
}

/** Results of all steps, and what they left in the maps: by name, for layout may differ. */
export function runMeaning(text: string): Json {
  const run = parse(text);
  const maps = listOf(run, 'maps').map((map) => {
    const variables = map['variables'];
    if (!Array.isArray(variables)) return map;
    return { ...map, variables: sorted(variables.map(([name, value]) => [plain(name), value])) };
  });
  return { steps: run['steps'] ?? null, maps: sorted(maps) };
}

/*
 * Left out of what must be equal: numbers of instructions, for a compiler inlines more in one file;
 * and sizes of data sections, which hold as much padding as the order of their variables asks for.
 */

/** Programs and maps as libbpf lists them. */
export function libbpfMeaning(text: string): Json {
  const loaded = parse(text);
  return {
    programs: sorted(listOf(loaded, 'programs').map((each) => without(each, 'instructions'))),
    maps: mapMeanings(loaded),
  };
}

/** Programs, maps and variables as cilium/ebpf lists them; of a refusal, the reason. */
export function ciliumMeaning(text: string): JsonRecord {
  const { error, ...parsed } = JSON.parse(text) as JsonRecord;
  if (error !== undefined) return { refused: reason(error) };
  return {
    programs: sorted(listOf(parsed, 'programs').map((each) => without(each, 'instructions'))),
    maps: mapMeanings(parsed),
    variables: sorted(listOf(parsed, 'variables')),
    loaded: parsed['loaded'] ?? null,
  };
}

/** The same of what it loaded. Of a refusal only that: it is about whichever program came first. */
export function ciliumLoadMeaning(text: string): Json {
  return 'error' in (JSON.parse(text) as JsonRecord) ? 'refused' : ciliumMeaning(text);
}

/**
 * Programs and maps as aya-obj lists them. Of a refusal only that: it is about whichever section
 * came first.
 */
export function ayaMeaning(text: string): Json {
  const { error, ...parsed } = JSON.parse(text) as JsonRecord;
  if (error !== undefined) return 'refused';
  return {
    license: parsed['license'] ?? null,
    programs: sorted(listOf(parsed, 'programs').map((each) => without(each, 'instructions'))),
    maps: mapMeanings(parsed),
  };
}

/** The members of a skeleton: programs, maps and variables, each with its C type, sorted. */
export function skeletonMembers(text: string): string[] {
  const declarations = text.slice(0, text.indexOf('static void'));
  return declarations
    .split('\n')
    .map((line) => plain(line.trim()))
    .filter((line) => line.endsWith(';') && !/^(\}|char __pad)/.test(line))
    .sort();
}

/** Why a loader refused, without the name of the file. */
function reason(error: Json): string {
  return textOf(error).replace(/^file .*\.o: /, '');
}

/** Without the file that whole.bpf.c puts after a static's name: `calls__policy` is `calls`. */
function plain(name: Json | undefined): string {
  return textOf(name).replace(/(calls|finish)__\w+/g, '$1');
}

function mapMeanings(report: JsonRecord): Json {
  return sorted(
    listOf(report, 'maps').map((map) =>
      /^(object)?\./.test(textOf(map['name'])) ? without(map, 'valueSize') : map,
    ),
  );
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parse(text: string): JsonRecord {
  const value = JSON.parse(text) as JsonRecord;
  assert.equal(value['error'], undefined, `${textOf(value['error'])}\n${textOf(value['log'])}`);
  return value;
}

function listOf(value: JsonRecord, name: string): readonly JsonRecord[] {
  const list = value[name] ?? [];
  assert.ok(Array.isArray(list), `${name} is a list`);
  return list as readonly JsonRecord[];
}

function without(value: JsonRecord, name: string): JsonRecord {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

function sorted<Item extends Json>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
