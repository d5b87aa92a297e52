import type { Site } from '@bpf-ld/diagnostics';
import { symbolName } from '@bpf-ld/elf-reader';
import {
  COMMON,
  objectOf,
  type CollectJob,
  type LiveChain,
  type LiveStep,
  type SectionId,
  type SymbolId,
} from '@bpf-ld/symbol-resolver';
import { addendReader } from './addends.js';
import type {
  GcOptions,
  ImageOptions,
  RemovedPiece,
  SymbolLiveness,
  SymbolOptions,
} from './api.js';
import { exceptionCallbacks } from './exception-callbacks.js';
import type { ParsedObject } from './parse-object.js';
import { foldedAt, type LinkState } from './relocate.js';
import { siteAt, siteOfSymbol } from './sites.js';
import type { OutputKind, TargetProfile } from './targets/profile.js';

/**
 * What the live pass goes by when it collects garbage. Names that `-u` and `--require-defined` refer
 * to are kept; where a version script or a list says what is exported, so is that.
 */
export function collectJob(
  objects: readonly ParsedObject[],
  gc: GcOptions & { readonly entryOnly?: boolean },
  control: SymbolOptions,
): CollectJob {
  return {
    keep: [...(gc.keep ?? []), ...(control.undefined ?? []), ...(control.requireDefined ?? [])],
    keepSections: gc.keepSections ?? [],
    keepExported: gc.keepExported ?? control.scope !== undefined,
    maps: gc.maps ?? false,
    entryOnly: gc.entryOnly ?? false,
    exceptionCallbacks: [...new Set(objects.flatMap(exceptionCallbacks))],
    addendOf: addendReader(objects),
  };
}

/**
 * The entry of an image is a root, and the only function of an executable that is one; what a shared
 * object exports are roots.
 */
export function gcOfImage(
  gc: GcOptions,
  target: TargetProfile,
  output: OutputKind,
  image: ImageOptions | undefined,
): GcOptions & { readonly entryOnly?: boolean } {
  const entry = image?.entry ?? target.entry;
  const keep = [...(gc.keep ?? []), ...(entry === undefined ? [] : [entry])];
  if (output === 'relocatable') return { ...gc, keep };
  if (output === 'shared') return { ...gc, keep, keepExported: gc.keepExported ?? true };
  return { ...gc, keep, entryOnly: entry !== undefined };
}

/** What was collected, in input order; commons last. */
export function removedPieces({ objects, resolution, live }: LinkState): readonly RemovedPiece[] {
  if (!live.collected) return [];
  const { globals, sectionBase, symbolBase, strings } = resolution;
  const removed: RemovedPiece[] = [];
  objects.forEach(({ elf }, object) => {
    for (const { index, name } of elf.sections) {
      const id = (sectionBase[object]! + index) as SectionId;
      for (const { start, end, global, symbol = -1 } of live.dropped.get(id) ?? []) {
        if (global !== undefined) continue;
        const named = symbol < 0 ? {} : { symbol: symbolName(elf, symbol - symbolBase[object]!) };
        const piece = { object: elf.name, section: name, offset: start, size: end - start };
        removed.push({ ...piece, ...named });
      }
    }
  });
  for (let id = 0; id < globals.count; id++) {
    if (globals.state[id] !== COMMON || live.unreferenced[id] !== 1) continue;
    const object = objects[objectOf(symbolBase, globals.symbol[id]! as SymbolId)]!.elf.name;
    const symbol = strings.text(globals.name[id]!);
    removed.push({ object, section: 'COMMON', offset: 0, size: globals.commonSize[id]!, symbol });
  }
  return removed;
}

/** Answers why names are among what stays, in their order; every definition of a name. */
export function explainLiveness(
  state: LinkState,
  names: readonly string[],
): readonly SymbolLiveness[] {
  const { collected } = state.live;
  return names.flatMap((symbol): readonly SymbolLiveness[] => {
    if (!collected) return [{ symbol, state: 'not-collected', chain: [] }];
    const chains = collected.chainsOf(symbol);
    if (chains.length === 0) return [{ symbol, state: 'undefined', chain: [] }];
    return chains.map((chain) => explain(state, symbol, chain));
  });
}

function explain(state: LinkState, symbol: string, chain: LiveChain): SymbolLiveness {
  const { reason, steps } = chain;
  const site = { ...siteOf(state, chain.symbol), symbol };
  const kept = keeperOf(state, chain.symbol);
  if (reason === undefined) return { symbol, site, state: 'removed', chain: [] };
  const places = steps.map((step, i) => (i === steps.length - 1 ? site : siteOfStep(state, step)));
  const twin = kept === undefined ? {} : { foldedInto: siteOf(state, kept) };
  return { symbol, site, state: 'live', reason, chain: places, ...twin };
}

/** The function whose body a folded one has. */
function keeperOf({ objects, resolution, folded }: LinkState, symbol: SymbolId) {
  const object = objectOf(resolution.symbolBase, symbol);
  const { symbols } = objects[object]!.elf;
  const row = symbol - resolution.symbolBase[object]!;
  const section = (resolution.sectionBase[object]! + symbols.section[row]!) as SectionId;
  return foldedAt({ folded }, section, symbols.value[row]!)?.keeper.symbol;
}

function siteOf({ objects, resolution: { symbolBase } }: LinkState, symbol: SymbolId): Site {
  const object = objectOf(symbolBase, symbol);
  return siteOfSymbol(objects[object]!, symbol - symbolBase[object]!);
}

function siteOfStep({ objects, resolution }: LinkState, { section, offset }: LiveStep): Site {
  const { sectionBase } = resolution;
  const object = objectOf(sectionBase, section);
  return siteAt(objects[object]!, section - sectionBase[object]!, offset);
}
