import {
  BTF_KIND_VAR,
  BTF_LINKAGE_STATIC,
  type Datasec,
  type DatasecEntry,
  type TypePool,
} from '@bpf-ld/btf';
import { STT_FILE, STT_SECTION, type StringId, type StringPool } from '@bpf-ld/elf-reader';
import {
  COMMON,
  objectOf,
  UNDEFINED,
  type GlobalId,
  type ObjectId,
  type SymbolId,
} from '@bpf-ld/symbol-resolver';
import type { TypeBinding } from './bind-types.js';
import { placeOfGlobal, placeOfSymbol, type OutputPlace } from './output-symbols.js';
import type { LinkState } from './relocate.js';
import { DEFINITIONS_ONLY } from './type-corrections.js';

/** Words of a DATASEC entry behind the three common ones (btf.rst): type, offset, size. */
const ENTRIES_AT = 3;
const ENTRY_WORDS = 3;

export interface MergedDatasecs {
  /** First those of output sections in their order, then those without a section, by first mention. */
  readonly datasecs: readonly Datasec[];
  /** Pool ids of VARs whose storage left the link. */
  readonly dropped: readonly number[];
}

/**
 * One DATASEC for each output section that has variables: the size is the section's, each entry's
 * offset is its symbol's, entries are in order of offset. Input offsets and sizes count only to tell
 * variables of equal name apart, because compilers leave them 0.
 *
 * Externs that stay undefined keep the DATASEC they were declared in (.ksyms, .kconfig, .maps), once
 * per name, at offset 0.
 */
export function mergeDatasecs(
  state: LinkState,
  pool: TypePool,
  binding: TypeBinding,
): MergedDatasecs {
  const { resolution, live, layout } = state;
  const bySection = new Map<number, DatasecEntry[]>();
  const externs = new Map<StringId, DatasecEntry[]>();
  const dropped: number[] = [];
  const listed = new Set<number>();

  const addDefined = (at: OutputPlace, type: number, size: number): void => {
    const entry = { type, offset: at.offset, size };
    const entries = bySection.get(at.section);
    if (entries) entries.push(entry);
    else bySection.set(at.section, [entry]);
  };
  const addExtern = (name: StringId, type: number, size: number): void => {
    const entry = { type, offset: 0, size };
    const entries = externs.get(name);
    if (entries) entries.push(entry);
    else externs.set(name, [entry]);
  };

  binding.objects.forEach((types, object) => {
    if (!types || types.datasecs.length === 0) return;
    const locals = new LocalVariables(state, object as ObjectId);
    for (const datasec of types.datasecs) {
      const name = pool.nameId(datasec);
      const count = pool.vlen(datasec);
      for (let k = 0, at = ENTRIES_AT; k < count; k++, at += ENTRY_WORDS) {
        const type = pool.word(datasec, at);
        const size = pool.word(datasec, at + 2);
        const isStatic =
          pool.kind(type) === BTF_KIND_VAR && pool.linkage(type) === BTF_LINKAGE_STATIC;
        if (isStatic) {
          const symbol = locals.take(name, pool.nameId(type), pool.word(datasec, at + 1));
          const place = symbol === undefined ? undefined : placeOfSymbol(state, symbol);
          if (symbol !== undefined && place) addDefined(place, type, sizeOf(state, symbol, size));
          else dropped.push(type);
          continue;
        }
        const global = resolution.findGlobal(pool.nameId(type), object as ObjectId);
        if (global < 0) {
          dropped.push(type);
          continue;
        }
        const declaration = binding.declaration[global]!;
        if (listed.has(global)) continue;
        listed.add(global);
        if (resolution.assignments.has(global as GlobalId)) {
          // An address inside of what other variables hold, or a number: it has no storage.
          dropped.push(type);
          continue;
        }
        const place = placeOfGlobal(state, global as GlobalId);
        if (place && pool.kind(declaration) !== BTF_KIND_VAR) {
          // Declared as the kernel's (.ksyms), defined here: only variables are in the lists of sections.
          continue;
        } else if (place) {
          const symbol = resolution.globals.symbol[global] as SymbolId;
          addDefined(place, declaration, sizeOf(state, symbol, size));
        } else if (live.unreferenced[global] === 1) {
          continue;
        } else if (!isExtern(state, global)) {
          // Absolute (a number, not a variable), or in a license section that is not the one kept.
          dropped.push(type);
        } else if (!DEFINITIONS_ONLY.has(resolution.strings.text(name))) {
          addExtern(name, declaration, size);
        }
      }
    }
  });

  live.unreferenced.forEach((gone, global) => {
    if (gone === 1 && binding.declaration[global] !== 0) dropped.push(binding.declaration[global]!);
  });
  // Defined where there is no BTF, and declared elsewhere: no input lists such a variable.
  for (let global = 0; global < resolution.globals.count; global++) {
    const type = binding.declaration[global]!;
    if (listed.has(global) || pool.kind(type) !== BTF_KIND_VAR) continue;
    if (resolution.assignments.has(global as GlobalId)) {
      dropped.push(type);
      continue;
    }
    const place = placeOfGlobal(state, global as GlobalId);
    const symbol = resolution.globals.symbol[global] as SymbolId;
    if (place) addDefined(place, type, sizeOf(state, symbol, 0));
  }

  const datasecs: Datasec[] = [];
  layout.sections.forEach(({ name, size }, index) => {
    const id = resolution.strings.internText(name);
    const entries = [...(externs.get(id) ?? []), ...(bySection.get(index) ?? [])];
    externs.delete(id);
    if (entries.length === 0) return;
    entries.sort((a, b) => a.offset - b.offset);
    datasecs.push({ name: id, size, entries });
  });
  for (const [name, entries] of externs) datasecs.push({ name, size: 0, entries });
  return { datasecs, dropped };
}

