import type { Site, SourcePosition } from '@bpf-ld/diagnostics';
import { STT_FILE, STT_SECTION, symbolName } from '@bpf-ld/elf-reader';
import type { ParsedObject } from './parse-object.js';

/**
 * Says where things are, for diagnostics: section and offset, the enclosing symbol, and file:line
 * from the line records of .BTF.ext. Looks everything up afresh: only errors ask.
 */
export function siteAt(object: ParsedObject, section: number, offset: number): Site {
  const { elf } = object;
  const name = elf.sections[section]?.name ?? '';
  const symbol = enclosingSymbol(object, section, offset);
  const source = sourceAt(object, name, offset);
  return {
    object: elf.name,
    section: name,
    offset,
    ...(symbol === undefined ? {} : { symbol }),
    ...(source === undefined ? {} : { source }),
  };
}

/** The place where a symbol of the object is defined; the object alone for undefined ones. */
export function siteOfSymbol(object: ParsedObject, symbol: number): Site {
  const { elf } = object;
  const name = symbolName(elf, symbol);
  const home = elf.symbols.section[symbol]!;
  if (home <= 0) return { object: elf.name, symbol: name };
  return { ...siteAt(object, home, elf.symbols.value[symbol]!), symbol: name };
}

function enclosingSymbol(
  { elf }: ParsedObject,
  section: number,
  offset: number,
): string | undefined {
  const { symbols } = elf;
  let best = -1;
  for (let i = 1; i < symbols.count; i++) {
    const type = symbols.type[i];
    if (symbols.section[i] !== section || type === STT_SECTION || type === STT_FILE) continue;
    const start = symbols.value[i]!;
    const inside = start <= offset && (offset < start + symbols.size[i]! || offset === start);
    if (inside && (best < 0 || start >= symbols.value[best]!)) best = i;
  }
  return best < 0 ? undefined : symbolName(elf, best);
}

/** The last line record at or before `offset`, as the kernel's verifier log attributes lines. */
function sourceAt(
  { btf, btfExt }: ParsedObject,
  section: string,
  offset: number,
): SourcePosition | undefined {
  if (!btf || !btfExt) return undefined;
  let best: SourcePosition | undefined;
  let bestOffset = -1;
  for (const { sectionName, words, recordSize } of btfExt.lineInfo) {
    if (btf.strings.cstring(sectionName) !== section) continue;
    for (let at = 0; at < words.length; at += recordSize / 4) {
      const instruction = words[at]!;
      if (instruction > offset || instruction < bestOffset) continue;
      bestOffset = instruction;
      // line_col packs the line above ten bits of column (btf.rst, struct bpf_line_info).
      const packed = words[at + 3]!;
      best = {
        file: btf.strings.cstring(words[at + 1]!),
        line: packed >>> 10,
        column: packed & 0x3ff,
      };
    }
  }
  return best;
}
