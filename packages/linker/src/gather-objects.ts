import {
  append,
  archiveMemberIgnored,
  malformedArchive,
  nestedArchive,
  noInputs,
  thinMemberMissing,
  type Diagnostic,
} from '@bpf-ld/diagnostics';
import {
  identifyFile,
  parseElf,
  readArchive,
  StringPool,
  type Archive,
  type ArchiveMember,
  type ElfFile,
  type StringId,
} from '@bpf-ld/elf-reader';
import {
  extractNeeded,
  type ExtractionRules,
  type LazyObject,
  type PullInput,
} from '@bpf-ld/symbol-resolver';
import type { ExtractedMember, LinkInput } from './api.js';
import {
  checkByteOrder,
  describeKind,
  malformed,
  type ParsedObject,
  type ParseResult,
} from './parse-object.js';

type Parse = (input: LinkInput) => ParseResult;

/** The objects of a link. */
export interface Gathered {
  /** In the order of the command line, members of an archive in the archive's. */
  readonly objects: readonly ParsedObject[];
  /** In the order in which they were found to be needed. */
  readonly extracted: readonly ExtractedMember[];
}

/** Parses the inputs, and of archives and lazy objects those that are needed. */
export function gatherObjects(
  inputs: readonly LinkInput[],
  parse: Parse,
  rules: ExtractionRules = {},
): { readonly value: Gathered; readonly diagnostics: readonly Diagnostic[] } {
  const strings = new StringPool();
  const candidates = inputs.flatMap((input) => candidatesOf(input, parse, strings));
  const waiting = new Map<LazyObject, Candidate>();
  const pullInputs: PullInput[] = [];
  for (const candidate of candidates) {
    if (candidate.lazy) {
      const object = candidate.asLazyObject();
      waiting.set(object, candidate);
      pullInputs.push({ kind: 'lazy', object });
    } else {
      const elf = candidate.extract();
      if (elf) pullInputs.push({ kind: 'object', elf });
    }
  }
  // Without archives nothing is there to be extracted.
  const extractions = waiting.size === 0 ? [] : extractNeeded(pullInputs, strings, rules);

  const diagnostics: Diagnostic[] = [];
  const objects: ParsedObject[] = [];
  for (const candidate of candidates) {
    append(diagnostics, candidate.diagnostics);
    if (candidate.object) objects.push(candidate.object);
  }
  const isComplete = diagnostics.every(({ severity }) => severity !== 'error');
  if (objects.length === 0 && isComplete) diagnostics.push(noInputs(inputs.length > 0));
  append(diagnostics, checkByteOrder(objects));
  const extracted = extractions.map(({ object, symbol, reference }) => ({
    object: waiting.get(object)!.name,
    symbol,
    referencedBy: reference,
  }));
  return { value: { objects, extracted }, diagnostics };
}

/** What may become an object of the link: an input, a member of an archive, or only the report of what is wrong. */
class Candidate {
  readonly name: string;
  readonly lazy: boolean;
  readonly diagnostics: Diagnostic[] = [];
  /** Set once it is part of the link. */
  object: ParsedObject | undefined;
  readonly #parse: Parse;
  readonly #contents: () => Uint8Array | Diagnostic;
  readonly #isMember: boolean;
  readonly #indexed: readonly StringId[] | undefined;
  #bytes: Uint8Array | undefined;
  #symbols: ElfFile | undefined;
  #failed = false;

  constructor(source: {
    readonly name: string;
    readonly lazy: boolean;
    readonly parse: Parse;
    readonly contents: () => Uint8Array | Diagnostic;
    readonly isMember?: boolean;
    readonly indexed?: readonly StringId[] | undefined;
  }) {
    this.name = source.name;
    this.lazy = source.lazy;
    this.#parse = source.parse;
    this.#contents = source.contents;
    this.#isMember = source.isMember ?? false;
    this.#indexed = source.indexed;
  }

  asLazyObject(): LazyObject {
    return {
      indexed: this.#indexed,
      symbols: () => this.symbols(),
      extract: () => this.extract(),
    };
  }

