/** What is wrong with a text, and where in it: UTF-16 units `[start, end)`. */
export interface TextProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** What a text says, or what is wrong with it. */
export type TextResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: TextProblem };
