import type {
  CrossReference,
  ExtractedMember,
  FoldedPiece,
  FunctionPiece,
  LinkStats,
  PassTiming,
  RemovedPiece,
  Site,
  SymbolLiveness,
  SymbolTrace,
} from '@bpf-ld/linker';
import { printable, sitePlace } from './render-diagnostics.js';

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
  if (stats.collectedPieces > 0) {
    rows.push(['collected', `${count(stats.collectedPieces, 'piece')} that nothing needs`]);
  }
  if (stats.foldedFunctions > 0) {
    const saved = bytes(stats.foldedBytes);
    rows.push(['folded', `${count(stats.foldedFunctions, 'identical function')}, ${saved}`]);
  }
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

/** One line each: `--print-gc-sections`. */
export function renderRemoved(removed: readonly RemovedPiece[]): string {
  return removed
    .map(({ object, section, offset, size, symbol }) => {
      const place = printable(sitePlace({ object, section, offset }));
      const name = symbol === undefined ? '' : ` ${printable(symbol)}`;
      return `removing unused ${place}${name}, ${count(size, 'byte')}\n`;
    })
    .join('');
}

/** In lld's form, with the function and its size: `--print-icf-sections`. */
export function renderFolded(pieces: readonly FoldedPiece[]): string {
  const place = ({ object, section, offset, size, symbol }: FunctionPiece): string =>
    `${printable(sitePlace({ object, section, offset }))} ${printable(symbol)}, ${count(size, 'byte')}`;
  return pieces
    .flatMap(({ kept, folded }) => [
      `selected section ${place(kept)}\n`,
      ...folded.map((piece) => `  removing identical section ${place(piece)}\n`),
    ])
    .join('');
}

/** For each definition of a name, the chain of references that keeps it: `--why-live`. */
export function renderLiveness(answers: readonly SymbolLiveness[]): string {
  return answers
    .flatMap(livenessLines)
    .map((line) => `${printable(line)}\n`)
    .join('');
}

function livenessLines(answer: SymbolLiveness): readonly string[] {
  const { symbol, site, state, reason, chain } = answer;
  switch (state) {
    case 'undefined':
      return [`${symbol}: not defined`];
    case 'not-collected':
      return [`${symbol}: stays, as all does without --gc-sections`];
    case 'removed':
      return [`${symbol}: removed, nothing that stays refers to it`, `>>> ${placeOf(site!)}`];
    case 'live': {
      const steps = chain.slice(0, -1).map((step, i) => {
        const user = step.symbol ?? 'bytes without a symbol';
        return `>>> ${user} refers to ${chain[i + 1]!.symbol ?? 'bytes'} at ${placeOf(step)}`;
      });
      const root = `>>> ${chain[0]!.symbol ?? 'bytes'} is a root: ${reason ?? ''}`;
      const definition = `>>> ${symbol} is defined at ${placeOf(site!)}`;
      return [`${symbol}: stays`, root, ...steps, definition, ...foldedLines(answer)];
    }
  }
}

function foldedLines({ symbol, foldedInto }: SymbolLiveness): readonly string[] {
  if (!foldedInto) return [];
  return [`>>> ${symbol} is folded into ${foldedInto.symbol ?? ''} at ${placeOf(foldedInto)}`];
}

function placeOf(site: Site): string {
  const place = sitePlace(site);
  return site.source ? `${site.source.file}:${site.source.line} (${place})` : place;
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
