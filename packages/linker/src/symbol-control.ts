import { badAssignment, nameTaken, requiredSymbol, type Diagnostic } from '@bpf-ld/diagnostics';
import {
  SHF_EXECINSTR,
  STT_FUNC,
  STT_OBJECT,
  STV_HIDDEN,
  STV_INTERNAL,
  type Section,
} from '@bpf-ld/elf-reader';
import {
  objectOf,
  UNDEFINED,
  type Assignment,
  type ExtractionRules,
  type GlobalId,
  type ObjectId,
  type Resolution,
  type ResolveRules,
  type SymbolId,
} from '@bpf-ld/symbol-resolver';
import type { SymbolOptions } from './api.js';
import type { SymbolAssignment } from './defsym.js';
import { outputName } from './layout.js';
import { exceptionCallbacks } from './exception-callbacks.js';
import type { ParsedObject } from './parse-object.js';
import { localMatcher } from './symbol-patterns.js';

/** What the extraction of archive members has to know of the options. */
export function extractionRules(options: SymbolOptions): ExtractionRules {
  const by = (option: string) => (symbol: string) => ({ symbol, option });
  const terms = (options.definitions ?? []).flatMap((definition) => definition.terms);
  return {
    references: [
      ...(options.undefined ?? []).map(by('--undefined')),
      ...(options.requireDefined ?? []).map(by('--require-defined')),
      ...terms.map(({ name }) => name).map(by('--defsym')),
    ],
    wrap: options.wrap ?? [],
  };
}

/** What the resolver has to know of the options. */
export function resolveRules(options: SymbolOptions): ResolveRules {
  return {
    wrap: options.wrap ?? [],
    assigned: (options.definitions ?? []).map(({ name }) => name),
    undefined: [...(options.undefined ?? []), ...(options.requireDefined ?? [])],
    allowMultipleDefinition: options.allowMultipleDefinition === true,
    warnCommon: options.warnCommon === true,
  };
}

/**
 * Control of symbols: gives assigned names their values, decides which definitions become local,
 * and what symbols are called in the output. Beyond this step no name changes; `inputName` and
 * `findGlobal` go on answering for the names of the inputs.
 */
export function controlSymbols(
  objects: readonly ParsedObject[],
  resolution: Resolution,
  options: SymbolOptions,
): { readonly resolution: Resolution; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = reportMissing(resolution, options.requireDefined ?? []);
  const assigned = assign(resolution, options.definitions ?? [], diagnostics);
  const { isEntry, isVisible } = loaderNeeds(objects, assigned);
  const local = findLocal(assigned, options, isVisible);
  const { globals } = assigned;
  const localized = { ...assigned, globals: { ...globals, local } };
  const prefixed =
    options.prefix === undefined
      ? localized
      : prefixNames(localized, options.prefix, isEntry, diagnostics);
  const named = options.uniqueStatics ? tellStaticsApart(objects, prefixed) : prefixed;
  return { resolution: named, diagnostics };
}

function reportMissing(
  { strings, globals, findGlobal }: Resolution,
  required: readonly string[],
): Diagnostic[] {
  return required.flatMap((name) => {
    const id = findGlobal(strings.internText(name), NO_OBJECT);
    return id >= 0 && globals.state[id] !== UNDEFINED ? [] : [requiredSymbol(name)];
  });
}

/** Of names that are no object's. */
const NO_OBJECT = -1 as ObjectId;

/** Values of assigned names; one that stands for another name means its definition. */
function assign(
  resolution: Resolution,
  definitions: readonly SymbolAssignment[],
  diagnostics: Diagnostic[],
): Resolution {
  if (definitions.length === 0) return resolution;
  const { strings, globals } = resolution;
  const find = (name: string): GlobalId =>
    resolution.findGlobal(strings.internText(name), NO_OBJECT) as GlobalId;
  const assignments = new Map<GlobalId, Assignment>();
  const assigned = new Set(definitions.map(({ name }) => name));
  const symbol = globals.symbol.slice();
  for (const { text, name, constant, terms } of definitions) {
    let sum = constant;
    const counts = new Map<GlobalId, number>();
    const count = (id: GlobalId, times: number): void => {
      counts.set(id, (counts.get(id) ?? 0) + times);
    };
    for (const term of terms) {
      const id = find(term.name);
      const known = assignments.get(id);
      if (known) {
        sum += term.sign * known.constant;
        for (const [other, times] of known.terms) count(other, term.sign * times);
      } else if (id < 0 || globals.state[id] === UNDEFINED || assigned.has(term.name)) {
        diagnostics.push(badAssignment(text, `${term.name} is not defined`));
      } else {
        count(id, term.sign);
      }
    }
    const nonzero = new Map([...counts].filter(([, times]) => times !== 0));
    assignments.set(find(name), { constant: sum, terms: nonzero });
    const [only] = nonzero.keys();
    // Its symbol is then the one that says what it is and where the bytes are.
    symbol[find(name)] = only === undefined ? 0 : globals.symbol[only]!;
  }
  const findGlobal: Resolution['findGlobal'] = (name, object) => {
    const id = resolution.findGlobal(name, object);
    return id < 0 ? id : (aliasedBy(assignments.get(id as GlobalId)) ?? id);
  };
  return { ...resolution, globals: { ...globals, symbol }, findGlobal, assignments };
}

/** The one name that an assigned name is another name of. */
export function aliasedBy(assignment: Assignment | undefined): GlobalId | undefined {
  if (assignment?.constant !== 0 || assignment.terms.size !== 1) return undefined;
  const [[id, times]] = assignment.terms as unknown as [[GlobalId, number]];
  return times === 1 ? id : undefined;
}

