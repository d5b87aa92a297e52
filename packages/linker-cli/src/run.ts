import { resolve } from 'node:path';
import { version } from '@bpf-ld/linker';
import type { Host } from './host.js';
import { linkCommand } from './link-command.js';
import type { Settings } from './options.js';
import { createPrinter, printDiagnostics } from './print.js';
import type { CommandDiagnostic } from './render-diagnostics.js';
import { expandResponseFiles, type Expansion } from './response-file.js';
import { inputWord, scan, type CommandLine, type Problem } from './scan.js';

/** 0 linked, 1 the link failed, 2 the command line was wrong. */
export type ExitCode = 0 | 1 | 2;

/** The command: reads the command line, links, prints what came of it. */
export async function run(host: Host): Promise<ExitCode> {
  const expansion = expandResponseFiles(host.words);
  const line = scan(expansion.words);
  const { settings } = line;
  // Where the object goes to standard output nothing else may.
  const printer = createPrinter(host, settings.output === '-' ? 'stderr' : 'stdout');

  if (settings.help) {
    const { helpText } = await import('./yargs-help.js');
    await printer.print(await helpText());
    return finish(printer.failures);
  }
  const problems = commandLineProblems(line, expansion);
  if (problems.length > 0) {
    const { usageDiagnostic } = await import('./usage-problems.js');
    await finish(problems.map((problem) => usageDiagnostic(problem, expansion)));
    return 2;
  }
  if (settings.version !== undefined) await printer.print(`bpf-ld ${version}\n`);
  if (settings.version === 'only' || settings.inputs.length === 0) return finish(printer.failures);
  const diagnostics = await linkCommand(host, settings, printer);
  return finish([...diagnostics, ...printer.failures]);

  async function finish(found: readonly CommandDiagnostic[]): Promise<0 | 1> {
    return (await printDiagnostics(host, settings, found)) ? 1 : 0;
  }
}

function commandLineProblems(line: CommandLine, expansion: Expansion): readonly Problem[] {
  if (expansion.problem !== undefined) return [expansion.problem];
  if (line.problems.length > 0) return line.problems;
  return lostFiles(line.settings).map((message) => ({ kind: 'path-conflict', message }));
}

/** What would be lost because a report has the path of the object, of an input or of the other report. */
function lostFiles({ mapFile, whyExtract, output, inputs }: Settings): string[] {
  const taken = [output, ...inputs.filter((input) => !isLibrary(input)).map(inputWord)];
  const messages: string[] = [];
  for (const [report, path] of [
    ['the link map', mapFile],
    ['the report of --why-extract', whyExtract],
  ] as const) {
    if (path === undefined || path === '-') continue;
    const other = taken.find((file) => file !== '-' && resolve(file) === resolve(path));
    if (other !== undefined) messages.push(`${report} would overwrite ${other}`);
    taken.push(path);
  }
  return messages;
}

function isLibrary(input: Settings['inputs'][number]): boolean {
  return typeof input !== 'string' && 'library' in input;
}
