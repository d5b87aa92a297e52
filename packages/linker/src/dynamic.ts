import { append, badRelocation, type Diagnostic } from '@bpf-ld/diagnostics';
import {
  DF_SYMBOLIC,
  DF_TEXTREL,
  DT_FLAGS,
  DT_GNU_HASH,
  DT_HASH,
  DT_NEEDED,
  DT_NULL,
  DT_REL,
  DT_RELCOUNT,
  DT_RELENT,
  DT_RELSZ,
  DT_SONAME,
  DT_STRSZ,
  DT_STRTAB,
  DT_SYMBOLIC,
  DT_SYMENT,
  DT_SYMTAB,
  DT_TEXTREL,
  DYN,
  DYN_SIZE,
  encodeUtf8,
  R_BPF_64_32,
  R_BPF_64_RELATIVE,
  REL_SIZE,
  SHF_ALLOC,
  SHF_WRITE,
  SHT_DYNAMIC,
  SHT_DYNSYM,
  SHT_GNU_HASH,
  SHT_HASH,
  SHT_REL,
  SHT_STRTAB,
  STV_DEFAULT,
  STV_PROTECTED,
  SYM_SIZE,
  type StringId,
} from '@bpf-ld/elf-reader';
import {
  FIRST_SECTION,
  gnuBuckets,
  gnuHash,
  gnuHashTable,
  StringTable,
  sysvHashTable,
  writeRelocations,
  writeSymbols,
  type Output,
  type SymbolColumns,
} from '@bpf-ld/elf-writer';
import { loaderRelocations, relocationKind } from '@bpf-ld/reloc-engine';
import { UNDEFINED } from '@bpf-ld/symbol-resolver';
import type { ImageOptions } from './api.js';
import { sectionJob, type Meanings } from './apply.js';
import type { ImageAddresses, MadeSection } from './image-sections.js';
import type { OutputSymbols } from './output-symbols.js';
import { OutputTarget, type LinkState, type Relocated } from './relocate.js';
import type { HashStyle, TargetProfile } from './targets/profile.js';

/** One relocation that a run-time loader does. */
interface DynamicRelocation {
  /** Index into the layout's sections, and offset there. */
  readonly section: number;
  readonly offset: number;
  readonly type: number;
  /** An {@link OutputTarget} number, 0 for none. */
  readonly target: number;
}

/** What `planDynamic` works on. */
export interface DynamicJob {
  readonly state: LinkState;
  readonly relocated: Relocated;
  readonly symbols: OutputSymbols;
  readonly names: Meanings;
  readonly target: TargetProfile;
  readonly options: ImageOptions;
  /** DT_SONAME of the shared objects that were linked against, in order. */
  readonly needed: readonly string[];
}

/**
 * The sections by which a run-time loader links a shared object: .dynsym, .dynstr, hash tables,
 * .rel.dyn and .dynamic (gABI, "Dynamic Linking"; docs/dynamic.md). Their sizes are known before
 * addresses are.
 */
