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
  LinkResult,
  LinkStats,
  SymbolOptions,
} from './api.js';
import { adjustDebugInputs } from './adjust-debug.js';
import { checkAssignments } from './assigned-symbols.js';
import { debugInputOf, type DebugInput } from './debug-inputs.js';
import { foldedPieces, foldJob } from './fold-functions.js';
import { gatherObjects } from './gather-objects.js';
import { layOutDebug } from './layout-debug.js';
import { layOut } from './layout.js';
import { layoutRules } from './layout-rules.js';
import { keepNoLicense, keepOneLicense } from './licenses.js';
import { collectJob, explainLiveness, gcOfImage, removedPieces } from './liveness.js';
import { makeMap, traceSymbols } from './link-map.js';
import { makeImage } from './make-image.js';
import { mergeTypes, type MergedTypes } from './merge-types.js';
import { parseObject, type ParsedObject, type ParseResult } from './parse-object.js';
import { Passes, type PassResult } from './passes.js';
import { relocateDebug } from './relocate-debug.js';
import { relocate, type LinkState } from './relocate.js';
import { controlSymbols, extractionRules, resolveRules } from './symbol-control.js';
import { checkSharedByteOrder, takeSharedInputs } from './shared-inputs.js';
import { siteOfSymbol } from './sites.js';
import { targetProfile } from './targets/index.js';
import type { TargetProfile } from './targets/profile.js';
import { reportUndefined } from './undefined-symbols.js';
import { verifyImage } from './verify-image.js';
import { checkRequest, verifyTarget } from './verify-target.js';
import { writeObject } from './write-object.js';
import type { WrittenImage } from './written-image.js';

