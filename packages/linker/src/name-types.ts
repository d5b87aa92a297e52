import {
  BTF_KIND_DECL_TAG,
  BTF_KIND_FUNC,
  BTF_KIND_VAR,
  BTF_LINKAGE_STATIC,
  type Datasec,
  type TypePool,
} from '@bpf-ld/btf';
import { STT_FUNC, STT_OBJECT, type StringId } from '@bpf-ld/elf-reader';
import { UNDEFINED, type SymbolId } from '@bpf-ld/symbol-resolver';
import type { TypeBinding } from './bind-types.js';
import type { ExtRecords } from './ext-records.js';
import { placeOfSymbol } from './output-symbols.js';
import type { LinkState } from './relocate.js';

/**
 * BTF follows the symbols: a VAR or FUNC is called what its symbol is called in the output, and is
 * static where its symbol became local. Goes before `dedup`, for which types of different names are
 * different.
 *
 * @returns the DATASECs, whose entries may be new VARs
 */
export function nameTypes(
  state: LinkState,
  pool: TypePool,
  binding: TypeBinding,
  records: ExtRecords,
  datasecs: readonly Datasec[],
): readonly Datasec[] {
  const { globals, strings } = state.resolution;
  for (let global = 0; global < globals.count; global++) {
    const type = binding.declaration[global]!;
    if (type === 0) continue;
    pool.setName(type, globals.name[global]! as StringId);
    if (globals.local[global] === 1 && globals.state[global] !== UNDEFINED) {
      pool.setLinkage(type, BTF_LINKAGE_STATIC);
    }
  }
  const renamed = renamedLocals(state);
  if (renamed.size === 0) return datasecs;
  const namer = new TypeNamer(pool);
  const meant = (output: number, offset: number, type: number): number => {
    const name = renamed.get(localKey(output, offset, namer.inputName(type)));
    return name === undefined ? type : namer.named(type, name);
  };
  records.replaceFunctions((output, offset, type) => meant(output, offset, pool.resolve(type)));
  const outputs = new Map(
    state.layout.sections.map(({ name }, output) => [strings.internText(name), output]),
  );
  return datasecs.map((datasec) => {
    const output = outputs.get(datasec.name);
    if (output === undefined) return datasec;
    const entries = datasec.entries.map((entry) => ({
      ...entry,
      type: meant(output, entry.offset, entry.type),
    }));
    return { ...datasec, entries };
  });
}

function localKey(output: number, offset: number, inputName: number): string {
  return `${output} ${offset} ${inputName}`;
}

/** By place and input name: what local symbols are called, if any is called otherwise than before. */
function renamedLocals(state: LinkState): ReadonlyMap<string, StringId> {
  const { objects, resolution } = state;
  const { name, inputName, global } = resolution;
  const names = new Map<string, StringId>();
  let anyRenamed = false;
  objects.forEach(({ elf: { symbols } }, object) => {
    for (let i = 1; i < symbols.count; i++) {
      const id = (resolution.symbolBase[object]! + i) as SymbolId;
      const type = symbols.type[i];
      if (global[id]! >= 0 || (type !== STT_FUNC && type !== STT_OBJECT)) continue;
      const at = placeOfSymbol(state, id);
      if (!at) continue;
      names.set(localKey(at.section, at.offset, inputName[id]!), name[id]! as StringId);
      if (name[id] !== inputName[id]) anyRenamed = true;
    }
  });
  return anyRenamed ? names : new Map();
}

/**
 * Gives types the names of what they describe. Two functions or variables may share a type, as in
 * an object that was linked before; then each of their names gets a copy with the same tags.
 */
class TypeNamer {
  readonly #pool: TypePool;
  readonly #inputNames = new Map<number, StringId>();
  /** Type and name -> the type of that name. */
  readonly #named = new Map<string, number>();
  #tags: ReadonlyMap<number, readonly number[]> | undefined;

  constructor(pool: TypePool) {
    this.#pool = pool;
  }

  inputName(type: number): StringId {
    return this.#inputNames.get(type) ?? this.#pool.nameId(type);
  }

  named(type: number, name: StringId): number {
    const key = `${type} ${name}`;
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    const isFirst = !this.#inputNames.has(type);
    if (isFirst) {
      this.#inputNames.set(type, this.#pool.nameId(type));
      this.#pool.setName(type, name);
    }
    const found = isFirst ? type : this.#copy(type, name);
    this.#named.set(key, found);
    return found;
  }

  #copy(type: number, name: StringId): number {
    const pool = this.#pool;
    this.#tags ??= tagsByTarget(pool);
    const info = pool.word(type, 1);
    const linkage = pool.kind(type) === BTF_KIND_VAR ? [pool.word(type, 3)] : [];
    const copy = pool.append([name, info, pool.sizeOrType(type), ...linkage]);
    // A tag is its value, its target and the parameter it is on (btf.rst).
    for (const tag of this.#tags.get(type) ?? []) {
      pool.append([pool.nameId(tag), pool.word(tag, 1), copy, pool.word(tag, 3)]);
    }
    return copy;
  }
}

function tagsByTarget(pool: TypePool): ReadonlyMap<number, readonly number[]> {
  const tags = new Map<number, number[]>();
  for (let id = 1; id < pool.count; id++) {
    if (pool.kind(id) !== BTF_KIND_DECL_TAG) continue;
    const target = pool.resolve(pool.sizeOrType(id));
    const kind = pool.kind(target);
    if (kind !== BTF_KIND_FUNC && kind !== BTF_KIND_VAR) continue;
    const known = tags.get(target);
    if (known) known.push(id);
    else tags.set(target, [id]);
  }
  return tags;
}
