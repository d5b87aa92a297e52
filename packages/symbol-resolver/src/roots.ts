import {
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHF_GNU_RETAIN,
  SHF_MERGE,
  STT_FILE,
  STT_SECTION,
  STV_DEFAULT,
  type Section,
} from '@bpf-ld/elf-reader';
import type { Atoms } from './atoms.js';
import { Targets } from './edges.js';
import type { ObjectId, SymbolId } from './ids.js';
import { UNDEFINED, type Resolution } from './resolution.js';
import { JUMP_TABLES_SECTION } from './resolve.js';
import { isTextName } from './section-names.js';

/** What stays although nothing refers to it, beyond what every link keeps. */
export interface RootOptions {
  /** Names of functions and variables. */
  readonly keep: readonly string[];
  /** Names of input sections. */
  readonly keepSections: readonly string[];
  /** Every definition that other links may refer to. */
  readonly keepExported: boolean;
  /** Maps stay only where something refers to them. */
  readonly maps: boolean;
  /** Functions outside of .text are no programs: execution starts at a kept name. */
  readonly entryOnly: boolean;
  /** Functions that the kernel calls by the name in a declaration tag. */
  readonly exceptionCallbacks: readonly string[];
}

/** Why a node is a root: an index into {@link rootReasons}, 0 for nodes that are none. */
export type RootReason = number;

export const rootReasons = [
  '',
  'a program',
  'a map',
  'struct_ops',
  'license or version',
  'an exception callback',
  'kept by name',
  'kept by --keep-section',
  'exported',
  'retained by its object',
  'bytes without a symbol',
  'a section of a kind that always stays',
] as const;

const PROGRAM = 1;
const MAP = 2;
const STRUCT_OPS = 3;
const LICENSE = 4;
const EXCEPTION_CALLBACK = 5;
const BY_NAME = 6;
const BY_SECTION = 7;
const EXPORTED = 8;
const RETAINED = 9;
const ANONYMOUS = 10;
const UNKNOWN_KIND = 11;

/** The sections whose variables a loader or the program reaches only through references. */
const DATA_SECTION = /^\.(?:data|rodata|bss|addr_space\.\d+)(?:\.|$)/;

/** Marks the roots: by node, why it is one. */
export function findRoots(
  resolution: Resolution,
  atoms: Atoms,
  nodes: number,
  options: RootOptions,
): Uint8Array {
  const { objects, sectionBase } = resolution;
  const roots = new Uint8Array(nodes);
  const keptSections = new Set(options.keepSections);
  objects.forEach(({ elf }, object) => {
    for (const header of elf.sections) {
      const id = sectionBase[object]! + header.index;
      const from = atoms.first[id]!;
      const until = atoms.first[id + 1]!;
      if (from === until) continue;
      const reason = keptSections.has(header.name) ? BY_SECTION : sectionReason(header, options);
      const mergeable = (header.flags & SHF_MERGE) !== 0;
      for (let atom = from; atom < until; atom++) {
        if (atoms.lost[atom]) continue;
        roots[atom] = reason || (atoms.symbol[atom]! < 0 && !mergeable ? ANONYMOUS : 0);
      }
    }
  });
  const named = new NamedRoots(resolution, atoms, roots);
  named.mark(options.exceptionCallbacks, EXCEPTION_CALLBACK);
  named.mark(options.keep, BY_NAME);
  if (options.keepExported) named.markExported();
  named.markAssigned();
  return roots;
}

function sectionReason({ name, flags }: Section, { maps, entryOnly }: RootOptions): RootReason {
  if ((flags & SHF_GNU_RETAIN) !== 0) return RETAINED;
  if ((flags & SHF_EXECINSTR) !== 0) {
    return entryOnly || isTextName(name) ? 0 : PROGRAM;
  }
  if (name === '.maps') return maps ? 0 : MAP;
  if (name.startsWith('.struct_ops') || name.startsWith('?.struct_ops')) return STRUCT_OPS;
  if (name === 'license' || name === 'version') return LICENSE;
  if (name === JUMP_TABLES_SECTION) return 0;
  return (flags & SHF_ALLOC) !== 0 && DATA_SECTION.test(name) ? 0 : UNKNOWN_KIND;
}

/** Roots that are given by name, each name looked up once. */
class NamedRoots {
  readonly #resolution: Resolution;
  readonly #targets: Targets;
  readonly #roots: Uint8Array;

  constructor(resolution: Resolution, atoms: Atoms, roots: Uint8Array) {
    this.#resolution = resolution;
    this.#targets = new Targets(resolution, atoms);
    this.#roots = roots;
  }

  mark(names: readonly string[], reason: RootReason): void {
    if (names.length === 0) return;
    for (const { node } of nodesNamed(this.#resolution, this.#targets, names)) {
      this.#roots[node] ||= reason;
    }
  }

  /** What the values of names that the link defines are made of. */
  markAssigned(): void {
    for (const { terms } of this.#resolution.assignments.values()) {
      for (const global of terms.keys()) {
        const node = this.#targets.ofGlobal(global);
        if (node >= 0) this.#roots[node] ||= BY_NAME;
      }
    }
  }

  markExported(): void {
    const { globals } = this.#resolution;
    for (let global = 0; global < globals.count; global++) {
      if (globals.visibility[global] !== STV_DEFAULT || globals.local[global] === 1) continue;
      const node = this.#targets.ofGlobal(global);
      if (node >= 0) this.#roots[node] ||= EXPORTED;
    }
  }
}

/** The nodes of all definitions, local ones too, of the names. */
export function nodesNamed(
  resolution: Resolution,
  targets: Targets,
  names: readonly string[],
): readonly { readonly symbol: SymbolId; readonly node: number }[] {
  const { objects, strings, symbolBase, global, globals, inputName } = resolution;
  const wanted = new Set<number>(names.map((text) => strings.internText(text)));
  const nodes: { symbol: SymbolId; node: number }[] = [];
  objects.forEach(({ elf: { symbols } }, object) => {
    for (let i = 1; i < symbols.count; i++) {
      const id = symbolBase[object]! + i;
      const type = symbols.type[i]!;
      if (!wanted.has(inputName[id]!) || type === STT_SECTION || type === STT_FILE) continue;
      const owner = global[id]!;
      if (owner >= 0 && (globals.state[owner] === UNDEFINED || globals.symbol[owner] !== id)) {
        continue;
      }
      const node = targets.ofSymbol(object as ObjectId, i, 0);
      if (node >= 0) nodes.push({ symbol: id as SymbolId, node });
    }
  });
  return nodes;
}

/** The symbol that names a node: its own, the common's; -1 for bytes without a symbol. */
export function symbolOfNode({ globals }: Resolution, atoms: Atoms, node: number): number {
  return node < atoms.count ? atoms.symbol[node]! : globals.symbol[node - atoms.count]!;
}
