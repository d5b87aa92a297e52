/** Relocations of one output section, in columns that grow as inputs are added. */
export class OutputRelocations {
  #offset: Float64Array = new Float64Array(16);
  #type: Uint32Array = new Uint32Array(16);
  #target: Float64Array = new Float64Array(16);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /**
   * @param offset bytes in the output section
   * @param target the caller's number for a symbol; it means nothing here
   */
  push(offset: number, type: number, target: number): void {
    if (this.#count === this.#offset.length) this.#grow();
    this.#offset[this.#count] = offset;
    this.#type[this.#count] = type;
    this.#target[this.#count++] = target;
  }

  offset(i: number): number {
    return this.#offset[i]!;
  }

  type(i: number): number {
    return this.#type[i]!;
  }

  target(i: number): number {
    return this.#target[i]!;
  }

  /** Orders by offset, which most inputs already are; equal offsets keep their order. */
  sort(): void {
    let sorted = true;
    for (let i = 1; i < this.#count && sorted; i++) {
      sorted = this.#offset[i - 1]! <= this.#offset[i]!;
    }
    if (sorted) return;
    const order = Array.from({ length: this.#count }, (_, i) => i);
    order.sort((a, b) => this.#offset[a]! - this.#offset[b]! || a - b);
    this.#offset = Float64Array.from(order, (i) => this.#offset[i]!);
    this.#type = Uint32Array.from(order, (i) => this.#type[i]!);
    this.#target = Float64Array.from(order, (i) => this.#target[i]!);
  }

  #grow(): void {
    const length = this.#count * 2;
    const offset = new Float64Array(length);
    offset.set(this.#offset);
    const type = new Uint32Array(length);
    type.set(this.#type);
    const target = new Float64Array(length);
    target.set(this.#target);
    [this.#offset, this.#type, this.#target] = [offset, type, target];
  }
}
