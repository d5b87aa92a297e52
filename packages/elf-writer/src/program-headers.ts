import { EHDR_SIZE, PHDR, PHDR_SIZE, type ProgramHeader } from '@bpf-ld/elf-reader';
import type { Output } from './output.js';

/** What an executable or shared object has beyond its sections. */
export interface ImageSpec {
  /** Address of the first instruction. */
  readonly entry: number;
  readonly programHeaders: readonly ProgramHeader[];
}

/** File offset of the program headers: they follow the ELF header. */
export const PROGRAM_HEADERS_AT: number = EHDR_SIZE;

/** Writes the program header table (gABI, "Program Header"). */
export function writeProgramHeaders(output: Output, headers: readonly ProgramHeader[]): void {
  headers.forEach((header, i) => {
    const at = PROGRAM_HEADERS_AT + i * PHDR_SIZE;
    output.u32At(at + PHDR.p_type.offset, header.type);
    output.u32At(at + PHDR.p_flags.offset, header.flags);
    output.u64At(at + PHDR.p_offset.offset, header.offset);
    output.u64At(at + PHDR.p_vaddr.offset, header.address);
    output.u64At(at + PHDR.p_paddr.offset, header.physicalAddress);
    output.u64At(at + PHDR.p_filesz.offset, header.fileSize);
    output.u64At(at + PHDR.p_memsz.offset, header.memorySize);
    output.u64At(at + PHDR.p_align.offset, header.alignment);
  });
}
