import { EHDR, ELFCLASS64, EM_BPF, ET_REL } from './records.js';

/** What an input file is, as far as its first bytes tell. */
export type FileKind =
  | { readonly kind: 'bpf-object' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'truncated-elf' }
  | { readonly kind: 'elf32' }
  | { readonly kind: 'elf-machine'; readonly machine: number }
  | { readonly kind: 'elf-type'; readonly type: number }
  | { readonly kind: 'bitcode' }
  | { readonly kind: 'archive'; readonly thin: boolean }
  | { readonly kind: 'mach-o' }
  | { readonly kind: 'pe-coff' }
  | { readonly kind: 'text' }
  | { readonly kind: 'unknown' };

/** Identifies a file by its magic number, so that an error can say what it is and what to do. */
export function identifyFile(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) return { kind: 'empty' };
  if (startsWith(bytes, 0x7f, 0x45, 0x4c, 0x46)) return identifyElf(bytes);
  // 'BC' 0xC0DE, or the wrapper magic 0x0B17C0DE, little endian (LLVM BitCodeFormat.rst).
  if (startsWith(bytes, 0x42, 0x43, 0xc0, 0xde) || startsWith(bytes, 0xde, 0xc0, 0x17, 0x0b)) {
    return { kind: 'bitcode' };
  }
  if (startsWithText(bytes, '!<arch>\n')) return { kind: 'archive', thin: false };
  if (startsWithText(bytes, '!<thin>\n')) return { kind: 'archive', thin: true };
  if (startsWith(bytes, 0xcf, 0xfa, 0xed, 0xfe) || startsWith(bytes, 0xca, 0xfe, 0xba, 0xbe)) {
    return { kind: 'mach-o' };
  }
  if (startsWith(bytes, 0x4d, 0x5a) || startsWith(bytes, 0x64, 0x86)) return { kind: 'pe-coff' };
  return { kind: looksLikeText(bytes) ? 'text' : 'unknown' };
}

function identifyElf(bytes: Uint8Array): FileKind {
  if (bytes.length < 20) return { kind: 'truncated-elf' };
  if (bytes[EHDR.ei_class.offset] === 1) return { kind: 'elf32' };
  const little = bytes[EHDR.ei_data.offset] !== 2;
  const half = (at: number): number =>
    little ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!;
  const machine = half(EHDR.e_machine.offset);
  if (machine !== EM_BPF) return { kind: 'elf-machine', machine };
  const type = half(EHDR.e_type.offset);
  if (type !== ET_REL) return { kind: 'elf-type', type };
  return bytes[EHDR.ei_class.offset] === ELFCLASS64 ? { kind: 'bpf-object' } : { kind: 'unknown' };
}

function startsWith(bytes: Uint8Array, ...magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function startsWithText(bytes: Uint8Array, magic: string): boolean {
  return bytes.length >= magic.length && [...magic].every((c, i) => bytes[i] === c.charCodeAt(0));
}

/** No control bytes but white space in the first 512 bytes: what a person would call text. */
function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 512);
  return head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
