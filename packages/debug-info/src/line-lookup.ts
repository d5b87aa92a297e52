import { catchMalformed, firstBehind, type Cursor } from '@bpf-ld/elf-reader';
import { CodeMoves } from './code-moves.js';
import type { DebugSection } from './compressed.js';
import { DebugEditor, type DebugObject } from './debug-object.js';
import {
  DW_FORM_data1,
  DW_FORM_data16,
  DW_FORM_data2,
  DW_FORM_line_strp,
  DW_FORM_string,
  DW_FORM_strp,
  DW_FORM_udata,
} from './dwarf-constants.js';
import { DwarfReader } from './dwarf-reader.js';
import { readLineHeader, runLineProgram, type LineHeader } from './line-program.js';

/** A place in a source file; the column is 0 where it is not known. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A row: it is about the bytes up to the next one. */
interface Row {
  readonly offset: number;
  /** Number in `files`; -1 for the end of a sequence, behind which nothing is known. */
  readonly file: number;
  readonly line: number;
  readonly column: number;
}

/** The lines of an object's code as its .debug_line has them (DWARF 5 section 6.2). */
export class LineTable {
  readonly #rows = new Map<number, Row[]>();
  readonly #files: string[] = [];

  /** Reads all line tables; one that is malformed counts as far as it can be read. */
  constructor(object: DebugObject) {
    const fields = new DebugEditor(object, new CodeMoves(() => 'whole'));
    for (const section of fields.named('.debug_line')) {
      catchMalformed(() => this.#read(fields, section));
    }
    for (const rows of this.#rows.values()) rows.sort((a, b) => a.offset - b.offset);
  }

  /** The line of the byte `offset` of a section, by the section's index in the object. */
  at(section: number, offset: number): SourceLine | undefined {
    const rows = this.#rows.get(section) ?? [];
    const row = rows[firstBehind(rows, (one) => one.offset <= offset) - 1];
    if (!row || row.line === 0) return undefined;
    const file = this.#files[row.file];
    return file === undefined ? undefined : { file, line: row.line, column: row.column };
  }

  #read(fields: DebugEditor, section: DebugSection): void {
    const reader = new DwarfReader(fields.open(section));
    while (reader.at < section.bytes.length) {
      const header = readLineHeader(reader);
      const first = this.#files.length;
      const tables = new DwarfReader(reader.cursor, header.tablesAt, header.programAt);
      const names = header.version >= 5 ? readTables(fields, section, tables) : readNames(tables);
      this.#files.push(...names);
      this.#readRows(fields, section, reader, header, first);
      reader.at = header.end;
    }
  }

  #readRows(
    fields: DebugEditor,
    section: DebugSection,
    reader: DwarfReader,
    header: LineHeader,
    firstFile: number,
  ): void {
    let home: Row[] | undefined;
    // Files count from 1 before DWARF 5, and from 0 since.
    const base = firstFile - (header.version >= 5 ? 0 : 1);
    runLineProgram(reader, header, {
      setAddress: (at, width) => {
        const target = fields.target(section, at, width);
        if (typeof target !== 'object') {
          home = undefined;
          return 0;
        }
        home = this.#rows.get(target.section);
        if (!home) this.#rows.set(target.section, (home = []));
        return target.offset;
      },
      row: ({ address: offset, file, line, column }, end) => {
        home?.push({ offset, file: end ? -1 : base + file, line, column });
      },
      other: () => {},
      endOfSequence: () => {
        home = undefined;
      },
    });
  }
}

/** Before DWARF 5: directories, each a string, and files: a string and three numbers (DWARF 4 section 6.2.4). */
function readNames(reader: DwarfReader): readonly string[] {
  const directories: string[] = [''];
  for (;;) {
    const name = readString(reader);
    if (name === '') break;
    directories.push(name);
  }
  const files: string[] = [];
  for (;;) {
    const name = readString(reader);
    if (name === '') return files;
    files.push(join(directories[reader.uleb()] ?? '', name));
    reader.uleb();
    reader.uleb();
  }
}

/** Bytes of a path: many entries may share one string. */
const LONGEST_PATH = 4096;

const DW_LNCT_path = 1;
const DW_LNCT_directory_index = 2;

/** DWARF 5 section 6.2.4.1: tables that say how their entries are written. */
function readTables(
  fields: DebugEditor,
  section: DebugSection,
  reader: DwarfReader,
): readonly string[] {
  const read = (): { readonly path: string; readonly directory: number }[] => {
    const format: { readonly content: number; readonly form: number }[] = [];
    for (let i = reader.u8(); i > 0; i--) {
      format.push({ content: reader.uleb(), form: reader.uleb() });
    }
    const count = reader.uleb();
    const entries = [];
    // Every entry takes a byte at least: a count beyond that is caught before much is read.
    if (format.length === 0) return [];
    for (let i = 0; i < count; i++) {
      let path = '';
      let directory = 0;
      for (const { content, form } of format) {
        const value = readForm(fields, section, reader, form);
        if (content === DW_LNCT_path) path = String(value);
        else if (content === DW_LNCT_directory_index) directory = Number(value);
      }
      entries.push({ path, directory });
    }
    return entries;
  };
  const directories = read().map(({ path }) => path);
  const root = directories[0] ?? '';
  return read().map(({ path, directory }) => join(join(root, directories[directory] ?? ''), path));
}

function readForm(
  fields: DebugEditor,
  section: DebugSection,
  reader: DwarfReader,
  form: number,
): string | number {
  switch (form) {
    case DW_FORM_string:
      return readString(reader);
    case DW_FORM_line_strp:
      return readReference(fields, section, reader, '.debug_line_str');
    case DW_FORM_strp:
      return readReference(fields, section, reader, '.debug_str');
    case DW_FORM_udata:
      return reader.uleb();
    case DW_FORM_data1:
      return reader.u8();
    case DW_FORM_data2:
      return reader.u16();
    case DW_FORM_data16:
      reader.skip(16);
      return 0;
    default:
      throw reader.cursor.malformed(`unknown form 0x${form.toString(16)} of a file`, reader.at);
  }
}

function readReference(
  fields: DebugEditor,
  section: DebugSection,
  reader: DwarfReader,
  name: string,
): string {
  const { at } = reader;
  const stored = reader.u32();
  const target = fields.target(section, at, 4);
  const home = typeof target === 'object' ? fields.section(target.section) : fields.named(name)[0];
  const strings: Cursor | undefined = home && fields.open(home);
  const from = typeof target === 'object' ? target.offset : stored;
  if (strings && strings.stringEnd(from) - from > LONGEST_PATH) {
    throw strings.malformed('a file name longer than any', from);
  }
  return strings?.cstring(from) ?? '';
}

function readString(reader: DwarfReader): string {
  const text = reader.cursor.cstring(reader.at);
  reader.skipString();
  return text;
}

function join(folder: string, path: string): string {
  if (folder === '' || folder === path || path.startsWith('/')) return path;
  return path === '' ? folder : `${folder}/${path}`;
}
