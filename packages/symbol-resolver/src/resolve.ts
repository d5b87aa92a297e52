import {
  append,
  commonSymbol,
  duplicateSymbol,
  unknownBinding,
  type Diagnostic,
  type Site,
} from '@bpf-ld/diagnostics';
import {
  SECTION_ABSOLUTE,
  SECTION_COMMON,
  STB_GLOBAL,
  STB_LOCAL,
  STB_WEAK,
  STT_SECTION,
  type StringPool,
} from '@bpf-ld/elf-reader';
import { dropLosingGroups } from './comdat.js';
import type { GlobalId, ObjectId, SymbolId } from './ids.js';
import {
  COMMON,
  DEFINED,
  DEFINED_WEAK,
  objectOf,
  type DescribeSymbol,
  type ResolveRules,
  type ResolveResult,
  type ResolverObject,
} from './resolution.js';

/** GNU's STB_GNU_UNIQUE: for a static linker the same as global. */
const STB_GNU_UNIQUE = 10;

/** Where compilers put jump tables; their BPF.JT.* names repeat from object to object. */
export const JUMP_TABLES_SECTION = '.jumptables';

/**
 * Decides which definition every global name means.
 *
 * Rules (gABI "Symbol Table", semantics of the BPF linker):
 * strong beats common beats weak; of two weak ones the first wins; of commons the largest size and
 * the greatest alignment count; two strong ones are an error that names both; a reference that is
 * strong anywhere is strong; the strictest visibility wins. A definition in a section that leaves
 * the link (a losing COMDAT group, a repeated license) counts as a reference.
 *
 * `rules` change that: an assigned name beats every definition, and references can be wrapped.
 *
 * Cost: one hash for every symbol's name, then integer columns.
 */
export function resolve(
  objects: readonly ResolverObject[],
  strings: StringPool,
  describe: DescribeSymbol,
  rules: ResolveRules = {},
): ResolveResult {
  const diagnostics: Diagnostic[] = [];
  const symbolBase = bases(objects, (object) => object.elf.symbols.count);
  const sectionBase = bases(objects, (object) => object.elf.sections.length);
  const keptSection = new Uint8Array(sectionBase[objects.length]!);
  objects.forEach(({ kept }, object) => keptSection.set(kept, sectionBase[object]));
  append(diagnostics, dropLosingGroups(objects, sectionBase, keptSection));

  const total = symbolBase[objects.length]!;
  const inputName = internNames(objects, symbolBase, strings);
  const wrapped = wrapReferences(objects, symbolBase, inputName, strings, rules.wrap ?? []);
  const name = wrapped.name;
  const assigned = (rules.assigned ?? []).map((text) => strings.internText(text));
  const forced = (rules.undefined ?? []).map((text) => strings.internText(text));
  const globalOfName = new Int32Array(strings.size).fill(-1);
  const global = new Int32Array(total).fill(-1);
  const capacity = total + assigned.length;
  const globals = {
    count: 0,
    name: new Int32Array(capacity),
    state: new Uint8Array(capacity),
    symbol: new Int32Array(capacity),
    onlyWeakReferences: new Uint8Array(capacity),
    visibility: new Uint8Array(capacity),
    commonSize: new Float64Array(capacity),
    commonAlignment: new Float64Array(capacity),
    local: new Uint8Array(capacity),
  };
  for (const wanted of assigned) {
    if (globalOfName[wanted]! >= 0) continue;
    const id = globals.count++;
    globalOfName[wanted] = id;
    globals.name[id] = wanted;
    globals.state[id] = DEFINED;
  }
  const assignedCount = globals.count;
  const losers: SymbolId[] = [];
  const duplicates = new Map<number, SymbolId[]>();
  const siteOf = (symbol: SymbolId): Site => {
    const object = objectOf(symbolBase, symbol);
    return describe(object, symbol - symbolBase[object]!);
  };

  objects.forEach(({ elf }, object) => {
    const { symbols } = elf;
    const base = symbolBase[object]!;
    const isJumpTable = elf.sections.map((section) => section.name === JUMP_TABLES_SECTION);
    for (let i = 1; i < symbols.count; i++) {
      const binding = symbols.binding[i]!;
      if (binding === STB_LOCAL || symbols.type[i] === STT_SECTION) continue;
      if (binding !== STB_GLOBAL && binding !== STB_WEAK && binding !== STB_GNU_UNIQUE) {
        diagnostics.push(unknownBinding(describe(object as ObjectId, i), binding));
        continue;
      }
      const home = symbols.section[i]!;
      // A jump table belongs to its function: its name says nothing to other objects.
      if (home > 0 && isJumpTable[home]) continue;
      const symbol = (base + i) as SymbolId;
      const weak = binding === STB_WEAK;
      let id = globalOfName[name[symbol]!]!;
      if (id < 0) {
        id = globals.count++;
        globalOfName[name[symbol]!] = id;
        globals.name[id] = name[symbol]!;
        globals.symbol[id] = symbol;
        globals.onlyWeakReferences[id] = 1;
      }
      global[symbol] = id;
      globals.visibility[id] = strictest(globals.visibility[id]!, symbols.visibility[i]!);

      const present =
        home === SECTION_COMMON ||
        home === SECTION_ABSOLUTE ||
        (home > 0 && keptSection[sectionBase[object]! + home] === 1);
      if (!present) {
        if (home === 0 && !weak) globals.onlyWeakReferences[id] = 0;
        continue;
      }
      const offered = home === SECTION_COMMON ? COMMON : weak ? DEFINED_WEAK : DEFINED;
      const current = globals.state[id]!;
      if (rules.warnCommon && id >= assignedCount && (offered === COMMON || current === COMMON)) {
        const earlier = globals.symbol[id] as SymbolId;
        append(
          diagnostics,
          commonMeets(strings.text(name[symbol]!), current, offered, () => [
            siteOf(earlier),
            siteOf(symbol),
          ]),
        );
      }
      if (offered === COMMON && current <= COMMON) {
        const larger = current !== COMMON || symbols.size[i]! > globals.commonSize[id]!;
        if (current === DEFINED_WEAK) losers.push(globals.symbol[id] as SymbolId);
        if (larger) globals.symbol[id] = symbol;
        globals.commonSize[id] = Math.max(globals.commonSize[id]!, symbols.size[i]!);
        // gABI: st_value of a common symbol is its alignment constraint.
        globals.commonAlignment[id] = Math.max(globals.commonAlignment[id]!, symbols.value[i]!, 1);
        globals.state[id] = COMMON;
      } else if (offered === DEFINED && current === DEFINED && id < assignedCount) {
        losers.push(symbol);
      } else if (offered === DEFINED && current === DEFINED && !rules.allowMultipleDefinition) {
        const sites = duplicates.get(id);
        if (sites) sites.push(symbol);
        else duplicates.set(id, [globals.symbol[id] as SymbolId, symbol]);
      } else if (offered > current) {
        if (current === DEFINED_WEAK) losers.push(globals.symbol[id] as SymbolId);
        globals.state[id] = offered;
        globals.symbol[id] = symbol;
      } else {
        losers.push(symbol);
      }
    }
  });

  for (const [id, sites] of duplicates) {
    diagnostics.push(duplicateSymbol(strings.text(globals.name[id]!), sites.map(siteOf)));
  }
  losers.sort((a, b) => a - b);
  const findGlobal = (wanted: number, object: ObjectId): GlobalId | -1 => {
    const meant = wrapped.byObject.get(object)?.get(wanted) ?? wanted;
    return (globalOfName[meant] ?? -1) as GlobalId | -1;
  };
  for (const wanted of forced) {
    const id = globalOfName[wanted] ?? -1;
    if (id >= 0) globals.onlyWeakReferences[id] = 0;
  }
  return {
    resolution: {
      strings,
      objects,
      symbolBase,
      sectionBase,
      name,
      inputName,
      global,
      globals,
      findGlobal,
      assignments: new Map(),
      keptSection,
      losers,
    },
    diagnostics,
  };
}

