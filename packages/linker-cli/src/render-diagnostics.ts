import type { Diagnostic, Related, Site } from '@bpf-ld/linker';
import type { Settings } from './options/index.js';

/** A diagnostic of the linker, or of the command itself, which has codes of its own: see docs/cli.md. */
export type CommandDiagnostic = Omit<Diagnostic, 'code'> & { readonly code: string };

/** What the renderer needs to know besides the diagnostics. */
export interface TextStyle {
  readonly color: boolean;
  /** Errors printed before the rest is left out; 0 is no limit. */
  readonly errorLimit: number;
}

const program = 'bpf-ld';
const reset = '\x1b[0m';
const severityColor = { error: '\x1b[1;31m', warning: '\x1b[1;35m', note: '\x1b[1;36m' } as const;

/** The diagnostics a user asked to see, warnings made errors where that was asked for. */
export function selectDiagnostics(
  diagnostics: readonly CommandDiagnostic[],
  settings: Pick<Settings, 'fatalWarnings' | 'noWarnings' | 'verbose'>,
): CommandDiagnostic[] {
  const selected: CommandDiagnostic[] = [];
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'warning') {
      if (settings.noWarnings) continue;
      selected.push(settings.fatalWarnings ? { ...diagnostic, severity: 'error' } : diagnostic);
    } else if (diagnostic.severity === 'error' || settings.verbose) {
      selected.push(diagnostic);
    }
  }
  return selected;
}

/**
 * The diagnostics in lld's form, each ending in a newline: a headline, then `>>>` lines with every site, the details
 * and the hint. As in lld an empty line stands around each diagnostic of several lines.
 */
export function renderText(diagnostics: readonly CommandDiagnostic[], style: TextStyle): string {
  const blocks: string[] = [];
  let errors = 0;
  let previousLines = 0;
  for (const diagnostic of diagnostics) {
    const isError = diagnostic.severity === 'error';
    const overLimit = isError && style.errorLimit > 0 && errors === style.errorLimit;
    const lines = overLimit
      ? [headline('error', tooManyErrors, style)]
      : [headline(diagnostic.severity, diagnostic.message, style), ...bodyLines(diagnostic)];
    if (previousLines > 1 || (previousLines > 0 && lines.length > 1)) blocks.push('');
    blocks.push(...lines);
    previousLines = lines.length;
    if (overLimit) break;
    if (isError) errors++;
  }
  return blocks.length === 0 ? '' : `${blocks.join('\n')}\n`;
}

const tooManyErrors =
  'too many errors emitted, stopping now (use --error-limit=0 to see all errors)';

/**
 * The diagnostics as one line of JSON, so that a log of many links is JSON lines. Nothing is left out of a list and
 * its members always stand in this order; docs/cli.md describes them.
 */
export function renderJson(ok: boolean, diagnostics: readonly CommandDiagnostic[]): string {
  const document = {
    version: 1,
    ok,
    diagnostics: diagnostics.map(({ code, severity, message, related, details, hint }) => ({
      code,
      severity,
      message,
      related: related.map(({ label, site }) => ({ label, site: jsonSite(site) })),
      details,
      hint,
    })),
  };
  return `${JSON.stringify(document)}\n`;
}

/**
 * Text that cannot move the cursor or break a line: names come from object files, and one that holds an escape
 * sequence must not reach the terminal as such. Tabs stay.
 */
export function printable(text: string): string {
  return text.replace(
    /[^\P{Cc}\t]/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

function headline(
  severity: CommandDiagnostic['severity'],
  message: string,
  style: TextStyle,
): string {
  const label = `${severity}:`;
  const painted = style.color ? `${severityColor[severity]}${label}${reset}` : label;
  return `${program}: ${painted} ${printable(message)}`;
}

function* bodyLines(diagnostic: CommandDiagnostic): Generator<string> {
  for (const related of diagnostic.related) yield `>>> ${printable(relatedText(related))}`;
  for (const detail of diagnostic.details) {
    for (const line of detail.split('\n')) yield `>>>   ${printable(line)}`;
  }
  if (diagnostic.hint !== undefined) yield `>>> hint: ${printable(diagnostic.hint)}`;
}

/** `referenced by net.bpf.c:12 (net.o:(.text+0x40)) in count`; what is not known is left out. */
function relatedText({ label, site }: Related): string {
  const place = sitePlace(site);
  const where = site.source ? `${site.source.file}:${site.source.line} (${place})` : place;
  // The enclosing function matters at a use of a symbol; at a definition it is the symbol itself.
  const isUse = label === 'referenced by' || label === 'relocation at';
  const user = isUse && site.section !== undefined ? site.symbol : undefined;
  return `${label} ${where}${user === undefined ? '' : ` in ${user}`}`;
}

/** `net.o:(.text+0x40)`, `net.o:(.text)`, `net.o+0x40` for a place in the file, or `net.o`. */
export function sitePlace(site: Site): string {
  const offset = site.offset === undefined ? '' : `+0x${site.offset.toString(16)}`;
  return site.section === undefined
    ? `${site.object}${offset}`
    : `${site.object}:(${site.section}${offset})`;
}

function jsonSite({ object, section, offset, symbol, source }: Site): Site {
  return {
    object,
    ...(section !== undefined && { section }),
    ...(offset !== undefined && { offset }),
    ...(symbol !== undefined && { symbol }),
    ...(source && { source: { file: source.file, line: source.line, column: source.column } }),
  };
}
