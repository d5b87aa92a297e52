import {
  readStringOffsets,
  tombstoneOf,
  type AdjustedSection,
  type NewAddress,
  type StringOffset,
} from '@bpf-ld/debug-info';
import {
  badRelocation,
  malformedDebugInfo,
  unknownRelocation,
  type Diagnostic,
} from '@bpf-ld/diagnostics';
import {
  R_BPF_64_ABS32,
  R_BPF_64_ABS64,
  R_BPF_NONE,
  SECTION_ABSOLUTE,
  SHF_EXECINSTR,
  STT_SECTION,
  type RelocationTable,
} from '@bpf-ld/elf-reader';
import { FieldEditor, OutputRelocations, relocationKind } from '@bpf-ld/reloc-engine';
import { UNDEFINED, type GlobalId, type SectionId, type SymbolId } from '@bpf-ld/symbol-resolver';
import type { DebugInput } from './debug-inputs.js';
import { place, type Contribution, type Layout, type OutputSection } from './layout.js';
import { placeOfGlobal, placeOfSymbol } from './output-symbols.js';
import { pieceAt } from './pieces.js';
import { OutputTarget, type LinkState, type RelocatedSection } from './relocate.js';
import { siteAt } from './sites.js';

/** Relocates the debug sections of the layout, in its order. */
export function relocateDebug(
  state: LinkState,
  inputs: readonly DebugInput[],
): { readonly sections: readonly RelocatedSection[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const { sections, programSections } = state.layout;
  const relocated = sections
    .slice(programSections)
    .map((section) => relocateSection(state, inputs, section, diagnostics));
  return { sections: relocated, diagnostics };
}

/**
 * Copies one debug section of every input and preserves its relocations: each against the symbol of the section it
 * points into, whatever symbol the compiler chose, because debug information means places and not names. A place that
 * left the link becomes a tombstone without a relocation.
 */
function relocateSection(
  state: LinkState,
  inputs: readonly DebugInput[],
  section: OutputSection,
  diagnostics: Diagnostic[],
): RelocatedSection {
  const contents = new Uint8Array(section.size);
  const relocations = new OutputRelocations();
  const editor = new FieldEditor(contents, state.objects[0]!.elf.littleEndian);
  const tombstone = tombstoneOf(section.name);
  for (const contribution of section.contributions) {
    const { object, section: id } = contribution;
    const index = id - state.resolution.sectionBase[object]!;
    const input = inputs[object]!;
    const bytes = input.sections.find((candidate) => candidate.index === index)!.bytes;
    const adjusted = input.adjusted?.get(index);
    if (adjusted?.moved) contents.set(bytes, contribution.offset);
    else copy(state.layout, contribution, bytes, contents);
    const addresses = adjusted?.addresses;
    if (section.name === STRING_OFFSETS && !input.relocations.has(index)) {
      moveStringOffsets(state, input, contribution, editor, relocations, diagnostics);
    }
    for (const table of input.relocations.get(index) ?? []) {
      relocateTable(
        { state, contribution, index, bytes, table, addresses, editor, relocations, tombstone },
        diagnostics,
      );
    }
  }
  relocations.sort();
  return { contents, relocations };
}

function copy(
  layout: Layout,
  { section, offset }: Contribution,
  bytes: Uint8Array,
  contents: Uint8Array,
): void {
  const pieces = layout.pieces.get(section);
  if (!pieces) {
    contents.set(bytes, offset);
    return;
  }
  // Strings that nobody had before go side by side: most of a section is a few long runs.
  const { start, to, owned } = pieces;
  for (let i = 0; i < to.length; i++) {
    if (owned[i] === 0) continue;
    const first = i;
    while (owned[i + 1] === 1) i++;
    contents.set(bytes.subarray(start[first], start[i + 1]), offset + to[first]!);
  }
}

const STRING_OFFSETS = '.debug_str_offsets';

/** Gives offsets into .debug_str that stand there without relocations those that they would have had. */
function moveStringOffsets(
  { objects, resolution, layout }: LinkState,
  { sections }: DebugInput,
  { object, section: id, offset }: Contribution,
  editor: FieldEditor,
  relocations: OutputRelocations,
  diagnostics: Diagnostic[],
): void {
  const base = resolution.sectionBase[object]!;
  const strings = sections.find(({ name }) => name === '.debug_str');
  const table = sections.find(({ index }) => base + index === id)!;
  if (!strings || layout.outputOf[base + strings.index]! < 0) return;
  const { name, littleEndian } = objects[object]!.elf;
  const read = readStringOffsets(table, name, littleEndian);
  if (!read.ok) {
    const { message, place: where } = read.error;
    diagnostics.push(
      malformedDebugInfo({ object: name, section: table.name, offset: where.offset }, message),
    );
    return;
  }
  const isInside = (entry: StringOffset): boolean => entry.value < strings.bytes.length;
  const outside = read.value.find((entry) => !isInside(entry));
  if (outside) {
    const site = { object: name, section: table.name, offset: outside.at };
    diagnostics.push(malformedDebugInfo(site, `offset ${outside.value} is behind the strings`));
  }
  const target = OutputTarget.section(layout.outputOf[base + strings.index]!);
  for (const { at, width, value } of read.value.filter(isInside)) {
    const [field, type] =
      width === 8 ? (['word64', R_BPF_64_ABS64] as const) : (['word32', R_BPF_64_ABS32] as const);
    const moved = place(layout, (base + strings.index) as SectionId, value);
    editor.add(field, offset + at, moved - value);
    relocations.push(offset + at, type, target);
  }
}

interface Job {
  readonly state: LinkState;
  readonly contribution: Contribution;
  /** Index of the section in its object. */
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly table: RelocationTable;
  /** Fields that mean something else than their relocation says. */
  readonly addresses: AdjustedSection['addresses'] | undefined;
  readonly editor: FieldEditor;
  readonly relocations: OutputRelocations;
  readonly tombstone: number;
}

function relocateTable(
  { state, contribution, index, bytes, table, addresses, editor, relocations, tombstone }: Job,
  diagnostics: Diagnostic[],
): void {
  const parsed = state.objects[contribution.object]!;
  const targets = new DebugTargets(state, contribution.object);
  const { count, offset, type, symbol } = table;
  for (let i = 0; i < count; i++) {
    if (type[i] === R_BPF_NONE) continue;
    const from = offset[i]!;
    const kind = relocationKind(type[i]!, false);
    if (kind?.field !== 'word64' && kind?.field !== 'word32') {
      diagnostics.push(unknownRelocation(siteAt(parsed, index, from), type[i]!));
      continue;
    }
    const { field, width } = kind;
    const [outputType, name] =
      field === 'word64'
        ? ([R_BPF_64_ABS64, 'R_BPF_64_ABS64'] as const)
        : ([R_BPF_64_ABS32, 'R_BPF_64_ABS32'] as const);
    if (from + width > bytes.length) {
      const reason = `${width} bytes at offset ${from} run past the end of the section (${bytes.length} bytes)`;
      diagnostics.push(badRelocation(siteAt(parsed, index, from), name, reason));
      continue;
    }
    const at = contribution.offset + from;
    const stored = editor.addend(field, at);
    const addend = table.addend ? Number(table.addend[i]!) : stored;
    const target = addresses?.has(from)
      ? targets.at(addresses.get(from))
      : targets.resolve(symbol[i]!, addend);
    if (Number.isNaN(target)) {
      editor.store(field, at, tombstone);
    } else if (editor.add(field, at, targets.value - stored)) {
      relocations.push(at, outputType, target);
    } else {
      const reason = `${targets.value} does not fit the field`;
      diagnostics.push(badRelocation(siteAt(parsed, index, from), name, reason));
    }
  }
}

/** Answer of {@link DebugTargets.resolve} for a place that left the link. */
const DEAD = Number.NaN;
const UNKNOWN = 0;
const IN_SECTION = 1;
const BY_SYMBOL = 2;
const LEFT = 3;
const PIECEWISE = 4;

/** What the debug relocations of one object mean. Symbols are looked up once each. */
class DebugTargets {
  /** The new addend, once resolved. */
  value = 0;
  readonly #state: LinkState;
  readonly #object: number;
  readonly #kind: Uint8Array;
  readonly #target: Float64Array;
  readonly #offset: Float64Array;

  constructor(state: LinkState, object: number) {
    this.#state = state;
    this.#object = object;
    const { count } = state.objects[object]!.elf.symbols;
    this.#kind = new Uint8Array(Math.max(count, 1));
    this.#target = new Float64Array(Math.max(count, 1));
    this.#offset = new Float64Array(Math.max(count, 1));
  }

  /** The output symbol that `symbol + addend` is relative to, `value` being how far; DEAD if it left. */
  resolve(symbol: number, addend: number): number {
    if (this.#kind[symbol] === UNKNOWN) this.#lookUp(symbol);
    switch (this.#kind[symbol]) {
      case LEFT:
        return DEAD;
      case PIECEWISE: {
        const section = this.#offset[symbol]! as SectionId;
        const to = place(this.#state.layout, section, addend);
        if (Number.isNaN(to) || this.#isFolded(section, addend)) return DEAD;
        this.value = to;
        return this.#target[symbol]!;
      }
      default:
        this.value = this.#offset[symbol]! + addend;
        return this.#target[symbol]!;
    }
  }

  /** Whether code is another function's: a folded body has no place of its own. */
  #isFolded(section: SectionId, offset: number): boolean {
    const { layout } = this.#state;
    const { flags } = layout.sections[layout.outputOf[section]!]!;
    if ((flags & SHF_EXECINSTR) === 0) return false;
    const pieces = layout.pieces.get(section)!;
    return pieces.owned[pieceAt(pieces, offset)] === 0;
  }

  /** The same for a place that is known. */
  at(address: NewAddress | undefined): number {
    if (!address) return DEAD;
    const { resolution, layout } = this.#state;
    const section = resolution.sectionBase[this.#object]! + address.section;
    this.value = layout.offsetOf[section]! + address.offset;
    return OutputTarget.section(layout.outputOf[section]!);
  }

  #lookUp(symbol: number): void {
    const { objects, resolution, layout } = this.#state;
    const { symbols, sections } = objects[this.#object]!.elf;
    const id = (resolution.symbolBase[this.#object]! + symbol) as SymbolId;
    const home = symbols.section[symbol] ?? 0;
    const global = (resolution.global[id] ?? -1) as GlobalId;
    if (symbol === 0) return this.#set(symbol, BY_SYMBOL, 0, 0);
    // A body that lost to another one is not the other one: each has its own debug information.
    const isCode = home > 0 && (sections[home]!.flags & SHF_EXECINSTR) !== 0;
    if (global >= 0 && !isCode) return this.#lookUpGlobal(symbol, global);
    if (home === SECTION_ABSOLUTE) return this.#set(symbol, BY_SYMBOL, id, 0);
    if (home <= 0) return this.#set(symbol, LEFT, 0, 0);
    const section = (resolution.sectionBase[this.#object]! + home) as SectionId;
    const output = layout.outputOf[section]!;
    if (output < 0) return this.#set(symbol, LEFT, 0, 0);
    if (symbols.type[symbol] === STT_SECTION) {
      const target = OutputTarget.section(output);
      return layout.pieces.has(section)
        ? this.#set(symbol, PIECEWISE, target, section)
        : this.#set(symbol, IN_SECTION, target, layout.offsetOf[section]!);
    }
    this.#setPlace(symbol, placeOfSymbol(this.#state, id));
  }

  #lookUpGlobal(symbol: number, global: GlobalId): void {
    const { objects, resolution, live } = this.#state;
    const { globals } = resolution;
    const at = placeOfGlobal(this.#state, global);
    if (at || live.unreferenced[global] === 1) return this.#setPlace(symbol, at);
    const home = objects[this.#object]!.elf.symbols.section[symbol]!;
    if (globals.state[global] === UNDEFINED && home !== 0) return this.#set(symbol, LEFT, 0, 0);
    this.#set(symbol, BY_SYMBOL, OutputTarget.global(resolution, global), 0);
  }

  #setPlace(
    symbol: number,
    at: { readonly section: number; readonly offset: number } | undefined,
  ): void {
    if (!at) this.#set(symbol, LEFT, 0, 0);
    else this.#set(symbol, IN_SECTION, OutputTarget.section(at.section), at.offset);
  }

  #set(symbol: number, kind: number, target: number, offset: number): void {
    this.#kind[symbol] = kind;
    this.#target[symbol] = target;
    this.#offset[symbol] = offset;
  }
}
