/** Little-endian BPF objects put together field by field, for inputs no compiler writes. */

export interface BuiltSection {
  readonly name: string;
  readonly type?: number;
  readonly flags?: number;
  readonly bytes: Uint8Array;
}

export interface BuiltSymbol {
  readonly name: string;
  /** Index of the section in the list given, -1 for undefined. */
  readonly section: number;
  readonly value?: number;
  readonly size?: number;
  /** STT_FUNC 2, STT_OBJECT 1; 0 if absent. */
  readonly type?: number;
}

/** An ET_REL object of these sections and global symbols. */
export function buildObject(
  sections: readonly BuiltSection[],
  symbols: readonly BuiltSymbol[],
): Uint8Array {
  const names = new Map<string, number>();
  let text = '\0';
  const nameOf = (name: string) => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const at = text.length;
    names.set(name, at);
    text += `${name}\0`;
    return at;
  };
  const table = new Uint8Array((symbols.length + 1) * 24);
  const t = new DataView(table.buffer);
  for (const [i, symbol] of symbols.entries()) {
    const at = (i + 1) * 24;
    t.setUint32(at, nameOf(symbol.name), true);
    t.setUint8(at + 4, 0x10 | (symbol.type ?? 0));
    t.setUint16(at + 6, symbol.section + 1, true);
    t.setBigUint64(at + 8, BigInt(symbol.value ?? 0), true);
    t.setBigUint64(at + 16, BigInt(symbol.size ?? 0), true);
  }
  const all: (BuiltSection & { readonly link?: number; readonly info?: number })[] = [
    ...sections,
    { name: '.symtab', type: 2, bytes: table, link: sections.length + 2, info: 1 },
    { name: '.strtab', type: 3, bytes: new Uint8Array(0) },
  ];
  const headerNames = all.map(({ name }) => nameOf(name));
  all[all.length - 1] = { name: '.strtab', type: 3, bytes: Buffer.from(text, 'latin1') };
  const contents = all.reduce((sum, { bytes }) => sum + ((bytes.length + 7) & ~7), 64);
  const file = new Uint8Array(contents + (all.length + 1) * 64);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 1, true);
  view.setUint16(18, 247, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(40, BigInt(contents), true);
  view.setUint16(52, 64, true);
  view.setUint16(58, 64, true);
  view.setUint16(60, all.length + 1, true);
  view.setUint16(62, all.length, true);
  let position = 64;
  for (const [i, { type = 1, flags = 0, bytes, link = 0, info = 0 }] of all.entries()) {
    const at = contents + (i + 1) * 64;
    file.set(bytes, position);
    view.setUint32(at, headerNames[i]!, true);
    view.setUint32(at + 4, type, true);
    view.setBigUint64(at + 8, BigInt(flags), true);
    view.setBigUint64(at + 24, BigInt(position), true);
    view.setBigUint64(at + 32, BigInt(bytes.length), true);
    view.setUint32(at + 40, link, true);
    view.setUint32(at + 44, info, true);
    view.setBigUint64(at + 48, 8n, true);
    view.setBigUint64(at + 56, type === 2 ? 24n : 0n, true);
    position += (bytes.length + 7) & ~7;
  }
  return file;
}

/** A .BTF section of these type words and strings; string offsets are those in `strings`. */
export function buildBtf(types: readonly number[], strings: string): Uint8Array {
  const text = Buffer.from(strings, 'latin1');
  const words = Uint32Array.from(types);
  const header = new Uint8Array(24);
  const view = new DataView(header.buffer);
  view.setUint16(0, 0xeb9f, true);
  view.setUint8(2, 1);
  view.setUint32(4, 24, true);
  view.setUint32(12, words.byteLength, true);
  view.setUint32(16, words.byteLength, true);
  view.setUint32(20, text.length, true);
  return Buffer.concat([header, new Uint8Array(words.buffer), text]);
}

/** The info word of a BTF type. */
export function btfInfo(kind: number, vlen = 0, kindFlag = false): number {
  return ((kindFlag ? 1 << 31 : 0) | (kind << 24) | vlen) >>> 0;
}