function bases(
  objects: readonly ResolverObject[],
  count: (object: ResolverObject) => number,
): Uint32Array {
  const column = new Uint32Array(objects.length + 1);
  objects.forEach((object, i) => (column[i + 1] = column[i]! + count(object)));
  return column;
}

/** StringId of every named symbol, by SymbolId. */
function internNames(
  objects: readonly ResolverObject[],
  symbolBase: Uint32Array,
  strings: StringPool,
): Int32Array {
  const column = new Int32Array(symbolBase[objects.length]!);
  objects.forEach(({ elf: { symbols } }, object) => {
    const { names, nameAt, nameEnd } = symbols;
    for (let i = 1; i < symbols.count; i++) {
      if (symbols.type[i] === STT_SECTION) continue;
      column[symbolBase[object]! + i] = strings.intern(names.bytes, nameAt[i]!, nameEnd[i]!);
    }
  });
  return column;
}

const WRAP_PREFIX = '__wrap_';
const REAL_PREFIX = '__real_';

/**
 * GNU ld's `--wrap`: names of undefined symbols are replaced, those of definitions are not, and
 * neither are references of an object to its own definition.
 *
 * @returns the names by SymbolId, and by object which of its names mean another one
 */
function wrapReferences(
  objects: readonly ResolverObject[],
  symbolBase: Uint32Array,
  inputName: Int32Array,
  strings: StringPool,
  wrap: readonly string[],
): {
  readonly name: Int32Array;
  readonly byObject: ReadonlyMap<number, ReadonlyMap<number, number>>;
} {
  const byObject = new Map<number, Map<number, number>>();
  if (wrap.length === 0) return { name: inputName, byObject };
  const replacement = new Map<number, number>();
  for (const text of wrap) {
    const real = strings.internText(text);
    replacement.set(real, strings.internText(WRAP_PREFIX + text));
    replacement.set(strings.internText(REAL_PREFIX + text), real);
  }
  const name = inputName.slice();
  objects.forEach(({ elf: { symbols } }, object) => {
    const own = new Map<number, number>();
    for (let i = 1; i < symbols.count; i++) {
      if (symbols.section[i] !== 0 || symbols.binding[i] === STB_LOCAL) continue;
      const symbol = symbolBase[object]! + i;
      const meant = replacement.get(inputName[symbol]!);
      if (meant === undefined) continue;
      name[symbol] = meant;
      own.set(inputName[symbol]!, meant);
    }
    if (own.size > 0) byObject.set(object, own);
  });
  return { name, byObject };
}

/** GNU ld's `--warn-common`: what came of a common symbol that met another symbol of its name. */
function commonMeets(
  name: string,
  current: number,
  offered: number,
  sites: () => readonly [Site, Site],
): readonly Diagnostic[] {
  if (current === COMMON && offered === COMMON) {
    return [commonSymbol(`multiple common symbols: ${name}`, ...sites())];
  }
  if (current === DEFINED) {
    return [commonSymbol(`common symbol overridden by a definition: ${name}`, ...sites())];
  }
  if (current === COMMON && offered === DEFINED) {
    return [commonSymbol(`definition overrides a common symbol: ${name}`, ...sites())];
  }
  return [];
}

/** gABI: the most constraining of two visibilities; the numbers order all but DEFAULT (0). */
function strictest(a: number, b: number): number {
  if (a === 0) return b;
  return b === 0 ? a : Math.min(a, b);
}
