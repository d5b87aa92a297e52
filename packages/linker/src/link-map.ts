import {
  SHT_NOBITS,
  SHT_NOTE,
  SHT_PROGBITS,
  STB_WEAK,
  STT_FILE,
  STT_FUNC,
  STT_OBJECT,
  STT_SECTION,
  symbolName,
} from '@bpf-ld/elf-reader';
import {
  COMMON,
  DEBUG_SECTION,
  objectOf,
  UNDEFINED,
  type GlobalId,
  type SectionId,
  type SymbolId,
} from '@bpf-ld/symbol-resolver';
import type {
  CrossReference,
  ExtractedMember,
  LinkMap,
  MapDiscarded,
  MapPiece,
  MapReference,
  MapSection,
  MapSymbol,
  SymbolTrace,
} from './api.js';
import { flagLetters } from './flag-letters.js';
import type { ImagePlan } from './image-plan.js';
import type { ImageSection } from './image-sections.js';
import type { OutputSection } from './layout.js';
import { placeOfGlobal, placeOfSymbol } from './output-symbols.js';
import type { LinkState } from './relocate.js';

/** What went where, and who uses what. Made on demand: most links never ask. */
export function makeMap(
  state: LinkState,
  extracted: readonly ExtractedMember[],
  plan?: ImagePlan,
): LinkMap {
  const symbols = symbolsBySection(state);
  return {
    extracted,
    sections: plan
      ? plan.sections.map((section, index) => ({
          ...(typeof section.source === 'number'
            ? mapSection(state, state.layout.sections[section.source]!, section.source, symbols)
            : madeSection(section)),
          ...(section.class && { address: plan.addresses[index]! }),
        }))
      : state.layout.sections.map((section, index) => mapSection(state, section, index, symbols)),
    references: mapReferences(state),
    discarded: mapDiscarded(state),
    crossReferences: crossReferences(state),
  };
}

/** A section that no input has. */
function madeSection({ name, size, alignment, type, flags }: ImageSection): MapSection {
  return {
    name,
    size,
    alignment,
    type: TYPE_NAMES.get(type) ?? `0x${type.toString(16)}`,
    flags: flagLetters(flags),
    pieces: [],
  };
}

const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [SHT_PROGBITS, 'PROGBITS'],
  [SHT_NOBITS, 'NOBITS'],
  [SHT_NOTE, 'NOTE'],
]);

function mapSection(
  state: LinkState,
  section: OutputSection,
  index: number,
  symbols: ReadonlyMap<SectionId, readonly MapSymbol[]>,
): MapSection {
  const { objects, resolution, layout } = state;
  const pieces = section.contributions.flatMap((contribution): MapPiece[] => {
    const { elf } = objects[contribution.object]!;
    const header =
      elf.sections[contribution.section - resolution.sectionBase[contribution.object]!]!;
    const own = symbols.get(contribution.section) ?? [];
    const whole = { object: elf.name, section: header.name };
    const map = layout.pieces.get(contribution.section);
    // The strings of debug information are many, and nobody looks for one.
    if (!map || index >= layout.programSections) {
      const { offset, size } = contribution;
      return [{ ...whole, inputOffset: 0, offset, size, symbols: own }];
    }
    return [...map.to].flatMap((to, i): MapPiece[] => {
      if (map.owned[i] === 0) return [];
      const inputOffset = map.start[i]!;
      const size = map.start[i + 1]! - inputOffset;
      const offset = contribution.offset + to;
      const inside = own.filter((s) => s.offset >= offset && s.offset < offset + size);
      return [{ ...whole, inputOffset, offset, size, symbols: inside }];
    });
  });
  return {
    name: section.name,
    size: section.size,
    alignment: section.alignment,
    type: TYPE_NAMES.get(section.type) ?? `0x${section.type.toString(16)}`,
    flags: flagLetters(section.flags),
    pieces: [...pieces, ...commonPieces(state, index)].sort((a, b) => a.offset - b.offset),
  };
}

