/** Where a read went wrong: enough for a diagnostic that names file, section and offset. */
export interface MalformedPlace {
  /** Name of the input as the user gave it. */
  readonly file: string;
  /** Name of the section being read, or `undefined` while headers are read. */
  readonly section: string | undefined;
  /** Byte offset from the start of `section`, or from the start of the file without one. */
  readonly offset: number;
}

/**
 * The one exception of the readers: the bytes do not say what the format demands.
 * It never leaves a package: every public entry point catches it with {@link catchMalformed}
 * and returns it as a value.
 */
export class MalformedInput extends Error {
  readonly place: MalformedPlace;
  /** What to do about bytes that may be well formed but are newer than the reader. */
  readonly hint: string | undefined;
  constructor(message: string, place: MalformedPlace, hint?: string) {
    super(message);
    this.name = 'MalformedInput';
    this.place = place;
    this.hint = hint;
  }
}

/** A reader's answer: what was read, or what is wrong with the bytes and where. */
export type ReadResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ReadError };

/** A {@link MalformedInput} as data. */
export interface ReadError {
  readonly message: string;
  readonly place: MalformedPlace;
  /** See {@link MalformedInput.hint}. */
  readonly hint?: string;
}

/** Runs `read`; a {@link MalformedInput} becomes a result, anything else is a bug and passes through. */
export function catchMalformed<T>(read: () => T): ReadResult<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof MalformedInput) {
      const { message, place, hint } = error;
      return { ok: false, error: { message, place, ...(hint === undefined ? {} : { hint }) } };
    }
    throw error;
  }
}
