import type { SymbolColumns } from '@bpf-ld/elf-writer';
import { FIRST_SECTION, IN_NO_SECTION } from '@bpf-ld/elf-writer';
import {
  SECTION_ABSOLUTE,
  STB_GLOBAL,
  STB_LOCAL,
  STB_WEAK,
  STT_COMMON,
  STT_FILE,
  STT_OBJECT,
  STT_SECTION,
  STV_DEFAULT,
} from '@bpf-ld/elf-reader';
import {
  COMMON,
  DEFINED_WEAK,
  objectOf,
  UNDEFINED,
  type GlobalId,
  type SectionId,
  type SymbolId,
} from '@bpf-ld/symbol-resolver';
import { place } from './layout.js';
import { OutputTarget, type LinkState, type Relocated } from './relocate.js';

/** The output's symbol table, and which row each {@link OutputTarget} became. */
export interface OutputSymbols {
  readonly columns: SymbolColumns;
  indexOf(target: number): number;
}

/** Where a symbol is in the output: index into the layout's sections, and offset there. */
export interface OutputPlace {
  readonly section: number;
  readonly offset: number;
}

/** Where a global is defined in the output; `undefined` if it is not, or is absolute. */
export function placeOfGlobal(state: LinkState, global: GlobalId): OutputPlace | undefined {
  const { resolution, layout } = state;
  const { globals } = resolution;
  if (globals.state[global] === COMMON) return layout.commons.get(global);
  if (globals.state[global] === UNDEFINED) return undefined;
  return placeOfSymbol(state, globals.symbol[global] as SymbolId);
}

/** Where a symbol of an input is in the output; `undefined` if its bytes left or it has none. */
export function placeOfSymbol(
  { objects, resolution, layout }: LinkState,
  symbol: SymbolId,
): OutputPlace | undefined {
  const object = objectOf(resolution.symbolBase, symbol);
  const { symbols } = objects[object]!.elf;
  const row = symbol - resolution.symbolBase[object]!;
  const home = symbols.section[row]!;
  if (home <= 0) return undefined;
  const id = (resolution.sectionBase[object]! + home) as SectionId;
  const offset = place(layout, id, symbols.value[row]!);
  return Number.isNaN(offset) ? undefined : { section: layout.outputOf[id]!, offset };
}

/** Rows while the table is built; all columns grow together. */
class Rows {
  readonly name: number[] = [0];
  readonly binding: number[] = [STB_LOCAL];
  readonly type: number[] = [0];
  readonly visibility: number[] = [STV_DEFAULT];
  readonly section: number[] = [0];
  readonly value: number[] = [0];
  readonly size: number[] = [0];

  /** @returns the row's index */
  push(
    name: number,
    binding: number,
    type: number,
    visibility: number,
    section: number,
    value: number,
    size: number,
  ): number {
    this.binding.push(binding);
    this.type.push(type);
    this.visibility.push(visibility);
    this.section.push(section);
    this.value.push(value);
    this.size.push(size);
    return this.name.push(name) - 1;
  }
}

/**
 * The symbol table (gABI): section symbols of the sections that relocations name, then the local
 * symbols of each object behind its STT_FILE, then globals in order of first mention. The order
 * depends only on the inputs' own, so that linking the output again gives the same table.
 */
export function layOutSymbols(state: LinkState, relocated: Relocated): OutputSymbols {
  const { resolution, layout } = state;
  const rows = new Rows();
  const sectionRow = new Map<number, number>();
  const localRow = new Uint32Array(resolution.name.length);
  const globalRow = new Uint32Array(resolution.globals.count);

  const needsSymbol = new Uint8Array(layout.sections.length);
  for (const { relocations } of relocated.sections) {
    for (let i = 0; i < relocations.count; i++) {
      const target = relocations.target(i);
      if (target < 0) needsSymbol[-1 - target] = 1;
    }
  }
  needsSymbol.forEach((needed, output) => {
    if (needed === 0) return;
    const section = FIRST_SECTION + output;
    sectionRow.set(output, rows.push(0, STB_LOCAL, STT_SECTION, STV_DEFAULT, section, 0, 0));
  });
  pushLocals(state, rows, localRow);
  const firstGlobal = rows.name.length;
  pushGlobals(state, rows, globalRow);

  const globalBase = OutputTarget.global(resolution, 0);
  return {
    columns: {
      count: rows.name.length,
      firstGlobal,
      name: Int32Array.from(rows.name),
      binding: Uint8Array.from(rows.binding),
      type: Uint8Array.from(rows.type),
      visibility: Uint8Array.from(rows.visibility),
      section: Int32Array.from(rows.section),
      value: Float64Array.from(rows.value),
      size: Float64Array.from(rows.size),
    },
    indexOf(target) {
      if (target < 0) return sectionRow.get(-1 - target)!;
      return target < globalBase ? localRow[target]! : globalRow[target - globalBase]!;
    },
  };
}

function pushLocals(state: LinkState, rows: Rows, localRow: Uint32Array): void {
  const { objects, resolution } = state;
  objects.forEach(({ elf: { symbols } }, object) => {
    const base = resolution.symbolBase[object]!;
    for (let i = 1; i < symbols.count; i++) {
      const id = (base + i) as SymbolId;
      const type = symbols.type[i]!;
      if (resolution.global[id]! >= 0 || type === STT_SECTION) continue;
      const name = resolution.name[id]!;
      const visibility = symbols.visibility[i]!;
      const size = symbols.size[i]!;
      if (symbols.section[i] === SECTION_ABSOLUTE || type === STT_FILE) {
        const value = symbols.value[i]!;
        localRow[id] = rows.push(name, STB_LOCAL, type, visibility, IN_NO_SECTION, value, size);
        continue;
      }
      const at = placeOfSymbol(state, id);
      if (!at) continue;
      const section = FIRST_SECTION + at.section;
      localRow[id] = rows.push(name, STB_LOCAL, type, visibility, section, at.offset, size);
    }
  });
}

function pushGlobals(state: LinkState, rows: Rows, globalRow: Uint32Array): void {
  const { objects, resolution, live } = state;
  const { globals } = resolution;
  for (let global = 0; global < globals.count; global++) {
    // A name that only bodies that left refer to, or a definition that left.
    if (live.unreferenced[global] === 1) continue;
    const symbol = globals.symbol[global] as SymbolId;
    const object = objectOf(resolution.symbolBase, symbol);
    const { symbols } = objects[object]!.elf;
    const row = symbol - resolution.symbolBase[object]!;
    const name = globals.name[global]!;
    const visibility = globals.visibility[global]!;
    const definition = globals.state[global]!;
    const type = symbols.type[row] === STT_COMMON ? STT_OBJECT : symbols.type[row]!;
    if (definition === UNDEFINED) {
      // A name only a section that left defined.
      if (symbols.section[row] !== 0) continue;
      const binding = globals.onlyWeakReferences[global] === 1 ? STB_WEAK : STB_GLOBAL;
      globalRow[global] = rows.push(name, binding, type, visibility, 0, 0, 0);
      continue;
    }
    const binding = definition === DEFINED_WEAK ? STB_WEAK : STB_GLOBAL;
    const size = definition === COMMON ? globals.commonSize[global]! : symbols.size[row]!;
    const at = placeOfGlobal(state, global as GlobalId);
    globalRow[global] = at
      ? rows.push(name, binding, type, visibility, FIRST_SECTION + at.section, at.offset, size)
      : rows.push(name, binding, type, visibility, IN_NO_SECTION, symbols.value[row]!, size);
  }
}
