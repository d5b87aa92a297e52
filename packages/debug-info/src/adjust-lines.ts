import {
  catchMalformed,
  firstBehind,
  type ReadError,
  type RelocationTable,
} from '@bpf-ld/elf-reader';
import type { SectionOffset } from './code-moves.js';
import type { DebugSection } from './compressed.js';
import type { AdjustedSection, DebugEditor, NewAddress } from './debug-object.js';
import { DwarfReader, putUnsigned } from './dwarf-reader.js';
import { ByteWriter, LineEncoder } from './line-encoder.js';
import { readLineHeader, runLineProgram, type LineHeader } from './line-program.js';

/** A sequence that goes to the output: its bytes as they are, or encoded anew. */
type Piece =
  | { readonly kind: 'copy'; readonly from: number; readonly to: number }
  | { readonly kind: 'new'; readonly bytes: Uint8Array; readonly start: SequenceStart | undefined };

/** The address a new sequence starts at. */
interface SequenceStart {
  /** Where in the bytes of the sequence it stands. */
  readonly at: number;
  /** Where the old one stood, in the section: its relocation is the new one's. */
  readonly from: number;
  readonly address: NewAddress;
}

/**
 * Rewrites the line tables of which code left: rows of what left are taken out, the others follow their instructions.
 * A compiler writes one sequence for a section with all its functions, so that what follows a function that left is
 * in the middle of one. Tables of code that moved as a whole stay as they are, byte for byte.
 *
 * @returns undefined where nothing changes, and what is wrong with a table that had to be left alone
 */
export function adjustLines(
  editor: DebugEditor,
  section: DebugSection,
): { readonly adjusted: AdjustedSection | undefined; readonly problem: ReadError | undefined } {
  const units: { readonly start: number; readonly end: number; readonly pieces: Piece[] }[] = [];
  let header: LineHeader | undefined;
  const headers: LineHeader[] = [];
  const read = catchMalformed(() => {
    const reader = new DwarfReader(editor.open(section));
    while (reader.at < section.bytes.length) {
      header = readLineHeader(reader);
      const pieces = adjustProgram(editor, section, reader, header);
      units.push({ start: header.start, end: header.end, pieces });
      headers.push(header);
      reader.at = header.end;
    }
  });
  const problem = read.ok ? undefined : read.error;
  const changes = units.some(({ pieces }) => pieces.some(({ kind }) => kind === 'new'));
  const shrinks = units.some(({ pieces, end }, i) => {
    const copied = pieces.reduce((sum, p) => sum + (p.kind === 'copy' ? p.to - p.from : 0), 0);
    return copied !== end - headers[i]!.programAt;
  });
  if (!changes && !shrinks) return { adjusted: undefined, problem };
  const builder = new SectionBuilder(editor, section);
  units.forEach(({ pieces }, i) => builder.addUnit(headers[i]!, pieces));
  const rest = units.length > 0 ? units[units.length - 1]!.end : 0;
  return { adjusted: builder.finish(rest), problem };
}

/** The sequences of one program that stay. */
function adjustProgram(
  editor: DebugEditor,
  section: DebugSection,
  reader: DwarfReader,
  header: LineHeader,
): Piece[] {
  const { moves } = editor;
  const pieces: Piece[] = [];
  const others = new ByteWriter();
  const encoder = new LineEncoder(header);
  let sequenceAt = header.programAt;
  /** Where the code of the sequence is, once an address of a section that changed was set. */
  let home: SectionOffset | undefined;
  let start: SequenceStart | undefined;
  let addressAt = 0;
  /** The last row that stays. */
  let last = 0;
  const isSupported = header.operationsPerInstruction === 1 && header.minimumInstruction > 0;
  runLineProgram(reader, header, {
    setAddress(at, width) {
      const target = editor.target(section, at, width);
      if (typeof target !== 'object') return new DwarfReader(reader.cursor, at).unsigned(width);
      if (isSupported && !moves.isWhole(target.section)) {
        if (home && home.section !== target.section) {
          throw reader.cursor.malformed('a sequence of lines in two sections', at);
        }
        home = target;
        addressAt = at;
      }
      return target.offset;
    },
    row(registers, end) {
      if (!home) return;
      if (end) {
        if (!start) return;
        const range = moves.range(home.section, last, registers.address);
        if (!range) throw reader.cursor.malformed('a sequence of lines that goes back', reader.at);
        encoder.end(range.end);
        return;
      }
      const { address } = registers;
      if (!moves.stays(home.section, address)) return;
      // DWARF 5 section 6.2.5: addresses of a sequence only grow; instructions are whole.
      if ((start && address < last) || address % header.minimumInstruction !== 0) {
        throw reader.cursor.malformed('a sequence of lines that goes back', reader.at);
      }
      last = address;
      const moved = moves.nextPlace(home.section, address)!;
      start ??= {
        at: encoder.setAddress(moved),
        from: addressAt,
        address: { section: home.section, offset: moved },
      };
      encoder.row({ ...registers, address: moved });
    },
    other(from, to) {
      // Files that a program defines count for what follows it, too.
      others.bytes(section.bytes.subarray(from, to));
    },
    endOfSequence(at) {
      if (!home) {
        pieces.push({ kind: 'copy', from: sequenceAt, to: at });
        others.take();
      } else {
        if (others.length > 0) {
          pieces.push({ kind: 'new', bytes: others.take(), start: undefined });
        }
        if (start) pieces.push({ kind: 'new', bytes: encoder.out.take(), start });
      }
      home = undefined;
      start = undefined;
      last = 0;
      sequenceAt = at;
    },
  });
  // A program should end with a sequence; what is behind the last one says nothing of what left.
  if (sequenceAt < header.end && !home) {
    pieces.push({ kind: 'copy', from: sequenceAt, to: header.end });
  }
  return pieces;
}