export function planDynamic(job: DynamicJob): {
  readonly made: readonly MadeSection[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const relocations = collect(job, diagnostics);
  const { littleEndian } = job.state.objects[0]!.elf;
  const { strings } = job.state.resolution;
  const table = new DynamicSymbols(job, relocations);
  const dynstr = new StringTable(strings);
  const nameAt = Uint32Array.from(table.columns.name, (name) => dynstr.add(name as StringId));
  const text = (name: string): number => dynstr.add(strings.internText(name));
  const needed = job.needed.map(text);
  const soname = job.options.soname === undefined ? undefined : text(job.options.soname);

  const style = job.options.hashStyle ?? job.target.hashStyle;
  const hashes = hashSections(style, table, littleEndian);
  const dynsym = make('.dynsym', SHT_DYNSYM, 8, SYM_SIZE, table.columns.count * SYM_SIZE, {
    link: '.dynstr',
    info: table.columns.firstGlobal,
    write: (output, addresses) => {
      writeSymbols(output, placed(table.columns, addresses), nameAt, (index) =>
        index === 0 ? 0 : addresses.indexOf(index - FIRST_SECTION),
      );
    },
  });
  const strtab = make('.dynstr', SHT_STRTAB, 1, 0, dynstr.size, {
    write: (output) => dynstr.write(output),
  });
  const rel = make('.rel.dyn', SHT_REL, 8, REL_SIZE, relocations.length * REL_SIZE, {
    link: '.dynsym',
    write: (output, addresses) => {
      const sorted = inLoadOrder(relocations, addresses);
      writeRelocations(output, sorted.length, (i) => {
        const { address, type, target } = sorted[i]!;
        return { offset: address, type, symbol: table.indexOf(target) };
      });
    },
  });
  const entries = dynamicEntries({
    needed,
    soname,
    hashes,
    stringsSize: dynstr.size,
    relocations,
    changesCode: relocations.some(
      ({ section }) => (job.state.layout.sections[section]!.flags & SHF_WRITE) === 0,
    ),
  });
  const dynamic = make('.dynamic', SHT_DYNAMIC, 8, DYN_SIZE, entries.length * DYN_SIZE, {
    link: '.dynstr',
    write: (output, addresses) => {
      entries.forEach(([tag, value], i) => {
        const at = output.position + i * DYN_SIZE;
        output.u64At(at + DYN.d_tag.offset, tag);
        const word = typeof value === 'string' ? addresses.ofMade(value) : value;
        output.u64At(at + DYN.d_val.offset, word);
      });
    },
  });
  const made = [dynamic, dynsym, strtab, ...hashes];
  return { made: relocations.length > 0 ? [...made, rel] : made, diagnostics };
}

function make(
  name: string,
  type: number,
  alignment: number,
  entrySize: number,
  size: number,
  rest: {
    readonly link?: string;
    readonly info?: number;
    write(output: Output, addresses: ImageAddresses): void;
  },
): MadeSection {
  const common = { name, type, flags: SHF_ALLOC, alignment, entrySize, size };
  return { ...common, link: rest.link, info: rest.info ?? 0, write: rest.write };
}

/** All relocations for the loader, in the order of the layout's sections. */
function collect(
  { state, relocated, names, target }: DynamicJob,
  diagnostics: Diagnostic[],
): readonly DynamicRelocation[] {
  return relocated.sections.flatMap((section, index): DynamicRelocation[] => {
    if (!section.contents || (state.layout.sections[index]!.flags & SHF_ALLOC) === 0) return [];
    const job = sectionJob(state, section, index, names);
    const found = loaderRelocations(job);
    append(diagnostics, found.diagnostics);
    const { relocations } = found;
    return Array.from({ length: relocations.count }, (_, i) => {
      const [offset, type, to] = [
        relocations.offset(i),
        relocations.type(i),
        relocations.target(i),
      ];
      if (
        target.undefinedCalls === 'loader' &&
        type !== R_BPF_64_RELATIVE &&
        type !== R_BPF_64_32
      ) {
        const reason = `${names.describe(to)} is defined nowhere but in the machine: it can be called, but has no address`;
        diagnostics.push(
          badRelocation(job.site(offset), relocationKind(type, job.inCode)!.name, reason),
        );
      }
      return { section: index, offset, type, target: to };
    });
  });
}

/** R_BPF_64_RELATIVE first, which DT_RELCOUNT counts; each kind in order of address. */
function inLoadOrder(
  relocations: readonly DynamicRelocation[],
  addresses: ImageAddresses,
): readonly { readonly address: number; readonly type: number; readonly target: number }[] {
  const rank = (type: number): number => (type === R_BPF_64_RELATIVE ? 0 : 1);
  return relocations
    .map(({ section, offset, type, target }) => {
      return { address: addresses.ofLayout(section) + offset, type, target };
    })
    .sort((a, b) => rank(a.type) - rank(b.type) || a.address - b.address);
}

/** .dynsym: undefined names that relocations name, then what the object exports. */
class DynamicSymbols {
  readonly columns: SymbolColumns;
  /** Row of the first defined symbol. */
  readonly firstDefined: number;
  readonly names: readonly Uint8Array[];
  readonly #rows = new Map<number, number>();

  constructor({ state, symbols }: DynamicJob, relocations: readonly DynamicRelocation[]) {
    const { resolution } = state;
    const undefinedTargets = [
      ...new Set(relocations.flatMap(({ target }) => (target === 0 ? [] : [target]))),
    ];
    const nameOf = (target: number): Uint8Array => {
      const name = symbols.columns.name[symbols.indexOf(target)]!;
      return encodeUtf8(resolution.strings.text(name));
    };
    const exported = exportedTargets(state, symbols).map((target) => {
      return { target, hash: gnuHash(nameOf(target)) };
    });
    const buckets = gnuBuckets(exported.length);
    exported.sort((a, b) => (a.hash % buckets) - (b.hash % buckets) || a.target - b.target);
    const targets = [...undefinedTargets, ...exported.map(({ target }) => target)];
    targets.forEach((target, i) => this.#rows.set(target, i + 1));
    this.firstDefined = 1 + undefinedTargets.length;
    this.names = [new Uint8Array(0), ...targets.map(nameOf)];
    const rows = [0, ...targets.map((target) => symbols.indexOf(target))];
    const take = (column: Int32Array | Uint8Array | Float64Array): number[] =>
      rows.map((row) => column[row]!);
    const { columns } = symbols;
    this.columns = {
      count: rows.length,
      firstGlobal: 1,
      name: Int32Array.from(take(columns.name)),
      binding: Uint8Array.from(take(columns.binding)),
      type: Uint8Array.from(take(columns.type)),
      visibility: Uint8Array.from(take(columns.visibility)),
      section: Int32Array.from(take(columns.section)),
      value: Float64Array.from(take(columns.value)),
      size: Float64Array.from(take(columns.size)),
    };
  }

  indexOf(target: number): number {
    return this.#rows.get(target) ?? 0;
  }
}

/** Definitions that other objects may refer to (gABI, "Symbol Visibility"). */
function exportedTargets(
  { resolution, live }: LinkState,
  symbols: OutputSymbols,
): readonly number[] {
  const { globals } = resolution;
  const targets: number[] = [];
  for (let global = 0; global < globals.count; global++) {
    const visibility = globals.visibility[global];
    if (visibility !== STV_DEFAULT && visibility !== STV_PROTECTED) continue;
    if (globals.state[global] === UNDEFINED || globals.local[global] === 1) continue;
    if (live.unreferenced[global] === 1) continue;
    const target = OutputTarget.global(resolution, global);
    if (symbols.indexOf(target) !== 0) targets.push(target);
  }
  return targets;
}

/** Values of symbols become addresses. */
function placed(columns: SymbolColumns, addresses: ImageAddresses): SymbolColumns {
  const value = columns.value.map((offset, row) => {
    const section = columns.section[row]!;
    return section < FIRST_SECTION ? offset : addresses.ofLayout(section - FIRST_SECTION) + offset;
  });
  return { ...columns, value };
}

function hashSections(
  style: HashStyle,
  { names, firstDefined }: DynamicSymbols,
  littleEndian: boolean,
): readonly MadeSection[] {
  const sections: MadeSection[] = [];
  const add = (
    name: string,
    type: number,
    alignment: number,
    entrySize: number,
    bytes: Uint8Array,
  ): void => {
    const write = (output: Output): void => output.bytes(bytes);
    sections.push(make(name, type, alignment, entrySize, bytes.length, { link: '.dynsym', write }));
  };
  if (style === 'sysv' || style === 'both') {
    add('.hash', SHT_HASH, 4, 4, sysvHashTable(names, littleEndian));
  }
  if (style === 'gnu' || style === 'both') {
    const table = gnuHashTable(names.slice(firstDefined), firstDefined, littleEndian);
    add('.gnu.hash', SHT_GNU_HASH, 8, 0, table);
  }
  return sections;
}

/** Tag and value: a number, or the name of the section whose address it is. */
type DynamicEntry = readonly [tag: number, value: number | string];

function dynamicEntries(facts: {
  readonly needed: readonly number[];
  readonly soname: number | undefined;
  readonly hashes: readonly MadeSection[];
  readonly stringsSize: number;
  readonly relocations: readonly DynamicRelocation[];
  readonly changesCode: boolean;
}): readonly DynamicEntry[] {
  const { needed, soname, hashes, stringsSize, relocations, changesCode } = facts;
  const entries: DynamicEntry[] = needed.map((name) => [DT_NEEDED, name]);
  if (soname !== undefined) entries.push([DT_SONAME, soname]);
  entries.push([DT_SYMBOLIC, 0]);
  for (const { name, type } of hashes) {
    entries.push([type === SHT_HASH ? DT_HASH : DT_GNU_HASH, name]);
  }
  entries.push([DT_STRTAB, '.dynstr'], [DT_SYMTAB, '.dynsym']);
  entries.push([DT_STRSZ, stringsSize], [DT_SYMENT, SYM_SIZE]);
  if (relocations.length > 0) {
    entries.push([DT_REL, '.rel.dyn'], [DT_RELSZ, relocations.length * REL_SIZE]);
    entries.push([DT_RELENT, REL_SIZE]);
    const relative = relocations.filter(({ type }) => type === R_BPF_64_RELATIVE).length;
    if (relative > 0) entries.push([DT_RELCOUNT, relative]);
  }
  if (changesCode) entries.push([DT_TEXTREL, 0]);
  entries.push([DT_FLAGS, DF_SYMBOLIC | (changesCode ? DF_TEXTREL : 0)], [DT_NULL, 0]);
  return entries;
}
