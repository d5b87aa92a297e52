import {
  BTF_KIND_FUNC,
  BTF_KIND_INT,
  BTF_KIND_VAR,
  BTF_INT_CHAR,
  BTF_INT_SIGNED,
  BTF_LINKAGE_EXTERN,
  BTF_LINKAGE_GLOBAL,
  BTF_LINKAGE_STATIC,
  poolId,
  type Btf,
  type TypeBase,
  type TypePool,
} from '@bpf-ld/btf';
import type { ObjectId } from '@bpf-ld/symbol-resolver';
import type { LinkState } from './relocate.js';

/**
 * Puts right what GCC 12 says in BTF against the object's own symbols, or as the kernel does not
 * take it. What other compilers write does not change.
 *
 * - Every FUNC is static, every VAR that is not static is global: symbols say which names are global
 *   and which extern.
 * - The INT of `char` is signed and a character; the kernel takes one of the two alone.
 */
export class TypeCorrections {
  readonly #state: LinkState;
  readonly #pool: TypePool;
  /** By GlobalId: the last object (plus one) whose symbols mention the name, and define it. */
  readonly #mentioned: Uint32Array;
  readonly #defined: Uint32Array;

  constructor(state: LinkState, pool: TypePool) {
    const { count } = state.resolution.globals;
    this.#state = state;
    this.#pool = pool;
    this.#mentioned = new Uint32Array(count);
    this.#defined = new Uint32Array(count);
  }

  /** Corrects the types that `object` put into the pool at `base`. */
  apply(object: ObjectId, base: TypeBase, btf: Btf): void {
    this.#mention(object);
    for (let local = 1; local < btf.typeCount; local++) {
      const id = poolId(base, local);
      const kind = this.#pool.kind(id);
      if (kind === BTF_KIND_FUNC || kind === BTF_KIND_VAR) this.#correctLinkage(object, id, kind);
      else if (kind === BTF_KIND_INT) this.#correctEncoding(id);
    }
  }

  #mention(object: ObjectId): void {
    const { objects, resolution } = this.#state;
    const { symbols } = objects[object]!.elf;
    const base = resolution.symbolBase[object]!;
    for (let i = 1; i < symbols.count; i++) {
      const global = resolution.global[base + i]!;
      if (global < 0) continue;
      this.#mentioned[global] = object + 1;
      if (symbols.section[i] !== 0) this.#defined[global] = object + 1;
    }
  }

  #correctLinkage(object: ObjectId, id: number, kind: number): void {
    const suspect = kind === BTF_KIND_FUNC ? BTF_LINKAGE_STATIC : BTF_LINKAGE_GLOBAL;
    const name = this.#pool.nameId(id);
    if (this.#pool.linkage(id) !== suspect || name === 0) return;
    const global = this.#state.resolution.findGlobal(name, object);
    // A static function has a local symbol, and then no global one is called the same.
    if (global < 0 || this.#mentioned[global] !== object + 1) return;
    const isDefined = this.#defined[global] === object + 1;
    this.#pool.setLinkage(id, isDefined ? BTF_LINKAGE_GLOBAL : BTF_LINKAGE_EXTERN);
  }

  #correctEncoding(id: number): void {
    const both = BTF_INT_SIGNED | BTF_INT_CHAR;
    const encoding = this.#pool.intEncoding(id);
    if ((encoding & both) === both) this.#pool.setIntEncoding(id, encoding & ~BTF_INT_CHAR);
  }
}

/**
 * FUNCs without a name, which GCC 12 writes for pointers to helpers: nothing can mean them, and the
 * kernel refuses them.
 */
export function namelessFunctions(pool: TypePool): readonly number[] {
  const found: number[] = [];
  for (let id = 1; id < pool.count; id++) {
    if (pool.kind(id) === BTF_KIND_FUNC && pool.nameId(id) === 0) found.push(id);
  }
  return found;
}

/** Sections whose DATASECs GCC 12 lists externs in: where a definition would be. */
export const DEFINITIONS_ONLY: ReadonlySet<string> = new Set(['.data', '.bss', '.rodata']);
