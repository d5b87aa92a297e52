import {
  BTF_KIND_FUNC,
  BTF_LINKAGE_STATIC,
  ofKind,
  poolIds,
  type Btf,
  type TypePool,
} from '@bpf-ld/btf';
import { SHF_EXECINSTR, STT_FILE, STT_FUNC, symbolName } from '@bpf-ld/elf-reader';
import { funcInfoSynthesized, type Diagnostic, type Site } from '@bpf-ld/diagnostics';
import type { GlobalId, SymbolId } from '@bpf-ld/symbol-resolver';
import type { ObjectTypes, TypeBinding } from './bind-types.js';
import type { ExtRecords } from './ext-records.js';
import { inventFunction } from './invent-function.js';
import { placeOfSymbol, type OutputPlace } from './output-symbols.js';
import type { LinkState } from './relocate.js';
import { siteOfSymbol } from './sites.js';

/** A function of the output that no func_info describes. */
interface BareFunction {
  readonly name: string;
  readonly at: OutputPlace;
  /** Pool id of a FUNC that its object or some caller has for it, 0 without one. */
  readonly declared: number;
  /** StringId of the source file's name, 0 if the object does not say. */
  readonly file: number;
  readonly site: Site;
}

/**
 * The kernel wants func_info for every function of a program or for none, and line records the same
 * way. Functions without a record (of assembly, of GCC 12) beside functions with one therefore get
 * it: with the type that their object or a caller has for them, or with `int name(void)`, static,
 * which makes the verifier follow the calls instead of trusting the prototype.
 */
export function synthesizeFunctions(
  state: LinkState,
  pool: TypePool,
  binding: TypeBinding,
  records: ExtRecords,
): readonly Diagnostic[] {
  if (!records.has('funcInfo')) return [];
  const bare = findBareFunctions(state, pool, binding, records);
  if (bare.length === 0) return [];
  const invented = bare.filter(({ declared }) => declared === 0);
  const types = inventTypes(pool, invented);
  const withLines = records.has('lineInfo');
  for (const { at, declared, file, name } of bare) {
    records.addRecord('funcInfo', at.section, [at.offset, declared || types.get(name)!]);
    // line_col 0: the file is known, the line is not.
    if (withLines) records.addRecord('lineInfo', at.section, [at.offset, file, 0, 0]);
  }
  if (invented.length === 0) return [];
  return [
    funcInfoSynthesized(
      invented.map(({ name }) => name),
      invented.map(({ site }) => site),
    ),
  ];
}

function findBareFunctions(
  state: LinkState,
  pool: TypePool,
  binding: TypeBinding,
  records: ExtRecords,
): readonly BareFunction[] {
  const { objects, resolution, layout } = state;
  const described = layout.sections.map(({ flags }, output) =>
    (flags & SHF_EXECINSTR) === 0 ? undefined : records.offsets('funcInfo', output),
  );
  const seen = new Set<string>();
  const bare: BareFunction[] = [];
  objects.forEach((object, index) => {
    const { symbols } = object.elf;
    const base = resolution.symbolBase[index]!;
    let file = 0;
    let statics: ReadonlyMap<string, number> | undefined;
    for (let i = 1; i < symbols.count; i++) {
      const id = (base + i) as SymbolId;
      if (symbols.type[i] === STT_FILE) file = resolution.name[id]!;
      if (symbols.type[i] !== STT_FUNC || symbols.section[i]! <= 0) continue;
      const global = resolution.global[id]! as GlobalId;
      if (global >= 0 && resolution.globals.symbol[global] !== id) continue;
      const at = placeOfSymbol(state, id);
      if (!at || !described[at.section] || described[at.section]!.has(at.offset)) continue;
      // Two names of one body need one record.
      const key = `${at.section} ${at.offset}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (global < 0) statics ??= staticFunctions(pool, binding.objects[index], object.btf);
      bare.push({
        name: resolution.strings.text(resolution.name[id]!),
        at,
        declared:
          global >= 0
            ? binding.declaration[global]!
            : staticOf(statics!, symbolName(object.elf, i)),
        file,
        site: siteOfSymbol(object, i),
      });
    }
  });
  return bare;
}

/** The static FUNCs of one object, by name. */
function staticFunctions(
  pool: TypePool,
  types: ObjectTypes | undefined,
  btf: Btf | undefined,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (!types || !btf) return found;
  for (const id of poolIds(types.base, ofKind(btf.byKind, BTF_KIND_FUNC))) {
    if (pool.linkage(id) !== BTF_LINKAGE_STATIC) continue;
    found.set(pool.strings.text(pool.nameId(id)), id);
  }
  return found;
}

/** GCC calls the copies that it makes of a function `name.constprop.0`, `name.isra.0` and so on. */
function staticOf(statics: ReadonlyMap<string, number>, symbol: string): number {
  return statics.get(symbol) ?? statics.get(symbol.replace(/\..*$/, '')) ?? 0;
}

/** Pool ids of a FUNC for each name. */
function inventTypes(
  pool: TypePool,
  functions: readonly BareFunction[],
): ReadonlyMap<string, number> {
  const types = new Map<string, number>();
  for (const { name } of functions) types.set(name, inventFunction(pool, name));
  return types;
}
