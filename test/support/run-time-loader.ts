/** A loader of shared objects, written from docs/dynamic.md alone: it uses none of the linker's code. */

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PF_X = 1;
const PAGE = 4096n;

/** A shared object in the memory of nobody: bytes from `base` on. */
export interface LoadedObject {
  readonly base: bigint;
  readonly memory: Uint8Array;
  readonly littleEndian: boolean;
  readonly entry: bigint;
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  /** Addresses of the names it offers. */
  readonly offered: ReadonlyMap<string, bigint>;
  /** Looks a name up as a loader does, by each hash table that there is. */
  lookUp(name: string): readonly (bigint | undefined)[];
  /** Changes the fields; `resolve` answers addresses of names, `helper` numbers of helpers. */
  relocate(
    resolve: (name: string) => bigint | undefined,
    helper?: (name: string) => number | undefined,
  ): void;
  /** 64 bits at an address. */
  word(address: bigint): bigint;
  /** The address that a call at an address leads to. */
  callee(address: bigint): bigint;
  /** What the ldimm64 at an address loads. */
  immediate(address: bigint): bigint;
}

interface Segment {
  readonly flags: number;
  readonly address: number;
  readonly memorySize: number;
}

/** Copies the segments to `base`, and reads the dynamic section. */
export function loadShared(file: Uint8Array, base: bigint): LoadedObject {
  if (base % PAGE !== 0n) throw new Error('the base is no multiple of a page');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0) !== 0x7f454c46 || file[4] !== 2) throw new Error('no ELF64 file');
  const little = file[5] === 1;
  const type = view.getUint16(16, little);
  const machine = view.getUint16(18, little);
  if (type !== 3 || machine !== 247) throw new Error(`type ${type} of machine ${machine}`);
  const number = (at: number): number => Number(view.getBigUint64(at, little));
  const headersAt = number(32);
  const headers = Array.from({ length: view.getUint16(56, little) }, (_, i) => {
    const at = headersAt + i * 56;
    return {
      type: view.getUint32(at, little),
      flags: view.getUint32(at + 4, little),
      offset: number(at + 8),
      address: number(at + 16),
      fileSize: number(at + 32),
      memorySize: number(at + 40),
    };
  });
  const loads = headers.filter((header) => header.type === PT_LOAD);
  const end = Math.max(...loads.map(({ address, memorySize }) => address + memorySize));
  const memory = new Uint8Array(end);
  for (const { offset, address, fileSize } of loads) {
    memory.set(file.subarray(offset, offset + fileSize), address);
  }
  const dynamic = headers.find((header) => header.type === PT_DYNAMIC);
  if (!dynamic) throw new Error('no PT_DYNAMIC');
  return new Loaded(base, memory, little, BigInt(number(24)), loads, dynamic.address);
}

class Loaded implements LoadedObject {
  readonly base: bigint;
  readonly memory: Uint8Array;
  readonly littleEndian: boolean;
  readonly entry: bigint;
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  readonly offered: ReadonlyMap<string, bigint>;
  readonly #view: DataView;
  readonly #segments: readonly Segment[];
  readonly #tags = new Map<number, number>();

