import type { Diagnostic } from '@bpf-ld/diagnostics';
import type { SymbolOperand } from './disassembly-operands.js';

/** What to disassemble: an object that a compiler or a linker wrote. */
export interface DisassemblyInput {
  /** What diagnostics and the rendered text call it by. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Names of the functions wanted; all when it is absent or empty. */
  readonly functions?: readonly string[];
}

export type DisassemblyResult =
  | {
      readonly ok: true;
      readonly disassembly: Disassembly;
      /** Warnings: what is wrong with types and line records, which are then missing. */
      readonly diagnostics: readonly Diagnostic[];
    }
  | {
      readonly ok: false;
      /** At least one error. */
      readonly diagnostics: readonly Diagnostic[];
    };

/** The code of one object. */
export interface Disassembly {
  readonly name: string;
  readonly littleEndian: boolean;
  /** Sections that hold code, in file order. */
  readonly sections: readonly CodeSection[];
}

export interface CodeSection {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly functions: readonly CodeFunction[];
}

/** The code from one symbol to the next. Offsets are bytes from the start of the section. */
export interface CodeFunction {
  /** Every symbol at its start, functions and global ones first; empty before the first symbol. */
  readonly names: readonly string[];
  readonly section: string;
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  /** Decoded anew at each call, in order of offset. */
  instructions(): Iterable<CodeInstruction>;
}

export interface CodeInstruction {
  /** Bytes from the start of the section. */
  readonly offset: number;
  /** 8 bytes, 16 of ldimm64, less of a rest at the end. */
  readonly bytes: Uint8Array;
  /** As LLVM's assembler has it, with symbols; `<unknown>` where the bytes are no instruction. */
  readonly text: string;
  /** Names the place for jumps inside the function: `L1`, `L2`, or a symbol's name. */
  readonly label?: string;
  /** What the immediate stands for. */
  readonly operand?: SymbolOperand;
  /** Byte offset in the section that a jump without a relocation goes to. */
  readonly target?: number;
  /** The line that begins here, by the line records of .BTF.ext. */
  readonly source?: SourceLine;
}

/** A line of a source file; `line` and `column` count from 1. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** As the compiler saw it, with its indentation; empty where it was not at hand. */
  readonly text: string;
}