/** Puts a .debug_line together from the units' headers and sequences, with its relocations. */
class SectionBuilder {
  readonly #editor: DebugEditor;
  readonly #section: DebugSection;
  readonly #out = new ByteWriter();
  readonly #start: number[] = [];
  readonly #to: number[] = [];
  readonly #addresses = new Map<number, NewAddress>();
  /** Old relocations in order of offset. */
  readonly #old: readonly { readonly table: RelocationTable; readonly row: number }[];
  readonly #offset: number[] = [];
  readonly #source: { readonly table: RelocationTable; readonly row: number }[] = [];

  constructor(editor: DebugEditor, section: DebugSection) {
    this.#editor = editor;
    this.#section = section;
    this.#old = (editor.object.relocations.get(section.index) ?? [])
      .flatMap((table) => Array.from({ length: table.count }, (_, row) => ({ table, row })))
      .sort((a, b) => a.table.offset[a.row]! - b.table.offset[b.row]!);
  }

  addUnit(header: LineHeader, pieces: readonly Piece[]): void {
    const at = this.#out.length;
    this.#start.push(header.start);
    this.#to.push(at);
    const lengthWidth = header.offsetSize === 4 ? 4 : 12;
    const body = pieces.reduce(
      (sum, piece) => sum + (piece.kind === 'copy' ? piece.to - piece.from : piece.bytes.length),
      0,
    );
    const size = header.programAt - header.start + body;
    const { littleEndian } = this.#editor.object;
    const head = this.#section.bytes.slice(header.start, header.programAt);
    putUnsigned(
      head,
      lengthWidth === 4 ? 0 : 4,
      header.offsetSize,
      size - lengthWidth,
      littleEndian,
    );
    this.#moveRelocations(header.start, header.programAt);
    this.#out.bytes(head);
    for (const piece of pieces) {
      if (piece.kind === 'copy') {
        this.#moveRelocations(piece.from, piece.to);
        this.#out.bytes(this.#section.bytes.subarray(piece.from, piece.to));
        continue;
      }
      if (piece.start) {
        const field = this.#out.length + piece.start.at;
        this.#offset.push(field);
        this.#source.push(this.#editor.relocation(this.#section.index, piece.start.from)!);
        this.#addresses.set(field, piece.start.address);
      }
      this.#out.bytes(piece.bytes);
    }
  }

  /** @param rest where what could not be read starts; it stays as it is */
  finish(rest: number): AdjustedSection {
    const { bytes } = this.#section;
    this.#start.push(rest);
    this.#to.push(this.#out.length);
    this.#moveRelocations(rest, bytes.length);
    this.#out.bytes(bytes.subarray(rest));
    const isExplicit = this.#source.some(({ table }) => table.addend !== undefined);
    const relocations: RelocationTable = {
      count: this.#offset.length,
      offset: Float64Array.from(this.#offset),
      type: Uint32Array.from(this.#source, ({ table, row }) => table.type[row]!),
      symbol: Uint32Array.from(this.#source, ({ table, row }) => table.symbol[row]!),
      addend: isExplicit
        ? BigInt64Array.from(this.#source, ({ table, row }) => table.addend?.[row] ?? 0n)
        : undefined,
    };
    const moved = {
      start: Float64Array.from([...this.#start, bytes.length]),
      to: Float64Array.from(this.#to),
      relocations,
    };
    return { bytes: this.#out.take(), moved, addresses: this.#addresses };
  }

  /** Relocations of bytes that go, as they are, to where the output is. */
  #moveRelocations(from: number, to: number): void {
    const shift = this.#out.length - from;
    const offsetOf = (i: number): number => this.#old[i]!.table.offset[this.#old[i]!.row]!;
    const first = firstBehind(this.#old, ({ table, row }) => table.offset[row]! < from);
    for (let i = first; i < this.#old.length && offsetOf(i) < to; i++) {
      this.#offset.push(offsetOf(i) + shift);
      this.#source.push(this.#old[i]!);
    }
  }
}
