import type { LinkMap, MapSection } from '@bpf-ld/linker';
import { printable } from './render-diagnostics.js';

/**
 * The link map as text: what lies where in the output, which object uses which definition of another, and what was
 * left out. One fact a line with object and symbol on it, all numbers hexadecimal but the alignment, columns aligned,
 * no time or path of the machine in it: the same link gives the same map.
 */
export function renderMap(map: LinkMap, output: string): string {
  const parts = [
    [`Link map of ${printable(output)}`],
    ...(map.extracted.length === 0
      ? []
      : [['Archive members included', '', ...extractedLines(map)]]),
    ['Output sections', '', ...sectionLines(map.sections)],
    ['References between objects', '', ...referenceLines(map)],
    ['Discarded', '', ...discardedLines(map)],
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** As in the map of GNU ld: the member, and who needed it for which name. */
function extractedLines(map: LinkMap): string[] {
  const rows: Row[] = [['member', 'referenced by', 'symbol']];
  for (const { object, referencedBy, symbol } of map.extracted) {
    rows.push([object, referencedBy, symbol]);
  }
  return table(rows, ['left', 'left', 'left']);
}

/** Pieces and symbols are indented below what holds them; their offsets are all offsets in the output section. */
function sectionLines(sections: readonly MapSection[]): string[] {
  const rows: Row[] = [['offset', 'size', 'align', 'section / object:(input section) / symbol']];
  for (const section of sections) {
    const flags = section.flags === '' ? '' : ` ${section.flags}`;
    const address = section.address === undefined ? '' : ` at ${hex(section.address)}`;
    const title = `${section.name} ${section.type}${flags}${address}`;
    rows.push([hex(0), hex(section.size), String(section.alignment), title]);
    for (const piece of section.pieces) {
      const place = inputPlace(piece.object, piece.section, piece.inputOffset);
      rows.push([hex(piece.offset), hex(piece.size), '', `  ${place}`]);
      for (const symbol of piece.symbols) {
        const title = `    ${symbol.name} (${symbol.binding} ${symbol.kind})`;
        rows.push([hex(symbol.offset), hex(symbol.size), '', title]);
      }
    }
  }
  return table(rows, ['right', 'right', 'right', 'left']);
}

/** A line for each object that uses a definition of another; the place is that in the output. */
function referenceLines(map: LinkMap): string[] {
  const rows: Row[] = [['symbol', 'place', 'defined in', 'referenced by']];
  for (const { symbol, definedIn, section, offset, referencedBy } of map.references) {
    const place = `${section}+${hex(offset)}`;
    for (const object of referencedBy) rows.push([symbol, place, definedIn, object]);
  }
  return table(rows, ['left', 'left', 'left', 'left']);
}

function discardedLines(map: LinkMap): string[] {
  const rows: Row[] = [['size', 'object:(input section)', 'symbol', 'reason']];
  for (const { object, section, offset, size, symbol, reason } of map.discarded) {
    rows.push([hex(size), inputPlace(object, section, offset), symbol ?? '-', reason]);
  }
  return table(rows, ['right', 'left', 'left', 'left']);
}

type Row = readonly string[];

/** The rows, the first being the heading, in columns two spaces apart; `none` where there is only the heading. */
function table(rows: readonly Row[], alignments: readonly ('left' | 'right')[]): string[] {
  if (rows.length === 1) return ['  none'];
  const cells = rows.map((row) => row.map(printable));
  const widths = alignments.map((_, column) =>
    cells.reduce((width, row) => Math.max(width, row[column]!.length), 0),
  );
  return cells.map((row) => {
    const padded = row.map((cell, column) =>
      alignments[column] === 'right'
        ? cell.padStart(widths[column]!)
        : cell.padEnd(widths[column]!),
    );
    return `  ${padded.join('  ')}`.trimEnd();
  });
}

function inputPlace(object: string, section: string, offset: number): string {
  return `${object}:(${section}+${hex(offset)})`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
