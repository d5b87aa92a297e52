import {
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_INT,
  BTF_KIND_VAR,
  BTF_INT_CHAR,
  BTF_INT_SIGNED,
  BTF_LINKAGE_EXTERN,
  BTF_LINKAGE_GLOBAL,
  BTF_LINKAGE_STATIC,
  ofKind,
  poolIds,
  type Btf,
  type TypeBase,
  type TypePool,
} from '@bpf-ld/btf';
import type { SymbolTable } from '@bpf-ld/elf-reader';
import type { ObjectId } from '@bpf-ld/symbol-resolver';
import type { LinkState } from './relocate.js';

/**
 * Puts right what compilers say in BTF against the object's own symbols, or as the kernel does not
 * take it.
 *
 * - GCC 12: every FUNC is static, every VAR that is not static is global. Symbols say which names are global
 *   and which extern.
 * - clang: names of C++ functions are not those of their symbols, and in an object of C++ mean no other
 *   object's functions.
 * - GCC 12: the INT of `char` is signed and a character; the kernel takes one of the two alone.
 */
export class TypeCorrections {
  readonly #state: LinkState;
  readonly #pool: TypePool;
  /** By GlobalId: the last object (plus one) whose symbols mention the name, and define it. */
  readonly #mentioned: Uint32Array;
  readonly #defined: Uint32Array;
  /** FUNCs whose names are not those of symbols. */
  readonly #unbound = new Set<number>();

  constructor(state: LinkState, pool: TypePool) {
    const { count } = state.resolution.globals;
    this.#state = state;
    this.#pool = pool;
    this.#mentioned = new Uint32Array(count);
    this.#defined = new Uint32Array(count);
  }

  /** Corrects the types that `object` put into the pool at `base`. */
  apply(object: ObjectId, base: TypeBase, btf: Btf): void {
    const isCxx = this.#mention(object);
    // Where functions have records, a static FUNC is meant: the linker makes such for global
    // functions without BTF. GCC 12 writes no records of functions.
    const { btfExt } = this.#state.objects[object]!;
    const isStaticMeant = btfExt !== undefined && btfExt.funcInfo.length > 0;
    const idsOf = (kind: number): Uint32Array => poolIds(base, ofKind(btf.byKind, kind));
    if (isCxx) for (const id of idsOf(BTF_KIND_FUNC)) this.#unbind(object, id);
    if (!isStaticMeant) {
      for (const id of idsOf(BTF_KIND_FUNC)) this.#correctLinkage(object, id, BTF_LINKAGE_STATIC);
    }
    for (const id of idsOf(BTF_KIND_VAR)) this.#correctLinkage(object, id, BTF_LINKAGE_GLOBAL);
    for (const id of idsOf(BTF_KIND_INT)) this.#correctEncoding(id);
  }

  /** Whether the name of a FUNC or VAR is that of its symbol. */
  bindsByName(id: number): boolean {
    return !this.#unbound.has(id);
  }

  /** Notes which names the symbols of `object` have; whether one of them is mangled. */
  #mention(object: ObjectId): boolean {
    const { objects, resolution } = this.#state;
    const { symbols } = objects[object]!.elf;
    const base = resolution.symbolBase[object]!;
    let isCxx = false;
    for (let i = 1; i < symbols.count; i++) {
      const global = resolution.global[base + i]!;
      if (global < 0) continue;
      this.#mentioned[global] = object + 1;
      if (symbols.section[i] !== 0) this.#defined[global] = object + 1;
      isCxx ||= isMangled(symbols, i);
    }
    return isCxx;
  }

  /** Goes by the symbol where a type has the linkage that the compiler gives to all of its kind. */
  #correctLinkage(object: ObjectId, id: number, suspect: number): void {
    const name = this.#pool.nameId(id);
    if (this.#pool.linkage(id) !== suspect || name === 0) return;
    const global = this.#state.resolution.findGlobal(name, object);
    // A static function has a local symbol, and then no global one is called the same.
    if (global < 0 || this.#mentioned[global] !== object + 1) return;
    const isDefined = this.#defined[global] === object + 1;
    this.#pool.setLinkage(id, isDefined ? BTF_LINKAGE_GLOBAL : BTF_LINKAGE_EXTERN);
  }

  #unbind(object: ObjectId, id: number): void {
    const global = this.#state.resolution.findGlobal(this.#pool.nameId(id), object);
    if (global >= 0 && this.#mentioned[global] === object + 1) return;
    this.#unbound.add(id);
    // No symbol can resolve it: it says nothing.
    if (this.#pool.linkage(id) !== BTF_LINKAGE_EXTERN) return;
    this.#pool.setLinkage(id, BTF_LINKAGE_STATIC);
  }

  #correctEncoding(id: number): void {
    const both = BTF_INT_SIGNED | BTF_INT_CHAR;
    const encoding = this.#pool.intEncoding(id);
    if ((encoding & both) === both) this.#pool.setIntEncoding(id, encoding & ~BTF_INT_CHAR);
  }
}

/** Whether a symbol has a name of the Itanium C++ ABI: `_Z` and more. */
function isMangled({ names, nameAt, nameEnd }: SymbolTable, symbol: number): boolean {
  const at = nameAt[symbol]!;
  const [underscore, z] = [0x5f, 0x5a];
  return nameEnd[symbol]! - at > 2 && names.u8(at) === underscore && names.u8(at + 1) === z;
}

/**
 * FUNCs that the kernel refuses (btf_func_check in kernel/bpf/btf.c) and that, unless a record is of
 * their type, nothing means: GCC 12 writes one without a name for each pointer to a helper, and one
 * without names of parameters for each function with the attribute kernel_helper.
 */
export function uselessFunctions(pool: TypePool): readonly number[] {
  const found: number[] = [];
  const { sameAs } = pool;
  const useless = new Set<number>();
  pool.forEachOfKind(BTF_KIND_FUNC, (id) => {
    if (sameAs[id] === id && isUseless(pool, id)) useless.add(id);
  });
  if (useless.size > 0) {
    pool.forEachOfKind(BTF_KIND_FUNC, (id) => {
      if (useless.has(sameAs[id]!)) found.push(id);
    });
  }
  return found;
}

function isUseless(pool: TypePool, func: number): boolean {
  if (pool.nameId(func) === 0) return true;
  return pool.linkage(func) === BTF_LINKAGE_STATIC && hasNamelessParameter(pool, func);
}

function hasNamelessParameter(pool: TypePool, func: number): boolean {
  const proto = pool.sizeOrType(func);
  if (pool.kind(proto) !== BTF_KIND_FUNC_PROTO) return false;
  for (let i = 0; i < pool.vlen(proto); i++) {
    // A parameter is name and type; that of a variadic function's end has neither (btf.rst).
    if (pool.word(proto, 3 + 2 * i) === 0 && pool.word(proto, 4 + 2 * i) !== 0) return true;
  }
  return false;
}

/** Sections whose DATASECs GCC 12 lists externs in: where a definition would be. */
export const DEFINITIONS_ONLY: ReadonlySet<string> = new Set(['.data', '.bss', '.rodata']);
