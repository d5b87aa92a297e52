import type { LinkSuccess } from '@bpf-ld/linker';
import { disassembleObject, renderDisassembly } from '@bpf-ld/linker/disassembly';
import { printable, type CommandDiagnostic } from './render-diagnostics.js';

/** The disassembly of a linked object, part by part, or the names of functions that it does not have. */
export type DisassemblyReport =
  | { readonly ok: true; readonly parts: Iterable<string> }
  | { readonly ok: false; readonly diagnostics: readonly CommandDiagnostic[] };

/** What `--print-disassembly` prints of `functions`, or of all where none is named. */
export function reportDisassembly(
  { image }: LinkSuccess,
  output: string,
  functions: readonly string[],
): DisassemblyReport {
  const result = disassembleObject({ name: output, bytes: image, functions });
  if (!result.ok) return result;
  return { ok: true, parts: escaped(renderDisassembly(result.disassembly)) };
}

/** Names come from the inputs: no control character of theirs reaches a terminal. */
function* escaped(parts: Iterable<string>): Generator<string, void, undefined> {
  for (const part of parts) yield part.split('\n').map(printable).join('\n');
}
