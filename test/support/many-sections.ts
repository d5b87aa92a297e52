/**
 * An object with more sections than a 16-bit index holds, as the gABI extends it: e_shnum 0 with the
 * count in section 0, SHN_XINDEX with SHT_SYMTAB_SHNDX for symbols.
 *
 * Section `.data.PREFIX<i>` holds the 8-byte number i and is the global symbol `PREFIX<i>`.
 */
export function objectWithSections(prefix: string, dataSections: number): Uint8Array {
  const names: string[] = [''];
  const strings = new StringTable();
  const [symtab, xindex, strtab] = [1, 2, 3].map((k) => dataSections + k);
  for (let i = 0; i < dataSections; i++) names.push(`.data.${prefix}${i}`);
  names.push('.symtab', '.symtab_shndx', '.strtab');

  const symbols = new Uint8Array((dataSections + 1) * 24);
  const indexes = new Uint8Array((dataSections + 1) * 4);
  const s = new DataView(symbols.buffer);
  const x = new DataView(indexes.buffer);
  for (let i = 0; i < dataSections; i++) {
    const at = (i + 1) * 24;
    const section = i + 1;
    s.setUint32(at, strings.add(`${prefix}${i}`), true);
    s.setUint8(at + 4, (1 << 4) | 1);
    s.setUint16(at + 6, section >= 0xff00 ? 0xffff : section, true);
    s.setBigUint64(at + 16, 8n, true);
    if (section >= 0xff00) x.setUint32((i + 1) * 4, section, true);
  }
  const nameAt = names.map((name) => strings.add(name));
  const stringBytes = strings.bytes();

  const dataAt = 64;
  const symbolsAt = dataAt + dataSections * 8;
  const indexesAt = symbolsAt + symbols.length;
  const stringsAt = indexesAt + indexes.length;
  const headersAt = (stringsAt + stringBytes.length + 7) & ~7;
  const bytes = new Uint8Array(headersAt + names.length * 64);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 1, true);
  view.setUint16(18, 247, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(40, BigInt(headersAt), true);
  view.setUint16(52, 64, true);
  view.setUint16(58, 64, true);
  view.setUint16(60, names.length >= 0xff00 ? 0 : names.length, true);
  view.setUint16(62, strtab! >= 0xff00 ? 0xffff : strtab!, true);
  bytes.set(symbols, symbolsAt);
  bytes.set(indexes, indexesAt);
  bytes.set(stringBytes, stringsAt);

  const header = (i: number, type: number, flags: number, offset: number, size: number) => {
    const at = headersAt + i * 64;
    view.setUint32(at, nameAt[i]!, true);
    view.setUint32(at + 4, type, true);
    view.setBigUint64(at + 8, BigInt(flags), true);
    view.setBigUint64(at + 24, BigInt(offset), true);
    view.setBigUint64(at + 32, BigInt(size), true);
    view.setBigUint64(at + 48, 1n, true);
    return at;
  };
  if (names.length >= 0xff00) {
    view.setBigUint64(headersAt + 32, BigInt(names.length), true);
    view.setUint32(headersAt + 40, strtab!, true);
  }
  for (let i = 0; i < dataSections; i++) {
    header(i + 1, 1, 3, dataAt + i * 8, 8);
    view.setBigUint64(dataAt + i * 8, BigInt(i), true);
  }
  const symtabHeader = header(symtab!, 2, 0, symbolsAt, symbols.length);
  view.setUint32(symtabHeader + 40, strtab!, true);
  view.setUint32(symtabHeader + 44, 1, true);
  view.setBigUint64(symtabHeader + 56, 24n, true);
  const indexHeader = header(xindex!, 18, 0, indexesAt, indexes.length);
  view.setUint32(indexHeader + 40, symtab!, true);
  view.setBigUint64(indexHeader + 56, 4n, true);
  header(strtab!, 3, 0, stringsAt, stringBytes.length);
  return bytes;
}

class StringTable {
  readonly #parts: string[] = ['\0'];
  #length = 1;

  add(text: string): number {
    if (text === '') return 0;
    const at = this.#length;
    this.#parts.push(`${text}\0`);
    this.#length += text.length + 1;
    return at;
  }

  bytes(): Uint8Array {
    return Buffer.from(this.#parts.join(''), 'latin1');
  }
}
