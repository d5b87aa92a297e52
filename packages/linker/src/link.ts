import { hasErrors, type Diagnostic } from '@bpf-ld/diagnostics';
import { StringPool } from '@bpf-ld/elf-reader';
import {
  findLive,
  foldFunctions,
  resolve,
  UNDEFINED,
  type DroppedRange,
  type LiveSet,
  type Resolution,
  type SectionId,
} from '@bpf-ld/symbol-resolver';
import type {
  InputTiming,
  LinkInput,
  LinkJob,
  LinkOptions,
  LinkResult,
  LinkStats,
  PassTiming,
  SymbolOptions,
  SymbolTrace,
} from './api.js';
import { checkAssignments } from './assigned-symbols.js';
import { foldedPieces, foldJob } from './fold-functions.js';
import { gatherObjects } from './gather-objects.js';
import { layOut } from './layout.js';
import { keepOneLicense } from './licenses.js';
import { collectJob, explainLiveness, removedPieces } from './liveness.js';
import { makeMap, traceSymbols } from './link-map.js';
import { mergeTypes, type MergedTypes } from './merge-types.js';
import { layOutSymbols, type OutputSymbols } from './output-symbols.js';
import { parseObject, type ParsedObject, type ParseResult } from './parse-object.js';
import { relocate, type LinkState, type Relocated } from './relocate.js';
import { controlSymbols, extractionRules, resolveRules } from './symbol-control.js';
import { siteOfSymbol } from './sites.js';
import { reportUndefined } from './undefined-symbols.js';
import { verifyImage } from './verify-image.js';
import { writeImage } from './write-image.js';

/**
 * Links BPF objects into one relocatable object. Pure: bytes in, result out; no file, no process, no
 * console. Malformed input is a diagnostic, never an exception.
 *
 * All errors of a pass are reported, in input order, before the link stops; there is an image if and
 * only if there is no error. The same inputs and options give the same bytes everywhere.
 *
 * @example
 * const result = link({ inputs: [{ name: 'a.o', bytes: a }, { name: 'b.o', bytes: b }] });
 * if (result.ok) save(result.image);
 * else for (const { message } of result.diagnostics) report(message);
 */
export function link(job: LinkJob): LinkResult {
  return linkWith(job, parseObject);
}

/** {@link link} with a parse pass that may answer from a cache. */
export function linkWith(
  { inputs, options = {} }: LinkJob,
  parse: (input: LinkInput) => ParseResult,
): LinkResult {
  const passes = new Passes(options);

  // parse: bytes -> ParsedObject[]. Of archives, the members that are needed.
  const control = options.symbols ?? {};
  const { objects, extracted } = passes.run('parse', () => {
    const { timedParse, timings } = withTimings(parse, passes.clock);
    return {
      ...gatherObjects(inputs, timedParse, extractionRules(control)),
      ...(passes.clock && { inputs: timings }),
    };
  });
  if (passes.failed) return passes.failure();

  // resolve: ParsedObject[] -> Resolution. Beyond this point no global name is added.
  const resolved = passes.run('resolve', () => resolveAll(objects, control));
  const traces = traceSymbols({ objects, resolution: resolved }, options.traceSymbols ?? []);
  if (passes.failed) return passes.failure(traces);

  // symbols: Resolution -> Resolution. Beyond this point no name changes.
  const resolution = options.symbols
    ? passes.run('symbols', () => {
        const { resolution: value, diagnostics } = controlSymbols(objects, resolved, control);
        return { value, diagnostics };
      })
    : resolved;
  if (passes.failed) return passes.failure(traces);

  // live: Resolution -> LiveSet. What lost to another definition leaves, and on
  // demand what nothing needs.
  const live = passes.run('live', () => ({
    value: findLive(resolution, options.gc && collectJob(objects, options.gc, control)),
    diagnostics: [],
  }));

  // fold: LiveSet -> FoldedFunctions. Of identical functions that stay one keeps its body.
  const folded = options.icf
    ? passes.run('fold', () => ({
        value: foldFunctions(resolution, live.dropped, foldJob(objects, resolution, live, options)),
        diagnostics: [],
      }))
    : new Map<SectionId, never>();

  // layout: LiveSet -> Layout. Beyond this point nothing moves.
  const layout = passes.run('layout', () => {
    const { layout: value, diagnostics } = layOut(
      objects,
      resolution,
      live,
      folded,
      options.mergeTails,
    );
    return { value, diagnostics };
  });
  const state: LinkState = { objects, resolution, live, folded, layout };
  if (options.noUndefined) {
    passes.run('undefined', () => ({
      value: undefined,
      diagnostics: reportUndefined(state).map((found) =>
        control.warnUnresolved ? { ...found, severity: 'warning' } : found,
      ),
    }));
  }
  if (control.definitions) {
    const diagnostics = checkAssignments(state, control.definitions);
    passes.run('assign', () => ({ value: undefined, diagnostics }));
  }
  if (passes.failed) return passes.failure(traces);

  // types: Layout -> MergedTypes. Declarations must agree with definitions.
  const types = passes.run('types', () => {
    const { types: value, diagnostics } = mergeTypes(state, options.symbols !== undefined);
    return { value, diagnostics };
  });

  // relocate: Layout -> contents and relocations at their new places.
  const relocated = passes.run('relocate', () => {
    const { relocated: value, diagnostics } = relocate(state, types.typeIds);
    return { value, diagnostics };
  });
  if (passes.failed) return passes.failure(traces);

  // write: all of these -> image
  const [symbols, image] = passes.run('write', () => {
    const table = layOutSymbols(state, relocated, control.retain);
    const value = [table, writeImage(state, relocated, table, types)] as const;
    return { value, diagnostics: [] };
  });

  // verify: the image read back and held against the plan
  passes.run('verify', () => ({
    value: undefined,
    diagnostics: verifyImage(image, layout, symbols, options.verify === true),
  }));
  if (passes.failed) return passes.failure(traces);

  return {
    ok: true,
    image,
    diagnostics: passes.diagnostics,
    timings: passes.timings,
    traces,
    liveness: explainLiveness(state, options.whyLive ?? []),
    removed: removedPieces(state),
    folded: foldedPieces(state),
    stats: countStats(state, relocated, symbols, types, image),
    extracted,
    map: () => makeMap(state, extracted),
  };
}

