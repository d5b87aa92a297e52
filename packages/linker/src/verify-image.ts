import {
  BTF_KIND_DATASEC,
  BTF_KIND_VAR,
  BTF_LINKAGE_EXTERN,
  kindOf,
  ofKind,
  parseBtf,
  parseBtfExt,
  vlenOf,
  type Btf,
  type BtfExt,
} from '@bpf-ld/btf';
import { append, verificationFailed, type Diagnostic } from '@bpf-ld/diagnostics';
import {
  openSection,
  parseElf,
  parseRelocations,
  SHF_COMPRESSED,
  SHF_EXECINSTR,
  SHT_REL,
  STB_LOCAL,
  STT_FUNC,
  STT_SECTION,
  symbolName,
  type ElfFile,
} from '@bpf-ld/elf-reader';
import { FIRST_SECTION } from '@bpf-ld/elf-writer';
import { constantAt, relocationKind } from '@bpf-ld/reloc-engine';
import type { ImagePlan } from './image-plan.js';
import type { Layout } from './layout.js';
import type { OutputSymbols } from './output-symbols.js';
import { TYPE_ID_KINDS } from './type-id-immediates.js';

/**
 * Reads the image back with the same readers that judge inputs and holds it against the plan:
 * sections, symbols in their bounds and in gABI order, types that parse.
 *
 * @param thorough also every relocation's place, every DATASEC entry and every function record
 */
export function verifyImage(
  image: Uint8Array,
  layout: Layout,
  symbols: OutputSymbols,
  thorough: boolean,
  plan?: ImagePlan,
): readonly Diagnostic[] {
  const parsed = parseElf('output', image);
  if (!parsed.ok) return [verificationFailed(parsed.error.message)];
  const elf = parsed.value;
  const problems = [...checkSections(elf, layout, plan), ...checkSymbols(elf, symbols)];
  const find = (name: string): number => elf.sections.findIndex((s) => s.name === name);
  const types = elf.sections[find('.BTF')];
  if (types) {
    const btf = parseBtf(openSection(elf, types));
    const ext = elf.sections[find('.BTF.ext')];
    const records = btf.ok && ext ? parseBtfExt(openSection(elf, ext), btf.value) : undefined;
    if (!btf.ok) problems.push(`.BTF: ${btf.error.message}`);
    else if (records && !records.ok) problems.push(`.BTF.ext: ${records.error.message}`);
    else if (thorough) {
      append(problems, checkDatasecs(elf, btf.value));
      if (records?.ok) {
        append(problems, checkRecords(elf, btf.value, records.value));
        append(problems, checkTypeIds(elf, btf.value, records.value));
      }
    }
  }
  if (thorough) append(problems, checkRelocations(elf));
  return problems.map(verificationFailed);
}

function checkSections(elf: ElfFile, layout: Layout, plan?: ImagePlan): string[] {
  return layout.sections.flatMap((planned, i) => {
    const index = plan ? 1 + plan.positions[i]! : FIRST_SECTION + i;
    const { name, type, flags, size, alignment, address } = elf.sections[index]!;
    const same =
      name === planned.name &&
      type === planned.type &&
      flags === planned.flags >>> 0 &&
      size === planned.size &&
      alignment === planned.alignment &&
      address === (plan?.addresses[plan.positions[i]!] ?? 0);
    return same ? [] : [`section ${index} is ${name}, planned ${planned.name}`];
  });
}

function checkSymbols({ symbols, sections }: ElfFile, { columns }: OutputSymbols): string[] {
  if (symbols.count !== columns.count) {
    return [`${symbols.count} symbols, planned ${columns.count}`];
  }
  const problems: string[] = [];
  for (let i = 0; i < symbols.count; i++) {
    const isLocal = symbols.binding[i] === STB_LOCAL;
    if (isLocal !== i < columns.firstGlobal) problems.push(`symbol ${i} is on the wrong side`);
    const home = symbols.section[i]!;
    // In an image a value is an address.
    const offset = home > 0 ? symbols.value[i]! - sections[home]!.address : 0;
    if (home > 0 && (offset < 0 || offset + symbols.size[i]! > sections[home]!.size)) {
      problems.push(`symbol ${i} ends outside ${sections[home]!.name}`);
    }
  }
  return problems;
}

