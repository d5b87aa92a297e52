/** The streams the command writes: reports or the object on one, diagnostics on the other. */
export type OutputStream = 'stdout' | 'stderr';

/** What the command uses of the process it runs in; tests give their own. */
export interface Host {
  /** The command line behind the program's name. */
  readonly words: readonly string[];
  /** Environment variables; `NO_COLOR` and `TERM` matter. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a stream is a terminal. */
  isTerminal(stream: OutputStream): Promise<boolean>;
  /** Writes all of `data`; rejects when the stream takes no more, such as a full disk or a closed pipe. */
  write(stream: OutputStream, data: string | Uint8Array): Promise<void>;
  /** Standard input to its end. */
  readStandardInput(): Promise<Uint8Array>;
  /** Settles when the user or the system asks the command to end; only `--watch` waits for that. */
  untilInterrupted(): Promise<void>;
}
