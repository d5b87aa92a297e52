import type { SymbolColumns } from '@bpf-ld/elf-writer';
import { FIRST_SECTION, IN_NO_SECTION } from '@bpf-ld/elf-writer';
import {
  SECTION_ABSOLUTE,
  STB_GLOBAL,
  STB_LOCAL,
  STB_WEAK,
  STT_COMMON,
  STT_FILE,
  STT_FUNC,
  STT_NOTYPE,
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
import { aliasedBy } from './symbol-control.js';
import { foldedAt, OutputTarget, type LinkState, type Relocated } from './relocate.js';

/** The output's symbol table, and which row each {@link OutputTarget} became. */
export interface OutputSymbols {
  readonly columns: SymbolColumns;
  indexOf(target: number): number;
}

/** A local symbol that no input has, for a place that something has to name. */
export interface OutputLabel {
  /** StringId. */
  readonly name: number;
  readonly type: number;
  /** Index into the layout's sections. */
  readonly section: number;
  readonly offset: number;
  readonly size: number;
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
  if (resolution.assignments.has(global)) {
    const found = assignedValue(state, global);
    if (typeof found === 'string' || found.section === undefined) return undefined;
    return { section: found.section, offset: found.value };
  }
  if (globals.state[global] === COMMON) return layout.commons.get(global);
  if (globals.state[global] === UNDEFINED) return undefined;
  return placeOfDefinition(state, globals.symbol[global] as SymbolId);
}

/** What an assigned name is: a number, or a place in an output section. */
export interface AssignedValue {
  /** Index into the layout's sections; `undefined` for a number. */
  readonly section: number | undefined;
  /** The number, or bytes from the start of the section. */
  readonly value: number;
}

/**
 * The value of an assigned name. Addresses of one section may be subtracted from each other; what
 * is left is a number, or one address and a number.
 *
 * @returns the value, or why there is none
 */
export function assignedValue(state: LinkState, global: GlobalId): AssignedValue | string {
  const { constant, terms } = state.resolution.assignments.get(global)!;
  const counts = new Map<number, number>();
  let value = constant;
  for (const [id, times] of terms) {
    const at = placeOfGlobal(state, id);
    const section = at?.section ?? -1;
    if (at) counts.set(section, (counts.get(section) ?? 0) + times);
    value += times * (at?.offset ?? absoluteValue(state, id));
  }
  const left = [...counts].filter(([, times]) => times !== 0);
  if (left.length === 0) {
    return value < 0 ? `${value} is negative` : { section: undefined, value };
  }
  const [section, times] = left[0]!;
  if (left.length > 1 || times !== 1) {
    return 'is neither a number nor a place in one section';
  }
  const { name, size } = state.layout.sections[section]!;
  if (value < 0 || value > size) return `offset ${value} is outside ${name} (${size} bytes)`;
  return { section, value };
}

function absoluteValue({ objects, resolution }: LinkState, global: GlobalId): number {
  const symbol = resolution.globals.symbol[global] as SymbolId;
  const object = objectOf(resolution.symbolBase, symbol);
  return objects[object]!.elf.symbols.value[symbol - resolution.symbolBase[object]!]!;
}

/**
 * Where the symbol of an input is in the output; `undefined` if its bytes left, it has none or it is
 * that of a folded function.
 */
export function placeOfSymbol(state: LinkState, symbol: SymbolId): OutputPlace | undefined {
  return isFolded(state, symbol) ? undefined : placeOfDefinition(state, symbol);
}

/** Whether a symbol is that of a function whose body is another's: it is not in the output. */
function isFolded({ objects, resolution, folded }: LinkState, symbol: SymbolId): boolean {
  if (folded.size === 0) return false;
  const object = objectOf(resolution.symbolBase, symbol);
  const { symbols } = objects[object]!.elf;
  const row = symbol - resolution.symbolBase[object]!;
  const id = (resolution.sectionBase[object]! + symbols.section[row]!) as SectionId;
  return symbols.section[row]! > 0 && foldedAt({ folded }, id, symbols.value[row]!) !== undefined;
}

/** Where references to a symbol of an input lead in the output. */
function placeOfDefinition(
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
export function layOutSymbols(
  state: LinkState,
  relocated: Relocated = { sections: [] },
  retain?: readonly string[],
  labels: readonly OutputLabel[] = [],
): OutputSymbols {
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
  const keeps = retain ? retained(state, relocated, retain) : () => true;
  pushLocals(state, rows, localRow, globalRow, keeps);
  pushAssigned(state, rows, globalRow, 1);
  const labelRow = labels.map(({ name, type, section, offset, size }) =>
    rows.push(name, STB_LOCAL, type, STV_DEFAULT, FIRST_SECTION + section, offset, size),
  );
  const firstGlobal = rows.name.length;
  pushGlobals(state, rows, globalRow, keeps);

  const globalBase = OutputTarget.global(resolution, 0);
  const labelBase = OutputTarget.label(resolution, 0);
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
      if (target >= labelBase) return labelRow[target - labelBase]!;
      return target < globalBase ? localRow[target]! : globalRow[target - globalBase]!;
    },
  };
}