function commonPieces(
  { objects, resolution, layout }: LinkState,
  section: number,
): readonly MapPiece[] {
  const { globals, strings, symbolBase } = resolution;
  return [...layout.commons].flatMap(([global, at]): MapPiece[] => {
    if (at.section !== section) return [];
    const { offset } = at;
    const size = globals.commonSize[global]!;
    const object = objectOf(symbolBase, globals.symbol[global]! as SymbolId);
    const name = strings.text(globals.name[global]!);
    const symbol: MapSymbol = { name, offset, size, binding: 'global', kind: 'OBJECT' };
    return [
      {
        object: objects[object]!.elf.name,
        section: 'COMMON',
        inputOffset: 0,
        offset,
        size,
        symbols: [symbol],
      },
    ];
  });
}

const KIND_NAMES: ReadonlyMap<number, string> = new Map([
  [STT_FUNC, 'FUNC'],
  [STT_OBJECT, 'OBJECT'],
]);

/** The symbols that each input section gives to the output, by output offset. */
function symbolsBySection(state: LinkState): ReadonlyMap<SectionId, readonly MapSymbol[]> {
  const { objects, resolution } = state;
  const { strings } = resolution;
  const bySection = new Map<SectionId, MapSymbol[]>();
  objects.forEach(({ elf }, object) => {
    const { symbols } = elf;
    for (let i = 1; i < symbols.count; i++) {
      const type = symbols.type[i]!;
      const home = symbols.section[i]!;
      if (home <= 0 || type === STT_SECTION || type === STT_FILE) continue;
      const id = (resolution.symbolBase[object]! + i) as SymbolId;
      const global = resolution.global[id]!;
      if (global >= 0 && resolution.globals.symbol[global] !== id) continue;
      const at = placeOfSymbol(state, id);
      if (!at) continue;
      const symbol: MapSymbol = {
        name: strings.text(resolution.name[id]!),
        offset: at.offset,
        size: symbols.size[i]!,
        binding:
          global < 0 || resolution.globals.local[global] === 1
            ? 'local'
            : symbols.binding[i] === STB_WEAK
              ? 'weak'
              : 'global',
        kind: KIND_NAMES.get(type) ?? 'NOTYPE',
      };
      const section = (resolution.sectionBase[object]! + home) as SectionId;
      const known = bySection.get(section);
      if (known) known.push(symbol);
      else bySection.set(section, [symbol]);
    }
  });
  for (const list of bySection.values()) list.sort((a, b) => a.offset - b.offset);
  return bySection;
}

/** Objects that use each global without defining it, or that had their definition overridden. */
function usersByGlobal({ objects, resolution }: LinkState): ReadonlyMap<number, readonly string[]> {
  const users = new Map<number, string[]>();
  const losers = new Set<number>(resolution.losers);
  objects.forEach(({ elf }, object) => {
    for (let i = 1; i < elf.symbols.count; i++) {
      const id = resolution.symbolBase[object]! + i;
      const global = resolution.global[id]!;
      if (global < 0 || (elf.symbols.section[i] !== 0 && !losers.has(id))) continue;
      const known = users.get(global);
      if (known) known.push(elf.name);
      else users.set(global, [elf.name]);
    }
  });
  return users;
}

function mapReferences(state: LinkState): readonly MapReference[] {
  const { objects, resolution, live, layout } = state;
  const { globals, strings, symbolBase } = resolution;
  const references: MapReference[] = [];
  for (const [global, referencedBy] of usersByGlobal(state)) {
    if (globals.state[global] === UNDEFINED || live.unreferenced[global] === 1) continue;
    const at = placeOfGlobal(state, global as GlobalId);
    const definer = objectOf(symbolBase, globals.symbol[global]! as SymbolId);
    references.push({
      symbol: strings.text(globals.name[global]!),
      definedIn: objects[definer]!.elf.name,
      section: at ? layout.sections[at.section]!.name : 'ABS',
      offset: at?.offset ?? 0,
      referencedBy,
    });
  }
  return references;
}

