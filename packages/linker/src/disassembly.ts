import {
  disassemble,
  OPCODE_CALL,
  type DisassembledInstruction,
  type DisassemblyOptions,
} from '@bpf-ld/bpf-isa';
import type { Btf, BtfExt } from '@bpf-ld/btf';
import { append, noSuchFunction, notABpfObject, type Diagnostic } from '@bpf-ld/diagnostics';
import {
  firstBehind,
  identifyFile,
  openSection,
  parseElf,
  parseRelocations,
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHT_PROGBITS,
  SHT_REL,
  SHT_RELA,
  type ElfFile,
  type RelocationTable,
  type Section,
} from '@bpf-ld/elf-reader';
import { toLlvmNumbering } from '@bpf-ld/reloc-engine';
import type {
  CodeInstruction,
  CodeSection,
  Disassembly,
  DisassemblyInput,
  DisassemblyResult,
  SourceLine,
} from './disassembly-api.js';
import {
  datasecsByName,
  Operands,
  operandText,
  placeText,
  shortened,
  type OperandContext,
  type SymbolOperand,
} from './disassembly-operands.js';
import { describeKind, malformed, readTypes } from './parse-object.js';
import { Places, type Place, type Stretch } from './places.js';
import { nearestName } from './similar-names.js';
import { linesBySection } from './sites.js';

export type {
  CodeFunction,
  CodeInstruction,
  CodeSection,
  Disassembly,
  DisassemblyInput,
  DisassemblyResult,
  SourceLine,
} from './disassembly-api.js';
export type { SymbolOperand } from './disassembly-operands.js';
export { renderDisassembly } from './render-disassembly.js';

/**
 * Disassembles the code of an object, linked or not, with the names its symbols, relocations and BTF give. Malformed
 * input is a diagnostic, never an exception.
 *
 * @example
 * const result = disassembleObject({ name: 'out.o', bytes });
 * if (result.ok) for (const part of renderDisassembly(result.disassembly)) print(part);
 */
export function disassembleObject({
  name,
  bytes,
  functions = [],
}: DisassemblyInput): DisassemblyResult {
  const kind = identifyFile(bytes);
  if (kind.kind !== 'bpf-object') {
    return { ok: false, diagnostics: [notABpfObject(name, ...describeKind(kind))] };
  }
  const parsed = parseElf(name, bytes);
  if (!parsed.ok) return { ok: false, diagnostics: [malformed(parsed.error)] };
  const elf = parsed.value;
  const errors: Diagnostic[] = [];
  const found: Diagnostic[] = [];
  const tables = readRelocations(elf, errors, found);
  const { btf, btfExt } = readTypes(elf, found);
  const diagnostics = found.map((one) => ({ ...one, severity: 'warning' as const }));
  const places = new Places(elf);
  const externs = btf ? datasecsByName(btf) : new Map<string, string>();
  const context = { elf, places, externs };
  const lines = readLines(btf, btfExt);
  const sections = elf.sections
    .filter(isCode)
    .map((section) =>
      readSection(
        context,
        section,
        tables.get(section.index) ?? [],
        lines.get(section.name) ?? new Map<number, SourceLine>(),
      ),
    );
  if (errors.length > 0) return { ok: false, diagnostics: [...errors, ...diagnostics] };
  const missing = missingFunctions(name, sections, functions);
  if (missing.length > 0) return { ok: false, diagnostics: [...missing, ...diagnostics] };
  const disassembly: Disassembly = {
    name,
    littleEndian: elf.littleEndian,
    sections: functions.length === 0 ? sections : selectFunctions(sections, functions),
  };
  return { ok: true, disassembly, diagnostics };
}

function isCode({ type, flags, size }: Section): boolean {
  return type === SHT_PROGBITS && (flags & SHF_EXECINSTR) !== 0 && size > 0;
}

/**
 * The relocations of code in LLVM's numbering, among those of data: whose numbering an object has shows in all of
 * them. Those of data that cannot be read are left out.
 */
function readRelocations(
  elf: ElfFile,
  errors: Diagnostic[],
  found: Diagnostic[],
): ReadonlyMap<number, readonly RelocationTable[]> {
  const tables = new Map<number, RelocationTable[]>();
  for (const section of elf.sections) {
    if (section.type !== SHT_REL && section.type !== SHT_RELA) continue;
    const target = elf.sections[section.info]!;
    if ((target.flags & SHF_ALLOC) === 0 && !isCode(target)) continue;
    const table = parseRelocations(elf, section);
    if (table.ok) mapEntry(tables, section.info).push(table.value);
    else if (isCode(target)) errors.push(malformed(table.error));
  }
  const numbered = toLlvmNumbering(elf, tables);
  append(found, numbered.diagnostics);
  return numbered.tables;
}

function mapEntry<T>(map: Map<number, T[]>, key: number): T[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}

type Lines = ReadonlyMap<number, SourceLine>;

/** By the name of a section and a byte offset in it the line that begins there; of several records the first counts. */
function readLines(btf: Btf | undefined, btfExt: BtfExt | undefined): ReadonlyMap<string, Lines> {
  const bySection = new Map<string, Map<number, SourceLine>>();
  // A file's name and a line of a loop stand in many records: one string for all of them.
  const texts = new Map<number, string>();
  const text = (offset: number): string => {
    const known = texts.get(offset) ?? shortened(btf!.strings.cstring(offset));
    texts.set(offset, known);
    return known;
  };
  for (const [section, records] of linesBySection({ btf, btfExt })) {
    const lines = new Map<number, SourceLine>();
    for (const { offset, file, text: at, line, column } of records) {
      if (line === 0 || lines.has(offset)) continue;
      lines.set(offset, { file: text(file), line, column, text: text(at) });
    }
    bySection.set(section, lines);
  }
  return bySection;
}

