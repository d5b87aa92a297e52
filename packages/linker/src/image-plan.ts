import { entryNotFound, type Diagnostic } from '@bpf-ld/diagnostics';
import {
  PT_DYNAMIC,
  PF_R,
  SECTION_ABSOLUTE,
  SHF_EXECINSTR,
  type ProgramHeader,
} from '@bpf-ld/elf-reader';
import { FIRST_SECTION, type SymbolColumns } from '@bpf-ld/elf-writer';
import { objectOf, UNDEFINED, type GlobalId, type SymbolId } from '@bpf-ld/symbol-resolver';
import { planAddresses, type AddressPlan } from './addresses.js';
import type { ImageOptions } from './api.js';
import { orderSections, type ImageSection, type MadeSection } from './image-sections.js';
import { placeOfGlobal, placeOfSymbol, type OutputPlace } from './output-symbols.js';
import { OutputTarget, type LinkState } from './relocate.js';
import { similarNames } from './similar-names.js';
import type { OutputKind, TargetProfile } from './targets/profile.js';

/** An executable or shared object before its bytes are written: nothing moves any more. */
export interface ImagePlan extends AddressPlan {
  readonly sections: readonly ImageSection[];
  /** Index in `sections` by index into the layout's. */
  readonly positions: Int32Array;
  readonly programHeaders: readonly ProgramHeader[];
  readonly entry: number;
}

/** The addresses pass: the order of sections, their addresses, segments, the entry. */
export function planImage(
  state: LinkState,
  target: TargetProfile,
  output: OutputKind,
  options: ImageOptions,
  made: readonly MadeSection[],
): { readonly plan: ImagePlan; readonly diagnostics: readonly Diagnostic[] } {
  const sections = orderSections(state.layout, made, target);
  const dynamic = sections.findIndex(
    ({ name, source }) => name === '.dynamic' && typeof source === 'object',
  );
  const planned = planAddresses(
    sections,
    based(target, output),
    options.addresses ?? {},
    dynamic < 0 ? 0 : 1,
  );
  const { addresses, offsets, segments } = planned.plan;
  const positions = new Int32Array(state.layout.sections.length);
  sections.forEach(({ source }, index) => {
    if (typeof source === 'number') positions[source] = index;
  });
  const programHeaders = [...segments];
  if (dynamic >= 0) {
    const { size, alignment } = sections[dynamic]!;
    const address = addresses[dynamic]!;
    programHeaders.push({
      type: PT_DYNAMIC,
      flags: PF_R,
      offset: offsets[dynamic]!,
      address,
      physicalAddress: address,
      fileSize: size,
      memorySize: size,
      alignment,
    });
  }
  const withoutEntry = { ...planned.plan, sections, positions, programHeaders, entry: 0 };
  const entry = findEntry(state, withoutEntry, target, output, options.entry);
  const diagnostics = [...planned.diagnostics];
  if (typeof entry !== 'number') diagnostics.push(entry);
  return {
    plan: { ...withoutEntry, entry: typeof entry === 'number' ? entry : 0 },
    diagnostics,
  };
}

/** Addresses of a shared object count from where a loader puts it. */
function based(target: TargetProfile, output: OutputKind): TargetProfile {
  const { addresses } = target;
  if (output !== 'shared' || addresses.kind !== 'pages') return target;
  return { ...target, addresses: { ...addresses, base: 0 } };
}

/** Address of a place of the output. */
export function addressOf(plan: ImagePlan, { section, offset }: OutputPlace): number {
  return plan.addresses[plan.positions[section]!]! + offset;
}

function findEntry(
  state: LinkState,
  plan: ImagePlan,
  target: TargetProfile,
  output: OutputKind,
  wanted: string | undefined,
): number | Diagnostic {
  const name = wanted ?? target.entry;
  if (name === undefined) {
    // A library starts nowhere.
    if (output === 'shared') return 0;
    const code = plan.sections.findIndex((section) => section.class === 'code');
    return code < 0 ? 0 : plan.addresses[code]!;
  }
  const { layout, resolution } = state;
  const global = globalNamed(state, name);
  const place = global === undefined ? undefined : placeOfGlobal(state, global);
  if (place) {
    const section = layout.sections[place.section]!;
    if ((section.flags & SHF_EXECINSTR) !== 0) return addressOf(plan, place);
    return entryNotFound(name, `is in ${section.name}, which is not code`);
  }
  if (/^(0[xX][\da-fA-F]+|\d+)$/.test(name)) return Number(name);
  const local = global !== undefined && resolution.globals.local[global] === 1;
  const hint =
    similarNames(state, [name]).get(name) ??
    'name a global function with -e, or make the function global';
  return entryNotFound(name, local ? 'is local' : 'is not defined', hint);
}

function globalNamed({ resolution }: LinkState, name: string): GlobalId | undefined {
  const { globals, strings } = resolution;
  const wanted = strings.internText(name);
  for (let global = 0; global < globals.count; global++) {
    if (globals.name[global] === wanted) return global as GlobalId;
  }
  return undefined;
}

/** What a relocation's target is in the image: a place, a number, or a name that nothing defines. */
export type ImageTarget =
  | { readonly kind: 'place'; readonly place: OutputPlace }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'undefined'; readonly global: GlobalId };

/** Finds what an {@link OutputTarget} number stands for. */
export function imageTarget(state: LinkState, target: number): ImageTarget {
  const { objects, resolution } = state;
  if (target < 0) return { kind: 'place', place: { section: -1 - target, offset: 0 } };
  const globalBase = OutputTarget.global(resolution, 0);
  const global = (target < globalBase ? -1 : target - globalBase) as GlobalId;
  const place =
    global < 0 ? placeOfSymbol(state, target as SymbolId) : placeOfGlobal(state, global);
  if (place) return { kind: 'place', place };
  const isUndefined = global >= 0 && resolution.globals.state[global] === UNDEFINED;
  if (isUndefined && !resolution.assignments.has(global)) return { kind: 'undefined', global };
  const symbol = (global < 0 ? target : resolution.globals.symbol[global]!) as SymbolId;
  const object = objectOf(resolution.symbolBase, symbol);
  const { symbols } = objects[object]!.elf;
  const row = symbol - resolution.symbolBase[object]!;
  const value = symbols.section[row] === SECTION_ABSOLUTE ? symbols.value[row]! : 0;
  return { kind: 'constant', value };
}

/** The symbol table with sections as the image has them, and addresses for values (gABI, "Symbol Values"). */
export function placeSymbols(columns: SymbolColumns, plan: ImagePlan): SymbolColumns {
  const section = columns.section.slice();
  const value = columns.value.slice();
  columns.section.forEach((index, row) => {
    if (index < FIRST_SECTION) return;
    const position = plan.positions[index - FIRST_SECTION]!;
    section[row] = FIRST_SECTION + position;
    value[row]! += plan.addresses[position]!;
  });
  return { ...columns, section, value };
}