/** Sections of what a loader or user space begins with: programs, struct_ops, the license. */
function isEntrySection(section: Section): boolean {
  const isProgram = (section.flags & SHF_EXECINSTR) !== 0 && outputName(section) !== '.text';
  return isProgram || /^(license|version|\??\.?struct_ops(\..*)?)$/.test(section.name);
}

/** Sections of map definitions, by BTF or as struct bpf_map_def. */
export function isMapSection({ name }: Section): boolean {
  return name === '.maps' || name === 'maps';
}

/** By GlobalId: what a loader asks of a definition. */
interface LoaderNeeds {
  /** It is found by its name: entries, and callbacks that the kernel finds by a declaration tag. */
  readonly isEntry: (global: number) => boolean;
  /** It has to be global: the same, and maps. */
  readonly isVisible: (global: number) => boolean;
}

function loaderNeeds(
  objects: readonly ParsedObject[],
  { globals, strings, symbolBase, findGlobal }: Resolution,
): LoaderNeeds {
  const callbacks = new Set<number>();
  objects.forEach((parsed, object) => {
    for (const name of exceptionCallbacks(parsed)) {
      callbacks.add(findGlobal(strings.internText(name), object as ObjectId));
    }
  });
  const section = (global: number): Section | undefined => {
    const symbol = globals.symbol[global] as SymbolId;
    const object = objectOf(symbolBase, symbol);
    const { elf } = objects[object]!;
    const home = elf.symbols.section[symbol - symbolBase[object]!]!;
    return home > 0 ? elf.sections[home] : undefined;
  };
  const isEntry = (global: number): boolean => {
    const home = section(global);
    return callbacks.has(global) || (home !== undefined && isEntrySection(home));
  };
  const isVisible = (global: number): boolean => {
    const home = section(global);
    return isEntry(global) || (home !== undefined && isMapSection(home));
  };
  return { isEntry, isVisible };
}

/** By GlobalId: 1 for definitions that become local. */
function findLocal(
  { globals, strings }: Resolution,
  { scope, localizeHidden = false }: SymbolOptions,
  isVisible: (global: number) => boolean,
): Uint8Array {
  const local = globals.local.slice();
  if (!scope && !localizeHidden) return local;
  const isLocal = scope ? localMatcher(scope) : () => false;
  for (let id = 0; id < globals.count; id++) {
    if (globals.state[id] === UNDEFINED) continue;
    const visibility = globals.visibility[id]!;
    const isHidden = visibility === STV_HIDDEN || visibility === STV_INTERNAL;
    const leaves = (localizeHidden && isHidden) || isLocal(strings.text(globals.name[id]!));
    if (leaves && !isVisible(id)) local[id] = 1;
  }
  return local;
}

/** `--prefix-symbols`: what this link defines for other objects gets a prefix. */
function prefixNames(
  resolution: Resolution,
  prefix: string,
  isEntry: (global: number) => boolean,
  diagnostics: Diagnostic[],
): Resolution {
  const { globals, strings } = resolution;
  const name = globals.name.slice();
  const text = (id: number): string => strings.text(globals.name[id]!);
  const keeps = (id: number): boolean => globals.state[id] === UNDEFINED || isEntry(id);
  for (let id = 0; id < globals.count; id++) {
    if (!keeps(id)) name[id] = strings.internText(prefix + text(id));
  }
  const kept = new Set<number>();
  for (let id = 0; id < globals.count; id++) if (keeps(id)) kept.add(name[id]!);
  for (let id = 0; id < globals.count; id++) {
    if (!keeps(id) && kept.has(name[id]!)) diagnostics.push(nameTaken(prefix + text(id), text(id)));
  }
  return withGlobalNames(resolution, name);
}

function withGlobalNames(resolution: Resolution, globalName: Int32Array): Resolution {
  const { global, globals } = resolution;
  const name = resolution.name.map((own, id) =>
    global[id]! >= 0 ? globalName[global[id]!]! : own,
  );
  return { ...resolution, name, globals: { ...globals, name: globalName } };
}

/**
 * `--unique-statics`: of local functions and variables with one name the second becomes `name__1`,
 * the third `name__2`, each a name that nothing else has. A global keeps its name.
 */
function tellStaticsApart(objects: readonly ParsedObject[], resolution: Resolution): Resolution {
  const { globals, strings, symbolBase, sectionBase, keptSection, global } = resolution;
  const name = resolution.name.slice();
  const globalName = globals.name.slice();
  /** Names that no new name may be: all there are. */
  const used = new Set<number>(resolution.name);
  const taken = new Set<number>();
  for (let id = 0; id < globals.count; id++) {
    used.add(globalName[id]!);
    if (globals.local[id] === 0) taken.add(globalName[id]!);
  }
  const next = new Map<number, number>();
  const unique = (own: number): number => {
    if (!taken.has(own)) return own;
    const text = strings.text(own);
    let count = next.get(own) ?? 1;
    let found: number;
    do found = strings.internText(`${text}__${count++}`);
    while (used.has(found));
    next.set(own, count);
    used.add(found);
    return found;
  };
  objects.forEach(({ elf: { symbols } }, object) => {
    for (let i = 1; i < symbols.count; i++) {
      const id = symbolBase[object]! + i;
      const type = symbols.type[i];
      const home = symbols.section[i]!;
      if (home <= 0 || keptSection[sectionBase[object]! + home] === 0) continue;
      if (type !== STT_FUNC && type !== STT_OBJECT) continue;
      const own = global[id]!;
      const isLocal = own < 0 || (globals.local[own] === 1 && globals.symbol[own] === id);
      if (!isLocal) continue;
      const found = unique(name[id]!);
      taken.add(found);
      name[id] = found;
      if (own >= 0) globalName[own] = found;
    }
  });
  return withGlobalNames({ ...resolution, name }, globalName);
}
