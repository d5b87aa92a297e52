import { REL_SIZE } from '@bpf-ld/elf-reader';
import { applyAll, meanings } from './apply.js';
import { compressImage } from './debug-output.js';
import { planDynamic } from './dynamic.js';
import { placeSymbols, planImage } from './image-plan.js';
import { layOutSymbols } from './output-symbols.js';
import type { Passes } from './passes.js';
import { writeExecutable } from './write-executable.js';
import { countRelocations, retainedNames, type Finish, type Written } from './written-image.js';

/** The passes of an executable or a shared object. */
export function makeImage(passes: Passes, finish: Finish): Written | undefined {
  const { state, relocated, target, output } = finish;
  const options = finish.options.image ?? {};
  const record = options.emitRelocations ? relocated : undefined;
  const symbols = layOutSymbols(state, record, retainedNames(finish.options));

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
    const packed = finish.options.compressDebug
      ? compressImage(state, plan, contents)
      : { layout: state.layout, plan, contents };
    const placed = { ...symbols, columns: placeSymbols(symbols.columns, plan) };
    const { layout } = packed;
    const job = { ...finish, ...packed, state: { ...state, layout }, options, symbols: placed };
    const image = writeExecutable(job);
    const dynamic = made.find(({ name }) => name === '.rel.dyn')?.size ?? 0;
    const relocations = (record ? countRelocations(state, record) : 0) + dynamic / REL_SIZE;
    return {
      value: { object: { image, symbols, layout, plan: packed.plan, relocations } },
      diagnostics: [],
    };
  });
}