  /** The symbols alone, to learn whether the object is needed. */
  symbols(): ElfFile | undefined {
    if (this.#symbols) return this.#symbols;
    const bytes = this.#read();
    if (!bytes) return undefined;
    const kind = identifyFile(bytes);
    if (kind.kind !== 'bpf-object') {
      if (!this.#isMember) return this.extract();
      this.#failed = true;
      this.diagnostics.push(archiveMemberIgnored(this.name, describeKind(kind)[0]));
      return undefined;
    }
    const parsed = parseElf(this.name, bytes);
    if (!parsed.ok) return this.#fail(malformed(parsed.error));
    return (this.#symbols = parsed.value);
  }

  /** Makes it part of the link. */
  extract(): ElfFile | undefined {
    const bytes = this.#read();
    if (!bytes) return undefined;
    const result = this.#parse({ name: this.name, bytes });
    if (!result.ok) {
      append(this.diagnostics, result.diagnostics);
      this.#failed = true;
      return undefined;
    }
    append(this.diagnostics, result.object.diagnostics);
    this.object = result.object;
    return result.object.elf;
  }

  #read(): Uint8Array | undefined {
    if (this.#failed || this.#bytes) return this.#bytes;
    const contents = this.#contents();
    if (!('byteLength' in contents)) return this.#fail(contents);
    return (this.#bytes = contents);
  }

  #fail(diagnostic: Diagnostic): undefined {
    this.#failed = true;
    this.#bytes = undefined;
    this.diagnostics.push(diagnostic);
    return undefined;
  }
}

function candidatesOf(input: LinkInput, parse: Parse, strings: StringPool): readonly Candidate[] {
  const { name, lazy = false, wholeArchive = false } = input;
  const bytes = plain(input.bytes);
  if (identifyFile(bytes).kind !== 'archive') {
    return [new Candidate({ name, lazy, parse, contents: () => bytes })];
  }
  const archive = readArchive(name, bytes);
  if (!archive.ok) {
    const { offset, section } = archive.error.place;
    const site = { object: name, ...(section !== undefined && { section }), offset };
    const problem = malformedArchive(site, archive.error.message);
    return [new Candidate({ name, lazy: false, parse, contents: () => problem })];
  }
  const { members } = archive.value;
  const first = firstOfName(archive.value);
  const indexed = wholeArchive ? [] : namesByMember(archive.value, first, strings);
  return members.flatMap((member, number) =>
    first[number] === number
      ? new Candidate({
          name: `${name}(${member.name})`,
          lazy: !wholeArchive,
          parse,
          contents: () => memberContents(input, archive.value, member),
          isMember: true,
          indexed: indexed[number],
        })
      : [],
  );
}

/**
 * By member number the number of the member that stands for it: in a thin archive members of one name
 * are one file, which is read and linked once; in others each is an object of its own.
 */
function firstOfName({ members, thin }: Archive): readonly number[] {
  const numbers = new Map<string, number>();
  return members.map(({ name }, number) => {
    if (!thin) return number;
    const known = numbers.get(name);
    if (known === undefined) numbers.set(name, number);
    return known ?? number;
  });
}

/**
 * Names that each member defines, by member number. Not every tool that writes an index knows BPF
 * objects: a member of which the index says nothing is asked itself.
 */
function namesByMember(
  { bytes, index }: Archive,
  first: readonly number[],
  strings: StringPool,
): readonly StringId[][] {
  const names: StringId[][] = [];
  for (let i = 0; i < (index?.count ?? 0); i++) {
    const { nameAt, nameEnd, member } = index!;
    (names[first[member[i]!]!] ??= []).push(strings.intern(bytes, nameAt[i]!, nameEnd[i]!));
  }
  return names;
}

function memberContents(
  input: LinkInput,
  archive: Archive,
  member: ArchiveMember,
): Uint8Array | Diagnostic {
  let bytes = archive.bytes.subarray(member.offset, member.offset + member.size);
  if (archive.thin) {
    const contents = input.readMember?.(member.name) ?? {
      problem: 'files cannot be read here',
    };
    if ('problem' in contents) {
      return thinMemberMissing(input.name, member.name, contents.problem);
    }
    bytes = plain(contents);
  }
  if (identifyFile(bytes).kind === 'archive') {
    return nestedArchive(`${input.name}(${member.name})`, equalBytes(bytes, archive.bytes));
  }
  return bytes;
}

/** A Node Buffer is a Uint8Array whose slices behave and cost otherwise: look at its bytes plainly. */
function plain({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
