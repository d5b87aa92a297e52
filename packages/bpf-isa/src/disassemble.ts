/**
 * Disassembly in the syntax of LLVM's BPF assembler, as llvm-objdump prints it.
 *
 * Immediates and distances are hexadecimal with a sign. What is no valid instruction is
 * `<unknown>`, as there.
 */
import { dstRegAt, immAt, instructionLength, ldimm64At, offAt, srcRegAt } from './fields.js';
import {
  BPF_ABS,
  BPF_ADD,
  BPF_ADDR_SPACE_CAST,
  BPF_ALU,
  BPF_ALU64,
  BPF_AND,
  BPF_ATOMIC,
  BPF_CALL,
  BPF_CMPXCHG,
  BPF_DIV,
  BPF_DW,
  BPF_END,
  BPF_EXIT,
  BPF_FETCH,
  BPF_IND,
  BPF_JA,
  BPF_JCOND,
  BPF_JMP,
  BPF_JMP32,
  BPF_LD,
  BPF_LDX,
  BPF_LOAD_ACQ,
  BPF_MEM,
  BPF_MEMSX,
  BPF_MOD,
  BPF_MOV,
  BPF_NEG,
  BPF_OR,
  BPF_SIGNED,
  BPF_ST,
  BPF_STORE_REL,
  BPF_STX,
  BPF_W,
  BPF_X,
  BPF_XCHG,
  BPF_XOR,
  INSTRUCTION_SIZE,
  OPCODE_CALL,
  OPCODE_CALLX,
  OPCODE_EXIT,
  OPCODE_GOTOL,
  OPCODE_GOTOX,
  OPCODE_JA,
  OPCODE_LDIMM64,
} from './opcodes.js';

/** What the disassembler is told about its surroundings. */
export interface DisassemblyOptions {
  /** The name to print for the immediate of the ldimm64 or call at this byte offset. */
  readonly operand?: (offset: number) => string | undefined;
  /** The name of the place at byte offset `target`, printed as `<name>` after the jump to it at `from`. */
  readonly label?: (target: number, from: number) => string | undefined;
  /**
   * Name the 32-bit registers (`w1`) in loads, stores and atomics narrower than 64 bits, as
   * llvm-objdump does from --mcpu=v3 on. Without it `r1`, as it does by default.
   */
  readonly alu32?: boolean;
}

/** One line of disassembly. */
export interface DisassembledInstruction {
  /** Byte offset of the instruction. */
  readonly offset: number;
  /** Length in bytes: 8, 16 for ldimm64, less for a part of a slot at the end. */
  readonly length: number;
  readonly text: string;
}

const UNKNOWN = '<unknown>';

/** Operators of arithmetic by operation >> 4; those not written `a op b` have none. */
const ALU_OPERATORS: readonly (string | undefined)[] = [
  '+=',
  '-=',
  '*=',
  '/=',
  '|=',
  '&=',
  '<<=',
  '>>=',
  undefined,
  '%=',
  '^=',
  '=',
  's>>=',
];

/** Comparisons of conditional jumps by operation >> 4. */
const COMPARISONS: readonly (string | undefined)[] = [
  undefined,
  '==',
  '>',
  '>=',
  '&',
  '!=',
  's>',
  's>=',
  undefined,
  undefined,
  '<',
  '<=',
  's<',
  's<=',
];

/** Widths in bits by size field >> 3: W, H, B, DW. */
const BITS = [32, 16, 8, 64] as const;

/** Atomic operations that return nothing, and the names of those that return the old value. */
const ATOMIC_OPERATORS: ReadonlyMap<number, string> = new Map([
  [BPF_ADD, '+='],
  [BPF_OR, '|='],
  [BPF_AND, '&='],
  [BPF_XOR, '^='],
]);
const ATOMIC_FETCHES: ReadonlyMap<number, string> = new Map([
  [BPF_ADD | BPF_FETCH, 'add'],
  [BPF_OR | BPF_FETCH, 'or'],
  [BPF_AND | BPF_FETCH, 'and'],
  [BPF_XOR | BPF_FETCH, 'xor'],
]);

/**
 * Disassembles the instructions that begin in `[start, end)`, line by line; no input makes it throw. What is no
 * instruction counts as one slot, as in llvm-objdump, also where the opcode is that of ldimm64.
 */
export function* disassemble(
  bytes: Uint8Array,
  littleEndian: boolean,
  options: DisassemblyOptions = {},
  start = 0,
  end: number = bytes.length,
): Generator<DisassembledInstruction, void, undefined> {
  const limit = Math.min(end, bytes.length);
  let offset = start;
  while (offset < limit) {
    const text = disassembleInstruction(bytes, offset, littleEndian, options);
    const length =
      text === UNKNOWN
        ? Math.min(INSTRUCTION_SIZE, bytes.length - offset)
        : instructionLength(bytes[offset]!);
    yield { offset, length, text };
    offset += length;
  }
}

