/** An account of a Solana program's input. */
export interface Account {
  readonly key: number;
  readonly owner: number;
  readonly lamports: bigint;
  readonly data: Uint8Array;
  readonly writable?: boolean;
}

/** Room after the data of an account, for it to grow. */
const GROWTH = 10_240;
const NOT_A_COPY = 0xff;

/** The memory at r1 of a Solana program: accounts, the instruction's data, the key of the program. */
export function solanaInput(
  accounts: readonly Account[],
  data: Uint8Array,
  program: number,
): Buffer {
  const parts: Uint8Array[] = [u64(accounts.length)];
  for (const account of accounts) {
    const flags = [NOT_A_COPY, 0, account.writable === false ? 0 : 1, 0, 0, 0, 0, 0];
    const padding = -account.data.length & 7;
    parts.push(Uint8Array.from(flags), key(account.key), key(account.owner));
    parts.push(u64(account.lamports), u64(account.data.length), account.data);
    parts.push(Buffer.alloc(GROWTH + padding), u64(0));
  }
  parts.push(u64(data.length), data, key(program));
  return Buffer.concat(parts);
}

/** Where the data of the first account is in the input. */
export const FIRST_DATA: number = 8 + 8 + 32 + 32 + 8 + 8;

/** A key of 32 bytes, by a number. */
function key(number: number): Uint8Array {
  return Buffer.alloc(32, number);
}

/** Eight bytes, little endian. */
export function u64(value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
