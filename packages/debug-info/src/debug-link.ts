import { encodeUtf8 } from '@bpf-ld/elf-reader';

/**
 * The contents of .gnu_debuglink (GDB manual, "Debugging Information in Separate Files"): the name of the file that
 * holds the debug information, padded to four bytes, and the CRC-32 of that file.
 */
export function debugLink(fileName: string, file: Uint8Array, littleEndian: boolean): Uint8Array {
  const name = encodeUtf8(fileName);
  const padded = Math.ceil((name.length + 1) / 4) * 4;
  const contents = new Uint8Array(padded + 4);
  contents.set(name);
  new DataView(contents.buffer).setUint32(padded, crc32(file), littleEndian);
  return contents;
}

/** The polynomial of ISO 3309, reflected: the CRC that GDB, zlib and PNG share. */
const POLYNOMIAL = 0xedb8_8320;

/** CRC-32 of all bytes. */
export function crc32(bytes: Uint8Array): number {
  const table = Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ ((value & 1) === 1 ? POLYNOMIAL : 0);
    return value;
  });
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}
