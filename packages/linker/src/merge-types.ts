import {
  BTF_KIND_ARRAY,
  BTF_KIND_FUNC,
  BTF_KIND_STRUCT,
  BTF_KIND_UNION,
  BTF_KIND_VAR,
  BTF_MAX_VLEN,
  compareDeclarations,
  compareMapDefinitions,
  dedup,
  encodeBtf,
  encodeBtfExt,
  keptTypes,
  printDeclaration,
  skipModifiers,
  TypePool,
  type Datasec,
  type Mismatch,
} from '@bpf-ld/btf';
import {
  append,
  typeConflict,
  tooManyVariables,
  typesUnchecked,
  type Diagnostic,
  type Site,
} from '@bpf-ld/diagnostics';
import { objectOf, UNDEFINED, type ObjectId, type SymbolId } from '@bpf-ld/symbol-resolver';
import { bindTypes, type TypeBinding } from './bind-types.js';
import { mergeDatasecs } from './datasecs.js';
import { ExtRecords } from './ext-records.js';
import { nameTypes } from './name-types.js';
import type { LinkState } from './relocate.js';
import { siteOfSymbol } from './sites.js';
import { synthesizeFunctions } from './synthesize-functions.js';
import { uselessFunctions } from './type-corrections.js';
import { typeIdImmediates, type TypeIdImmediate } from './type-id-immediates.js';

/** The type sections of the output; `undefined` where no input has any. */
export interface MergedTypes {
  readonly btf: Uint8Array | undefined;
  readonly btfExt: Uint8Array | undefined;
  /** Type ids that instructions hold. */
  readonly typeIds: readonly TypeIdImmediate[];
  /** BTF types of all inputs, and of the output. */
  readonly typesIn: number;
  readonly typesOut: number;
}

/**
 * The types pass: one .BTF with every type once, one DATASEC per section with the offsets of the
 * layout, one .BTF.ext in output offsets. Declarations and definitions of one name must agree.
 *
 * @param renames whether symbols may have other names in the output than in their objects
 * @param lines whether .BTF.ext has line records
 */
export function mergeTypes(
  state: LinkState,
  renames: boolean,
  lines: boolean,
): {
  readonly types: MergedTypes;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { objects, resolution } = state;
  const pool = new TypePool(resolution.strings);
  const records = new ExtRecords(state, pool);
  const binding = bindTypes(state, pool, (object, base) => records.addObject(object, base));
  const diagnostics: Diagnostic[] = reportUnchecked(state, binding);
  const typesIn = pool.count - 1;
  if (typesIn === 0) {
    return {
      types: { btf: undefined, btfExt: undefined, typeIds: [], typesIn: 0, typesOut: 0 },
      diagnostics,
    };
  }
  append(diagnostics, synthesizeFunctions(state, pool, binding, records));
  const { datasecs: unnamed, dropped } = mergeDatasecs(state, pool, binding);
  const datasecs = renames ? nameTypes(state, pool, binding, records, unnamed) : unnamed;
  append(diagnostics, checkDatasecSizes(state, datasecs));

  const roots = records
    .types()
    .concat(datasecs.flatMap(({ entries }) => entries.map(({ type }) => type)));
  const gone = collectedFunctions(records, roots);
  const live = keptTypes(
    pool,
    dropped.concat(gone, uselessFunctions(pool)),
    roots,
    records.collectedTypes('coreRelo'),
  );
  const canonical = dedup(pool, live);
  append(diagnostics, checkTypes(state, pool, canonical, binding));
  const littleEndian = objects[0]!.elf.littleEndian;
  const btf = encodeBtf({ pool, canonical, live, datasecs, littleEndian });
  const kinds = ['funcInfo', 'lineInfo', 'coreRelo'] as const;
  const stays = (kind: (typeof kinds)[number]): boolean => lines || kind !== 'lineInfo';
  const [funcInfo, lineInfo, coreRelo] = kinds.map((kind) =>
    stays(kind) ? records.sections(kind, resolution.strings) : [],
  );
  const hasRecords = kinds.some((kind) => stays(kind) && records.has(kind));
  const btfExt = hasRecords
    ? encodeBtfExt({ funcInfo: funcInfo!, lineInfo: lineInfo!, coreRelo: coreRelo!, btf })
    : undefined;
  return {
    types: {
      // All types may have left with what needed them; a section without one says nothing.
      btf: btf.typeCount > 0 ? btf.bytes() : undefined,
      btfExt,
      typeIds: typeIdImmediates(records, btf),
      typesIn,
      typesOut: btf.typeCount,
    },
    diagnostics,
  };
}

/** The FUNCs of collected functions that no other function has, too. */
function collectedFunctions(records: ExtRecords, roots: readonly number[]): readonly number[] {
  const types = records.collectedTypes('funcInfo');
  if (types.length === 0) return types;
  const rooted = new Set(roots);
  return types.filter((type) => !rooted.has(type));
}

function checkDatasecSizes(
  { objects, resolution }: LinkState,
  datasecs: readonly Datasec[],
): readonly Diagnostic[] {
  return datasecs
    .filter(({ entries }) => entries.length > BTF_MAX_VLEN)
    .map(({ name, entries }) =>
      tooManyVariables(
        { object: objects[0]!.elf.name, section: resolution.strings.text(name) },
        entries.length,
        BTF_MAX_VLEN,
      ),
    );
}