function readSection(
  context: OperandContext,
  section: Section,
  tables: readonly RelocationTable[],
  lines: Lines,
): CodeSection {
  const { elf, places } = context;
  const code = openSection(elf, section).bytes;
  const operands = new Operands(context, section, code, tables);
  const stretches = places.stretches(section.index);
  const decoder = new Decoder(section, code, elf.littleEndian, stretches, operands, lines);
  const functions = stretches.map((stretch) => ({
    names: stretch.names,
    section: section.name,
    offset: stretch.start,
    size: stretch.end - stretch.start,
    instructions: () => decoder.instructions(stretch),
  }));
  return { name: section.name, size: section.size, functions };
}

/** Decodes the functions of one section. */
class Decoder {
  readonly #section: Section;
  readonly #code: Uint8Array;
  readonly #littleEndian: boolean;
  readonly #stretches: readonly Stretch[];
  readonly #operands: Operands;
  readonly #lines: Lines;

  constructor(
    section: Section,
    code: Uint8Array,
    littleEndian: boolean,
    stretches: readonly Stretch[],
    operands: Operands,
    lines: Lines,
  ) {
    this.#section = section;
    this.#code = code;
    this.#littleEndian = littleEndian;
    this.#stretches = stretches;
    this.#operands = operands;
    this.#lines = lines;
  }

  *instructions(stretch: Stretch): Generator<CodeInstruction, void, undefined> {
    const labels = this.#labels(stretch);
    let target: number | undefined;
    let operand: SymbolOperand | undefined;
    const lines = this.#disassemble(stretch, {
      operand: (offset) => {
        operand = this.#operands.at(offset);
        return operand && operandText(operand, this.#code[offset] === OPCODE_CALL);
      },
      label: (to, from) => {
        const relocated = this.#operands.jump(from);
        if (relocated) return placeText(relocated);
        target = to;
        return labels.get(to) ?? this.#placeName(to);
      },
    });
    for (const { offset, length, text } of lines) {
      const label = labels.get(offset);
      const source = this.#lines.get(offset);
      yield {
        offset,
        bytes: this.#code.subarray(offset, offset + length),
        text,
        ...(label !== undefined && { label }),
        ...(operand !== undefined && { operand }),
        ...(target !== undefined && { target }),
        ...(source !== undefined && { source }),
      };
      target = undefined;
      operand = undefined;
    }
  }

  /** Names for the places in a function that its own jumps go to, and for those that have a symbol. */
  #labels(stretch: Stretch): ReadonlyMap<number, string> {
    const targets = new Set(stretch.labels.keys());
    const starts = new Set<number>();
    const lines = this.#disassemble(stretch, {
      label: (to, from) => {
        if (!this.#operands.jump(from)) targets.add(to);
        return undefined;
      },
    });
    for (const { offset } of lines) starts.add(offset);
    // Jumps to the start go to the function's name.
    starts.delete(stretch.start);
    const labels = new Map<number, string>();
    let count = 0;
    for (const target of [...targets].filter((to) => starts.has(to)).sort((a, b) => a - b)) {
      const name = stretch.labels.get(target);
      labels.set(target, name === undefined ? `L${++count}` : shortened(name));
    }
    return labels;
  }

  #disassemble(
    { start, end }: Stretch,
    options: DisassemblyOptions,
  ): Generator<DisassembledInstruction, void, undefined> {
    return disassemble(this.#code, this.#littleEndian, { alu32: true, ...options }, start, end);
  }

  /** A place of the section by the function it lies in: `parse+0x48`. */
  #placeName(target: number): string | undefined {
    if (target < 0 || target >= this.#section.size) return undefined;
    const behind = firstBehind(this.#stretches, ({ start }) => start <= target);
    const { names, start } = this.#stretches[behind - 1]!;
    const place: Place = { offset: target - start, section: this.#section.name };
    return placeText(names[0] === undefined ? place : { ...place, symbol: names[0] });
  }
}

/** A diagnostic for each wanted name that no function has. */
function missingFunctions(
  object: string,
  sections: readonly CodeSection[],
  wanted: readonly string[],
): readonly Diagnostic[] {
  const names = new Set(sections.flatMap(({ functions }) => functions.flatMap((f) => f.names)));
  const missing = [...new Set(wanted)].filter((name) => !names.has(name));
  if (missing.length === 0) return [];
  const byLength = new Map<number, { readonly name: string }[]>();
  for (const name of names) mapEntry(byLength, name.length).push({ name });
  return missing.map((name) => noSuchFunction(object, name, nearestName(name, byLength)?.name));
}

function selectFunctions(
  sections: readonly CodeSection[],
  wanted: readonly string[],
): readonly CodeSection[] {
  const names = new Set(wanted);
  return sections.flatMap((section) => {
    const functions = section.functions.filter((one) => one.names.some((name) => names.has(name)));
    return functions.length === 0 ? [] : [{ ...section, functions }];
  });
}
