import type { Host, OutputStream } from './host.js';
import type { Settings } from './options/index.js';
import {
  renderJson,
  renderText,
  selectDiagnostics,
  type CommandDiagnostic,
} from './render-diagnostics.js';

/** Prints reports on one stream and remembers what could not be printed. */
export interface Printer {
  print(text: string): Promise<void>;
  readonly failures: readonly CommandDiagnostic[];
}

/**
 * A printer for reports. A reader that closes its pipe early, such as `head`, has what it wanted: that is no failure,
 * where a full disk is.
 */
export function createPrinter(host: Host, stream: OutputStream): Printer {
  const failures: CommandDiagnostic[] = [];
  return {
    failures,
    async print(text: string): Promise<void> {
      try {
        await host.write(stream, text);
      } catch (error) {
        if (!isClosedPipe(error)) failures.push(cannotWrite(stream, error));
      }
    },
  };
}

/** The diagnostic of a stream that does not take what is written to it. */
export function cannotWrite(stream: OutputStream, error: unknown): CommandDiagnostic {
  const name = stream === 'stdout' ? 'standard output' : 'standard error';
  return streamDiagnostic('cannot-write-output', `cannot write to ${name}: ${reason(error)}`);
}

/** The diagnostic of standard input that cannot be read. */
export function cannotReadStandardInput(error: unknown): CommandDiagnostic {
  return streamDiagnostic('cannot-read-input', `cannot read standard input: ${reason(error)}`);
}

/**
 * Prints diagnostics on standard error in the format asked for, and answers whether there is an error among them. JSON and
 * SARIF are printed even if there are none, so that their reader always finds one document a run.
 */
export async function printDiagnostics(
  host: Host,
  settings: Settings,
  diagnostics: readonly CommandDiagnostic[],
): Promise<boolean> {
  const selected = selectDiagnostics(diagnostics, settings);
  const failed = selected.some(({ severity }) => severity === 'error');
  const text = await render(host, settings, selected, failed);
  // Where standard error takes nothing there is no way left to say so; the exit code still tells.
  if (text !== '') await host.write('stderr', text).catch(() => {});
  return failed;
}

async function render(
  host: Host,
  settings: Settings,
  selected: readonly CommandDiagnostic[],
  failed: boolean,
): Promise<string> {
  if (settings.diagnosticsFormat === 'json') return renderJson(!failed, selected);
  if (settings.diagnosticsFormat === 'sarif') {
    const { renderSarif } = await import('./render-sarif.js');
    return renderSarif(!failed, selected);
  }
  return renderText(selected, {
    color: selected.length > 0 && (await usesColor(host, settings)),
    errorLimit: settings.errorLimit,
  });
}

/** An option beats the environment: https://no-color.org asks for that, and for a NO_COLOR that is not empty. */
async function usesColor(host: Host, settings: Settings): Promise<boolean> {
  if (settings.color !== 'auto') return settings.color === 'always';
  if (host.environment['NO_COLOR'] || host.environment['TERM'] === 'dumb') return false;
  return host.isTerminal('stderr');
}

function streamDiagnostic(code: string, message: string): CommandDiagnostic {
  return { code, severity: 'error', message, related: [], details: [] };
}

function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
