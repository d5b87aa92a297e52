/** The image being written: one allocation, a place, and stores in the file's byte order. */
export class Output {
  readonly image: Uint8Array;
  readonly littleEndian: boolean;
  readonly #view: DataView;
  #position = 0;

  /** @param size bytes of the whole image, zero-filled */
  constructor(size: number, littleEndian: boolean) {
    this.image = new Uint8Array(size);
    this.littleEndian = littleEndian;
    this.#view = new DataView(this.image.buffer);
  }

  /** Where {@link Output.bytes} writes next, in bytes from the start of the image. */
  get position(): number {
    return this.#position;
  }

  seek(position: number): void {
    this.#position = position;
  }

  bytes(bytes: Uint8Array): void {
    this.image.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  u8At(at: number, value: number): void {
    this.#view.setUint8(at, value);
  }

  u16At(at: number, value: number): void {
    this.#view.setUint16(at, value, this.littleEndian);
  }

  u32At(at: number, value: number): void {
    this.#view.setUint32(at, value, this.littleEndian);
  }

  /** A safe integer as 64 bits. */
  u64At(at: number, value: number): void {
    const high = Math.floor(value / 0x1_0000_0000);
    const low = value - high * 0x1_0000_0000;
    this.#view.setUint32(at + (this.littleEndian ? 0 : 4), low, this.littleEndian);
    this.#view.setUint32(at + (this.littleEndian ? 4 : 0), high, this.littleEndian);
  }
}
