import { SHF_ALLOC, SHF_WRITE, SHT_PROGBITS } from '@bpf-ld/elf-reader';
import {
  objectOf,
  UNDEFINED,
  type Resolution,
  type SectionId,
  type SymbolId,
} from '@bpf-ld/symbol-resolver';
import { outputName, type LayoutRules } from './layout.js';
import type { OutputKind, TargetProfile } from './targets/profile.js';

/** How a target wants sections named and ordered. */
export function layoutRules(
  resolution: Resolution,
  target: TargetProfile,
  output: OutputKind,
  entry: string | undefined,
): Omit<LayoutRules, 'mergeTails'> {
  const name = target.entryFirst ? (entry ?? target.entry) : undefined;
  const first = name === undefined ? undefined : sectionOf(resolution, name);
  if (output !== 'relocatable') return { nameOf: target.sectionName, first };
  if (!target.objectSectionName) return { nameOf: outputName };
  const flagsOf = (section: string): ReturnType<NonNullable<LayoutRules['flagsOf']>> =>
    section === '.data' ? { type: SHT_PROGBITS, flags: SHF_ALLOC | SHF_WRITE } : undefined;
  return { nameOf: target.objectSectionName, flagsOf, first };
}

/** The input section in which a global name is defined. */
function sectionOf(resolution: Resolution, wanted: string): SectionId | undefined {
  const { globals, strings, symbolBase, sectionBase, objects } = resolution;
  const global = globals.name.indexOf(strings.internText(wanted));
  if (global < 0 || global >= globals.count || globals.state[global] === UNDEFINED)
    return undefined;
  const symbol = globals.symbol[global] as SymbolId;
  const object = objectOf(symbolBase, symbol);
  const home = objects[object]!.elf.symbols.section[symbol - symbolBase[object]!]!;
  return home > 0 ? ((sectionBase[object]! + home) as SectionId) : undefined;
}
