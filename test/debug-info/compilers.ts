/** The two sources of this folder as each installed compiler makes objects of them. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot } from '../support/paths.js';
import { peer, type Peer } from '../support/peers.js';

/** One way to compile. */
export interface Variant {
  readonly name: string;
  readonly compiler: Peer;
  readonly flags: readonly string[];
  /** Objects of another numbering of relocations than LLVM's, which its tools do not know. */
  readonly renumber?: boolean;
}

const clangs: readonly Variant[] = [
  ['clang', ''],
  ['clang-16', ' 16'],
  ['clang-19', ' 19'],
].flatMap(([name, release]) =>
  ['-O0', '-O2'].flatMap((level) =>
    ['4', '5'].map((dwarf): Variant => ({
      name: `clang${release} ${level} DWARF ${dwarf}`,
      compiler: peer(name as 'clang'),
      flags: ['-target', 'bpf', '-g', `-gdwarf-${dwarf}`, level],
    })),
  ),
);

const clang = peer('clang-19');
const gcc = peer('bpf-gcc');

export const variants: readonly Variant[] = [
  ...clangs,
  ...[
    ['big endian', '-target', 'bpfeb', '-g', '-O2'],
    ['big endian DWARF 4', '-target', 'bpfeb', '-g', '-gdwarf-4', '-O2'],
    ['split sections', '-target', 'bpf', '-g', '-O2', '-ffunction-sections', '-fdata-sections'],
    ['split sections DWARF 4', '-target', 'bpf', '-g', '-gdwarf-4', '-O2', '-ffunction-sections'],
    ['with zlib', '-target', 'bpf', '-g', '-O2', '-gz=zlib'],
    ['with zstd', '-target', 'bpf', '-g', '-O2', '-gz=zstd'],
    ['with .debug_aranges', '-target', 'bpf', '-g', '-O2', '-gdwarf-aranges'],
    ['with .eh_frame', '-target', 'bpf', '-g', '-O2', '-fasynchronous-unwind-tables'],
    ['big endian with .eh_frame', '-target', 'bpfeb', '-g', '-O2', '-fasynchronous-unwind-tables'],
    ['with .debug_names', '-target', 'bpf', '-g', '-O2', '-gpubnames'],
    ['with .debug_pubnames', '-target', 'bpf', '-g', '-O2', '-gdwarf-4', '-ggnu-pubnames'],
    ['with macros', '-target', 'bpf', '-g', '-O2', '-fdebug-macro'],
    ['with macros DWARF 4', '-target', 'bpf', '-g', '-O2', '-gdwarf-4', '-fdebug-macro'],
    ['with type units', '-target', 'bpf', '-g', '-O2', '-fdebug-types-section'],
    [
      'with type units DWARF 4',
      '-target',
      'bpf',
      '-g',
      '-O2',
      '-gdwarf-4',
      '-fdebug-types-section',
    ],
  ].map(([name, ...flags]): Variant => ({
    name: `clang 19 ${name}`,
    compiler: clang,
    flags,
  })),
  ...['-O0', '-O2'].flatMap((level) =>
    ['4', '5'].map((dwarf): Variant => ({
      name: `GCC ${level} DWARF ${dwarf}`,
      compiler: gcc,
      flags: ['-w', '-g', `-gdwarf-${dwarf}`, level],
      renumber: true,
    })),
  ),
];

/** Compiles one of the sources. */
export function compile({ compiler, flags }: Variant, source: string, folder: string): Uint8Array {
  const output = join(folder, `${source}.o`);
  const file = fromRoot('test/debug-info/sources', `${source}.c`);
  const run = spawnSync(compiler.path, [...flags, '-c', file, '-o', output], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return new Uint8Array(readFileSync(output));
}

const SHT_REL = 9;
const SHF_ALLOC = 2;
/** Data relocations of binutils up to 2.40, and LLVM's of the same meaning. */
const LLVM_TYPES: ReadonlyMap<number, number> = new Map([
  [11, 3],
  [12, 2],
]);

/** The same object with LLVM's numbers for the relocations of debug sections, so that LLVM's tools can read it. */
export function renumbered(object: Uint8Array): Uint8Array {
  const bytes = object.slice();
  const view = new DataView(bytes.buffer);
  const headers = Number(view.getBigUint64(40, true));
  const count = view.getUint16(60, true);
  const header = (index: number): number => headers + index * 64;
  for (let index = 0; index < count; index++) {
    const target = header(view.getUint32(header(index) + 44, true));
    const isDebug = (view.getUint32(target + 8, true) & SHF_ALLOC) === 0;
    if (view.getUint32(header(index) + 4, true) !== SHT_REL || !isDebug) continue;
    const start = Number(view.getBigUint64(header(index) + 24, true));
    const size = Number(view.getBigUint64(header(index) + 32, true));
    for (let at = start; at < start + size; at += 16) {
      const type = view.getUint32(at + 8, true);
      view.setUint32(at + 8, LLVM_TYPES.get(type) ?? type, true);
    }
  }
  return bytes;
}
