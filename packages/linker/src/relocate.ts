import {
  append,
  badRelocation,
  discardedReference,
  type Diagnostic,
  type Site,
} from '@bpf-ld/diagnostics';
import { SHF_EXECINSTR, SHT_NOBITS, STT_SECTION, symbolName } from '@bpf-ld/elf-reader';
import {
  DROPPED,
  FieldEditor,
  moveImplicitCalls,
  moveJumpTables,
  OutputRelocations,
  preserveRelocations,
  setConstantAt,
  type Placement,
  type RelocationTarget,
} from '@bpf-ld/reloc-engine';
import {
  JUMP_TABLES_SECTION,
  objectOf,
  rangeAt,
  UNDEFINED,
  type FoldedFunction,
  type FoldedFunctions,
  type GlobalId,
  type LiveSet,
  type ObjectId,
  type Resolution,
  type SectionId,
  type SymbolId,
} from '@bpf-ld/symbol-resolver';
import { place, type Layout, type OutputSection } from './layout.js';
import type { ParsedObject } from './parse-object.js';
import { isCopied, type PieceMap } from './pieces.js';
import { siteAt } from './sites.js';
import type { TypeIdImmediate } from './type-id-immediates.js';

/** The bytes of an output section, relocated, and the relocations a loader has still to do. */
export interface RelocatedSection {
  /** `undefined` for NOBITS. */
  readonly contents: Uint8Array | undefined;
  /** Their targets are {@link OutputTarget} numbers. */
  readonly relocations: OutputRelocations;
}

export interface Relocated {
  /** One for each output section of the layout. */
  readonly sections: readonly RelocatedSection[];
}

/** Everything the later passes look at. */
export interface LinkState {
  readonly objects: readonly ParsedObject[];
  readonly resolution: Resolution;
  readonly live: LiveSet;
  /** Functions whose bodies are those of others; none without `icf`. */
  readonly folded: FoldedFunctions;
  readonly layout: Layout;
}

/**
 * How relocations name output symbols before the symbol table is laid out: a section symbol is
 * `-1 - output section`, a local symbol its SymbolId, a global the number of all symbols plus its
 * GlobalId, a label that the link makes its index behind the last global; 0 is the null symbol.
 */
export const OutputTarget = {
  section: (output: number): number => -1 - output,
  global: (resolution: Resolution, global: number): number => resolution.name.length + global,
  label: ({ name, globals }: Resolution, index: number): number =>
    name.length + globals.count + index,
};

/** The folded function that holds `offset` of an input section, if one does. */
export function foldedAt(
  { folded }: Pick<LinkState, 'folded'>,
  section: SectionId,
  offset: number,
): FoldedFunction | undefined {
  const ranges = folded.get(section);
  return ranges && rangeAt(ranges, offset);
}

/**
 * Copies the program's kept bytes to their places, preserves every relocation that stays, and writes the ids
 * that types have now into the instructions that hold one.
 */
export function relocate(
  state: LinkState,
  typeIds: readonly TypeIdImmediate[],
): {
  readonly relocated: Relocated;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const program = state.layout.sections.slice(0, state.layout.programSections);
  const sections = program.map((section): RelocatedSection => {
    const relocations = new OutputRelocations();
    if (section.type === SHT_NOBITS) {
      append(diagnostics, refuseRelocations(state, section));
      return { contents: undefined, relocations };
    }
    const contents = new Uint8Array(section.size);
    const littleEndian = state.objects[0]!.elf.littleEndian;
    const editor = new FieldEditor(contents, littleEndian);
    for (const { object, section: id } of section.contributions) {
      copyPieces(state, object, id, contents);
      relocateContribution(state, object, id, editor, relocations, diagnostics);
    }
    relocations.sort();
    return { contents, relocations };
  });
  for (const { section, offset, typeId } of typeIds) {
    const { contents } = sections[section]!;
    if (contents) setConstantAt(contents, offset, state.objects[0]!.elf.littleEndian, typeId);
  }
  return { relocated: { sections }, diagnostics };
}

