import { INSTRUCTION_SIZE } from '@bpf-ld/bpf-isa';
import type { CodeFunction, Disassembly, SourceLine } from './disassembly-api.js';

/**
 * The disassembly as text in the form of llvm-objdump -d: headings, and for each instruction a line of its number in the
 * section (in slots of 8 bytes), its bytes and its text. A source line stands where it changes, as the verifier has it:
 * `; text @ file:line`. Each part is one or more whole lines, so that the text need not be held at once.
 */
export function* renderDisassembly({
  name,
  sections,
}: Disassembly): Generator<string, void, undefined> {
  yield `\n${name}:\tfile format elf64-bpf\n`;
  for (const section of sections) {
    yield `\nDisassembly of section ${section.name}:\n`;
    for (const one of section.functions) yield renderFunction(one);
  }
}

function renderFunction({ names, section, offset: start, instructions }: CodeFunction): string {
  const address = start.toString(16).padStart(16, '0');
  const lines = (names.length === 0 ? [section] : names).map((name) => `${address} <${name}>:`);
  let shown: SourceLine | undefined;
  for (const { offset, bytes, text, label, source } of instructions()) {
    if (label !== undefined) lines.push(`<${label}>:`);
    if (source && (source.line !== shown?.line || source.file !== shown.file)) {
      lines.push(`; ${source.text} @ ${source.file}:${source.line}`);
      shown = source;
    }
    const number = String(Math.floor(offset / INSTRUCTION_SIZE)).padStart(8);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    lines.push(`${number}:\t${hex}\t${text}`);
  }
  return `\n${lines.join('\n')}\n`;
}
