import {
  SECTION_COMMON,
  STB_GLOBAL,
  STB_LOCAL,
  STB_WEAK,
  STT_FUNC,
  STT_SECTION,
  type ElfFile,
  type StringId,
  type StringPool,
} from '@bpf-ld/elf-reader';
import { JUMP_TABLES_SECTION } from './resolve.js';

/** An archive member, or an object between `--start-lib` and `--end-lib`: linked when it is needed. */
export interface LazyObject {
  /** Names that it defines, as the index of its archive says; without one its own symbols are read. */
  readonly indexed: readonly StringId[] | undefined;
  /** Its symbols, when it is not known yet whether it is needed; undefined if they cannot be read. */
  symbols(): ElfFile | undefined;
  /** Makes it part of the link; undefined if it cannot be read. Called once at most. */
  extract(): ElfFile | undefined;
}

/** What stands on the command line: an object that is linked, or one that waits until it is needed. */
export type PullInput =
  | { readonly kind: 'object'; readonly elf: ElfFile }
  | { readonly kind: 'lazy'; readonly object: LazyObject };

/** Why an object was extracted. */
export interface Extraction {
  readonly object: LazyObject;
  /** The name that was missing. */
  readonly symbol: string;
  /** Name of the object that referenced it first, or the option that did. */
  readonly reference: string;
}

/** What options have to say about references. */
export interface ExtractionRules {
  /** Names that an option references, such as `--undefined`. */
  readonly references?: readonly OptionReference[];
  /** References to NAME mean `__wrap_NAME`, references to `__real_NAME` mean NAME. */
  readonly wrap?: readonly string[];
}

/** A name that an option references, and the option as a report names it. */
export interface OptionReference {
  readonly symbol: string;
  readonly option: string;
}

/**
 * Extracts lazy objects until none is missing that is there, in the order and by the rules of lld:
 *
 * - A strong reference to a name without definition extracts the first lazy object on the command line
 *   that defines it, wherever that stands; a weak reference extracts nothing.
 * - What is extracted is looked through at once, before what follows on the command line, its definitions
 *   before its references.
 * - A name that has a definition, strong, weak or common, extracts nothing. As in GNU ld there is one
 *   exception: a common symbol gives way to an initialised variable in a lazy object.
 *
 * Each object is looked through once, each name is one lookup: the cost is linear in the symbols.
 */
export function extractNeeded(
  inputs: readonly PullInput[],
  strings: StringPool,
  { references = [], wrap = [] }: ExtractionRules = {},
): readonly Extraction[] {
  const meanings = wrap.flatMap((name): [StringId, StringId][] => [
    [strings.internText(name), strings.internText(`__wrap_${name}`)],
    [strings.internText(`__real_${name}`), strings.internText(name)],
  ]);
  const pull = new Pull(strings, new Map(meanings));
  for (const { symbol, option } of references) pull.want(strings.internText(symbol), option);
  for (const input of inputs) {
    if (input.kind === 'object') pull.add(input.elf);
    else pull.offer(input.object);
  }
  return pull.extractions;
}

const UNKNOWN = 0;
/** Referenced strongly, without definition. */
const WANTED = 1;
const COMMON = 2;
const DEFINED = 3;

class Pull {
  readonly extractions: Extraction[] = [];
  readonly #strings: StringPool;
  /** By StringId; absent is UNKNOWN. */
  readonly #states: number[] = [];
  /** Who wanted a name first, by StringId. */
  readonly #wantedBy = new Map<StringId, string>();
  /** The first lazy object that defines a name, by StringId. */
  readonly #providers = new Map<StringId, LazyObject>();
  readonly #extracted = new Set<LazyObject>();
  /** Variables with strong definitions, of the objects that were asked for them. */
  readonly #initialised = new Map<LazyObject, ReadonlySet<StringId>>();

  /** What a reference to a name means, where that is another name. */
  readonly #meanings: ReadonlyMap<StringId, StringId>;

  constructor(strings: StringPool, meanings: ReadonlyMap<StringId, StringId>) {
    this.#strings = strings;
    this.#meanings = meanings;
  }

