import { link } from '@bpf-ld/linker';
import { KIND, readRawBtf } from './raw-btf.js';

/** Objects no installed tool makes: each function turns the bytes of a compiled object into another file. */
export const crafts: Readonly<Record<string, (object: Uint8Array) => Uint8Array>> = {
  rela,
  sharedObject,
  gnu16,
  gnuStringTables,
  longBtfHeaders,
  wideExtRecords,
  shortExtHeader,
  btfLayout,
  btfLayoutDiffers,
  unknownKind,
  wideEnum,
  unknownKindInLayout,
  unknownHeaderField,
  unknownExtHeaderField,
  attributeTags,
  truncate: (object) => object.slice(0, object.length >> 1),
  empty: () => new Uint8Array(0),
  executable: (object) => patched(object, (view) => view.setUint16(16, 2, true)),
  thinSelf: () => thinArchive('libself.a'),
  thinGone: () => thinArchive('gone/member.o'),
  thinFolder: () => thinArchive('.'),
  thinDevice: () => thinArchive('/dev/zero'),
  thinUp: () => thinArchive('../archive-errors/work.o'),
};

const SHT_RELA = 4;
const SHT_REL = 9;
const R_BPF_64_64 = 1;
const R_BPF_64_ABS64 = 2;
const R_BPF_64_NODYLD32 = 4;
const R_BPF_64_32 = 10;
const R_BPF_GNU_64_16 = 256;

