/** The lists of inputs that both linkers get. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builds, mixtures, objectFile, programs } from '../compilers/builds.js';
import { permutations, readCases } from '../support/case-format.js';
import { fromRoot } from '../support/paths.js';
import { type Assembler, type RawObject, readRawObject, STB, STT } from '../support/raw-object.js';

/** One command line of objects that link. */
export interface ObjectSet {
  readonly name: string;
  readonly files: readonly string[];
  /** What the kernel says of the BTF, where it refuses what the compiler wrote. */
  readonly typesRefused?: RegExp;
}

/** Every link case that succeeds without options, in each of its orders. */
export function caseSets(): ObjectSet[] {
  return readCases().flatMap((linkCase) =>
    linkCase.links
      .filter((link) => link.exit === 0 && link.options.length === 0)
      .map((link) => ({
        name: `${linkCase.name} ${link.name}`,
        files: link.inputs.map((input) => join(linkCase.folder, input)),
      })),
  );
}

/**
 * Objects of link cases that GNU as 2.40 wrote, or that say to be of GCC 13, which came with it; case.json has the
 * commands.
 */
const OLD_GNU = /\/(gnu-numbering\/[acd]|gnu-numbering-new\/c)\.o$/;

/** Who wrote an object of a link case or an example: what is known of its making, not what its bytes suggest. */
export function assemblerOf(file: string): Assembler {
  return OLD_GNU.test(file) ? 'gnu-2.40' : 'llvm';
}

/** Reads an object of a link case or an example. */
export function readObjectFile(file: string): RawObject {
  return readRawObject(readFileSync(file), assemblerOf(file));
}

/** What each compiler made of the programs of test/compilers, in every order; then of several compilers. */
export function compilerSets(): ObjectSet[] {
  const ofOne = builds.flatMap(({ name, program, typesRefused }) =>
    permutations(programs[program]).map((parts) => ({
      name: `${name} ${parts.join('+')}`,
      files: parts.map((part) => objectFile(name, part)),
      ...(typesRefused && { typesRefused }),
    })),
  );
  const ofSeveral = mixtures.flatMap((mixture) =>
    [mixture, mixture.toReversed()].map((objects) => ({
      name: objects.map(([build, part]) => `${part} of ${build}`).join(' + '),
      files: objects.map(([build, part]) => objectFile(build, part)),
    })),
  );
  return [...ofOne, ...ofSeveral];
}

/** The objects of each example, in a few orders; `whole.o` is the same program as one file. */
export function exampleSets(): ObjectSet[] {
  const folder = fromRoot('examples');
  return readdirSync(folder).flatMap((name) => {
    const files = existsSync(join(folder, name, 'Makefile'))
      ? readdirSync(join(folder, name))
          .filter((file) => file.endsWith('.o') && file !== 'whole.o')
          .sort()
          .map((file) => join(folder, name, file))
      : [];
    if (files.length === 0) return [];
    const orders =
      files.length <= 3
        ? permutations(files)
        : [files, files.toReversed(), [...files.slice(2), ...files.slice(0, 2)]];
    return orders.map((order, i) => ({ name: `${name} order ${i}`, files: order }));
  });
}

/**
 * The objects of several cases together: each case with those at a few distances in the list, both
 * ways round. `every` takes all pairs.
 */
export function combinedSets(every: boolean): ObjectSet[] {
  const cases = readCases().flatMap((linkCase) => {
    const link = linkCase.links.findLast((l) => l.exit === 0 && l.options.length === 0);
    if (!link) return [];
    const files = link.inputs.map((input) => join(linkCase.folder, input));
    return [{ name: linkCase.name, files, ...definitions(files) }];
  });
  const distances = every ? cases.map((_, i) => i).slice(1) : [1, 5, 12];
  return cases.flatMap((first, i) =>
    distances.flatMap((distance) => {
      const second = cases[(i + distance) % cases.length]!;
      const apart = [...first.strong].every((name) => !second.strong.has(name));
      if (first === second || !apart || first.littleEndian !== second.littleEndian) return [];
      const files = [...first.files, ...second.files];
      const set = { name: `${first.name} + ${second.name}`, files };
      if (every) return [set];
      return [set, { name: `${second.name} + ${first.name}, turned`, files: files.toReversed() }];
    }),
  );
}

function definitions(files: readonly string[]): { strong: Set<string>; littleEndian: boolean } {
  const objects = files.map((file) => readObjectFile(file));
  const strong = objects.flatMap((object: RawObject) =>
    object.symbols
      .filter((s) => s.section !== 0 && s.binding === STB.GLOBAL && s.type !== STT.SECTION)
      .map((s) => s.name)
      .filter((name) => !name.startsWith('BPF.JT.')),
  );
  return { strong: new Set(strong), littleEndian: objects[0]!.littleEndian };
}
