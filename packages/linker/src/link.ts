import { hasErrors, type Diagnostic } from '@bpf-ld/diagnostics';
import { REL_SIZE, StringPool } from '@bpf-ld/elf-reader';
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
import { planDynamic } from './dynamic.js';
import { checkAssignments } from './assigned-symbols.js';
import { foldedPieces, foldJob } from './fold-functions.js';
import { gatherObjects } from './gather-objects.js';
import { applyAll, meanings } from './apply.js';
import { planImage, placeSymbols, type ImagePlan } from './image-plan.js';
import { layOut } from './layout.js';
import { layoutRules } from './layout-rules.js';
import { keepNoLicense, keepOneLicense } from './licenses.js';
import { collectJob, gcOfImage, explainLiveness, removedPieces } from './liveness.js';
import { makeMap, traceSymbols } from './link-map.js';
import { mergeTypes, type MergedTypes } from './merge-types.js';
import { layOutSymbols, type OutputSymbols } from './output-symbols.js';
import { parseObject, type ParsedObject, type ParseResult } from './parse-object.js';
import { relocate, type LinkState, type Relocated } from './relocate.js';
import { controlSymbols, extractionRules, resolveRules } from './symbol-control.js';
import { checkSharedByteOrder, takeSharedInputs, type SharedInput } from './shared-inputs.js';
import { resolveLocalCalls } from './resolve-local-calls.js';
import { siteOfSymbol } from './sites.js';
import { targets } from './targets/index.js';
import type { OutputKind, TargetProfile } from './targets/profile.js';
import { toUbpfForm } from './ubpf-object.js';
import { reportUndefined } from './undefined-symbols.js';
import { verifyImage } from './verify-image.js';
import { checkRequest, verifyTarget } from './verify-target.js';
import { writeExecutable } from './write-executable.js';
import { writeImage } from './write-image.js';

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

  const target = targets[options.target ?? 'bpf'];
  const output = options.output ?? target.outputs[0]!;

  const refusals = checkRequest(target, output, options.image ?? {});
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
      extractionRules(control),
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
  const resolved = passes.run('resolve', () => resolveAll(objects, control, target));
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
  const state: LinkState = { objects, resolution, live, folded, layout };
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
    const { types: value, diagnostics } = mergeTypes(state, options.symbols !== undefined);
    return { value, diagnostics };
  });

  // relocate: Layout -> contents and relocations at their new places.
  const relocated = passes.run('relocate', () => {
    const { relocated: value, diagnostics } = relocate(state);
    return { value, diagnostics };
  });
  if (passes.failed) return passes.failure(traces);

  const finish = { state, relocated, types, shared, target, output, options };
  const written =
    output === 'relocatable' ? writeObject(passes, finish) : makeImage(passes, finish);
  if (!written) return passes.failure(traces);
  const { symbols, image, plan } = written;

  // verify: the image read back and held against the plan
  passes.run('verify', () => ({
    value: undefined,
    diagnostics: [
      ...verifyImage(image, layout, symbols, options.verify === true, plan),
      ...verifyTarget(image, target, state, plan),
    ],
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
    stats: countStats(state, written, types),
    extracted,
    map: () => makeMap(state, extracted, plan),
  };
}

/** What the last passes work on. */
interface Finish {
  readonly state: LinkState;
  readonly relocated: Relocated;
  readonly types: MergedTypes;
  readonly shared: readonly SharedInput[];
  readonly target: TargetProfile;
  readonly output: OutputKind;
  readonly options: LinkOptions;
}

/** The output, and the plan of an image. */
interface Written {
  readonly symbols: OutputSymbols;
  readonly image: Uint8Array;
  /** How many relocations it has. */
  readonly relocations: number;
  readonly plan?: ImagePlan;
}

/** The passes of a relocatable object. */
function writeObject(passes: Passes, finish: Finish): Written | undefined {
  const { state, relocated, types, target, options } = finish;
  const resolved = options.resolveCalls
    ? passes.run('calls', () => ({
        value: resolveLocalCalls(state, relocated),
        diagnostics: [],
      }))
    : relocated;
  const form = target.objectSectionName
    ? passes.run('form', () => {
        const { diagnostics, ...value } = toUbpfForm(state, resolved, options.image ?? {});
        return { value, diagnostics };
      })
    : { relocated: resolved, labels: [] };
  if (passes.failed) return undefined;
  return passes.run('write', () => {
    const symbols = layOutSymbols(state, form.relocated, options.symbols?.retain, form.labels);
    const kept = target.hasKernel ? types : undefined;
    const image = writeImage(state, form.relocated, symbols, kept);
    const relocations = countRelocations(form.relocated);
    return { value: { symbols, image, relocations }, diagnostics: [] };
  });
}

/** The passes of an executable or a shared object. */
function makeImage(passes: Passes, finish: Finish): Written | undefined {
  const { state, relocated, target, output } = finish;
  const options = finish.options.image ?? {};
  const record = options.emitRelocations ? relocated : undefined;
  const symbols = layOutSymbols(state, record, finish.options.symbols?.retain);

  // dynamic: relocations -> sections for a run-time loader. Beyond this point sizes are known.
  const made =
    output === 'shared'
      ? passes.run('dynamic', () => {
          const names = meanings(state, target, output, options);
          const needed = [...new Set(finish.shared.map(({ soname }) => soname))];
          const job = { state, relocated, symbols, names, target, options, needed };
          const { made: value, diagnostics } = planDynamic(job);
          return { value, diagnostics };
        })
      : [];

  // addresses: Layout -> where segments put everything. Beyond this point no address changes.
  const plan = passes.run('addresses', () => {
    const { plan: value, diagnostics } = planImage(state, target, output, options, made);
    return { value, diagnostics };
  });
  if (passes.failed) return undefined;

  // apply: addresses -> fields
  const contents = passes.run('apply', () => {
    const names = meanings(state, target, output, options, plan);
    const { contents: value, diagnostics } = applyAll(state, relocated, plan, names, target);
    return { value, diagnostics };
  });
  if (passes.failed) return undefined;

  // write: all of these -> image
  return passes.run('write', () => {
    const placed = { ...symbols, columns: placeSymbols(symbols.columns, plan) };
    const image = writeExecutable({ ...finish, options, plan, contents, symbols: placed });
    const dynamic = made.find(({ name }) => name === '.rel.dyn')?.size ?? 0;
    const relocations = (record ? countRelocations(record) : 0) + dynamic / REL_SIZE;
    return { value: { symbols, image, plan, relocations }, diagnostics: [] };
  });
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
  { hasKernel }: TargetProfile,
): PassResult<Resolution> {
  const licenses = hasKernel ? keepOneLicense(objects) : keepNoLicense(objects);
  const { resolution, diagnostics } = resolve(
    objects.map(({ elf, relocations }, i) => ({ elf, kept: licenses.kept[i]!, relocations })),
    new StringPool(),
    (object, symbol) => siteOfSymbol(objects[object]!, symbol),
    resolveRules(control),
  );
  return { value: resolution, diagnostics: [...licenses.diagnostics, ...diagnostics] };
}

function countRelocations({ sections }: Relocated): number {
  return sections.reduce((sum, { relocations }) => sum + relocations.count, 0);
}

function countStats(
  { objects, resolution, live, folded, layout }: LinkState,
  { symbols: { columns }, image, relocations }: Written,
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
    sections: layout.sections.length,
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