  constructor(
    base: bigint,
    memory: Uint8Array,
    littleEndian: boolean,
    entry: bigint,
    segments: readonly Segment[],
    dynamic: number,
  ) {
    this.base = base;
    this.memory = memory;
    this.littleEndian = littleEndian;
    this.entry = base + entry;
    this.#segments = segments;
    this.#view = new DataView(memory.buffer);
    const needed: number[] = [];
    for (let at = dynamic; ; at += 16) {
      const tag = this.#number(at);
      if (tag === 0) break;
      if (tag === 1) needed.push(this.#number(at + 8));
      this.#tags.set(tag, this.#number(at + 8));
    }
    this.needed = needed.map((at) => this.#string(at));
    const soname = this.#tags.get(14);
    this.soname = soname === undefined ? undefined : this.#string(soname);
    const offered = new Map<string, bigint>();
    for (let symbol = 1; symbol < this.#symbolCount(); symbol++) {
      const { name, section, value } = this.#symbol(symbol);
      if (section !== 0) offered.set(name, section === 0xfff1 ? value : base + value);
    }
    this.offered = offered;
  }

  lookUp(name: string): readonly (bigint | undefined)[] {
    const found: (number | undefined)[] = [];
    if (this.#tags.has(4)) found.push(this.#inHash(name));
    if (this.#tags.has(0x6ffffef5)) found.push(this.#inGnuHash(name));
    return found.map((symbol) => {
      if (symbol === undefined) return undefined;
      const { section, value } = this.#symbol(symbol);
      return section === 0 ? undefined : this.base + value;
    });
  }

  relocate(
    resolve: (name: string) => bigint | undefined,
    helper: (name: string) => number | undefined = () => undefined,
  ): void {
    const table = this.#tags.get(17);
    if (table === undefined) return;
    if (this.#tags.get(19) !== 16) throw new Error('relocations of another size');
    const count = this.#tags.get(18)! / 16;
    const relative = this.#tags.get(0x6ffffffa) ?? 0;
    for (let i = 0; i < count; i++) {
      const at = this.#number(table + i * 16);
      const info = this.#view.getBigUint64(table + i * 16 + 8, this.littleEndian);
      const [type, symbol] = [Number(info & 0xffffffffn), Number(info >> 32n)];
      if ((type === 8) !== i < relative) throw new Error('DT_RELCOUNT is wrong');
      if (symbol >= this.#symbolCount()) throw new Error('no such symbol');
      if (type === 8) this.#addAddress(at, this.base);
      else this.#relocateByName(at, type, symbol, resolve, helper);
    }
  }

  #relocateByName(
    at: number,
    type: number,
    symbol: number,
    resolve: (name: string) => bigint | undefined,
    helper: (name: string) => number | undefined,
  ): void {
    const { name, isWeak } = this.#symbol(symbol);
    const address = resolve(name);
    const id = address === undefined ? helper(name) : undefined;
    if (address === undefined && id === undefined && !isWeak) throw new Error(`${name} is missing`);
    if (type !== 10) {
      if (type === 1) this.#addImmediate(at, address ?? 0n);
      else if (type === 2) this.#addWord(at, address ?? 0n);
      else throw new Error(`relocation type ${type}`);
      return;
    }
    if (this.memory[at] !== 0x85) throw new Error('no call');
    if (address !== undefined) {
      const distance = (address - (this.base + BigInt(at))) / 8n - 1n;
      if (BigInt.asIntN(32, distance) !== distance) throw new Error(`${name} is out of reach`);
      this.#view.setInt32(at + 4, Number(distance), this.littleEndian);
    } else if (id !== undefined) {
      this.memory[at + 1] = 0;
      this.#view.setInt32(at + 4, id, this.littleEndian);
    } else {
      this.memory.fill(0, at, at + 8);
      this.memory[at] = 0xb7;
    }
  }

  word(address: bigint): bigint {
    return this.#view.getBigUint64(Number(address - this.base), this.littleEndian);
  }

  callee(address: bigint): bigint {
    const imm = this.#view.getInt32(Number(address - this.base) + 4, this.littleEndian);
    return address + BigInt(imm + 1) * 8n;
  }

  immediate(address: bigint): bigint {
    const at = Number(address - this.base);
    const low = this.#view.getUint32(at + 4, this.littleEndian);
    return (BigInt(this.#view.getUint32(at + 12, this.littleEndian)) << 32n) | BigInt(low);
  }

  #addAddress(at: number, value: bigint): void {
    const segment = this.#segments.find(
      ({ address, memorySize }) => at >= address && at < address + memorySize,
    );
    if (!segment) throw new Error('a field in no segment');
    if ((segment.flags & PF_X) !== 0) this.#addImmediate(at, value);
    else this.#addWord(at, value);
  }

  #addImmediate(at: number, value: bigint): void {
    const registers = this.memory[at + 1]!;
    const source = this.littleEndian ? registers >> 4 : registers & 15;
    if (this.memory[at] !== 0x18 || source !== 0) throw new Error('no ldimm64 of a number');
    const sum = this.immediate(this.base + BigInt(at)) + value;
    this.#view.setUint32(at + 4, Number(sum & 0xffffffffn), this.littleEndian);
    this.#view.setUint32(at + 12, Number((sum >> 32n) & 0xffffffffn), this.littleEndian);
  }

  #addWord(at: number, value: bigint): void {
    const sum = this.#view.getBigUint64(at, this.littleEndian) + value;
    this.#view.setBigUint64(at, BigInt.asUintN(64, sum), this.littleEndian);
  }

  #number(at: number): number {
    return Number(this.#view.getBigUint64(at, this.littleEndian));
  }

  #string(offset: number): string {
    const start = this.#tags.get(5)! + offset;
    const end = this.memory.indexOf(0, start);
    return Buffer.from(this.memory.subarray(start, end)).toString();
  }

  #symbol(index: number): { name: string; section: number; value: bigint; isWeak: boolean } {
    const at = this.#tags.get(6)! + index * 24;
    return {
      name: this.#string(this.#view.getUint32(at, this.littleEndian)),
      isWeak: this.memory[at + 4]! >> 4 === 2,
      section: this.#view.getUint16(at + 6, this.littleEndian),
      value: this.#view.getBigUint64(at + 8, this.littleEndian),
    };
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, this.littleEndian);
  }

