/**
 * Hash tables of dynamic symbols: the gABI's (SHT_HASH, "Hash Table") and GNU's (SHT_GNU_HASH, as
 * binutils and lld write it), by which a loader finds a name without reading all of them.
 */

/** The hash function of the gABI. */
export function sysvHash(name: Uint8Array): number {
  let hash = 0;
  for (const byte of name) {
    hash = (hash << 4) + byte;
    const high = hash & 0xf000_0000;
    hash = (hash ^ (high >>> 24)) & ~high;
  }
  return hash >>> 0;
}

/** Bernstein's hash function, as SHT_GNU_HASH has it. */
export function gnuHash(name: Uint8Array): number {
  let hash = 5381;
  for (const byte of name) hash = (Math.imul(hash, 33) + byte) >>> 0;
  return hash;
}

/** Stores of a table being built, in the file's byte order. */
class Words {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;

  constructor(words: number, littleEndian: boolean) {
    this.bytes = new Uint8Array(words * 4);
    this.#view = new DataView(this.bytes.buffer);
    this.#littleEndian = littleEndian;
  }

  get(word: number): number {
    return this.#view.getUint32(word * 4, this.#littleEndian);
  }

  set(word: number, value: number): void {
    this.#view.setUint32(word * 4, value, this.#littleEndian);
  }
}

/** Names a bucket holds on average. */
const LOAD = 4;

/**
 * A SHT_HASH table: nbucket, nchain, the first symbol of each bucket, the next symbol after each.
 *
 * @param names of all symbols, the null symbol's first
 */
export function sysvHashTable(names: readonly Uint8Array[], littleEndian: boolean): Uint8Array {
  const buckets = Math.max(1, Math.ceil(names.length / LOAD));
  const words = new Words(2 + buckets + names.length, littleEndian);
  words.set(0, buckets);
  words.set(1, names.length);
  for (let symbol = names.length - 1; symbol > 0; symbol--) {
    const bucket = 2 + (sysvHash(names[symbol]!) % buckets);
    words.set(2 + buckets + symbol, words.get(bucket));
    words.set(bucket, symbol);
  }
  return words.bytes;
}

/** How many buckets a SHT_GNU_HASH table of `count` symbols has: their order depends on it. */
export function gnuBuckets(count: number): number {
  return Math.max(1, Math.ceil(count / LOAD));
}

const BLOOM_SHIFT = 26;
const BLOOM_BITS = 64;

/**
 * A SHT_GNU_HASH table: header, Bloom filter of 64-bit words, the first symbol of each bucket, and for
 * each symbol its hash, of which bit 0 says that it is the last of its bucket.
 *
 * @param names of the symbols from `first` on, in the order of hash modulo {@link gnuBuckets}
 */
export function gnuHashTable(
  names: readonly Uint8Array[],
  first: number,
  littleEndian: boolean,
): Uint8Array {
  const buckets = gnuBuckets(names.length);
  const filter = bloomWords(names.length);
  const filterAt = 4;
  const bucketsAt = filterAt + filter * 2;
  const chainAt = bucketsAt + buckets;
  const words = new Words(chainAt + names.length, littleEndian);
  [buckets, first, filter, BLOOM_SHIFT].forEach((value, i) => words.set(i, value));
  const hashes = names.map(gnuHash);
  hashes.forEach((hash, i) => {
    for (const bit of [hash % BLOOM_BITS, (hash >>> BLOOM_SHIFT) % BLOOM_BITS]) {
      const word = filterAt + (Math.floor(hash / BLOOM_BITS) % filter) * 2;
      // The halves of a 64-bit word stand in the file's order.
      const half = word + (bit >= 32 === littleEndian ? 1 : 0);
      words.set(half, words.get(half) | (1 << (bit % 32)));
    }
    const bucket = hash % buckets;
    if (words.get(bucketsAt + bucket) === 0) words.set(bucketsAt + bucket, first + i);
    const isLast = i + 1 === hashes.length || hashes[i + 1]! % buckets !== bucket;
    words.set(chainAt + i, isLast ? hash | 1 : hash & ~1);
  });
  return words.bytes;
}

/** A power of two, about eight bits of the filter a symbol. */
function bloomWords(count: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, count / 8))));
}