function checkRelocations(elf: ElfFile): string[] {
  return elf.sections.flatMap((section) => {
    // What a run-time loader does is at addresses anywhere (sh_info 0): verify-target.ts.
    if (section.type !== SHT_REL || section.info === 0) return [];
    const table = parseRelocations(elf, section);
    if (!table.ok) return [table.error.message];
    const target = elf.sections[section.info]!;
    const inCode = (target.flags & SHF_EXECINSTR) !== 0;
    // Relocations of a compressed section are about its contents; ch_size says how many bytes these are.
    const isCompressed = (target.flags & SHF_COMPRESSED) !== 0;
    const size = isCompressed ? openSection(elf, target).u64(8) : target.size;
    const problems: string[] = [];
    for (let i = 0; i < table.value.count; i++) {
      const kind = relocationKind(table.value.type[i]!, inCode);
      const offset = table.value.offset[i]! - target.address;
      if (!kind || offset < 0 || offset + kind.width > size) {
        problems.push(`relocation ${i} of ${section.name} does not fit`);
      }
    }
    return problems;
  });
}

/** Every entry of a DATASEC with an ELF section stands where a symbol of its name does. */
function checkDatasecs(elf: ElfFile, btf: Btf): string[] {
  const placed = new Set<string>();
  for (let i = 1; i < elf.symbols.count; i++) {
    const home = elf.symbols.section[i]!;
    if (home <= 0 || elf.symbols.type[i] === STT_SECTION) continue;
    const { name, address } = elf.sections[home]!;
    placed.add(`${name} ${symbolName(elf, i)} ${elf.symbols.value[i]! - address}`);
  }
  const sizes = new Map(elf.sections.map(({ name, size }) => [name, size]));
  const problems: string[] = [];
  for (const id of ofKind(btf.byKind, BTF_KIND_DATASEC)) {
    const at = btf.typeAt[id]!;
    const info = btf.words[at + 1]!;
    const name = btf.strings.cstring(btf.words[at]!);
    const size = sizes.get(name);
    if (size === undefined) continue;
    if (size !== btf.words[at + 2]) problems.push(`DATASEC ${name} has another size than ${name}`);
    for (let k = 0, entry = at + 3; k < vlenOf(info); k++, entry += 3) {
      const variable = btf.typeAt[btf.words[entry]!]!;
      const isExtern =
        kindOf(btf.words[variable + 1]!) !== BTF_KIND_VAR ||
        btf.words[variable + 3] === BTF_LINKAGE_EXTERN;
      const text = btf.strings.cstring(btf.words[variable]!);
      if (!isExtern && !placed.has(`${name} ${text} ${btf.words[entry + 1]!}`)) {
        problems.push(`${text} is not at offset ${btf.words[entry + 1]!} of ${name}`);
      }
    }
  }
  return problems;
}

/** Instructions that hold a type id hold that of their CO-RE record. */
function checkTypeIds(elf: ElfFile, btf: Btf, { coreRelo }: BtfExt): string[] {
  return coreRelo.flatMap(({ sectionName, words, recordSize }) => {
    const name = btf.strings.cstring(sectionName);
    const section = elf.sections.find((each) => each.name === name);
    if (!section) return [];
    const code = elf.bytes.subarray(section.offset, section.offset + section.size);
    const problems: string[] = [];
    for (let at = 0; at < words.length; at += recordSize / 4) {
      const [offset, typeId, , kind] = words.subarray(at, at + 4);
      const held = TYPE_ID_KINDS.has(kind!) && constantAt(code, offset!, elf.littleEndian);
      if (typeof held === 'number' && held !== typeId) {
        problems.push(
          `the instruction at offset ${offset} of ${name} holds type ${held}, not ${typeId}`,
        );
      }
    }
    return problems;
  });
}

/** Every function record stands at a function symbol. */
function checkRecords(elf: ElfFile, btf: Btf, { funcInfo }: BtfExt): string[] {
  const functions = new Set<string>();
  for (let i = 1; i < elf.symbols.count; i++) {
    const home = elf.symbols.section[i]!;
    if (home <= 0 || elf.symbols.type[i] !== STT_FUNC) continue;
    const { name, address } = elf.sections[home]!;
    functions.add(`${name} ${elf.symbols.value[i]! - address}`);
  }
  return funcInfo.flatMap(({ sectionName, words, recordSize }) => {
    const name = btf.strings.cstring(sectionName);
    const problems: string[] = [];
    for (let at = 0; at < words.length; at += recordSize / 4) {
      if (!functions.has(`${name} ${words[at]!}`)) {
        problems.push(`func_info at offset ${words[at]!} of ${name} is at no function`);
      }
    }
    return problems;
  });
}