/**
 * Links BPF objects into one: a relocatable object, an executable or a shared object. Pure: bytes in, result out; no file, no process, no
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

  const target = targetProfile(options.target ?? 'bpf');
  const output = options.output ?? target.outputs[0]!;

  const refusals = checkRequest(target, output, options);
  if (refusals.length > 0) {
    passes.run('target', () => ({ value: undefined, diagnostics: refusals }));
    return passes.failure();
  }

  // parse: bytes -> ParsedObject[]. Of archives, the members that are needed.
  const control = options.symbols ?? {};
  const { objects, extracted, shared } = passes.run('parse', () => {
    const { timedParse, timings } = withTimings(parse, passes.clock);
    const libraries =
      output === 'shared'
        ? takeSharedInputs(inputs)
        : { objects: inputs, shared: [], diagnostics: [] };
    const { value, diagnostics } = gatherObjects(
      libraries.objects,
      timedParse,
      options.symbols && extractionRules(options.symbols),
    );
    return {
      value: { ...value, shared: libraries.shared },
      diagnostics: [
        ...libraries.diagnostics,
        ...diagnostics,
        ...checkSharedByteOrder(value.objects, libraries.shared),
      ],
      ...(passes.clock && { inputs: timings }),
    };
  });
  if (passes.failed) return passes.failure();

  // resolve: ParsedObject[] -> Resolution. Beyond this point no global name is added.
  const resolved = passes.run('resolve', () => resolveAll(objects, options.symbols, target));
  const traced = options.traceSymbols ?? [];
  const traces = traced.length > 0 ? traceSymbols({ objects, resolution: resolved }, traced) : [];
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
    value: findLive(
      resolution,
      options.gc &&
        collectJob(objects, gcOfImage(options.gc, target, output, options.image), control),
    ),
    diagnostics: [],
  }));

  const rules = {
    mergeTails: options.mergeTails ?? false,
    ...layoutRules(resolution, target, output, options.image?.entry),
  };

  // fold: LiveSet -> FoldedFunctions. Of identical functions that stay one keeps its body.
  const folded = options.icf
    ? passes.run('fold', () => ({
        value: foldFunctions(
          resolution,
          live.dropped,
          foldJob(objects, resolution, live, options, rules),
        ),
        diagnostics: [],
      }))
    : new Map<SectionId, never>();

  // layout: LiveSet -> Layout. Beyond this point nothing moves.
  const layout = passes.run('layout', () => {
    const { layout: value, diagnostics } = layOut(objects, resolution, live, folded, rules);
    return { value, diagnostics };
  });
  let state: LinkState = { objects, resolution, live, folded, layout };
  const isComplete = output === 'static' && target.undefinedCalls === 'error';
  if (options.noUndefined || isComplete) {
    const named = new Set([
      ...(options.image?.helpers?.keys() ?? []),
      ...shared.flatMap(({ defined }) => [...defined]),
    ]);
    passes.run('undefined', () => ({
      value: undefined,
      diagnostics: reportUndefined(state, { kernel: !isComplete, named }).map((found) =>
        control.warnUnresolved && !isComplete ? { ...found, severity: 'warning' } : found,
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
    const { types: value, diagnostics } = mergeTypes(
      state,
      options.symbols !== undefined,
      options.lineInfo !== false,
    );
    return { value, diagnostics };
  });

  // debug: Layout -> Layout. Debug sections, behind the program's.
  let debug: readonly DebugInput[] = [];
  const isStripped = options.stripDebug || options.stripAll || !target.hasKernel;
  if (!isStripped || options.separateDebug !== undefined) {
    const { layout: withDebug, inputs: adjusted } = passes.run('debug', () => {
      const { inputs: found, diagnostics } = adjustDebugInputs(state, objects.map(debugInputOf));
      const laidOut = layOutDebug(resolution, layout, found);
      return {
        value: { inputs: found, layout: laidOut.layout },
        diagnostics: [...diagnostics, ...laidOut.diagnostics],
      };
    });
    debug = adjusted;
    state = { ...state, layout: withDebug };
  }

  // relocate: Layout -> contents and relocations at their new places.
  const relocated = passes.run('relocate', () => {
    const program = relocate(state, types.typeIds);
    const rest = relocateDebug(state, debug);
    return {
      value: { sections: [...program.relocated.sections, ...rest.sections] },
      diagnostics: [...program.diagnostics, ...rest.diagnostics],
    };
  });
  if (passes.failed) return passes.failure(traces);

  // calls, form, write; of images dynamic, addresses, apply, write: all of these -> images
  const finish = { state, relocated, types, shared, target, output, options };
  const written =
    output === 'relocatable' ? writeObject(passes, finish) : makeImage(passes, finish);
  if (!written) return passes.failure(traces);
  const { image, plan } = written.object;

  // verify: the images read back and held against the plan
  passes.run('verify', () => ({
    value: undefined,
    diagnostics: [
      ...[written.object, ...(written.debug ? [written.debug] : [])].flatMap((file) =>
        verifyImage(file.image, file.layout, file.symbols, options.verify === true, file.plan),
      ),
      ...verifyTarget(image, target, state, plan),
    ],
  }));
  if (passes.failed) return passes.failure(traces);

  const asked = options.whyLive ?? [];
  return {
    ok: true,
    image,
    ...(written.debug && { debugImage: written.debug.image }),
    diagnostics: passes.diagnostics,
    timings: passes.timings,
    traces,
    liveness: asked.length > 0 ? explainLiveness(state, asked) : [],
    removed: live.collected ? removedPieces(state) : [],
    folded: options.icf ? foldedPieces(state) : [],
    stats: countStats(state, written.object, types),
    extracted,
    map: () => makeMap(state, extracted, plan),
  };
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
  control: SymbolOptions | undefined,
  { hasKernel }: TargetProfile,
): PassResult<Resolution> {
  const licenses = hasKernel ? keepOneLicense(objects) : keepNoLicense(objects);
  const { resolution, diagnostics } = resolve(
    objects.map(({ elf, relocations }, i) => ({ elf, kept: licenses.kept[i]!, relocations })),
    new StringPool(),
    (object, symbol) => siteOfSymbol(objects[object]!, symbol),
    control && resolveRules(control),
  );
  return { value: resolution, diagnostics: [...licenses.diagnostics, ...diagnostics] };
}

function countStats(
  { objects, resolution, live, folded, layout }: LinkState,
  { symbols: { columns }, image, relocations }: WrittenImage,
  types: MergedTypes,
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
    sections: layout.programSections,
    symbols: columns.count - 1,
    relocations,
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
