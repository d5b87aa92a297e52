import {
  BPF_ADD,
  BPF_ALU,
  BPF_ALU64,
  BPF_AND,
  BPF_ARSH,
  BPF_B,
  BPF_DIV,
  BPF_DW,
  BPF_END,
  BPF_H,
  BPF_JA,
  BPF_JEQ,
  BPF_JGE,
  BPF_JGT,
  BPF_JLE,
  BPF_JLT,
  BPF_JMP,
  BPF_JMP32,
  BPF_JNE,
  BPF_JSET,
  BPF_JSGE,
  BPF_JSGT,
  BPF_JSLE,
  BPF_JSLT,
  BPF_K,
  BPF_LDX,
  BPF_LSH,
  BPF_MEM,
  BPF_MOD,
  BPF_MOV,
  BPF_MUL,
  BPF_NEG,
  BPF_OR,
  BPF_RSH,
  BPF_ST,
  BPF_STX,
  BPF_SUB,
  BPF_W,
  BPF_X,
  BPF_XOR,
  disassembleInstruction,
  dstRegAt,
  immAt,
  offAt,
  OPCODE_CALL,
  OPCODE_CALLX,
  OPCODE_EXIT,
  OPCODE_LDIMM64,
  opcodeAt,
} from '@bpf-ld/bpf-isa';
import { instructions, violation } from './instructions.js';
import type { TargetRule } from './profile.js';

/**
 * The instructions that versions of Solana's machine run, and those that mean something else there than
 * in RFC 9669 (anza-xyz/sbpf: verifier.rs, interpreter.rs, program.rs).
 */

/** What is wrong with an instruction for a version, by opcode. */
type Objections = ReadonlyMap<number, string>;

interface InstructionSet {
  readonly known: ReadonlySet<number>;
  readonly objections: Objections;
}

const ARITHMETIC = [
  BPF_ADD,
  BPF_SUB,
  BPF_MUL,
  BPF_DIV,
  BPF_OR,
  BPF_AND,
  BPF_LSH,
  BPF_RSH,
  BPF_MOD,
  BPF_XOR,
  BPF_MOV,
  BPF_ARSH,
];
const COMPARISONS = [
  BPF_JEQ,
  BPF_JGT,
  BPF_JGE,
  BPF_JSET,
  BPF_JNE,
  BPF_JSGT,
  BPF_JSGE,
  BPF_JLT,
  BPF_JLE,
  BPF_JSLT,
  BPF_JSLE,
];
const SIZES = [BPF_W, BPF_H, BPF_B, BPF_DW];
const LDX = SIZES.map((size) => BPF_LDX | BPF_MEM | size);
const ST = SIZES.map((size) => BPF_ST | BPF_MEM | size);
const STX = SIZES.map((size) => BPF_STX | BPF_MEM | size);

function either(kind: number, operations: readonly number[]): readonly number[] {
  return operations.flatMap((operation) => [kind | operation | BPF_K, kind | operation | BPF_X]);
}

/** What all versions but the second run. */
const COMMON = [
  OPCODE_LDIMM64,
  OPCODE_CALL,
  OPCODE_CALLX,
  OPCODE_EXIT,
  BPF_JMP | BPF_JA,
  ...LDX,
  ...ST,
  ...STX,
  ...either(BPF_ALU, ARITHMETIC),
  ...either(BPF_ALU64, ARITHMETIC),
  BPF_ALU | BPF_NEG,
  BPF_ALU64 | BPF_NEG,
  ...either(BPF_ALU, [BPF_END]),
  ...either(BPF_JMP, COMPARISONS),
];

const SIGN_EXTENDS = 'leaves a sign-extended result on this machine and a zero-extended one in BPF';
const signExtending: Objections = new Map(
  either(BPF_ALU, [BPF_ADD, BPF_SUB, BPF_MUL]).map((opcode) => [opcode, SIGN_EXTENDS]),
);

const first: InstructionSet = { known: new Set(COMMON), objections: signExtending };

const third: InstructionSet = {
  known: new Set([...COMMON, ...either(BPF_JMP32, COMPARISONS)]),
  objections: signExtending,
};

/** Opcodes of memory and of multiplication were given to other instructions in version 2. */
const MOVED = 'is another instruction in this version: loads and stores have other opcodes';
const PRODUCTS = 'is no instruction of this version: products and quotients have other opcodes';
const second: InstructionSet = {
  known: new Set(COMMON),
  objections: new Map([
    [OPCODE_LDIMM64, 'is no instruction of this version, which loads no address or 64-bit number'],
    ...[...LDX, ...ST, ...STX].map((opcode) => [opcode, MOVED] as const),
    ...[BPF_ALU, BPF_ALU64].flatMap((kind) => [
      ...either(kind, [BPF_MUL, BPF_DIV, BPF_MOD]).map((opcode) => [opcode, PRODUCTS] as const),
      [kind | BPF_NEG, 'is no instruction of this version'] as const,
      [kind | BPF_SUB | BPF_K, 'subtracts the other way round in this version'] as const,
    ]),
    [BPF_ALU | BPF_MOV | BPF_X, 'sign-extends in this version and zero-extends in BPF'],
    [BPF_ALU | BPF_END | BPF_K, 'is no instruction of this version'],
  ]),
};

/** Versions that have a profile. */
export type SbfVersion = 'sbf-v0' | 'sbf-v1' | 'sbf-v2' | 'sbf-v3';

const SETS: Readonly<Record<SbfVersion, InstructionSet>> = {
  'sbf-v0': first,
  'sbf-v1': first,
  'sbf-v2': second,
  'sbf-v3': third,
};

/** Rule: every instruction is one of the version's, and means what it meant to the compiler. */
export function instructionSet(version: SbfVersion): TargetRule {
  const { known, objections } = SETS[version];
  return {
    name: 'instruction-set',
    about: 'Every instruction is one of the version, and means there what it means in RFC 9669.',
    fix:
      version === 'sbf-v2'
        ? 'link for another version, or compile for this one'
        : 'compile with -mcpu=v2',
    *check(image) {
      for (const { section, code, at } of instructions(image)) {
        const opcode = opcodeAt(code, at);
        const objection = known.has(opcode)
          ? (objections.get(opcode) ?? modifierProblem(code, at))
          : 'is no instruction of this machine';
        if (objection === undefined) continue;
        const text = disassembleInstruction(code, at, true);
        yield violation(section, at, `\`${text}\` ${objection}`);
      }
    },
  };
}

/** Instructions of ISA version 4 share opcodes with older ones, and the machine does not look at `off`. */
function modifierProblem(code: Uint8Array, at: number): string | undefined {
  const kind = opcodeAt(code, at) & 0x07;
  const isArithmetic = kind === BPF_ALU || kind === BPF_ALU64;
  return isArithmetic && offAt(code, at, true) !== 0
    ? 'is an instruction of -mcpu=v4, which this machine takes for another'
    : undefined;
}

const FRAME_POINTER = 10;
const ADD_FRAME_POINTER = BPF_ALU64 | BPF_ADD | BPF_K;

/** Whether an instruction makes room in the stack: `r10 += imm`. */
export function movesFramePointer(code: Uint8Array, at: number): boolean {
  return (
    opcodeAt(code, at) === ADD_FRAME_POINTER &&
    dstRegAt(code, at, true) === FRAME_POINTER &&
    immAt(code, at, true) !== 0
  );
}
