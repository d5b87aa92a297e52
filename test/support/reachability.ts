/**
 * Reachability in a BPF object, found without any code of the linker: tables as llvm-readelf prints
 * them, instructions read from the bytes.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Peer } from './peers.js';

/** A function or variable of an object. */
export interface Entity {
  readonly name: string;
  /** As readelf writes it: FUNC, OBJECT, NOTYPE. */
  readonly type: string;
  readonly section: string;
  readonly value: number;
  readonly size: number;
}

export interface Reachability {
  /** Functions and variables that programs and maps lead to. */
  readonly reachable: readonly Entity[];
  readonly all: readonly Entity[];
  /** References that lead nowhere: `section+offset`. */
  readonly dangling: readonly string[];
}

interface Section {
  readonly name: string;
  readonly type: string;
  readonly offset: number;
  readonly size: number;
  readonly flags: string;
}

interface SymbolRow extends Entity {
  readonly index: string;
}

const OPCODE_CALL = 0x85;
const OPCODE_LDIMM64 = 0x18;
const OPCODE_JUMP_FAR = 0x06;
const OPCODE_JUMP_REGISTER = 0x0d;
const R_BPF_64_64 = 1;

/** What a loader and the programs of an object can get at, and what is `retained` by name. */
export function reachability(
  readelf: Peer,
  file: string,
  retained: ReadonlySet<string> = new Set(),
): Reachability {
  const run = spawnSync(readelf.path, ['-S', '-s', '-r', '-W', file], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  const bytes = readFileSync(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[5] === 1;
  const sections = readSections(run.stdout);
  const symbols = readSymbols(run.stdout, sections);
  const entities = symbols.filter(
    ({ type, section }) => section !== '' && type !== 'SECTION' && type !== 'FILE',
  );
  const bySection = groupBy(entities, ({ section }) => section);
  const holders = (section: string, offset: number): readonly Entity[] =>
    (bySection.get(section) ?? []).filter(
      ({ value, size }) => value === offset || (value <= offset && offset < value + size),
    );
  const references: { readonly section: string; readonly offset: number; to: Entity[] }[] = [];
  const dangling: string[] = [];
  const relocated = new Set<string>();
  for (const { section, offset, symbol, type } of readRelocations(run.stdout, sections)) {
    const target = symbols[symbol]!;
    relocated.add(`${section.name} ${offset}`);
    if (target.type !== 'SECTION') {
      const to = target.section === '' ? [] : holders(target.section, target.value);
      references.push({ section: section.name, offset, to: [...to] });
      continue;
    }
    const at = section.offset + offset;
    const inCode = section.flags.includes('X');
    const isCall = inCode && bytes[at] === OPCODE_CALL;
    const isLoad = inCode && type === R_BPF_64_64;
    const addend = isCall
      ? (view.getInt32(at + 4, little) + 1) * 8
      : isLoad
        ? view.getInt32(at + 4, little)
        : view.getUint32(at + (type === 2 && !little ? 4 : 0), little);
    const home = sections.find(({ name }) => name === target.section)!;
    if (addend >= home.size && isCall) dangling.push(`${section.name}+${offset}`);
    references.push({ section: section.name, offset, to: [...holders(home.name, addend)] });
  }
  for (const section of sections.filter(({ flags }) => flags.includes('X'))) {
    for (let offset = 0; offset < section.size; offset += 8) {
      const at = section.offset + offset;
      const opcode = bytes[at]!;
      const source = little ? bytes[at + 1]! >> 4 : bytes[at + 1]! & 15;
      const isLocal =
        (opcode === OPCODE_CALL && source === 1) || (opcode === OPCODE_LDIMM64 && source === 4);
      if (isLocal && !relocated.has(`${section.name} ${offset}`)) {
        const target = offset + (view.getInt32(at + 4, little) + 1) * 8;
        const to = holders(section.name, target);
        if (target < 0 || target >= section.size) dangling.push(`${section.name}+${offset}`);
        references.push({ section: section.name, offset, to: [...to] });
      }
      const distance = jumpDistance(opcode, view, at, little);
      if (distance !== undefined) {
        // What jumps join is one function to the kernel: neither stays without the other.
        const target = offset + (distance + 1) * 8;
        for (const [from, to] of [
          [offset, target],
          [target, offset],
        ] as const) {
          references.push({
            section: section.name,
            offset: from,
            to: [...holders(section.name, to)],
          });
        }
      }
      if (opcode === OPCODE_LDIMM64) offset += 8;
    }
  }
  // The kernel calls what a declaration tag of a program names.
  const tags = bytes.toString('latin1').matchAll(/exception_callback:(\w+)/g);
  const callbacks = new Set([...tags].map(([, name]) => name));
  const isRoot = ({ name: own, section, type }: Entity): boolean => {
    if (retained.has(own) || (type === 'FUNC' && callbacks.has(own))) return true;
    const flags = sections.find(({ name }) => name === section)!.flags;
    const isText = section === '.text' || section.startsWith('.text.');
    return (
      (flags.includes('X') && !isText) || section === '.maps' || section.startsWith('.struct_ops')
    );
  };
  const outgoing = groupBy(
    references.flatMap((reference) =>
      holders(reference.section, reference.offset).map((from) => ({ from, to: reference.to })),
    ),
    ({ from }) => from,
  );
  const reached = new Set(entities.filter(isRoot));
  for (const entity of reached) {
    for (const { to } of outgoing.get(entity) ?? []) {
      for (const next of to) reached.add(next as SymbolRow);
    }
  }
  return { reachable: [...reached], all: entities, dangling };
}

/** How many instructions behind the next one a jump goes (RFC 9669, 4.3); undefined for what is none. */
function jumpDistance(
  opcode: number,
  view: DataView,
  at: number,
  little: boolean,
): number | undefined {
  if (opcode === OPCODE_JUMP_FAR) return view.getInt32(at + 4, little);
  const isJump = (opcode & 7) === 5 || (opcode & 7) === 6;
  const operation = opcode & 0xf0;
  const goesByOffset = operation !== 0x80 && operation !== 0x90 && opcode !== OPCODE_JUMP_REGISTER;
  return isJump && goesByOffset ? view.getInt16(at + 2, little) : undefined;
}

function readSections(text: string): readonly Section[] {
  const row =
    /^ +\[ *\d+\] (.*?) +(\S+) +[0-9a-f]{16} ([0-9a-f]{6,}) ([0-9a-f]{6,}) \w+ +([A-Za-z]*) +\d+ +\d+ +\d+$/gm;
  return [...text.matchAll(row)].map(([, name, type, offset, size, flags]) => ({
    name: name!.trim(),
    type: type!,
    offset: Number.parseInt(offset!, 16),
    size: Number.parseInt(size!, 16),
    flags: flags!,
  }));
}

function readSymbols(text: string, sections: readonly Section[]): readonly SymbolRow[] {
  const row = /^ +\d+: ([0-9a-f]{16}) +(\w+) (\w+) +\w+ +\w+ +(?:\[.*?\] +)?(\w+)(?: (.*))?$/gm;
  return [...text.matchAll(row)].map(([, value, size, type, index, name]) => ({
    name: name ?? '',
    value: Number.parseInt(value!, 16),
    size: Number(size),
    type: type!,
    index: index!,
    section: /^\d+$/.test(index!) ? sections[Number(index)]!.name : '',
  }));
}

function* readRelocations(text: string, sections: readonly Section[]) {
  let section: Section | undefined;
  for (const line of text.split('\n')) {
    const heading = /^Relocation section '\.rel(?:a)?(.*)' at/.exec(line);
    if (heading) section = sections.find(({ name }) => name === heading[1]);
    const row = /^([0-9a-f]{16}) +([0-9a-f]{8})([0-9a-f]{8}) R_/.exec(line);
    // Types and debugging information do not keep anything.
    if (!row || !section || !/A/.test(section.flags)) continue;
    yield {
      section,
      offset: Number.parseInt(row[1]!, 16),
      symbol: Number.parseInt(row[2]!, 16),
      type: Number.parseInt(row[3]!, 16),
    };
  }
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const known = groups.get(keyOf(item));
    if (known) known.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
