import { compressDebug, onlyDebug, withoutDebug, type Writable } from './debug-output.js';
import { layOutSymbols } from './output-symbols.js';
import type { PassResult, Passes } from './passes.js';
import { resolveLocalCalls } from './resolve-local-calls.js';
import { toUbpfForm } from './ubpf-object.js';
import { writeImage } from './write-image.js';
import {
  countRelocations,
  retainedNames,
  type Finish,
  type WrittenImage,
  type Written,
} from './written-image.js';

/** The passes of a relocatable object, and of the file of its debug sections. */
export function writeObject(passes: Passes, finish: Finish): Written | undefined {
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

  const write = (whole: Writable, own: Finish['types'] | undefined): WrittenImage => {
    const symbols = layOutSymbols(
      whole.state,
      whole.relocated,
      retainedNames(options),
      form.labels,
    );
    const image = writeImage(whole.state, whole.relocated, symbols, own);
    const relocations = countRelocations(whole.state, whole.relocated);
    return { image, symbols, layout: whole.state.layout, relocations };
  };
  return passes.run('write', (): PassResult<Written> => {
    const kept = target.hasKernel ? types : undefined;
    const whole = { state, relocated: form.relocated };
    const packed = options.compressDebug ? compressDebug(whole) : whole;
    if (options.separateDebug === undefined) {
      return { value: { object: write(packed, kept) }, diagnostics: [] };
    }
    const debug = write(onlyDebug(packed), undefined);
    const stripped = withoutDebug(whole, options.separateDebug, debug.image);
    return { value: { object: write(stripped, kept), debug }, diagnostics: [] };
  });
}
