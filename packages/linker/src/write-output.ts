import type { LinkOptions } from './api.js';
import { compressDebug, onlyDebug, withoutDebug, type Writable } from './debug-output.js';
import type { Layout } from './layout.js';
import type { MergedTypes } from './merge-types.js';
import { layOutSymbols, type OutputSymbols } from './output-symbols.js';
import { writeImage } from './write-image.js';

/** One finished file, and the plan it was written after. */
export interface WrittenImage {
  readonly image: Uint8Array;
  readonly symbols: OutputSymbols;
  readonly layout: Layout;
}

const NO_TYPES: MergedTypes = { btf: undefined, btfExt: undefined, typesIn: 0, typesOut: 0 };

/** Writes the object and, where its debug sections go to a file of their own, that file. */
export function writeOutput(
  whole: Writable,
  types: MergedTypes,
  options: LinkOptions,
): { readonly object: WrittenImage; readonly debug: WrittenImage | undefined } {
  const retain = options.symbols?.retain ?? (options.stripAll ? [] : undefined);
  const write = ({ state, relocated }: Writable, own: MergedTypes): WrittenImage => {
    const symbols = layOutSymbols(state, relocated, retain);
    const image = writeImage(state, relocated, symbols, own);
    return { image, symbols, layout: state.layout };
  };
  const packed = options.compressDebug ? compressDebug(whole) : whole;
  if (options.separateDebug === undefined) {
    return { object: write(packed, types), debug: undefined };
  }
  const debug = write(onlyDebug(packed), NO_TYPES);
  const stripped = withoutDebug(whole, options.separateDebug, debug.image);
  return { object: write(stripped, types), debug };
}
