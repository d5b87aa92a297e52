import type { LinkResult } from '@bpf-ld/linker';

/** One event of the Chrome trace event format; times are microseconds. */
interface TraceEvent {
  readonly name: string;
  /** M: metadata, X: something that lasted, C: a counter. */
  readonly ph: 'M' | 'X' | 'C';
  readonly pid: 1;
  readonly tid: 1;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly args: Readonly<Record<string, string | number>>;
}

/**
 * The times of a link in the Chrome trace event format, for chrome://tracing or https://ui.perfetto.dev: the whole link,
 * in it the passes, in the parse pass the inputs, and counters at its end. The same link gives the same events; only
 * `ts` and `dur` differ.
 */
export function renderTimeTrace(result: LinkResult): string {
  const { timings } = result;
  const lasted = (
    name: string,
    cat: string,
    { start, milliseconds }: { readonly start: number; readonly milliseconds: number },
    args: TraceEvent['args'] = {},
  ): TraceEvent => ({
    name,
    cat,
    ph: 'X',
    pid: 1,
    tid: 1,
    ts: microseconds(start),
    dur: microseconds(milliseconds),
    args,
  });
  const last = timings.at(-1);
  const end = last === undefined ? 0 : last.start + last.milliseconds;
  const counted = (name: string, args: TraceEvent['args']): TraceEvent => ({
    name,
    ph: 'C',
    pid: 1,
    tid: 1,
    ts: microseconds(end),
    args,
  });
  const events: TraceEvent[] = [
    { name: 'process_name', ph: 'M', pid: 1, tid: 1, args: { name: 'bpf-ld' } },
    { name: 'thread_name', ph: 'M', pid: 1, tid: 1, args: { name: 'link' } },
    lasted('link', 'link', { start: 0, milliseconds: end }, { ok: String(result.ok) }),
  ];
  for (const timing of timings) {
    events.push(lasted(timing.pass, 'pass', timing));
    for (const input of timing.inputs ?? []) {
      events.push(lasted('input', 'input', input, { detail: input.input, bytes: input.bytes }));
    }
  }
  if (result.ok) {
    const { stats } = result;
    events.push(
      counted('bytes', { input: stats.inputBytes, output: stats.outputBytes }),
      counted('types', { input: stats.typesIn, output: stats.typesOut }),
      counted('symbols', { output: stats.symbols }),
      counted('relocations', { output: stats.relocations }),
    );
  }
  const lines = events.map((event) => JSON.stringify(event)).join(',\n');
  return `{"displayTimeUnit":"ms","traceEvents":[\n${lines}\n]}\n`;
}

/** Whole microseconds: viewers take fractions of them for noise, and so they are. */
function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}