  want(name: StringId, by: string): void {
    if ((this.#states[name] ?? UNKNOWN) !== UNKNOWN) return;
    this.#states[name] = WANTED;
    this.#wantedBy.set(name, by);
  }

  /** Looks through an object that is linked, and through what it extracts. */
  add(elf: ElfFile): void {
    // Chains of archive members can be long: a stack of its own, not the machine's.
    const stack = [this.#visit(elf)];
    while (stack.length > 0) {
      const next = stack.at(-1)!.next();
      if (next.done) stack.pop();
      else stack.push(this.#visit(next.value));
    }
  }

  /** Makes the definitions of a lazy object available; it is extracted if one of them is missing. */
  offer(object: LazyObject): void {
    for (const name of object.indexed ?? this.#definitions(object)) {
      const state = this.#states[name];
      if (state === WANTED || (state === COMMON && this.#initialises(object, name))) {
        const elf = this.#extract(object, name, this.#wantedBy.get(name) ?? '');
        if (elf) this.add(elf);
        return;
      }
      if (!this.#providers.has(name)) this.#providers.set(name, object);
    }
  }

  /** Enters the definitions of `elf`, then follows its references; yields what they extract. */
  *#visit(elf: ElfFile): Generator<ElfFile, void> {
    const { symbols } = elf;
    for (const i of globalSymbols(elf)) {
      const home = symbols.section[i]!;
      if (home === 0) continue;
      const name = this.#name(elf, i);
      const state = home === SECTION_COMMON ? COMMON : DEFINED;
      if ((this.#states[name] ?? UNKNOWN) >= state) continue;
      this.#states[name] = state;
      if (state !== COMMON) continue;
      this.#wantedBy.set(name, elf.name);
      const provider = this.#providers.get(name);
      if (provider && this.#initialises(provider, name)) {
        const extracted = this.#extract(provider, name, elf.name);
        if (extracted) yield extracted;
      }
    }
    for (const i of globalSymbols(elf)) {
      if (symbols.section[i] !== 0 || symbols.binding[i] === STB_WEAK) continue;
      const written = this.#name(elf, i);
      const name = this.#meanings.get(written) ?? written;
      if ((this.#states[name] ?? UNKNOWN) > WANTED) continue;
      this.want(name, elf.name);
      const provider = this.#providers.get(name);
      const extracted = provider && this.#extract(provider, name, elf.name);
      if (extracted) yield extracted;
    }
  }

  #extract(object: LazyObject, name: StringId, reference: string): ElfFile | undefined {
    if (this.#extracted.has(object)) return undefined;
    this.#extracted.add(object);
    this.extractions.push({ object, symbol: this.#strings.text(name), reference });
    return object.extract();
  }

  #definitions(object: LazyObject): readonly StringId[] {
    const elf = object.symbols();
    if (!elf) return [];
    return globalSymbols(elf)
      .filter((i) => elf.symbols.section[i] !== 0)
      .map((i) => this.#name(elf, i));
  }

  /** Whether the object has a strong definition of a variable, which a common symbol gives way to. */
  #initialises(object: LazyObject, name: StringId): boolean {
    if (this.#extracted.has(object)) return false;
    let names = this.#initialised.get(object);
    if (!names) {
      names = this.#initialisedNames(object);
      this.#initialised.set(object, names);
    }
    return names.has(name);
  }

  #initialisedNames(object: LazyObject): ReadonlySet<StringId> {
    const elf = object.symbols();
    if (!elf) return new Set();
    const { binding, section, type } = elf.symbols;
    const rows = globalSymbols(elf).filter(
      (i) => section[i]! > 0 && binding[i] === STB_GLOBAL && type[i] !== STT_FUNC,
    );
    return new Set(rows.map((i) => this.#name(elf, i)));
  }

  #name({ symbols: { names, nameAt, nameEnd } }: ElfFile, i: number): StringId {
    return this.#strings.intern(names.bytes, nameAt[i]!, nameEnd[i]!);
  }
}

/** Symbols that other objects can mean, by row. */
function globalSymbols({ symbols, sections }: ElfFile): number[] {
  const rows: number[] = [];
  for (let i = 1; i < symbols.count; i++) {
    if (symbols.binding[i] === STB_LOCAL || symbols.type[i] === STT_SECTION) continue;
    const home = symbols.section[i]!;
    // A jump table belongs to its function: its name says nothing to other objects.
    if (home > 0 && sections[home]!.name === JUMP_TABLES_SECTION) continue;
    rows.push(i);
  }
  return rows;
}