function reportUnchecked({ objects, resolution }: LinkState, binding: TypeBinding): Diagnostic[] {
  const { globals, symbolBase, strings } = resolution;
  const site = (symbol: SymbolId): Site => {
    const object = objectOf(symbolBase, symbol);
    return siteOfSymbol(objects[object]!, symbol - symbolBase[object]!);
  };
  // The name of a C++ function holds the types of its parameters.
  const unchecked = binding.unchecked.filter(
    ({ global }) => !strings.text(globals.name[global]!).startsWith('_Z'),
  );
  return unchecked.map(({ global, missing, reference }) =>
    typesUnchecked(
      strings.text(globals.name[global]!),
      missing,
      site(globals.symbol[global]! as SymbolId),
      site(reference),
    ),
  );
}

/** Every declaration against the one that stands for its name; the first difference of each name. */
function checkTypes(
  state: LinkState,
  pool: TypePool,
  canonical: Uint32Array,
  binding: TypeBinding,
): readonly Diagnostic[] {
  const { globals, strings } = state.resolution;
  const diagnostics: Diagnostic[] = [];
  const reported = new Set<number>();
  // A header's declarations come with every object: each pair of canonical types is compared once.
  const agreed = new Set<number>();
  for (const { global, other } of binding.others) {
    if (reported.has(global)) continue;
    const own = binding.declaration[global]!;
    const pair =
      canonical[pool.sizeOrType(own)]! * pool.count + canonical[pool.sizeOrType(other.type)]!;
    const sameKind = pool.kind(own) === pool.kind(other.type);
    if (sameKind && agreed.has(pair)) continue;
    const difference = compareBound(pool, canonical, own, other.type);
    if (sameKind && !difference) agreed.add(pair);
    if (!difference) continue;
    reported.add(global);
    const isDefined = globals.state[global] !== UNDEFINED;
    const owner = binding.declaredIn[global]! as ObjectId;
    diagnostics.push(
      typeConflict(
        strings.text(globals.name[global]!),
        {
          label: isDefined ? 'defined' : 'declared',
          site: mentionIn(state, owner, global),
          declaration: declarationOf(pool, own),
        },
        {
          label: 'declared',
          site: mentionIn(state, other.object, global),
          declaration: declarationOf(pool, other.type),
        },
        difference,
      ),
    );
  }
  return diagnostics;
}

/** Lines of a declaration, and characters of each, that a person will read in an error. */
const MAXIMUM_LINES = 60;
const MAXIMUM_WIDTH = 160;

/** A declaration as C, cut where nobody would read on. */
function declarationOf(pool: TypePool, id: number): string {
  const lines = wholeDeclaration(pool, id).split('\n');
  const shown = lines.length <= MAXIMUM_LINES ? lines : [...lines.slice(0, MAXIMUM_LINES - 1), '…'];
  return shown
    .map((line) => (line.length <= MAXIMUM_WIDTH ? line : `${line.slice(0, MAXIMUM_WIDTH)}…`))
    .join('\n');
}

/** A declaration behind the definition of the struct or union that a variable is made of. */
function wholeDeclaration(pool: TypePool, id: number): string {
  const declaration = printDeclaration(pool, id);
  if (pool.kind(id) !== BTF_KIND_VAR) return declaration;
  let type = skipModifiers(pool, pool.sizeOrType(id));
  // An array's element type is the first word behind the common three (btf.rst, struct btf_array).
  while (pool.kind(type) === BTF_KIND_ARRAY) type = skipModifiers(pool, pool.word(type, 3));
  const kind = pool.kind(type);
  const hasBody = kind === BTF_KIND_STRUCT || kind === BTF_KIND_UNION;
  if (!hasBody || pool.nameId(type) === 0) return declaration;
  return `${printDeclaration(pool, type)};\n${declaration}`;
}

/** Compares what two VARs or FUNCs of one name say; they themselves already mean one another. */
function compareBound(
  pool: TypePool,
  canonical: Uint32Array,
  own: number,
  other: number,
): string | undefined {
  const kind = pool.kind(own);
  if (kind !== pool.kind(other)) {
    const name = (id: number): string =>
      pool.kind(id) === BTF_KIND_FUNC ? 'a function' : 'a variable';
    return `${name(own)} against ${name(other)}`;
  }
  const [a, b] = [pool.sizeOrType(own), pool.sizeOrType(other)];
  if (canonical[a] === canonical[b]) return undefined;
  const mismatch: Mismatch | undefined =
    kind === BTF_KIND_VAR
      ? compareMapDefinitions(pool, canonical, a, b)
      : compareDeclarations(pool, canonical, a, b);
  return mismatch?.reason;
}

/** Where an object mentions a global name: its symbol's place, or where it is first used. */
function mentionIn({ objects, resolution }: LinkState, object: ObjectId, global: number): Site {
  const base = resolution.symbolBase[object]!;
  const end = resolution.symbolBase[object + 1]!;
  for (let symbol = base; symbol < end; symbol++) {
    if (resolution.global[symbol] === global) return siteOfSymbol(objects[object]!, symbol - base);
  }
  return { object: objects[object]!.elf.name };
}
