import {
  firstBehind,
  SECTION_ABSOLUTE,
  SECTION_COMMON,
  STB_LOCAL,
  STT_FILE,
  STT_FUNC,
  STT_NOTYPE,
  STT_SECTION,
  symbolName,
  type ElfFile,
} from '@bpf-ld/elf-reader';

/** A place by the symbol it lies in, or else by its section. Offsets are bytes. */
export interface Place {
  readonly symbol?: string;
  /** `COMMON` of a common symbol; absent of undefined and absolute ones. */
  readonly section?: string;
  /** From the start of the symbol, without one from the start of the section. */
  readonly offset: number;
}

/** A stretch of a code section from one symbol to the next; `names` is empty before the first. */
export interface Stretch {
  /** The names it begins with: functions first, then what is visible to other objects. */
  readonly names: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Names of places inside: what is no function and lies in one, as the labels of an assembler. */
  readonly labels: ReadonlyMap<number, string>;
}

/** Names the places of one file after its symbols. */
export class Places {
  readonly #elf: ElfFile;
  /** By section index: symbols in order of value, of equal ones the one to name the place by first. */
  readonly #bySection = new Map<number, number[]>();
  /** The same, of those with a size, one for each place. */
  readonly #sized = new Map<number, readonly number[]>();

  constructor(elf: ElfFile) {
    this.#elf = elf;
    const { count, type, section, value, size } = elf.symbols;
    for (let i = 1; i < count; i++) {
      const home = section[i]!;
      if (home <= 0 || type[i] === STT_SECTION || type[i] === STT_FILE) continue;
      const known = this.#bySection.get(home);
      if (known) known.push(i);
      else this.#bySection.set(home, [i]);
    }
    for (const [home, list] of this.#bySection) {
      list.sort((a, b) => value[a]! - value[b]! || this.#rank(a) - this.#rank(b) || a - b);
      const sized = list.filter((symbol) => size[symbol]! > 0);
      // Of symbols at one place the first names it.
      this.#sized.set(
        home,
        sized.filter((symbol, i) => i === 0 || value[sized[i - 1]!] !== value[symbol]),
      );
    }
  }

  /** The place `addend` bytes behind symbol `symbol`. */
  ofSymbol(symbol: number, addend: number): Place {
    const { type, section, value } = this.#elf.symbols;
    const home = section[symbol]!;
    if (home > 0 && type[symbol] === STT_SECTION) return this.at(home, value[symbol]! + addend);
    const name = symbolName(this.#elf, symbol);
    if (home === 0 || home === SECTION_ABSOLUTE) return { symbol: name, offset: addend };
    const sectionName = home === SECTION_COMMON ? 'COMMON' : this.#elf.sections[home]!.name;
    return { symbol: name, section: sectionName, offset: addend };
  }

  /** The place at byte `offset` of a section. */
  at(section: number, offset: number): Place {
    const { value, size } = this.#elf.symbols;
    const name = this.#elf.sections[section]!.name;
    const named = (symbol: number): Place => ({
      symbol: symbolName(this.#elf, symbol),
      section: name,
      offset: offset - value[symbol]!,
    });
    const all = this.#bySection.get(section) ?? [];
    const exact = all[firstBehind(all, (symbol) => value[symbol]! < offset)];
    if (exact !== undefined && value[exact] === offset) return named(exact);
    const sized = this.#sized.get(section) ?? [];
    const around = sized[firstBehind(sized, (symbol) => value[symbol]! <= offset) - 1];
    const isInside = around !== undefined && offset < value[around]! + size[around]!;
    return isInside ? named(around) : { section: name, offset };
  }

  /** A code section cut at its functions: ascending, without a gap, up to its end. */
  stretches(section: number): readonly Stretch[] {
    const { type, value, size } = this.#elf.symbols;
    const end = this.#elf.sections[section]!.size;
    const stretches: { names: string[]; start: number; labels: Map<number, string> }[] = [];
    let last = { names: [] as string[], start: 0, labels: new Map<number, string>() };
    let functionEnd = 0;
    stretches.push(last);
    for (const symbol of this.#bySection.get(section) ?? []) {
      const at = value[symbol]!;
      if (at >= end) break;
      const name = symbolName(this.#elf, symbol);
      if (type[symbol] !== STT_FUNC && at < functionEnd && at !== last.start) {
        if (!last.labels.has(at)) last.labels.set(at, name);
        continue;
      }
      if (at !== last.start) {
        last = { names: [], start: at, labels: new Map() };
        stretches.push(last);
      }
      last.names.push(name);
      if (type[symbol] === STT_FUNC) functionEnd = Math.max(functionEnd, at + size[symbol]!);
    }
    return stretches.map((stretch, i) => ({ ...stretch, end: stretches[i + 1]?.start ?? end }));
  }

  /** The lower, the sooner a symbol names its place. */
  #rank(symbol: number): number {
    const { type, binding, size } = this.#elf.symbols;
    if (type[symbol] === STT_NOTYPE && size[symbol] === 0) return 2;
    return binding[symbol] === STB_LOCAL ? 1 : 0;
  }
}