/** Definers before users, as GNU ld lists them; several weak definitions of a name are all definers. */
function crossReferences({ objects, resolution }: LinkState): readonly CrossReference[] {
  const { globals, strings, symbolBase } = resolution;
  const definers = new Map<number, string[]>();
  const users = new Map<number, string[]>();
  objects.forEach(({ elf }, object) => {
    for (let i = 1; i < elf.symbols.count; i++) {
      const id = symbolBase[object]! + i;
      const global = resolution.global[id]!;
      if (global < 0) continue;
      const lists = elf.symbols.section[i] === 0 ? users : definers;
      let list = lists.get(global);
      if (!list) lists.set(global, (list = []));
      if (globals.symbol[global] === id) list.unshift(elf.name);
      else list.push(elf.name);
    }
  });
  return Array.from({ length: globals.count }, (_, global): CrossReference => {
    const symbol = strings.text(globals.name[global]!);
    return { symbol, objects: [...(definers.get(global) ?? []), ...(users.get(global) ?? [])] };
  })
    .filter(({ objects: names }) => names.length > 0)
    .toSorted((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0));
}

function mapDiscarded({
  objects,
  resolution,
  live,
  folded,
  layout,
}: LinkState): readonly MapDiscarded[] {
  const { globals, strings, sectionBase, symbolBase, keptSection } = resolution;
  const discarded: MapDiscarded[] = [];
  objects.forEach(({ elf, kept }, object) => {
    let debugBytes = 0;
    for (const { index, name, size } of elf.sections) {
      const id = (sectionBase[object]! + index) as SectionId;
      const whole = { object: elf.name, section: name, offset: 0, size };
      if (size > 0 && kept[index] === 1 && keptSection[id] === 0) {
        discarded.push({ ...whole, reason: 'another object has it' });
      } else if (kept[index] === DEBUG_SECTION && layout.outputOf[id]! < 0) {
        debugBytes += size;
      }
      for (const { start, end, global, symbol: owner = -1 } of live.dropped.get(id) ?? []) {
        const range = { object: elf.name, section: name, offset: start, size: end - start };
        if (global !== undefined) {
          const symbol = strings.text(globals.name[global]!);
          discarded.push({ ...range, symbol, reason: 'overridden' });
          continue;
        }
        const symbol = owner < 0 ? {} : { symbol: symbolName(elf, owner - symbolBase[object]!) };
        discarded.push({ ...range, ...symbol, reason: 'unreferenced' });
      }
      for (const { start, end, symbol, keeper } of folded.get(id) ?? []) {
        const nameOf = (id: SymbolId): string => strings.text(resolution.inputName[id]!);
        const range = { object: elf.name, section: name, offset: start, size: end - start };
        const owner = objects[keeper.object]!.elf.name;
        const reason = `identical to ${nameOf(keeper.symbol)} of ${owner}`;
        discarded.push({ ...range, symbol: nameOf(symbol), reason });
      }
    }
    if (debugBytes > 0) {
      const all = { object: elf.name, section: '.debug_*', offset: 0, size: debugBytes };
      discarded.push({ ...all, reason: 'debug information' });
    }
  });
  return discarded;
}

/** What each object has to do with the traced names, in input order. */
export function traceSymbols(
  { objects, resolution }: Pick<LinkState, 'objects' | 'resolution'>,
  names: readonly string[],
): readonly SymbolTrace[] {
  const wanted = new Map(
    names.map((name) => [resolution.strings.internText(name) as number, name]),
  );
  const traces: SymbolTrace[] = [];
  objects.forEach(({ elf: { name: object, symbols } }, index) => {
    for (let i = 1; i < symbols.count; i++) {
      const id = resolution.symbolBase[index]! + i;
      const symbol = wanted.get(resolution.name[id]!);
      if (symbol === undefined || symbols.type[i] === STT_SECTION) continue;
      const weak = symbols.binding[i] === STB_WEAK;
      const home = symbols.section[i]!;
      const isCommon =
        home < 0 &&
        resolution.global[id]! >= 0 &&
        resolution.globals.state[resolution.global[id]!] === COMMON;
      const role =
        home === 0
          ? weak
            ? 'weak reference'
            : 'reference'
          : isCommon
            ? 'common'
            : weak
              ? 'weak definition'
              : 'definition';
      traces.push({ symbol, object, role });
    }
  });
  return traces;
}