/** Runs passes one after the other, and keeps what they say and how long they take. */
class Passes {
  readonly diagnostics: Diagnostic[] = [];
  readonly timings: PassTiming[] = [];
  /** Milliseconds since the start of the link; absent where nobody asks for times. */
  readonly clock: (() => number) | undefined;
  readonly #fatalWarnings: boolean;

  constructor({ now, fatalWarnings = false }: LinkOptions) {
    const epoch = now?.() ?? 0;
    this.clock = now && (() => now() - epoch);
    this.#fatalWarnings = fatalWarnings;
  }

  run<T>(pass: string, body: () => PassResult<T>): T {
    const start = this.clock?.() ?? 0;
    const { value, diagnostics, inputs } = body();
    for (const diagnostic of diagnostics) {
      const isFatal = this.#fatalWarnings && diagnostic.severity === 'warning';
      this.diagnostics.push(isFatal ? { ...diagnostic, severity: 'error' } : diagnostic);
    }
    const milliseconds = (this.clock?.() ?? 0) - start;
    this.timings.push({ pass, start, milliseconds, ...(inputs && { inputs }) });
    return value;
  }

  get failed(): boolean {
    return hasErrors(this.diagnostics);
  }

  failure(traces: readonly SymbolTrace[] = []): LinkResult {
    return { ok: false, diagnostics: this.diagnostics, timings: this.timings, traces };
  }
}

interface PassResult<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
  readonly inputs?: readonly InputTiming[];
}

/** The parse pass, and how long it took for each input it was asked for. */
function withTimings(
  parse: (input: LinkInput) => ParseResult,
  clock: (() => number) | undefined,
): {
  readonly timedParse: (input: LinkInput) => ParseResult;
  readonly timings: readonly InputTiming[];
} {
  const timings: InputTiming[] = [];
  if (!clock) return { timedParse: parse, timings };
  const timedParse = (input: LinkInput): ParseResult => {
    const start = clock();
    const result = parse(input);
    const { name, bytes } = input;
    timings.push({ input: name, bytes: bytes.length, start, milliseconds: clock() - start });
    return result;
  };
  return { timedParse, timings };
}

function resolveAll(
  objects: readonly ParsedObject[],
  control: SymbolOptions,
): PassResult<Resolution> {
  const licenses = keepOneLicense(objects);
  const { resolution, diagnostics } = resolve(
    objects.map(({ elf, relocations }, i) => ({ elf, kept: licenses.kept[i]!, relocations })),
    new StringPool(),
    (object, symbol) => siteOfSymbol(objects[object]!, symbol),
    resolveRules(control),
  );
  return { value: resolution, diagnostics: [...licenses.diagnostics, ...diagnostics] };
}

function countStats(
  { objects, resolution, live, folded, layout }: LinkState,
  relocated: Relocated,
  { columns }: OutputSymbols,
  types: MergedTypes,
  image: Uint8Array,
): LinkStats {
  const { global, globals, symbolBase } = resolution;
  let resolvedReferences = 0;
  objects.forEach(({ elf: { symbols } }, object) => {
    for (let i = 1; i < symbols.count; i++) {
      const id = global[symbolBase[object]! + i]!;
      if (id >= 0 && symbols.section[i] === 0 && globals.state[id] !== UNDEFINED) {
        resolvedReferences++;
      }
    }
  });
  let undefinedSymbols = 0;
  for (let i = columns.firstGlobal; i < columns.count; i++) {
    if (columns.section[i] === 0) undefinedSymbols++;
  }
  const twins = [...folded.values()].flat();
  return {
    inputs: objects.length,
    inputBytes: objects.reduce((sum, { elf }) => sum + elf.bytes.length, 0),
    outputBytes: image.length,
    sections: layout.sections.length,
    symbols: columns.count - 1,
    relocations: relocated.sections.reduce((sum, { relocations }) => sum + relocations.count, 0),
    resolvedReferences,
    undefinedSymbols,
    typesIn: types.typesIn,
    typesOut: types.typesOut,
    droppedPieces: countRanges(live, (global) => global !== undefined),
    collectedPieces: countRanges(live, (global) => global === undefined),
    foldedFunctions: twins.length,
    foldedBytes: twins.reduce((sum, { start, end }) => sum + end - start, 0),
  };
}

/** Dropped ranges of which the winner, if any, is as asked. */
function countRanges(
  { dropped }: LiveSet,
  counts: (winner: DroppedRange['global']) => boolean,
): number {
  let count = 0;
  for (const ranges of dropped.values()) {
    for (const { global } of ranges) if (counts(global)) count++;
  }
  return count;
}
