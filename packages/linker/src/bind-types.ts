import {
  BTF_KIND_DATASEC,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_VAR,
  BTF_LINKAGE_EXTERN,
  BTF_LINKAGE_GLOBAL,
  BTF_LINKAGE_STATIC,
  isEmptyPrototype,
  leavesParametersOpen,
  poolId,
  ofKind,
  poolIds,
  vlenOf,
  type Btf,
  type TypeBase,
  type TypePool,
} from '@bpf-ld/btf';
import {
  objectOf,
  UNDEFINED,
  type GlobalId,
  type ObjectId,
  type SymbolId,
} from '@bpf-ld/symbol-resolver';
import { inventFunction } from './invent-function.js';
import type { LinkState } from './relocate.js';
import { TypeCorrections } from './type-corrections.js';

/** One object's types in the pool; `undefined` for an object without BTF. */
export interface ObjectTypes {
  readonly base: TypeBase;
  /** Pool ids of its DATASECs. */
  readonly datasecs: Uint32Array;
}

/** A VAR or FUNC that some object has for a global name. */
export interface Declaration {
  readonly object: ObjectId;
  /** Pool id of the VAR or FUNC. */
  readonly type: number;
}

/** Which VAR or FUNC stands for each global name. */
export interface TypeBinding {
  readonly objects: readonly (ObjectTypes | undefined)[];
  /** By GlobalId: pool id of the VAR or FUNC that the output has for the name, 0 without one. */
  readonly declaration: Int32Array;
  /** By GlobalId: the object that `declaration` is from. */
  readonly declaredIn: Int32Array;
  /** Declarations that were redirected to the one of the output, by global and object. */
  readonly others: readonly { readonly global: number; readonly other: Declaration }[];
  /** Names defined and referred to across objects, one side of which has no BTF. */
  readonly unchecked: readonly UncheckedName[];
}

export interface UncheckedName {
  readonly global: number;
  readonly missing: 'definition' | 'reference' | 'both';
  /** The undefined symbol in the referring object. */
  readonly reference: SymbolId;
}

/**
 * Puts the types of all objects into one pool and makes every VAR and FUNC of a global name mean one
 * declaration: the definition's, or while there is none the first of those that say most of the
 * parameters. The others are redirected to it, so that they leave with what only they need.
 *
 * A definition without BTF gets the declaration of a referring object, which becomes global.
 *
 * @param added called after each object's types are in the pool, while its strings are at hand
 */
export function bindTypes(
  state: LinkState,
  pool: TypePool,
  added: (object: ObjectId, base: TypeBase) => void,
): TypeBinding {
  const { objects, resolution } = state;
  const { globals } = resolution;
  const declaration = new Int32Array(globals.count);
  const declaredIn = new Int32Array(globals.count).fill(-1);
  const candidates: { readonly global: number; readonly other: Declaration }[] = [];
  const definer = definers(state);
  /** The last object (plus one) seen to have BTF for a global. */
  const lastWithTypes = new Uint32Array(globals.count);
  const definedWithTypes = new Uint8Array(globals.count);
  const references: { global: number; symbol: SymbolId; typed: boolean }[] = [];

  // Types that inputs share must all be there before one of them changes.
  const bases = objects.map(({ btf }, index): TypeBase | undefined => {
    if (!btf) return undefined;
    const base = pool.add(btf);
    added(index as ObjectId, base);
    return base;
  });
  const corrections = new TypeCorrections(state, pool);

  const types = objects.map(({ btf, elf: { symbols } }, index): ObjectTypes | undefined => {
    const object = index as ObjectId;
    const base = bases[index];
    if (btf && base) {
      corrections.apply(object, base, btf);
      for (const id of declarationsWithLinkage(pool, base, btf)) {
        if (!corrections.bindsByName(id)) continue;
        const global = resolution.findGlobal(pool.nameId(id), object);
        if (global < 0) continue;
        lastWithTypes[global] = object + 1;
        candidates.push({ global, other: { object, type: id } });
        const isExtern = pool.linkage(id) === BTF_LINKAGE_EXTERN;
        if (definer[global] === object && !(isExtern && definedWithTypes[global] === 1)) {
          definedWithTypes[global] = 1;
          declaration[global] = id;
          declaredIn[global] = object;
        } else if (declaration[global] === 0) {
          declaration[global] = id;
          declaredIn[global] = object;
        } else if (
          definedWithTypes[global] === 0 &&
          completeness(pool, id) > completeness(pool, declaration[global]!)
        ) {
          declaration[global] = id;
          declaredIn[global] = object;
        }
      }
    }
    for (let i = 1; i < symbols.count; i++) {
      if (symbols.section[i] !== 0) continue;
      const symbol = (resolution.symbolBase[object]! + i) as SymbolId;
      const global = resolution.global[symbol]!;
      if (global < 0 || definer[global]! < 0 || definer[global] === object) continue;
      if (resolution.assignments.has(global as GlobalId)) continue;
      references.push({ global, symbol, typed: lastWithTypes[global] === object + 1 });
    }
    if (!btf || !base) return undefined;
    const datasecs = poolIds(base, ofKind(btf.byKind, BTF_KIND_DATASEC));
    return { base, datasecs };
  });

  for (let global = 0; global < globals.count; global++) {
    const id = declaration[global]!;
    if (id === 0) continue;
    if (definer[global]! < 0) {
      // A VAR may say that it is defined where no symbol is.
      if (pool.kind(id) === BTF_KIND_VAR && globals.state[global] === UNDEFINED) {
        pool.setLinkage(id, BTF_LINKAGE_EXTERN);
      }
      continue;
    }
    if (pool.linkage(id) !== BTF_LINKAGE_EXTERN) continue;
    declaration[global] = asDefinition(pool, id);
  }
  const others = candidates.filter(({ global, other }) => other.type !== declaration[global]);
  for (const { global, other } of others) {
    // A variable here and a function there is for the type check to report.
    if (pool.kind(other.type) === pool.kind(declaration[global]!)) {
      pool.redirect(other.type, declaration[global]!);
    }
  }
  return {
    objects: types,
    declaration,
    declaredIn,
    others,
    unchecked: uncheckedNames(references, definedWithTypes),
  };
}

