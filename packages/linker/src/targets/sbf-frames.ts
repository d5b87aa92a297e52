import {
  BPF_PSEUDO_CALL,
  BPF_STX,
  dstRegAt,
  immAt,
  INSTRUCTION_SIZE,
  OPCODE_CALL,
  OPCODE_CALLX,
  opcodeAt,
  srcRegAt,
} from '@bpf-ld/bpf-isa';
import { STT_FUNC, symbolName, type Section } from '@bpf-ld/elf-reader';
import { instructions, violation } from './instructions.js';
import { movesFramePointer } from './sbf-instructions.js';
import type { TargetImage, TargetRule } from './profile.js';

const FRAME_POINTER = 10;

/** A function of .text as far as its stack frame goes. */
interface Frame {
  readonly name: string;
  readonly section: Section;
  /** Byte offset of the first instruction that refers to the frame, -1 without one. */
  use: number;
  /** Whether it makes a frame of its own. */
  makesRoom: boolean;
  /** Starts of functions that it calls; -1 for calls through registers. */
  readonly callees: Set<number>;
}

/**
 * Rule of versions 1 and 2: a call does not move r10. A function that has a frame, makes no room for
 * it and calls one that has a frame, too, would share it.
 */
export const ownFrames: TargetRule = {
  name: 'stack-frames',
  about: 'Functions make room for their stack frames themselves, with `r10 += imm`.',
  fix: 'link for sbf-v0 or sbf-v3, whose calls move r10',
  *check(image) {
    const frames = findFrames(image);
    const reaching = new Map<number, boolean>();
    /** Whether a function, or one that it calls, has a frame. */
    const hasFrame = (start: number): boolean => {
      const known = reaching.get(start);
      if (known !== undefined) return known;
      // What is being looked at adds nothing to itself.
      reaching.set(start, false);
      const frame = frames.get(start);
      const result =
        start < 0
          ? [...frames.values()].some(({ use }) => use >= 0)
          : frame !== undefined && (frame.use >= 0 || [...frame.callees].some(hasFrame));
      reaching.set(start, result);
      return result;
    };
    for (const { name, section, use, makesRoom, callees } of frames.values()) {
      if (use < 0 || makesRoom || ![...callees].some(hasFrame)) continue;
      const message = `${name} has a stack frame, and functions that it calls would write into it: calls do not move r10`;
      yield violation(section, use, message);
    }
  },
};

function findFrames(image: TargetImage): ReadonlyMap<number, Frame> {
  const { elf } = image;
  const { symbols } = elf;
  const starts = new Map<number, string>();
  for (let i = 1; i < symbols.count; i++) {
    if (symbols.type[i] !== STT_FUNC || symbols.section[i]! <= 0) continue;
    const { name, address } = elf.sections[symbols.section[i]!]!;
    if (name === '.text') starts.set(symbols.value[i]! - address, symbolName(elf, i));
  }
  const frames = new Map<number, Frame>();
  let frame: Frame | undefined;
  for (const { section, code, at } of instructions(image)) {
    const name = starts.get(at) ?? (frame === undefined ? '.text' : undefined);
    if (name !== undefined) {
      frame = { name, section, use: -1, makesRoom: false, callees: new Set() };
      frames.set(at, frame);
    }
    if (!frame) continue;
    const opcode = opcodeAt(code, at);
    if (opcode === OPCODE_CALLX) frame.callees.add(-1);
    else if (opcode === OPCODE_CALL) {
      const isLocal = srcRegAt(code, at, true) === BPF_PSEUDO_CALL && immAt(code, at, true) !== -1;
      if (isLocal) frame.callees.add(at + (immAt(code, at, true) + 1) * INSTRUCTION_SIZE);
    } else if (movesFramePointer(code, at)) frame.makesRoom = true;
    else if (frame.use < 0 && usesFramePointer(code, at, opcode)) frame.use = at;
  }
  return frames;
}

function usesFramePointer(code: Uint8Array, at: number, opcode: number): boolean {
  const isStore = (opcode & 0x07) === BPF_STX || (opcode & 0x07) === 0x02;
  const usesSource = (opcode & 0x07) <= 0x03 ? !isStore || (opcode & 0x07) === BPF_STX : true;
  return (
    (isStore && dstRegAt(code, at, true) === FRAME_POINTER) ||
    (usesSource && srcRegAt(code, at, true) === FRAME_POINTER)
  );
}