interface SectionHeader {
  readonly index: number;
  readonly name: string;
  /** Where the header stands in the file. */
  readonly at: number;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function patched(object: Uint8Array, edit: (view: DataView) => void): Uint8Array {
  const copy = object.slice();
  edit(view(copy));
  return copy;
}

/** Section headers of a well-formed little-endian ELF64 file. */
function sectionHeaders(object: Uint8Array): SectionHeader[] {
  const v = view(object);
  const start = Number(v.getBigUint64(40, true));
  const count = v.getUint16(60, true);
  const header = (index: number) => {
    const at = start + index * 64;
    return {
      index,
      nameOffset: v.getUint32(at, true),
      at,
      type: v.getUint32(at + 4, true),
      offset: Number(v.getBigUint64(at + 24, true)),
      size: Number(v.getBigUint64(at + 32, true)),
      link: v.getUint32(at + 40, true),
      info: v.getUint32(at + 44, true),
    };
  };
  const strings = header(v.getUint16(62, true));
  return Array.from({ length: count }, (_, index) => {
    const { nameOffset, ...rest } = header(index);
    const from = strings.offset + nameOffset;
    const name = Buffer.from(object.subarray(from, object.indexOf(0, from))).toString('latin1');
    return { ...rest, name };
  });
}

/**
 * Turns every REL section into a RELA section: the implicit addend moves from the field into the
 * record and the field becomes zero. Sections of .BTF, .BTF.ext and DWARF stay REL.
 */
function rela(object: Uint8Array): Uint8Array {
  const sections = sectionHeaders(object);
  let out: Uint8Array = object.slice();
  for (const section of sections) {
    if (section.type !== SHT_REL || /^\.rel\.(BTF|debug)/.test(section.name)) continue;
    const target = sections[section.info]!;
    const records = section.size / 16;
    const table = new Uint8Array(records * 24);
    const from = view(out);
    const to = view(table);
    for (let i = 0; i < records; i++) {
      const offset = Number(from.getBigUint64(section.offset + i * 16, true));
      const info = from.getBigUint64(section.offset + i * 16 + 8, true);
      const field = target.offset + offset;
      to.setBigUint64(i * 24, BigInt(offset), true);
      to.setBigUint64(i * 24 + 8, info, true);
      to.setBigInt64(i * 24 + 16, takeAddend(from, field, Number(info & 0xffff_ffffn)), true);
    }
    out = append(out, table, 8, (v, position) => {
      v.setUint32(section.at + 4, SHT_RELA, true);
      v.setBigUint64(section.at + 24, BigInt(position), true);
      v.setBigUint64(section.at + 32, BigInt(table.length), true);
      v.setBigUint64(section.at + 56, 24n, true);
    });
  }
  return out;
}

/** Reads the implicit addend in bytes at `field` and clears the field. */
function takeAddend(v: DataView, field: number, type: number): bigint {
  if (type === R_BPF_64_64) {
    const addend = v.getInt32(field + 4, true);
    v.setInt32(field + 4, 0, true);
    v.setInt32(field + 12, 0, true);
    return BigInt(addend);
  }
  if (type === R_BPF_64_ABS64) {
    const addend = v.getBigInt64(field, true);
    v.setBigInt64(field, 0n, true);
    return addend;
  }
  if (type === R_BPF_64_32) {
    const addend = (v.getInt32(field + 4, true) + 1) * 8;
    v.setInt32(field + 4, -1, true);
    return BigInt(addend);
  }
  if (type === R_BPF_64_NODYLD32) return 0n;
  throw new Error(`relocation type ${type} is not one the fixtures use`);
}

/** Headers of .BTF and .BTF.ext with 16 more bytes than this version knows, as hdr_len allows. */
function longBtfHeaders(object: Uint8Array): Uint8Array {
  return ['.BTF', '.BTF.ext'].reduce((file, name) => {
    const section = sectionHeaders(file).find((s) => s.name === name)!;
    const old = file.subarray(section.offset, section.offset + section.size);
    const length = view(old).getUint32(4, true);
    const grown = Buffer.concat([
      old.subarray(0, length),
      new Uint8Array(16),
      old.subarray(length),
    ]);
    view(grown).setUint32(4, length + 16, true);
    return withContents(file, section, grown);
  }, object);
}

/** .BTF.ext whose records are 4 bytes longer than this version knows, as their sizes allow. */
function wideExtRecords(object: Uint8Array): Uint8Array {
  const section = sectionHeaders(object).find((s) => s.name === '.BTF.ext')!;
  const old = object.slice(section.offset, section.offset + section.size);
  const v = view(old);
  const header = v.getUint32(4, true);
  const out: number[] = [];
  const push = (word: number) => out.push(word);
  const result = old.slice(0, header);
  for (let field = 8; field + 8 <= header; field += 8) {
    const start = header + v.getUint32(field, true);
    const size = v.getUint32(field + 4, true);
    const outStart = out.length * 4;
    if (size > 0) {
      const recordSize = v.getUint32(start, true);
      push(recordSize + 4);
      for (let at = start + 4; at < start + size;) {
        const count = v.getUint32(at + 4, true);
        push(v.getUint32(at, true));
        push(count);
        at += 8;
        for (let i = 0; i < count; i++, at += recordSize) {
          for (let k = 0; k < recordSize; k += 4) push(v.getUint32(at + k, true));
          push(0);
        }
      }
    }
    view(result).setUint32(field, outStart, true);
    view(result).setUint32(field + 4, out.length * 4 - outStart, true);
  }
  const data = new Uint8Array(out.length * 4);
  out.forEach((word, i) => view(data).setUint32(i * 4, word, true));
  return withContents(object, section, Buffer.concat([result, data]));
}

/** The parts of an object's .BTF, to be put together anew. */
interface BtfParts {
  readonly header?: readonly number[];
  readonly types: Uint8Array;
  readonly layout?: Uint8Array;
  readonly strings: Uint8Array;
}

/**
 * `object` with other parts in its .BTF. The header has 24 bytes, 32 with a layout section, which is
 * then between types and strings (struct btf_header, Linux 7.1), and the words of `header` behind.
 */
function withBtf(object: Uint8Array, edit: (parts: BtfParts) => BtfParts): Uint8Array {
  const section = sectionHeaders(object).find((s) => s.name === '.BTF')!;
  const old = object.slice(section.offset, section.offset + section.size);
  const v = view(old);
  const part = (field: number) => {
    const start = v.getUint32(4, true) + v.getUint32(field, true);
    return old.slice(start, start + v.getUint32(field + 4, true));
  };
  const { header = [], types, layout, strings } = edit({ types: part(8), strings: part(16) });
  const between = layout?.length ?? 0;
  const fields = [0, types.length, types.length + between, strings.length];
  if (layout !== undefined) fields.push(types.length, between);
  const words = [8 + 4 * (fields.length + header.length), ...fields, ...header];
  const head = new Uint8Array(words[0]!);
  head.set(old.subarray(0, 4));
  words.forEach((word, i) => view(head).setUint32(4 + 4 * i, word, true));
  const contents = Buffer.concat([head, types, layout ?? new Uint8Array(0), strings]);
  return withContents(object, section, contents);
}

/** Bytes behind the common twelve and of each element, by kind; 20 stands for one to come. */
const KIND_SIZES: readonly (readonly [number, number])[] = [
  [0, 0], [4, 0], [0, 0], [12, 0], [0, 12], [0, 12], [0, 8], [0, 0], [0, 0], [0, 0], [0, 0],
  [0, 0], [0, 0], [0, 8], [4, 0], [0, 12], [0, 0], [4, 0], [0, 0], [0, 12], [4, 4],
]; // prettier-ignore

/** A layout section: struct btf_layout is info_sz, elem_sz and two bytes of flags, for each kind. */
function layoutSection(sizes: readonly (readonly [number, number])[]): Uint8Array {
  return Uint8Array.from(sizes.flatMap(([info, element]) => [info, element, 0, 0]));
}

/** A type of kind 20 with two elements, as no kernel up to 7.1 has one. */
const UNKNOWN_TYPE = new Uint8Array(Uint32Array.of(0, (20 << 24) | 2, 8, 1, 2, 3).buffer);

function btfLayout(object: Uint8Array): Uint8Array {
  return withBtf(object, (parts) => ({ ...parts, layout: layoutSection(KIND_SIZES) }));
}

/** A layout section that says an INT is 8 bytes longer than the others know it. */
function btfLayoutDiffers(object: Uint8Array): Uint8Array {
  const sizes = KIND_SIZES.map((size, kind) => (kind === 1 ? ([12, 0] as const) : size));
  return withBtf(object, (parts) => ({ ...parts, layout: layoutSection(sizes) }));
}

function unknownKind(object: Uint8Array): Uint8Array {
  return withBtf(object, (parts) => ({
    ...parts,
    types: Buffer.concat([parts.types, UNKNOWN_TYPE]),
  }));
}

function unknownKindInLayout(object: Uint8Array): Uint8Array {
  return withBtf(object, (parts) => ({
    ...parts,
    types: Buffer.concat([parts.types, UNKNOWN_TYPE]),
    layout: layoutSection(KIND_SIZES),
  }));
}

/** An ENUM of 70,000 values, more than 16 bits of vlen can count; all have the first name there is. */
function wideEnum(object: Uint8Array): Uint8Array {
  const count = 70_000;
  const words = new Uint32Array(3 + 2 * count);
  words.set([1, (6 << 24) | count, 4]);
  for (let i = 0; i < count; i++) words.set([1, i], 3 + 2 * i);
  return withBtf(object, (parts) => ({
    ...parts,
    types: Buffer.concat([parts.types, new Uint8Array(words.buffer)]),
  }));
}

/** A .BTF header of 40 bytes that announces another section. */
function unknownHeaderField(object: Uint8Array): Uint8Array {
  return withBtf(object, (parts) => ({
    ...parts,
    layout: layoutSection(KIND_SIZES),
    header: [0, 16],
  }));
}

/** `object` with a .BTF.ext header of another length, its new words last. */
function withExtHeader(object: Uint8Array, length: number, words: readonly number[]): Uint8Array {
  const section = sectionHeaders(object).find((s) => s.name === '.BTF.ext')!;
  const old = object.slice(section.offset, section.offset + section.size);
  const end = view(old).getUint32(4, true);
  const head = new Uint8Array(length);
  head.set(old.subarray(0, Math.min(end, length)));
  view(head).setUint32(4, length, true);
  words.forEach((word, i) => view(head).setUint32(length - 4 * (words.length - i), word, true));
  return withContents(object, section, Buffer.concat([head, old.subarray(end)]));
}

/** .BTF.ext as before CO-RE, with a header of 24 bytes that knows no core_relo. */
function shortExtHeader(object: Uint8Array): Uint8Array {
  return withExtHeader(object, 24, []);
}

function unknownExtHeaderField(object: Uint8Array): Uint8Array {
  return withExtHeader(object, 40, [0, 16]);
}

/**
 * Sets kind_flag on every DECL_TAG and TYPE_TAG: the tag is an attribute as the compiler's source
 * spells it, not a BTF one (btf.rst). The kernel knows such tags since 6.15.
 */
function attributeTags(object: Uint8Array): Uint8Array {
  const section = sectionHeaders(object).find((s) => s.name === '.BTF')!;
  const btf = object.subarray(section.offset, section.offset + section.size);
  const littleEndian = true;
  const { types } = readRawBtf(btf, littleEndian);
  return patched(object, (v) => {
    for (const { kind, at } of types) {
      if (kind !== KIND.DECL_TAG && kind !== KIND.TYPE_TAG) continue;
      const info = section.offset + at + 4;
      v.setUint32(info, (v.getUint32(info, littleEndian) | 0x8000_0000) >>> 0, littleEndian);
    }
  });
}

/** `object` with other contents of one section, put at its end; the section loses its relocations. */
function withContents(
  object: Uint8Array,
  section: SectionHeader,
  contents: Uint8Array,
): Uint8Array {
  const rel = sectionHeaders(object).find((s) => s.type === SHT_REL && s.info === section.index);
  return append(object, contents, 8, (v, position) => {
    v.setBigUint64(section.at + 24, BigInt(position), true);
    v.setBigUint64(section.at + 32, BigInt(contents.length), true);
    if (rel) v.setBigUint64(rel.at + 32, 0n, true);
  });
}

/**
 * Adds a .rel.text with one R_BPF_GNU_64_16 at the jump of the first instruction of .text, against
 * the symbol whose name starts with gnu16_target.
 */
function gnu16(object: Uint8Array): Uint8Array {
  const sections = sectionHeaders(object);
  const symtab = sections.find((section) => section.name === '.symtab')!;
  const text = sections.find((section) => section.name === '.text')!;
  const strtab = sections[symtab.link]!;
  const v = view(object);
  let symbol = -1;
  for (let i = 0; i < symtab.size / 24; i++) {
    const from = strtab.offset + v.getUint32(symtab.offset + i * 24, true);
    const name = Buffer.from(object.subarray(from, object.indexOf(0, from))).toString('latin1');
    if (name.startsWith('gnu16_target')) symbol = i;
  }
  const record = new Uint8Array(16);
  view(record).setBigUint64(8, (BigInt(symbol) << 32n) | BigInt(R_BPF_GNU_64_16), true);
  const names = sections[v.getUint16(62, true)]!;
  const oldNames = object.subarray(names.offset, names.offset + names.size);
  const newNames = Buffer.concat([oldNames, Buffer.from('.rel.text\0')]);
  let relAt = 0;
  let out = append(object, record, 8, (_, position) => (relAt = position));
  out = append(out, newNames, 1, (w, position) => {
    w.setBigUint64(names.at + 24, BigInt(position), true);
    w.setBigUint64(names.at + 32, BigInt(newNames.length), true);
  });
  const table = new Uint8Array((sections.length + 1) * 64);
  const start = Number(view(out).getBigUint64(40, true));
  table.set(out.subarray(start, start + sections.length * 64));
  const t = view(table);
  const at = sections.length * 64;
  t.setUint32(at, oldNames.length, true);
  t.setUint32(at + 4, SHT_REL, true);
  t.setBigUint64(at + 8, 0x40n, true);
  t.setBigUint64(at + 24, BigInt(relAt), true);
  t.setBigUint64(at + 32, 16n, true);
  t.setUint32(at + 40, symtab.index, true);
  t.setUint32(at + 44, text.index, true);
  t.setBigUint64(at + 48, 8n, true);
  t.setBigUint64(at + 56, 16n, true);
  return append(out, table, 8, (w, position) => {
    w.setBigUint64(40, BigInt(position), true);
    w.setUint16(60, sections.length + 1, true);
  });
}

/** As GNU as writes objects: the names of sections are in a string table of their own. */
function gnuStringTables(object: Uint8Array): Uint8Array {
  const sections = sectionHeaders(object);
  const names = sections[view(object).getUint16(62, true)]!;
  const own = object.subarray(names.offset, names.offset + names.size);
  let at = 0;
  const out = append(object, own, 1, (_, position) => (at = position));
  const start = Number(view(out).getBigUint64(40, true));
  const table = new Uint8Array((sections.length + 1) * 64);
  table.set(out.subarray(start, start + sections.length * 64));
  const added = sections.length * 64;
  table.set(out.subarray(names.at, names.at + 64), added);
  view(table).setBigUint64(added + 24, BigInt(at), true);
  return append(out, table, 8, (w, position) => {
    w.setBigUint64(40, BigInt(position), true);
    w.setUint16(60, sections.length + 1, true);
    w.setUint16(62, sections.length, true);
  });
}

/** `object` with `extra` at its end, aligned; `edit` then points the headers at it. */
function append(
  object: Uint8Array,
  extra: Uint8Array,
  align: number,
  edit: (view: DataView, position: number) => void,
): Uint8Array {
  const position = Math.ceil(object.length / align) * align;
  const out = new Uint8Array(position + extra.length);
  out.set(object);
  out.set(extra, position);
  edit(view(out), position);
  return out;
}

/** A thin archive that names one file, without a symbol index. */
function thinArchive(member: string): Uint8Array {
  const header = (name: string, size: number): string =>
    `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'644'.padEnd(8)}${String(size).padEnd(10)}\`\n`;
  const names = `${member}/\n`;
  const padding = names.length % 2 === 0 ? '' : '\n';
  const text = `!<thin>\n${header('//', names.length)}${names}${padding}${header('/0', 1000)}`;
  return new TextEncoder().encode(text);
}

/** The object as a shared object, for others to be linked against. */
function sharedObject(bytes: Uint8Array): Uint8Array {
  const image = { soname: 'liblibrary.so.1' };
  const result = link({
    inputs: [{ name: 'library.o', bytes }],
    options: { output: 'shared', image },
  });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.image;
}
