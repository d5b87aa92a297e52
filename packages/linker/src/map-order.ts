import { STT_SECTION, type RelocationTable } from '@bpf-ld/elf-reader';
import {
  objectOf,
  rangeAt,
  UNDEFINED,
  type ByteRange,
  type LiveSet,
  type ObjectId,
  type Resolution,
  type SectionId,
  type SymbolId,
} from '@bpf-ld/symbol-resolver';
import { addendReader } from './addends.js';
import type { ParsedObject } from './parse-object.js';

/** The section of BTF-defined maps. */
const MAPS_SECTION = '.maps';

/**
 * Maps of maps that a static initialiser fills with maps that stand after them: they move to the end
 * of .maps, in their order. libbpf creates maps in the order of .maps and fills a map of maps as soon
 * as it has created it, so those it holds must come first, whatever the order of the inputs. A map of
 * maps holds no other (the kernel's bpf_map_meta_alloc), so behind all others is late enough. Program
 * arrays, which are filled after everything is loaded, stay.
 *
 * @returns by input section, ranges in ascending order without overlap
 */
export function findLateMaps(
  objects: readonly ParsedObject[],
  resolution: Resolution,
  { dropped }: LiveSet,
): ReadonlyMap<SectionId, readonly ByteRange[]> {
  const late = new Map<SectionId, readonly ByteRange[]>();
  const addendOf = addendReader(objects);
  objects.forEach((parsed, i) => {
    const object = i as ObjectId;
    for (const [index, tables] of parsed.relocations) {
      if (parsed.elf.sections[index]!.name !== MAPS_SECTION) continue;
      const id = (resolution.sectionBase[object]! + index) as SectionId;
      if (resolution.keptSection[id] !== 1) continue;
      const maps = mapsIn(parsed, index);
      const lost = dropped.get(id) ?? [];
      const moving = new Set<ByteRange>();
      const visit = (table: RelocationTable, row: number): void => {
        const map = rangeAt(maps, table.offset[row]!);
        if (!map || rangeAt(lost, map.start)) return;
        const symbol = table.symbol[row]!;
        const isSection = parsed.elf.symbols.type[symbol] === STT_SECTION;
        const addend = isSection ? (addendOf(object, index, table, row) ?? 0) : 0;
        const held = definitionOf(resolution, object, symbol);
        if (!held || !isMaps(resolution, held.section)) return;
        const start = held.offset + addend;
        if (held.section > id || (held.section === id && start > map.start)) moving.add(map);
      };
      for (const table of tables) for (let row = 0; row < table.count; row++) visit(table, row);
      if (moving.size > 0)
        late.set(
          id,
          [...moving].sort((a, b) => a.start - b.start),
        );
    }
  });
  return late;
}

/** The definitions in a .maps section in ascending order; of those that overlap, the first. */
function mapsIn({ elf: { symbols, sections } }: ParsedObject, section: number): ByteRange[] {
  const all: ByteRange[] = [];
  for (let i = 1; i < symbols.count; i++) {
    if (symbols.section[i] !== section || symbols.type[i] === STT_SECTION) continue;
    const start = symbols.value[i]!;
    const end = start + symbols.size[i]!;
    if (start < end && end <= sections[section]!.size) all.push({ start, end });
  }
  all.sort((a, b) => a.start - b.start);
  let end = 0;
  return all.filter((map) => {
    const apart = map.start >= end;
    if (apart) end = map.end;
    return apart;
  });
}

/** Where the definition is that a symbol of an object means, if one is in a section. */
function definitionOf(
  { objects, global, globals, sectionBase, symbolBase }: Resolution,
  object: ObjectId,
  symbol: number,
): { readonly section: SectionId; readonly offset: number } | undefined {
  const name = global[symbolBase[object]! + symbol]!;
  if (name >= 0 && globals.state[name] === UNDEFINED) return undefined;
  const id = (name >= 0 ? globals.symbol[name]! : symbolBase[object]! + symbol) as SymbolId;
  const home = objectOf(symbolBase, id);
  const { symbols } = objects[home]!.elf;
  const row = id - symbolBase[home]!;
  if (symbols.section[row]! <= 0) return undefined;
  const section = (sectionBase[home]! + symbols.section[row]!) as SectionId;
  return { section, offset: symbols.value[row]! };
}

function isMaps({ objects, sectionBase }: Resolution, id: SectionId): boolean {
  const object = objectOf(sectionBase, id);
  return objects[object]!.elf.sections[id - sectionBase[object]!]!.name === MAPS_SECTION;
}
