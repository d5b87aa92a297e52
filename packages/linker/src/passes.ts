import { hasErrors, type Diagnostic } from '@bpf-ld/diagnostics';
import type { InputTiming, LinkOptions, LinkResult, PassTiming, SymbolTrace } from './api.js';

/** Runs passes one after the other, and keeps what they say and how long they take. */
export class Passes {
  readonly diagnostics: Diagnostic[] = [];
  readonly timings: PassTiming[] = [];
  /** Milliseconds since the start of the link; absent where nobody asks for times. */
  readonly clock: (() => number) | undefined;
  readonly #fatalWarnings: boolean;

  constructor({ now, fatalWarnings = false }: LinkOptions) {
    const epoch = now?.() ?? 0;
    this.clock = now && (() => now() - epoch);
    this.#fatalWarnings = fatalWarnings;
  }

  run<T>(pass: string, body: () => PassResult<T>): T {
    const start = this.clock?.() ?? 0;
    const { value, diagnostics, inputs } = body();
    for (const diagnostic of diagnostics) {
      const isFatal = this.#fatalWarnings && diagnostic.severity === 'warning';
      this.diagnostics.push(isFatal ? { ...diagnostic, severity: 'error' } : diagnostic);
    }
    const milliseconds = (this.clock?.() ?? 0) - start;
    this.timings.push({ pass, start, milliseconds, ...(inputs && { inputs }) });
    return value;
  }

  get failed(): boolean {
    return hasErrors(this.diagnostics);
  }

  failure(traces: readonly SymbolTrace[] = []): LinkResult {
    return { ok: false, diagnostics: this.diagnostics, timings: this.timings, traces };
  }
}

export interface PassResult<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
  readonly inputs?: readonly InputTiming[];
}
