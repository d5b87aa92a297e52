import { byteOrderMismatch, type Diagnostic } from '@bpf-ld/diagnostics';
import {
  catchMalformed,
  DT_SONAME,
  DYN,
  DYN_SIZE,
  ET_DYN,
  identifyFile,
  openSection,
  parseDynamicSymbols,
  parseElf,
  SHT_DYNAMIC,
  STB_LOCAL,
  type ElfFile,
  type ReadResult,
  type SymbolTable,
} from '@bpf-ld/elf-reader';
import type { LinkInput } from './api.js';
import { malformed, type ParsedObject } from './parse-object.js';

/** A shared object among the inputs: names that are there at run time. */
export interface SharedInput {
  readonly elf: ElfFile;
  /** DT_SONAME, or the file's name without folders: what DT_NEEDED calls it. */
  readonly soname: string;
  readonly defined: ReadonlySet<string>;
}

/** Takes the shared objects out of the inputs of a link that makes one (`--shared`). */
export function takeSharedInputs(inputs: readonly LinkInput[]): {
  readonly objects: readonly LinkInput[];
  readonly shared: readonly SharedInput[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const shared: SharedInput[] = [];
  const diagnostics: Diagnostic[] = [];
  const objects = inputs.filter((input) => {
    const kind = identifyFile(input.bytes);
    if (kind.kind !== 'elf-type' || kind.type !== ET_DYN) return true;
    const parsed = readShared(input);
    if (parsed.ok) shared.push(parsed.value);
    else diagnostics.push(malformed(parsed.error));
    return false;
  });
  return { objects, shared, diagnostics };
}

/** A program and its shared objects have one byte order. */
export function checkSharedByteOrder(
  objects: readonly ParsedObject[],
  shared: readonly SharedInput[],
): readonly Diagnostic[] {
  const first = objects[0]?.elf;
  return shared.flatMap(({ elf }) =>
    first && elf.littleEndian !== first.littleEndian
      ? [byteOrderMismatch({ object: first.name }, first.littleEndian, { object: elf.name })]
      : [],
  );
}

function readShared({ name, bytes }: LinkInput): ReadResult<SharedInput> {
  const parsed = parseElf(name, bytes);
  if (!parsed.ok) return parsed;
  const elf = parsed.value;
  const table = parseDynamicSymbols(elf);
  if (!table.ok) return table;
  return catchMalformed(() => {
    const defined = new Set(table.value ? definedNames(table.value) : []);
    return { elf, soname: readSoname(elf) ?? name.replace(/^.*[\\/]/, ''), defined };
  });
}

function* definedNames({ count, section, binding, names, nameAt }: SymbolTable): Generator<string> {
  for (let i = 1; i < count; i++) {
    if (section[i] !== 0 && binding[i] !== STB_LOCAL) yield names.cstring(nameAt[i]!);
  }
}

function readSoname(elf: ElfFile): string | undefined {
  const section = elf.sections.find(({ type }) => type === SHT_DYNAMIC);
  if (!section) return undefined;
  const entries = openSection(elf, section);
  for (let at = 0; at + DYN_SIZE <= section.size; at += DYN_SIZE) {
    if (entries.u64(at + DYN.d_tag.offset) !== DT_SONAME) continue;
    const names = openSection(elf, elf.sections[section.link]!);
    return names.cstring(entries.u64(at + DYN.d_val.offset));
  }
  return undefined;
}