/** Whether the output has a symbol: target as in {@link OutputTarget}, and its type. */
type Keeps = (target: number, name: number, type: number) => boolean;

/**
 * `--retain-symbols-file`: which symbols stay. Beyond those listed and what relocations need, these
 * are functions, and variables where there is BTF: a loader finds both through their symbols.
 */
function retained(
  { objects, resolution }: LinkState,
  relocated: Relocated,
  retain: readonly string[],
): Keeps {
  const listed = new Set<number>(retain.map((name) => resolution.strings.internText(name)));
  const needed = new Set<number>();
  for (const { relocations } of relocated.sections) {
    for (let i = 0; i < relocations.count; i++) needed.add(relocations.target(i));
  }
  const hasTypes = objects.some(({ btf }) => btf !== undefined);
  return (target, name, type) =>
    type === STT_FUNC ||
    (type === STT_OBJECT && hasTypes) ||
    needed.has(target) ||
    listed.has(name);
}

function pushLocals(
  state: LinkState,
  rows: Rows,
  localRow: Uint32Array,
  globalRow: Uint32Array,
  keeps: Keeps,
): void {
  const { objects, resolution } = state;
  const { globals } = resolution;
  objects.forEach(({ elf: { symbols } }, object) => {
    const base = resolution.symbolBase[object]!;
    for (let i = 1; i < symbols.count; i++) {
      const id = (base + i) as SymbolId;
      const type = symbols.type[i]!;
      const global = resolution.global[id]! as GlobalId;
      if (global >= 0) {
        const isHere = globals.local[global] === 1 && globals.symbol[global] === id;
        if (isHere && !resolution.assignments.has(global) && !isFolded(state, id)) {
          globalRow[global] = pushDefined(state, rows, global, STB_LOCAL);
        }
        continue;
      }
      if (type === STT_SECTION) continue;
      const name = resolution.name[id]!;
      if (!keeps(id, name, type)) continue;
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

/** Names that the link itself defines, those that are local or those that are not. */
function pushAssigned(state: LinkState, rows: Rows, globalRow: Uint32Array, local: number): void {
  const { globals, assignments } = state.resolution;
  for (const global of assignments.keys()) {
    if (globals.local[global] !== local) continue;
    globalRow[global] = pushDefined(state, rows, global, local === 1 ? STB_LOCAL : STB_GLOBAL);
  }
}

/** @returns the row of a defined global */
function pushDefined(state: LinkState, rows: Rows, global: GlobalId, binding: number): number {
  const { objects, resolution } = state;
  const { globals } = resolution;
  const symbol = globals.symbol[global] as SymbolId;
  const object = objectOf(resolution.symbolBase, symbol);
  const { symbols } = objects[object]!.elf;
  const row = symbol - resolution.symbolBase[object]!;
  const name = globals.name[global]!;
  const visibility = binding === STB_LOCAL ? STV_DEFAULT : globals.visibility[global]!;
  const assignment = resolution.assignments.get(global);
  // Only another name of a symbol is of its kind; an address inside of one is not.
  const isSymbol = !assignment || aliasedBy(assignment) !== undefined;
  const ownType = symbols.type[row] === STT_COMMON ? STT_OBJECT : symbols.type[row]!;
  const type = isSymbol ? ownType : STT_NOTYPE;
  const ownSize =
    globals.state[global] === COMMON ? globals.commonSize[global]! : symbols.size[row]!;
  const size = isSymbol ? ownSize : 0;
  const at = placeOfGlobal(state, global);
  if (at) {
    const section = FIRST_SECTION + at.section;
    return rows.push(name, binding, type, visibility, section, at.offset, size);
  }
  const assigned = assignment && assignedValue(state, global);
  const value = typeof assigned === 'object' ? assigned.value : symbols.value[row]!;
  return rows.push(name, binding, type, visibility, IN_NO_SECTION, value, size);
}

function pushGlobals(state: LinkState, rows: Rows, globalRow: Uint32Array, keeps: Keeps): void {
  pushAssigned(state, rows, globalRow, 0);
  const { objects, resolution, live } = state;
  const { globals } = resolution;
  for (let global = 0; global < globals.count; global++) {
    // A name that only bodies that left refer to, or a definition that left.
    if (live.unreferenced[global] === 1) continue;
    if (globals.local[global] === 1 || resolution.assignments.has(global as GlobalId)) continue;
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
    if (!keeps(OutputTarget.global(resolution, global), name, type)) continue;
    const binding = definition === DEFINED_WEAK ? STB_WEAK : STB_GLOBAL;
    globalRow[global] = pushDefined(state, rows, global as GlobalId, binding);
  }
}
