import { resolve } from 'node:path';
import { version } from '@bpf-ld/linker';
import type { Host } from './host.js';
import { linkCommand, timeTracePath } from './link-command.js';
import type { Settings } from './options/index.js';
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
  if (settings.watch) {
    const { watchCommand } = await import('./watch.js');
    await watchCommand(host, line, printer);
    return finish(printer.failures);
  }
  const { diagnostics } = await linkCommand(host, line, printer);
  return finish([...diagnostics, ...printer.failures]);

  async function finish(found: readonly CommandDiagnostic[]): Promise<0 | 1> {
    return (await printDiagnostics(host, settings, found)) ? 1 : 0;
  }
}

function commandLineProblems(line: CommandLine, expansion: Expansion): readonly Problem[] {
  if (expansion.problem !== undefined) return [expansion.problem];
  if (line.problems.length > 0) return line.problems;
  const conflict = pathConflict(line.settings);
  if (conflict === undefined) return [];
  const { message, option: name } = conflict;
  const at = line.occurrences.findLast(({ option }) => option.names[0] === name)?.at;
  return [{ kind: 'path-conflict', message, ...(at && { at }) }];
}

interface PathConflict {
  readonly message: string;
  /** First name of the option to change. */
  readonly option: string;
}

/** Says which file would be lost because another has its path, or what cannot go to a stream. */
function pathConflict(settings: Settings): PathConflict | undefined {
  const { inputs, output, watch } = settings;
  if (output === '-' && settings.dependencyFile !== undefined) {
    const message = '--dependency-file needs an output that is a file';
    return { message, option: 'output' };
  }
  const files = inputs.filter((input) => !isLibrary(input)).map(inputWord);
  if (watch && (output === '-' || files.includes('-'))) {
    const message = '--watch needs inputs and an output that are files';
    return { message, option: output === '-' ? 'output' : 'watch' };
  }
  const taken = new Map<string, string>();
  for (const path of watch ? files : [output, ...files]) {
    if (path !== '-') taken.set(resolve(path), path);
  }
  const written: readonly (readonly [what: string, option: string, path: string | undefined])[] = [
    ['output', 'output', watch ? output : undefined],
    ['link map', 'Map', settings.mapFile],
    ['debug information', 'separate-debug-file', settings.separateDebugFile],
    ['report of --why-extract', 'why-extract', settings.whyExtract],
    ['time trace', 'time-trace', timeTracePath(settings)],
    ['dependency file', 'dependency-file', settings.dependencyFile],
    ['reproduction', 'reproduce', settings.reproduce],
  ];
  for (const [what, option, path] of written) {
    if (path === undefined || path === '-') continue;
    const overwritten = taken.get(resolve(path));
    if (overwritten !== undefined) {
      return { message: `the ${what} would overwrite ${overwritten}`, option };
    }
    taken.set(resolve(path), path);
  }
  return undefined;
}

function isLibrary(input: Settings['inputs'][number]): boolean {
  return typeof input !== 'string' && 'library' in input;
}