/** The text of the instruction at byte `offset`; `<unknown>` when it is none or does not fit. */
export function disassembleInstruction(
  bytes: Uint8Array,
  offset: number,
  littleEndian: boolean,
  options: DisassemblyOptions = {},
): string {
  if (!(offset >= 0 && offset < bytes.length)) return UNKNOWN;
  const opcode = bytes[offset]!;
  if (offset + instructionLength(opcode) > bytes.length) return UNKNOWN;
  const slot: Slot = {
    offset,
    opcode,
    dst: dstRegAt(bytes, offset, littleEndian),
    src: srcRegAt(bytes, offset, littleEndian),
    off: offAt(bytes, offset, littleEndian),
    imm: immAt(bytes, offset, littleEndian),
  };
  return (
    (opcode === OPCODE_LDIMM64
      ? ldimm64(slot, ldimm64At(bytes, offset, littleEndian), options)
      : instruction(slot, options)) ?? UNKNOWN
  );
}

interface Slot {
  readonly offset: number;
  readonly opcode: number;
  readonly dst: number;
  readonly src: number;
  readonly off: number;
  readonly imm: number;
}

function instruction(slot: Slot, options: DisassemblyOptions): string | undefined {
  switch (slot.opcode & 0x07) {
    case BPF_LD:
      return packetLoad(slot);
    case BPF_LDX:
      return load(slot, options);
    case BPF_ST:
    case BPF_STX:
      return store(slot, options);
    case BPF_ALU:
    case BPF_ALU64:
      return arithmetic(slot);
    case BPF_JMP:
    case BPF_JMP32:
      return jump(slot, options);
  }
  return undefined;
}

function ldimm64(slot: Slot, value: bigint, options: DisassemblyOptions): string | undefined {
  const { offset, dst, src, off, imm } = slot;
  if (!isRegister(dst) || off !== 0) return undefined;
  const name = options.operand?.(offset);
  if (name !== undefined) return `r${dst} = ${name} ll`;
  if (src === 0) return `r${dst} = ${signedHex(BigInt.asIntN(64, value))} ll`;
  return `ld_pseudo\tr${dst}, ${signedHex(src)}, ${signedHex(imm >>> 0)}`;
}

function packetLoad({ opcode, src, imm }: Slot): string | undefined {
  const mode = opcode & 0xe0;
  const size = opcode & 0x18;
  if (size === BPF_DW) return undefined;
  const bits = BITS[size >> 3]!;
  if (mode === BPF_ABS) return `r0 = *(u${bits} *)skb[${signedHex(imm)}]`;
  if (mode === BPF_IND && isRegister(src)) return `r0 = *(u${bits} *)skb[r${src}]`;
  return undefined;
}

function load({ opcode, dst, src, off }: Slot, { alu32 }: DisassemblyOptions): string | undefined {
  const mode = opcode & 0xe0;
  const size = opcode & 0x18;
  const bits = BITS[size >> 3]!;
  if (!isRegister(dst) || !isRegister(src)) return undefined;
  const place = memory(src, off);
  if (mode === BPF_MEM) {
    const register = alu32 === true && size !== BPF_DW ? 'w' : 'r';
    return `${register}${dst} = *(u${bits} *)(${place})`;
  }
  if (mode === BPF_MEMSX && size !== BPF_DW) return `r${dst} = *(s${bits} *)(${place})`;
  return undefined;
}

function store(slot: Slot, { alu32 }: DisassemblyOptions): string | undefined {
  const { opcode, dst, src, off, imm } = slot;
  const mode = opcode & 0xe0;
  const size = opcode & 0x18;
  const bits = BITS[size >> 3]!;
  const register = alu32 === true && size !== BPF_DW ? 'w' : 'r';
  if (!isRegister(dst)) return undefined;
  if ((opcode & 0x07) === BPF_ST) {
    return mode === BPF_MEM ? `*(u${bits} *)(${memory(dst, off)}) = ${signedHex(imm)}` : undefined;
  }
  if (!isRegister(src)) return undefined;
  if (mode === BPF_MEM) return `*(u${bits} *)(${memory(dst, off)}) = ${register}${src}`;
  if (mode === BPF_ATOMIC) return atomic(slot, register);
  return undefined;
}

