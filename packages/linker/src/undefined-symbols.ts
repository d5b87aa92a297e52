import { BTF_KIND_DATASEC, ofKind, vlenOf } from '@bpf-ld/btf';
import { undefinedSymbol, type Diagnostic, type Site } from '@bpf-ld/diagnostics';
import { UNDEFINED } from '@bpf-ld/symbol-resolver';
import type { ParsedObject } from './parse-object.js';
import type { LinkState } from './relocate.js';
import { similarNames } from './similar-names.js';
import { siteAt, siteOfSymbol } from './sites.js';

/** DATASECs of externs that the kernel or the loader resolves (libbpf). */
const RESOLVED_BY_LOADER: ReadonlySet<string> = new Set(['.ksyms', '.kconfig']);

/** What resolves a name that no input defines. */
export interface Resolvers {
  /** The kernel or its loader: what is declared in .ksyms and .kconfig. */
  readonly kernel: boolean;
  /** Names that the output has another meaning for, such as helpers. */
  readonly named: { has(name: string): boolean };
}

/**
 * Every strong reference that nothing in the link resolves and none of `resolvers` will, with each
 * place that refers to it: an error in `--no-undefined` and `--static`. Weak references may stay
 * undefined.
 */
export function reportUndefined(state: LinkState, resolvers: Resolvers): readonly Diagnostic[] {
  const { objects, resolution, live } = state;
  const { globals, strings } = resolution;
  const missing = new Map<number, Site[]>();
  const external = resolvers.kernel ? externalNames(objects) : new Set<string>();
  for (let global = 0; global < globals.count; global++) {
    if (globals.state[global] !== UNDEFINED || globals.onlyWeakReferences[global] === 1) continue;
    if (live.unreferenced[global] === 1) continue;
    const name = strings.text(globals.name[global]!);
    if (!external.has(name) && !resolvers.named.has(name)) missing.set(global, []);
  }
  if (missing.size === 0) return [];
  objects.forEach((object, index) => {
    const base = resolution.symbolBase[index]!;
    const mentioned = new Map<number, number>();
    for (let i = 1; i < object.elf.symbols.count; i++) {
      const global = resolution.global[base + i]!;
      if (missing.has(global)) mentioned.set(global, i);
    }
    if (mentioned.size === 0) return;
    const used = new Set<number>();
    for (const [section, tables] of object.relocations) {
      for (const table of tables) {
        for (let i = 0; i < table.count; i++) {
          const global = resolution.global[base + table.symbol[i]!]!;
          const sites = missing.get(global);
          if (!sites) continue;
          sites.push(siteAt(object, section, table.offset[i]!));
          used.add(global);
        }
      }
    }
    for (const [global, symbol] of mentioned) {
      if (!used.has(global)) missing.get(global)!.push(siteOfSymbol(object, symbol));
    }
  });
  const hints = similarNames(
    state,
    [...missing.keys()].map((global) => strings.text(globals.name[global]!)),
  );
  return [...missing].map(([global, sites]) => {
    const name = strings.text(globals.name[global]!);
    return undefinedSymbol(name, sites, hints.get(name));
  });
}

/** Names that some object declares in .ksyms or .kconfig. */
function externalNames(objects: readonly ParsedObject[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { btf } of objects) {
    if (!btf) continue;
    for (const id of ofKind(btf.byKind, BTF_KIND_DATASEC)) {
      const at = btf.typeAt[id]!;
      const info = btf.words[at + 1]!;
      if (!RESOLVED_BY_LOADER.has(btf.strings.cstring(btf.words[at]!))) continue;
      for (let k = 0, entry = at + 3; k < vlenOf(info); k++, entry += 3) {
        names.add(btf.strings.cstring(btf.words[btf.typeAt[btf.words[entry]!]!]!));
      }
    }
  }
  return names;
}
