import { SHF_EXECINSTR, SHT_NOBITS } from '@bpf-ld/elf-reader';
import { FieldEditor, relocationKind } from '@bpf-ld/reloc-engine';
import type { AddendOf } from '@bpf-ld/symbol-resolver';
import type { ParsedObject } from './parse-object.js';

/** Reads addends of relocations of the inputs: a RELA record's own, or what the relocated field holds. */
export function addendReader(objects: readonly ParsedObject[]): AddendOf {
  const editors = objects.map(({ elf }) => new FieldEditor(elf.bytes, elf.littleEndian));
  return (object, section, table, row) => {
    if (table.addend) return Number(table.addend[row]!);
    const header = objects[object]!.elf.sections[section]!;
    const inCode = (header.flags & SHF_EXECINSTR) !== 0;
    const kind = relocationKind(table.type[row]!, inCode);
    const offset = table.offset[row]!;
    // What does not fit is reported when relocations are looked at.
    if (!kind || header.type === SHT_NOBITS || offset + kind.width > header.size) return undefined;
    return editors[object]!.addend(kind.field, header.offset + offset);
  };
}