/** Whether no object defines the name, not even in a section that left the link. */
function isExtern({ objects, resolution }: LinkState, global: number): boolean {
  const { globals, symbolBase } = resolution;
  const symbol = globals.symbol[global]! as SymbolId;
  const object = objectOf(symbolBase, symbol);
  const home = objects[object]!.elf.symbols.section[symbol - symbolBase[object]!];
  return globals.state[global] === UNDEFINED && home === 0;
}

/** A variable is as large as its symbol; BTF knows better where assembly gave no size. */
function sizeOf({ objects, resolution }: LinkState, symbol: SymbolId, declared: number): number {
  const object = objectOf(resolution.symbolBase, symbol);
  const row = symbol - resolution.symbolBase[object]!;
  const global = resolution.global[symbol]!;
  const isCommon = global >= 0 && resolution.globals.state[global] === COMMON;
  const size = isCommon
    ? resolution.globals.commonSize[global]!
    : objects[object]!.elf.symbols.size[row]!;
  return size || declared;
}

/** Symbols in table order, and how many of them are behind us. */
interface Candidate {
  readonly symbols: SymbolId[];
  next: number;
}

function addTo(map: Map<string, Candidate>, key: string, symbol: SymbolId): void {
  const known = map.get(key);
  if (known) known.symbols.push(symbol);
  else map.set(key, { symbols: [symbol], next: 0 });
}

/**
 * The local symbols of one object by section and name, each given out once: two statics may have one
 * name (a linked object holds those of several files), and then offsets tell which is which.
 */
class LocalVariables {
  /** Section, name and input offset -> symbol. */
  readonly #exact = new Map<string, SymbolId>();
  /** By name and section. */
  readonly #named = new Map<string, Candidate>();
  /** By name and the section that theirs is a part of: `.data` of `.data.NAME`. */
  readonly #ofParts = new Map<string, Candidate>();
  readonly #taken = new Set<SymbolId>();
  readonly #strings: StringPool;

  constructor({ objects, resolution }: LinkState, object: ObjectId) {
    this.#strings = resolution.strings;
    const { elf } = objects[object]!;
    const { symbols } = elf;
    const base = resolution.symbolBase[object]!;
    for (let i = 1; i < symbols.count; i++) {
      const id = (base + i) as SymbolId;
      const type = symbols.type[i];
      const home = symbols.section[i]!;
      if (resolution.global[id]! >= 0 || home <= 0) continue;
      if (type === STT_SECTION || type === STT_FILE) continue;
      const key = `${resolution.inputName[id]!} ${elf.sections[home]!.name}`;
      this.#exact.set(`${symbols.value[i]!} ${key}`, id);
      addTo(this.#named, key, id);
      const whole = /^\.(?:data|bss|rodata)(?=\.)/.exec(elf.sections[home]!.name)?.[0];
      if (whole) addTo(this.#ofParts, `${resolution.inputName[id]!} ${whole}`, id);
    }
  }

  /**
   * The symbol at `offset` with this name and section, else the first left; each at most once. clang
   * 14 lists what it puts into .data.NAME or .rodata.cst16 under .data and .rodata.
   */
  take(section: StringId, name: StringId, offset: number): SymbolId | undefined {
    const key = `${name} ${this.#strings.text(section)}`;
    const exact = this.#exact.get(`${offset} ${key}`);
    const symbol =
      exact === undefined || this.#taken.has(exact)
        ? (this.#next(this.#named, key) ?? this.#next(this.#ofParts, key))
        : exact;
    if (symbol !== undefined) this.#taken.add(symbol);
    return symbol;
  }

  #next(map: ReadonlyMap<string, Candidate>, key: string): SymbolId | undefined {
    const named = map.get(key);
    if (!named) return undefined;
    while (named.next < named.symbols.length && this.#taken.has(named.symbols[named.next]!)) {
      named.next++;
    }
    return named.symbols[named.next];
  }
}