/** `stored`: the register letter of an operation that returns nothing. */
function atomic({ opcode, dst, src, off, imm }: Slot, stored: 'r' | 'w'): string | undefined {
  const size = opcode & 0x18;
  const bits = BITS[size >> 3]!;
  // An operation that returns a value is never the v1 instruction, so its register has its width.
  const register = size === BPF_DW ? 'r' : 'w';
  if (imm === BPF_LOAD_ACQ) {
    return `${register}${dst} = load_acquire((u${bits} *)(${memory(src, off)}))`;
  }
  const place = memory(dst, off);
  if (imm === BPF_STORE_REL) return `store_release((u${bits} *)(${place}), ${register}${src})`;
  if (size !== BPF_W && size !== BPF_DW) return undefined;
  const operator = ATOMIC_OPERATORS.get(imm);
  if (operator !== undefined) return `lock *(u${bits} *)(${place}) ${operator} ${stored}${src}`;
  const fetch = ATOMIC_FETCHES.get(imm);
  const value = `${register}${src}`;
  if (fetch !== undefined)
    return `${value} = atomic_fetch_${fetch}((u${bits} *)(${place}), ${value})`;
  const suffix = size === BPF_DW ? '_64' : '32_32';
  if (imm === BPF_XCHG) return `${value} = xchg${suffix}(${place}, ${value})`;
  if (imm === BPF_CMPXCHG) {
    return `${register}0 = cmpxchg${suffix}(${place}, ${register}0, ${value})`;
  }
  return undefined;
}

function arithmetic({ opcode, dst, src, off, imm }: Slot): string | undefined {
  const operation = opcode & 0xf0;
  const wide = (opcode & 0x07) === BPF_ALU64;
  const fromRegister = (opcode & BPF_X) !== 0;
  if (!isRegister(dst) || (fromRegister && operation !== BPF_END && !isRegister(src))) {
    return undefined;
  }
  const letter = wide ? 'r' : 'w';
  const target = `${letter}${dst}`;
  if (operation === BPF_NEG) return fromRegister ? undefined : `${target} = -${target}`;
  if (operation === BPF_END) {
    if (imm !== 16 && imm !== 32 && imm !== 64) return undefined;
    if (wide) return fromRegister ? undefined : `r${dst} = bswap${imm} r${dst}`;
    return `r${dst} = ${fromRegister ? 'be' : 'le'}${imm} r${dst}`;
  }
  const operator = ALU_OPERATORS[operation >> 4];
  if (operator === undefined) return undefined;
  const operand = fromRegister ? `${letter}${src}` : signedHex(imm);
  if (off === 0) return `${target} ${operator} ${operand}`;
  if (off === BPF_SIGNED && (operation === BPF_DIV || operation === BPF_MOD)) {
    return `${target} s${operator} ${operand}`;
  }
  if (operation === BPF_MOV && fromRegister) {
    if (off === 8 || off === 16 || (off === 32 && wide)) return `${target} = (s${off})${operand}`;
    if (off === BPF_ADDR_SPACE_CAST && wide) {
      return `${target} = addr_space_cast(${operand}, ${signedHex(imm >>> 16)}, ${signedHex(imm & 0xffff)})`;
    }
  }
  return undefined;
}

function jump(slot: Slot, options: DisassemblyOptions): string | undefined {
  const { offset, opcode, dst, src, off, imm } = slot;
  const operation = opcode & 0xf0;
  const narrow = (opcode & 0x07) === BPF_JMP32;
  switch (operation) {
    case BPF_JA:
      if (opcode === OPCODE_JA) return `goto ${destination(offset, off, options)}`;
      if (opcode === OPCODE_GOTOL) return `gotol ${destination(offset, imm, options)}`;
      return opcode === OPCODE_GOTOX && isRegister(dst) ? `gotox r${dst}` : undefined;
    case BPF_CALL:
      if (opcode === OPCODE_CALL) return `call ${options.operand?.(offset) ?? signedHex(imm)}`;
      return opcode === OPCODE_CALLX && isRegister(dst) ? `callx r${dst}` : undefined;
    case BPF_EXIT:
      return opcode === OPCODE_EXIT && imm === 0 ? 'exit' : undefined;
    case BPF_JCOND:
      if (narrow || (opcode & BPF_X) !== 0) return undefined;
      return `may_goto ${destination(offset, off, options)}`;
  }
  const comparison = COMPARISONS[operation >> 4];
  const fromRegister = (opcode & BPF_X) !== 0;
  if (comparison === undefined || !isRegister(dst) || (fromRegister && !isRegister(src))) {
    return undefined;
  }
  const letter = narrow ? 'w' : 'r';
  const right = fromRegister ? `${letter}${src}` : signedHex(imm);
  return `if ${letter}${dst} ${comparison} ${right} goto ${destination(offset, off, options)}`;
}

/** A jump over `distance` instructions, counted from the one after the jump. */
function destination(offset: number, distance: number, { label }: DisassemblyOptions): string {
  const name = label?.(offset + (distance + 1) * INSTRUCTION_SIZE, offset);
  const text = distance < 0 ? signedHex(distance) : `+${signedHex(distance)}`;
  return name === undefined ? text : `${text} <${name}>`;
}

function memory(register: number, off: number): string {
  return off < 0 ? `r${register} - ${signedHex(-off)}` : `r${register} + ${signedHex(off)}`;
}

function signedHex(value: number | bigint): string {
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

/** r0 to r10, and the r11 that only compilers use, between their own passes. */
function isRegister(register: number): boolean {
  return register <= 11;
}