function copyPieces(
  { objects, resolution, layout }: LinkState,
  object: ObjectId,
  id: SectionId,
  contents: Uint8Array,
): void {
  const { elf } = objects[object]!;
  const header = elf.sections[id - resolution.sectionBase[object]!]!;
  if (header.type === SHT_NOBITS) return;
  const offset = layout.offsetOf[id]!;
  const pieces = layout.pieces.get(id);
  if (!pieces) {
    contents.set(elf.bytes.subarray(header.offset, header.offset + header.size), offset);
    return;
  }
  for (let i = 0; i < pieces.to.length; i++) {
    if (pieces.owned[i] === 0) continue;
    const start = header.offset + pieces.start[i]!;
    const end = header.offset + pieces.start[i + 1]!;
    contents.set(elf.bytes.subarray(start, end), offset + pieces.to[i]!);
  }
}

function relocateContribution(
  state: LinkState,
  object: ObjectId,
  id: SectionId,
  editor: FieldEditor,
  output: OutputRelocations,
  diagnostics: Diagnostic[],
): void {
  const { resolution, layout } = state;
  const parsed = state.objects[object]!;
  const { elf } = parsed;
  const section = elf.sections[id - resolution.sectionBase[object]!]!;
  const tables = parsed.relocations.get(section.index) ?? [];
  const placement = new ObjectPlacement(state, object, section.index);
  for (const table of tables) {
    append(diagnostics, preserveRelocations({ elf, section, table, placement, editor, output }));
  }
  if (layout.pieces.has(id) && (section.flags & SHF_EXECINSTR) !== 0) {
    append(
      diagnostics,
      moveImplicitCalls({
        code: elf.bytes.subarray(section.offset, section.offset + section.size),
        littleEndian: elf.littleEndian,
        tables,
        placement,
        winnerAt: (offset) => placement.winnerAt(id, offset),
        editor,
        output,
      }),
    );
  }
  if (section.name === JUMP_TABLES_SECTION) {
    append(
      diagnostics,
      moveJumpTables({
        elf,
        section: section.index,
        relocations: parsed.relocations,
        place: (index, offset) => placement.placeIn(index, offset),
        editor,
        site: (offset) => placement.site(offset),
      }),
    );
  }
}

/** Answers for one input section what relocations against its object's symbols mean in the output. */
class ObjectPlacement implements Placement {
  readonly #state: LinkState;
  readonly #parsed: ParsedObject;
  readonly #section: number;
  readonly #sectionBase: number;
  readonly #symbolBase: number;
  /** Of the section being relocated. */
  readonly #pieces: PieceMap | undefined;

  constructor(state: LinkState, object: ObjectId, section: number) {
    this.#state = state;
    this.#parsed = state.objects[object]!;
    this.#section = section;
    this.#sectionBase = state.resolution.sectionBase[object]!;
    this.#symbolBase = state.resolution.symbolBase[object]!;
    this.#pieces = state.layout.pieces.get((this.#sectionBase + section) as SectionId);
  }

  place(offset: number): number {
    const pieces = this.#pieces;
    return pieces && !isCopied(pieces, offset) ? DROPPED : this.target(offset);
  }

