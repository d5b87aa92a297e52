import { LineTable, type SourceLine } from '@bpf-ld/debug-info';
import { debugInputOf, debugObjectOf } from './debug-inputs.js';
import type { ParsedObject } from './parse-object.js';

const lines = new WeakMap<ParsedObject, LineTable>();

/** The source line of a byte of a section, as DWARF has it; read when a diagnostic asks for the first one. */
export function debugLineAt(
  object: ParsedObject,
  section: number,
  offset: number,
): SourceLine | undefined {
  let table = lines.get(object);
  if (!table) {
    table = new LineTable(debugObjectOf(object, debugInputOf(object)));
    lines.set(object, table);
  }
  return table.at(section, offset);
}
