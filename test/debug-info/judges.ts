/** LLVM's readers of debug information, asked about every instruction of an object. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseElf, type ElfFile } from '@bpf-ld/elf-reader';
import type { LinkMap, MapSection } from '@bpf-ld/linker';
import type { Peer } from '../support/peers.js';
import { readRawObject, STT } from '../support/raw-object.js';

const SHF_EXECINSTR = 4;
const SHDR_SIZE = 64;
const SH_ADDR = 16;
const SH_SIZE = 32;
const INSTRUCTION_BYTES = 8;
/** Sections of an object all start at 0, where a symbolizer could not tell them apart. */
const APART = 0x100_0000;

/**
 * The object as llvm-symbolizer is shown it: each section of code at an address of its own, and no .debug_aranges,
 * which it reads without relocations and would believe more than the units.
 */
export function spread(bytes: Uint8Array): Uint8Array {
  const elf = parse(bytes);
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const headers = Number(view.getBigUint64(40, elf.littleEndian));
  for (const { index, name, flags } of elf.sections) {
    const at = headers + index * SHDR_SIZE;
    if (name.endsWith('.debug_aranges')) view.setBigUint64(at + SH_SIZE, 0n, elf.littleEndian);
    if ((flags & SHF_EXECINSTR) === 0) continue;
    view.setBigUint64(at + SH_ADDR, BigInt(index * APART), elf.littleEndian);
  }
  return copy;
}

function parse(bytes: Uint8Array): ElfFile {
  const parsed = parseElf('object', bytes);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

/** One instruction of an output, and where it was in an input. */
export interface Instruction {
  readonly input: number;
  readonly inputAddress: number;
  readonly outputAddress: number;
}

/** Where each instruction of the inputs went: inputs are named by their number. */
export function instructions(
  inputs: readonly Uint8Array[],
  output: Uint8Array,
  map: LinkMap,
): readonly Instruction[] {
  const own = codeSections(parse(output));
  return movedInstructions(inputs, map, ({ name }) => {
    const section = own.get(name);
    return section === undefined ? undefined : section * APART;
  });
}

/** The same for an executable or a shared object, which has addresses. */
export function imageInstructions(
  inputs: readonly Uint8Array[],
  map: LinkMap,
): readonly Instruction[] {
  return movedInstructions(inputs, map, ({ address }) => address);
}

function movedInstructions(
  inputs: readonly Uint8Array[],
  map: LinkMap,
  addressOf: (section: MapSection) => number | undefined,
): readonly Instruction[] {
  const homes = inputs.map((bytes) => codeSections(parse(bytes)));
  return map.sections.flatMap((section) => {
    const address = addressOf(section);
    if (address === undefined) return [];
    return section.pieces.flatMap((piece) => {
      const input = Number(piece.object);
      const home = homes[input]!.get(piece.section);
      if (home === undefined) return [];
      return Array.from({ length: piece.size / INSTRUCTION_BYTES }, (_, i) => ({
        input,
        inputAddress: home * APART + piece.inputOffset + i * INSTRUCTION_BYTES,
        outputAddress: address + piece.offset + i * INSTRUCTION_BYTES,
      }));
    });
  });
}

/** Index by name; sections whose name another one has are left out. */
function codeSections(elf: ElfFile): ReadonlyMap<string, number | undefined> {
  const sections = new Map<string, number | undefined>();
  for (const { name, index, flags } of elf.sections) {
    if ((flags & SHF_EXECINSTR) === 0) continue;
    sections.set(name, sections.has(name) ? undefined : index);
  }
  return sections;
}

/** What llvm-symbolizer says of each address: functions with file, line and column, the innermost first. */
export function symbolize(
  symbolizer: Peer,
  file: string,
  object: Uint8Array,
  addresses: readonly number[],
): readonly string[] {
  writeFileSync(file, spread(object));
  return symbolizeFile(symbolizer, file, addresses);
}

/** The same of a file as it is. */
export function symbolizeFile(
  symbolizer: Peer,
  file: string,
  addresses: readonly number[],
): readonly string[] {
  if (addresses.length === 0) return [];
  const asked = addresses.map((address) => `0x${address.toString(16)}\n`).join('');
  const run = spawnSync(symbolizer.path, [`--obj=${file}`], {
    input: asked,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  const answers = run.stdout.split('\n\n').slice(0, -1);
  if (answers.length !== addresses.length) throw new Error(`${answers.length} answers`);
  // Where there is no line it takes the file of the nearest STT_FILE, which says nothing of debug information.
  return answers.map((answer) => answer.replace(/\n.*:0:0$/, '\n??:0:0'));
}

/** The complaints of llvm-dwarfdump --verify; empty where all is right. */
export function verifyDebugInfo(dwarfdump: Peer, file: string): string {
  const run = spawnSync(dwarfdump.path, ['--verify', file], { encoding: 'utf8', timeout: 60_000 });
  return run.status === 0 ? '' : `${run.stdout}${run.stderr}status ${run.status}`;
}

/** The ranges of code that frame descriptions are about, as llvm-dwarfdump reads .debug_frame and .eh_frame; sorted. */
export function frameRanges(dwarfdump: Peer, file: string): readonly string[] {
  const run = spawnSync(dwarfdump.path, ['--debug-frame', file], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  const ranges = [...run.stdout.matchAll(/ FDE .*pc=([0-9a-f]+)\.\.\.([0-9a-f]+)$/gm)];
  // What left is at the address that belongs to nothing.
  return ranges
    .map(([, from, to]) => [BigInt(`0x${from}`), BigInt(`0x${to}`)] as const)
    .filter(([from]) => from !== 2n ** 64n - 1n)
    .map(([from, to]) => `${from}-${to}`)
    .sort();
}

/** The ranges of an object's functions, each from the start of its section; sorted. */
export function functionRanges(bytes: Uint8Array): readonly string[] {
  return readRawObject(bytes)
    .symbols.filter(({ type, section }) => type === STT.FUNC && section !== 0)
    .map(({ value, size }) => `${value}-${value + size}`)
    .sort();
}