  target(offset: number): number {
    return this.placeIn(this.#section, offset);
  }

  /** Output offset of `offset` in another section of the object, or DROPPED. */
  placeIn(section: number, offset: number): number {
    const to = place(this.#state.layout, (this.#sectionBase + section) as SectionId, offset);
    return Number.isNaN(to) ? DROPPED : to;
  }

  resolve(symbol: number, addend: number, target: RelocationTarget): Diagnostic | undefined {
    const { resolution, layout } = this.#state;
    const { symbols } = this.#parsed.elf;
    target.delta = 0;
    target.symbol = 0;
    if (symbol === 0) return undefined;
    const home = symbols.section[symbol]!;
    const global = resolution.global[this.#symbolBase + symbol]! as GlobalId;
    if (global >= 0) {
      this.#refer(global, 0, target);
      const discarded = resolution.globals.state[global] === UNDEFINED && home > 0;
      return discarded ? this.#discarded(symbol, 0) : undefined;
    }
    if (symbols.type[symbol] === STT_SECTION && home > 0) {
      const id = (this.#sectionBase + home) as SectionId;
      const to = place(layout, id, addend);
      if (Number.isNaN(to)) {
        const winner = this.#winnerAt(id, addend);
        if (winner === undefined) return this.#discarded(symbol, addend);
        this.#refer(winner, -addend, target);
        return undefined;
      }
      target.symbol = OutputTarget.section(layout.outputOf[id]!);
      target.delta = to - addend;
      return undefined;
    }
    if (home === 0) {
      const name = symbolName(this.#parsed.elf, symbol);
      return badRelocation(this.site(0), 'relocation', `no object can define local symbol ${name}`);
    }
    if (home > 0) {
      const at = this.placeIn(home, symbols.value[symbol]!);
      if (at === DROPPED) return this.#discarded(symbol, 0);
      const id = (this.#sectionBase + home) as SectionId;
      if (foldedAt(this.#state, id, symbols.value[symbol]!)) {
        target.symbol = OutputTarget.section(layout.outputOf[id]!);
        target.delta = at;
        return undefined;
      }
    }
    target.symbol = this.#symbolBase + symbol;
    return undefined;
  }

  /**
   * Makes `target` a global name and so many bytes. One that became local is referred to through the
   * symbol of its section: that is how compilers refer to statics, and what loaders know of them.
   */
  #refer(global: GlobalId, delta: number, target: RelocationTarget): void {
    const { resolution } = this.#state;
    const { local, symbol } = resolution.globals;
    const isLocal = local[global] === 1 && !resolution.assignments.has(global);
    const at = isLocal ? this.#placeOf(symbol[global]!) : undefined;
    target.symbol = at ? OutputTarget.section(at.output) : OutputTarget.global(resolution, global);
    target.delta = delta + (at?.offset ?? 0);
  }

  /** Where a symbol of any object is defined: output section and offset. */
  #placeOf(id: number): { readonly output: number; readonly offset: number } | undefined {
    const { objects, resolution, layout } = this.#state;
    const object = objectOf(resolution.symbolBase, id as SymbolId);
    const { symbols } = objects[object]!.elf;
    const row = id - resolution.symbolBase[object]!;
    if (symbols.section[row]! <= 0) return undefined;
    const section = (resolution.sectionBase[object]! + symbols.section[row]!) as SectionId;
    const offset = place(layout, section, symbols.value[row]!);
    return Number.isNaN(offset) ? undefined : { output: layout.outputOf[section]!, offset };
  }

  sameSection(symbol: number, addend: number): number | undefined {
    const { layout } = this.#state;
    const { symbols } = this.#parsed.elf;
    const home = symbols.section[symbol]!;
    if (home <= 0) return undefined;
    const outputOf = (section: number): number => layout.outputOf[this.#sectionBase + section]!;
    if (outputOf(home) !== outputOf(this.#section)) return undefined;
    const base = symbols.type[symbol] === STT_SECTION ? 0 : symbols.value[symbol]!;
    const to = this.placeIn(home, base + addend);
    return to === DROPPED ? undefined : to;
  }

  site(offset: number): Site {
    return siteAt(this.#parsed, this.#section, offset);
  }

  /** The output symbol that overrode the body which began at `offset` of a section. */
  winnerAt(id: SectionId, offset: number): number | undefined {
    const winner = this.#winnerAt(id, offset);
    return winner === undefined ? undefined : OutputTarget.global(this.#state.resolution, winner);
  }

  #winnerAt(id: SectionId, offset: number): GlobalId | undefined {
    return this.#state.live.dropped.get(id)?.find(({ start }) => start === offset)?.global;
  }

  #discarded(symbol: number, addend: number): Diagnostic {
    const { elf } = this.#parsed;
    const home = elf.symbols.section[symbol]!;
    const offset = elf.symbols.value[symbol]! + addend;
    const name = symbolName(elf, symbol) || `${elf.sections[home]!.name}+0x${offset.toString(16)}`;
    return discardedReference(
      { object: elf.name, section: elf.sections[this.#section]!.name },
      name,
      siteAt(this.#parsed, home, offset),
    );
  }
}

/** Relocations of a section without bytes have nothing to apply to. */
function refuseRelocations(state: LinkState, section: OutputSection): readonly Diagnostic[] {
  return section.contributions.flatMap(({ object, section: id }) => {
    const parsed = state.objects[object]!;
    const index = id - state.resolution.sectionBase[object]!;
    const table = parsed.relocations.get(index)?.find(({ count }) => count > 0);
    if (!table) return [];
    const site = siteAt(parsed, index, table.offset[0]!);
    return [badRelocation(site, 'relocation', `${section.name} has no bytes to relocate`)];
  });
}