  #symbolCount(): number {
    const hash = this.#tags.get(4);
    if (hash !== undefined) return this.#u32(hash + 4);
    // The last symbol is the last one of the last bucket that is not empty.
    const { buckets, first, bucketsAt, chainAt } = this.#gnuHash();
    const starts = Array.from({ length: buckets }, (_, i) => this.#u32(bucketsAt + i * 4));
    let last = Math.max(...starts);
    if (last === 0) return first;
    while ((this.#u32(chainAt + (last - first) * 4) & 1) === 0) last++;
    return last + 1;
  }

  #inHash(name: string): number | undefined {
    let hash = 0;
    for (const byte of Buffer.from(name)) {
      hash = ((hash << 4) >>> 0) + byte;
      const high = (hash & 0xf0000000) >>> 0;
      if (high !== 0) hash ^= high >>> 24;
      hash = (hash & ~high) >>> 0;
    }
    const at = this.#tags.get(4)!;
    const buckets = this.#u32(at);
    let symbol = this.#u32(at + 8 + (hash % buckets) * 4);
    while (symbol !== 0 && this.#symbol(symbol).name !== name) {
      symbol = this.#u32(at + 8 + (buckets + symbol) * 4);
    }
    return symbol === 0 ? undefined : symbol;
  }

  #gnuHash() {
    const at = this.#tags.get(0x6ffffef5)!;
    const [buckets, first, filter] = [this.#u32(at), this.#u32(at + 4), this.#u32(at + 8)];
    const bucketsAt = at + 16 + filter * 8;
    return { at, buckets, first, filter, bucketsAt, chainAt: bucketsAt + buckets * 4 };
  }

  #inGnuHash(name: string): number | undefined {
    let hash = 5381n;
    for (const byte of Buffer.from(name)) hash = BigInt.asUintN(32, hash * 33n + BigInt(byte));
    const { at, buckets, first, filter, bucketsAt, chainAt } = this.#gnuHash();
    const shift = BigInt(this.#u32(at + 12));
    const bloomAt = at + 16 + (Number(hash / 64n) % filter) * 8;
    const bloom = this.#view.getBigUint64(bloomAt, this.littleEndian);
    if (((bloom >> (hash % 64n)) & (bloom >> ((hash >> shift) % 64n)) & 1n) === 0n)
      return undefined;
    let symbol = this.#u32(bucketsAt + (Number(hash) % buckets) * 4);
    if (symbol === 0) return undefined;
    for (; ; symbol++) {
      const entry = this.#u32(chainAt + (symbol - first) * 4);
      if (entry >>> 1 === Number(hash) >>> 1 && this.#symbol(symbol).name === name) return symbol;
      if ((entry & 1) === 1) return undefined;
    }
  }
}
