import { INSTRUCTION_SIZE, instructionLength, opcodeAt } from '@bpf-ld/bpf-isa';
import { openSection, SHF_EXECINSTR, type Section } from '@bpf-ld/elf-reader';
import type { TargetImage, Violation } from './profile.js';

/** One instruction of an image's code. */
export interface CodePlace {
  readonly section: Section;
  readonly code: Uint8Array;
  /** Byte offset in the section. */
  readonly at: number;
}

/** Every instruction of every section of code, in order, of little endian images. */
export function* instructions({ elf }: TargetImage): Generator<CodePlace> {
  if (!elf.littleEndian) return;
  for (const section of elf.sections) {
    if ((section.flags & SHF_EXECINSTR) === 0) continue;
    const code = openSection(elf, section).bytes;
    for (let at = 0; at + INSTRUCTION_SIZE <= code.length;) {
      yield { section, code, at };
      at += instructionLength(opcodeAt(code, at));
    }
  }
}

export function violation({ index }: Section, offset: number, message: string): Violation {
  return { message, section: index, offset };
}
