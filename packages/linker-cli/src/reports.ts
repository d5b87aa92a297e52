import type {
  CrossReference,
  ExtractedMember,
  LinkStats,
  PassTiming,
  SymbolTrace,
} from '@bpf-ld/linker';
import { printable } from './render-diagnostics.js';

/** What a link did, in words: `--stats`. */
export function renderStats(stats: LinkStats, output: string): string {
  const sharedTypes = stats.typesIn - stats.typesOut;
  const rows: [string, string][] = [
    [
      'merged',
      `${count(stats.inputs, 'object')} of ${bytes(stats.inputBytes)} into ${printable(output)} ` +
        `of ${bytes(stats.outputBytes)}`,
    ],
    [
      'resolved',
      `${count(stats.resolvedReferences, 'reference')} between objects; ` +
        `${count(stats.undefinedSymbols, 'undefined symbol')} left to the loader`,
    ],
    [
      'laid out',
      [
        count(stats.sections, 'section'),
        count(stats.symbols, 'symbol'),
        count(stats.relocations, 'relocation'),
      ].join(', '),
    ],
    [
      'types',
      `${count(stats.typesIn, 'BTF type')} in, ${stats.typesOut} out, ${sharedTypes} shared with others`,
    ],
    ['dropped', `${count(stats.droppedPieces, 'piece')} that another definition replaced`],
  ];
  return rows.map(([label, text]) => `${label.padEnd(10)}${text}\n`).join('');
}

/** Pass by pass, in milliseconds and percent: `--time`. */
export function renderTimings(
  timings: readonly Pick<PassTiming, 'pass' | 'milliseconds'>[],
): string {
  const total = timings.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rows = [...timings, { pass: 'total', milliseconds: total }];
  const passWidth = rows.reduce((width, { pass }) => Math.max(width, pass.length), 0);
  const timeWidth = total.toFixed(2).length;
  return rows
    .map(({ pass, milliseconds }) => {
      const share = total === 0 ? 0 : (100 * milliseconds) / total;
      const time = milliseconds.toFixed(2).padStart(timeWidth);
      return `${pass.padEnd(passWidth)}  ${time} ms  ${share.toFixed(0).padStart(3)} %\n`;
    })
    .join('');
}

/** One line an object and symbol, in the words of ld and lld: `--trace-symbol`. */
export function renderTraces(traces: readonly SymbolTrace[]): string {
  return traces
    .map(({ symbol, object, role }) => {
      const words = role === 'common' ? 'common definition' : role;
      const preposition = words.endsWith('definition') ? 'of' : 'to';
      return `${printable(object)}: ${words} ${preposition} ${printable(symbol)}\n`;
    })
    .join('');
}

/** The members that were extracted, one a line: what `--trace` adds to the names of the inputs. */
export function renderExtracted(extracted: readonly ExtractedMember[]): string {
  return extracted.map(({ object }) => `${printable(object)}\n`).join('');
}

/** Why members were extracted, in lld's form: `--why-extract`. */
export function renderWhyExtract(extracted: readonly ExtractedMember[]): string {
  const rows = extracted.map(({ referencedBy, object, symbol }) => [referencedBy, object, symbol]);
  return [['reference', 'extracted', 'symbol'], ...rows]
    .map((row) => `${row.map((cell) => printable(cell)).join('\t')}\n`)
    .join('');
}

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}

function bytes(value: number): string {
  if (value < 1024) return count(value, 'byte');
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(1)} KiB`;
  return `${(value / (1024 * 1024)).toFixed(1)} MiB`;
}

/** Column of the file names in GNU ld's cross reference table. */
const fileColumn = 50;

/** Global symbols by name, each with the objects that define it and then those that use it, as GNU ld: `--cref`. */
export function renderCrossReferences(references: readonly CrossReference[]): string {
  const lines = ['', 'Cross Reference Table', '', `${'Symbol'.padEnd(fileColumn)}File`];
  for (const { symbol, objects } of references) {
    const name = printable(symbol);
    const isLong = name.length >= fileColumn;
    if (isLong) lines.push(name);
    objects.forEach((object, index) => {
      const label = index === 0 && !isLong ? name : '';
      lines.push(label.padEnd(fileColumn) + printable(object));
    });
  }
  return `${lines.join('\n')}\n`;
}