/**
 * What an extern declaration says, as a definition: global, and with a name for every parameter, for
 * the kernel refuses a function that is defined without (btf_func_check in kernel/bpf/btf.c). An empty prototype becomes
 * that of a function of which nothing is known, and one that leaves its parameters open has none and is static: the
 * kernel then goes by what callers pass.
 * @returns the declaration itself, changed, or a new FUNC in the pool
 */
function asDefinition(pool: TypePool, declaration: number): number {
  const proto = pool.sizeOrType(declaration);
  const isFunction = pool.kind(declaration) === BTF_KIND_FUNC;
  if (isFunction && isEmptyPrototype(pool, proto)) {
    return inventFunction(pool, pool.name(declaration));
  }
  if (!isFunction || pool.vlen(proto) === 0 || hasParameterNames(pool, declaration)) {
    pool.setLinkage(declaration, BTF_LINKAGE_GLOBAL);
    return declaration;
  }
  const info = (kind: number, vlen: number): number => (kind << 24) | vlen;
  const isOpen = leavesParametersOpen(pool, proto);
  const count = isOpen ? 0 : pool.vlen(proto);
  const linkage = isOpen ? BTF_LINKAGE_STATIC : BTF_LINKAGE_GLOBAL;
  const words = [0, info(BTF_KIND_FUNC_PROTO, count), pool.sizeOrType(proto)];
  for (let i = 0; i < count; i++) {
    const [name, type] = [pool.word(proto, 3 + 2 * i), pool.word(proto, 4 + 2 * i)];
    // The last parameter of a variadic prototype has neither name nor type (btf.rst).
    const invented = name === 0 && type !== 0 ? pool.strings.internText(`arg${i + 1}`) : name;
    words.push(invented, type);
  }
  const named = pool.append(words);
  return pool.append([pool.nameId(declaration), info(BTF_KIND_FUNC, linkage), named]);
}

/** The pool ids of an input's VARs and FUNCs that are not static, in their order. */
function declarationsWithLinkage(pool: TypePool, base: TypeBase, { byKind }: Btf): number[] {
  const found: number[] = [];
  const { words, typeAt } = pool;
  for (const local of ofKind(byKind, BTF_KIND_VAR)) {
    const id = poolId(base, local);
    if (pool.linkage(id) !== BTF_LINKAGE_STATIC) found.push(id);
  }
  // A kernel's types are tens of thousands of static functions.
  const functions = ofKind(byKind, BTF_KIND_FUNC);
  for (let i = 0; i < functions.length; i++) {
    const id = poolId(base, functions[i]!);
    if (vlenOf(words[typeAt[id]! + 1]!) !== BTF_LINKAGE_STATIC) found.push(id);
  }
  return found.sort((one, other) => one - other);
}

/** By GlobalId: the object with the definition, -1 without one. */
function definers({ resolution }: LinkState): Int32Array {
  const { globals, symbolBase } = resolution;
  const definer = new Int32Array(globals.count).fill(-1);
  for (let global = 0; global < globals.count; global++) {
    if (globals.state[global] === UNDEFINED) continue;
    definer[global] = objectOf(symbolBase, globals.symbol[global] as SymbolId);
  }
  return definer;
}

/** How much a FUNC says: nothing, what it returns, the types of its parameters, or their names, too. */
function completeness(pool: TypePool, func: number): 0 | 1 | 2 | 3 {
  if (hasParameterNames(pool, func)) return 3;
  if (pool.kind(func) !== BTF_KIND_FUNC) return 2;
  const proto = pool.sizeOrType(func);
  if (isEmptyPrototype(pool, proto)) return 0;
  return leavesParametersOpen(pool, proto) ? 1 : 2;
}

/** Whether a FUNC says what its parameters are called; one without parameters needs no names. */
function hasParameterNames(pool: TypePool, func: number): boolean {
  if (pool.kind(func) !== BTF_KIND_FUNC) return false;
  const proto = pool.sizeOrType(func);
  if (pool.kind(proto) !== BTF_KIND_FUNC_PROTO) return false;
  // A parameter is two words, name and type, behind the three common ones.
  return pool.vlen(proto) > 0 && pool.word(proto, 3) !== 0;
}

function uncheckedNames(
  references: readonly { global: number; symbol: SymbolId; typed: boolean }[],
  definedWithTypes: Uint8Array,
): readonly UncheckedName[] {
  const unchecked = new Map<number, UncheckedName>();
  for (const { global, symbol, typed } of references) {
    const defined = definedWithTypes[global] === 1;
    if ((typed && defined) || unchecked.has(global)) continue;
    const missing = typed ? 'definition' : defined ? 'reference' : 'both';
    unchecked.set(global, { global, missing, reference: symbol });
  }
  return [...unchecked.values()];
}
