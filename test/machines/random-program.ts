/** A source file of a random program. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** A random program: files that define `compute` between them. */
export interface RandomProgram {
  readonly files: readonly SourceFile[];
  /** Whether it has pointers in constant data, variables, calls through registers. */
  readonly pointers: boolean;
  readonly variables: boolean;
  readonly indirect: boolean;
}

const TYPES = ['u8', 'unsigned short', 'u32', 'u64'] as const;
const WORDS = ['"a"', '"of"', '"pair"', '"seventh"', '"a longer one"'] as const;
const MAXIMUM_DEPTH = 4;

/** Puts a program together out of tables, strings, pointers, variables and functions that call each other. */
export function randomProgram(random: () => number): RandomProgram {
  return new Generator(random).program();
}

interface Table {
  readonly name: string;
  readonly length: number;
}

interface Function {
  readonly name: string;
  readonly home: number;
  readonly depth: number;
}

class Generator {
  readonly #random: () => number;
  readonly #header = ['#include "program.h"', '#define NI __attribute__((noinline))'];
  readonly #files: string[][];
  readonly #tables: Table[] = [];
  readonly #variables: string[] = [];
  readonly #functions: Function[] = [];
  readonly #pointers: boolean;
  readonly #hasVariables: boolean;
  #hasOperations: boolean;

  constructor(random: () => number) {
    this.#random = random;
    this.#files = Array.from({ length: 2 + this.#below(4) }, () => []);
    this.#pointers = this.#below(2) === 0;
    this.#hasVariables = this.#below(3) === 0;
    this.#hasOperations = this.#below(3) === 0;
  }

  program(): RandomProgram {
    for (let i = this.#below(6); i >= 0; i--) this.#addTable();
    if (this.#hasVariables) for (let i = this.#below(4); i >= 0; i--) this.#addVariable();
    if (this.#pointers) this.#addReferences();
    const count = 3 + this.#below(12);
    // From the leaves up: a function calls those that are there.
    for (let i = 0; i < count; i++) this.#addFunction(i === count - 1);
    const [first] = this.#functions.slice(-1);
    const body = `u64 compute(struct request *request) { return ${first!.name}(request->seed, request); }`;
    this.#define(this.#file(), body);
    return {
      files: this.#files.map((lines, index) => ({
        name: `part${index}`,
        text: `${[...this.#header, ...lines].join('\n')}\n`,
      })),
      pointers: this.#pointers,
      variables: this.#hasVariables,
      indirect: this.#hasOperations,
    };
  }

  #below(limit: number): number {
    return this.#random() % limit;
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)]!;
  }

  #file(): number {
    return this.#below(this.#files.length);
  }

  #define(file: number, text: string): void {
    this.#files[file]!.push(text);
  }

  #addTable(): void {
    const name = `table${this.#tables.length}`;
    const type = this.#pick(TYPES);
    const length = this.#pick([1, 2, 4, 8, 32]);
    const aligned = this.#pick(['', '', ' __attribute__((aligned(32)))']);
    const values = Array.from({ length }, () => this.#random() & 0xff).join(', ');
    this.#header.push(`extern const ${type} ${name}[${length}] HIDDEN;`);
    this.#define(this.#file(), `const ${type} ${name}[${length}]${aligned} = { ${values} };`);
    this.#tables.push({ name, length });
  }

  #addVariable(): void {
    const name = `variable${this.#variables.length}`;
    const value = this.#pick(['', ` = ${this.#random()}ULL`]);
    this.#header.push(`extern u64 ${name} HIDDEN;`);
    this.#define(this.#file(), `u64 ${name}${value};`);
    this.#variables.push(name);
  }

  /** A table of pointers to strings and into tables. */
  #addReferences(): void {
    const rows = Array.from({ length: 4 }, () => {
      const text = this.#pick(WORDS);
      const { name, length } = this.#pick(this.#tables);
      return `{ ${text}, &${name}[${this.#below(length)}], ${text.length - 2} }`;
    });
    this.#header.push(
      'struct reference { const char *text; const void *to; u32 length; };',
      'extern const struct reference references[4] HIDDEN;',
    );
    this.#define(this.#file(), `const struct reference references[4] = { ${rows.join(', ')} };`);
  }

  #addFunction(isLast: boolean): void {
    const name = `function${this.#functions.length}`;
    const home = this.#file();
    const shallow = this.#functions.filter(({ depth }) => depth < MAXIMUM_DEPTH);
    const called = shallow.length > 0 ? [this.#pick(shallow), this.#pick(shallow)] : [];
    const kept = isLast ? called : called.slice(this.#below(3));
    const depth = 1 + Math.max(0, ...kept.map((each) => each.depth));
    const lines = Array.from({ length: 1 + this.#below(3) }, () => this.#step());
    if (this.#below(3) === 0) lines.push(this.#frame());
    for (const callee of kept) {
      lines.push(`x = x * 5 + ${callee.name}(x ^ ${this.#random() & 0xffff}, r);`);
    }
    const leaves = this.#functions.filter((each) => each.depth === 1);
    if (this.#hasOperations && isLast) lines.push(this.#operations(home, leaves));
    const head = `NI u64 ${name}(u64 x, const struct request *r)`;
    this.#header.push(`HIDDEN ${head};`);
    this.#define(home, `${head} { ${lines.join(' ')} return x; }`);
    this.#functions.push({ name, home, depth });
  }

  #step(): string {
    const { name, length } = this.#pick(this.#tables);
    const text = this.#pick(WORDS);
    const size = text.length - 2;
    const steps = [
      `x ^= 0x${this.#random().toString(16)}${(this.#random() >>> 4).toString(16)}ULL;`,
      `x *= ${(this.#random() | 1) >>> 0}ULL;`,
      `x += ${name}[x & ${length - 1}];`,
      `{ const char *s = ${text}; for (u32 i = 0; i < ${size}; i++) x = x * 31 + (u8)s[(i + x) % ${size}]; }`,
      'x ^= r->words[x & 1];',
      'if ((long long)x < 0) x = x / 977 + r->kind; else x = (x % 12345) << (x & 7);',
    ];
    if (this.#hasVariables) {
      const variable = this.#pick(this.#variables);
      steps.push(`${variable} += x; x ^= ${variable};`);
    }
    if (this.#pointers) {
      const row = 'const struct reference *e = &references[x & 3];';
      steps.push(`{ ${row} x += *(const u8 *)e->to + (u8)e->text[x % e->length]; }`);
    }
    return this.#pick(steps);
  }

  /** An array on the stack that the code indexes. */
  #frame(): string {
    return 'u64 a[4] = { x, x * 3, ~x, 7 }; a[(x >> 3) & 3] ^= x + 77; x += a[(x >> 5) & 3];';
  }

  /** A call through a table of functions. */
  #operations(home: number, leaves: readonly Function[]): string {
    if (leaves.length === 0) {
      this.#hasOperations = false;
      return '';
    }
    const names = Array.from({ length: 4 }, () => this.#pick(leaves).name);
    this.#header.push('extern u64 (*const operations[4])(u64, const struct request *) HIDDEN;');
    const type = 'u64 (*const operations[4])(u64, const struct request *)';
    this.#define(home, `${type} = { ${names.join(', ')} };`);
    return 'x += operations[x & 3](x, r);';
  }
}
