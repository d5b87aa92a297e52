import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot } from '../support/paths.js';

/** A program of `examples/`, in parts and as one file. */
export interface Example {
  readonly name: string;
  /** The committed objects of the parts, in the order of the Makefile. */
  readonly parts: readonly string[];
  /** The committed object of all parts compiled as one file. */
  readonly whole: string;
}

export const exampleNames = ['xdp-filter', 'trace-exec', 'timer-ops'] as const;
export type ExampleName = (typeof exampleNames)[number];

/** Reads which parts an example has from its Makefile. */
export function readExample(name: ExampleName): Example {
  const folder = fromRoot('examples', name);
  const parts = /^PARTS := (.+)$/m.exec(readFileSync(join(folder, 'Makefile'), 'utf8'))?.[1];
  if (parts === undefined) throw new Error(`${folder}/Makefile sets no PARTS`);
  return {
    name,
    parts: parts.split(/\s+/).map((part) => join(folder, `${part}.o`)),
    whole: join(folder, 'whole.o'),
  };
}

/** Orders to link in: each part first once, and all backwards. */
export function orders(parts: readonly string[]): readonly string[][] {
  const rotations = parts.map((_, first) => [...parts.slice(first), ...parts.slice(0, first)]);
  return [...rotations, parts.toReversed()];
}

/**
 * Why cilium/ebpf refuses a linked example that it takes as one file: static functions of one name
 * are apart in the symbol table, but it keeps the functions of a section by name.
 */
export const ciliumRefusals: Readonly<Partial<Record<ExampleName, string>>> = {
  'trace-exec': 'load programs: section .text: duplicate symbol finish in section .text',
};
