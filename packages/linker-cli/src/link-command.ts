import { basename } from 'node:path';
import type {
  ImageOptions,
  LinkInput,
  LinkOptions,
  LinkResult,
  LinkSuccess,
  SymbolOptions,
} from '@bpf-ld/linker';
import { linkFiles, writeFiles, type ObjectCache, type OutputFile } from '@bpf-ld/linker/files';
import type { DisassemblyReport } from './disassembly.js';
import type { Host } from './host.js';
import { readImageControl } from './image-control.js';
import { renderMap } from './map.js';
import { defaultOutput, type Settings } from './options/index.js';
import { cannotReadStandardInput, cannotWrite, type Printer } from './print.js';
import type { CommandDiagnostic } from './render-diagnostics.js';
import {
  renderCrossReferences,
  renderExtracted,
  renderFolded,
  renderLiveness,
  renderRemoved,
  renderStats,
  renderTimings,
  renderTraces,
  renderWhyExtract,
} from './reports.js';
import { inputWord, type CommandLine } from './scan.js';
import { readSymbolControl } from './symbol-control.js';

const standardStream = '-';
/** The name of standard input in diagnostics, reports and the map. */
const standardInputName = '<stdin>';

/** What came of one link. */
export interface LinkOutcome {
  readonly diagnostics: readonly CommandDiagnostic[];
  /** Paths of the files that were read. */
  readonly filesRead: readonly string[];
}

/** Links as the command line asks and prints the reports; answers everything there is to say about it. */
export async function linkCommand(
  host: Host,
  line: CommandLine,
  printer: Printer,
  cache?: ObjectCache,
): Promise<LinkOutcome> {
  const { settings } = line;
  if (settings.trace) await printer.print(traceText(settings.inputs));

  let standardInput: LinkInput | undefined;
  if (settings.inputs.some((input) => inputWord(input) === standardStream)) {
    try {
      standardInput = { name: standardInputName, bytes: await host.readStandardInput() };
    } catch (error) {
      return { diagnostics: [cannotReadStandardInput(error)], filesRead: [] };
    }
  }

  const filesRead = new Map<string, Uint8Array>();
  const symbols = readSymbolControl(settings, (path, bytes) => filesRead.set(path, bytes));
  if (!symbols.ok) return { diagnostics: symbols.diagnostics, filesRead: [...filesRead.keys()] };
  const image = readImageControl(settings, (path, bytes) => filesRead.set(path, bytes));
  if (!image.ok) return { diagnostics: image.diagnostics, filesRead: [...filesRead.keys()] };

  const result = linkFiles({
    inputs: settings.inputs.map((input) => {
      if (!standardInput || inputWord(input) !== standardStream) return input;
      return typeof input === 'string' ? standardInput : { ...input, ...standardInput };
    }),
    libraryPaths: settings.libraryPaths,
    options: linkOptions(settings, symbols.options, image.options),
    onRead: (path, bytes) => filesRead.set(path, bytes),
    ...(cache && { cache }),
  });
  const outcome = (...more: readonly CommandDiagnostic[]): LinkOutcome => ({
    diagnostics: [...result.diagnostics, ...more],
    filesRead: [...filesRead.keys()],
  });

  const assembly = await disassemblyReport(result, settings);
  if (assembly?.ok === false) return outcome(...assembly.diagnostics);

  const reproduced = standardInput
    ? new Map([...filesRead, [standardStream, standardInput.bytes] as const])
    : filesRead;
  const files = [
    ...(result.ok ? await filesOfSuccess(result, settings, [...filesRead.keys()]) : []),
    ...(await filesOfAnyLink(result, line, reproduced)),
  ];
  // Everything takes its name together, or nothing does.
  const failure = writeFiles(files);
  if (settings.trace && result.ok) await printer.print(renderExtracted(result.extracted));
  if (result.traces.length > 0) await printer.print(renderTraces(result.traces));
  if (failure) return outcome(failure);
  if (result.ok) await printResult(result, settings, printer);
  for (const part of assembly?.parts ?? []) await printer.print(part);
  if (settings.time) await printer.print(renderTimings(result.timings));
  if (settings.timeTrace === standardStream) await printer.print(await timeTrace(result));
  if (result.ok && settings.output === standardStream) {
    try {
      await host.write('stdout', result.image);
    } catch (error) {
      return outcome(cannotWrite('stdout', error));
    }
  }
  return outcome();
}

/** The path of the time trace; as in lld it is named after the output where the command line does not name it. */
export function timeTracePath({ timeTrace: path, output }: Settings): string | undefined {
  if (path !== '') return path;
  return `${output === standardStream ? defaultOutput : output}.time-trace`;
}

function linkOptions(
  settings: Settings,
  symbols: SymbolOptions | undefined,
  image: ImageOptions | undefined,
): LinkOptions {
  const { separateDebugFile } = settings;
  const isTimed = settings.time || settings.timeTrace !== undefined;
  return {
    noUndefined: settings.noUndefined,
    stripDebug: settings.stripDebug,
    stripAll: settings.stripAll,
    compressDebug: settings.compressDebugSections === 'zlib',
    ...(separateDebugFile !== undefined && { separateDebug: basename(separateDebugFile) }),
    lineInfo: settings.btfExtLines,
    traceSymbols: settings.traceSymbols,
    verify: settings.verify,
    ...(symbols && { symbols }),
    ...(settings.outputKind && { output: settings.outputKind }),
    ...(settings.target && { target: settings.target }),
    ...(settings.resolveCalls && { resolveCalls: true }),
    ...(image && { image }),
    ...(settings.gcSections && {
      gc: {
        keepSections: settings.keepSections,
        ...(settings.gcKeepExported && { keepExported: true }),
        maps: settings.gcMaps,
      },
    }),
    whyLive: settings.whyLive,
    ...(settings.icf !== 'none' && { icf: settings.icf }),
    mergeTails: settings.optimization === '2',
    // A warning that nobody is to see stops nothing.
    fatalWarnings: settings.fatalWarnings && !settings.noWarnings,
    ...(isTimed && { now: () => performance.now() }),
  };
}

/** The object and what is written only with it. */
async function filesOfSuccess(
  result: LinkSuccess,
  settings: Settings,
  filesRead: readonly string[],
): Promise<OutputFile[]> {
  const { mapFile, dependencyFile, output } = settings;
  const files: OutputFile[] = [];
  if (mapFile !== undefined && mapFile !== standardStream) {
    files.push(textFile(mapFile, mapText(result, settings)));
  }
  if (settings.whyExtract !== undefined && settings.whyExtract !== standardStream) {
    files.push(textFile(settings.whyExtract, renderWhyExtract(result.extracted)));
  }
  if (dependencyFile !== undefined) {
    const { renderDependencies } = await import('./dependency-file.js');
    files.push(textFile(dependencyFile, renderDependencies(output, filesRead)));
  }
  if (settings.separateDebugFile !== undefined && result.debugImage) {
    files.push({ path: settings.separateDebugFile, bytes: result.debugImage });
  }
  if (output !== standardStream) files.push({ path: output, bytes: result.image });
  return files;
}

/** What a failed link writes too: it is for finding out why. */
async function filesOfAnyLink(
  result: LinkResult,
  line: CommandLine,
  filesRead: ReadonlyMap<string, Uint8Array>,
): Promise<OutputFile[]> {
  const { reproduce } = line.settings;
  const tracePath = timeTracePath(line.settings);
  const files: OutputFile[] = [];
  if (tracePath !== undefined && tracePath !== standardStream) {
    files.push(textFile(tracePath, await timeTrace(result)));
  }
  if (reproduce !== undefined) {
    const { packReproduction } = await import('./reproduce.js');
    const bytes = await packReproduction(reproduce, line.sequence, filesRead);
    files.push({ path: reproduce, bytes });
  }
  return files;
}

async function disassemblyReport(
  result: LinkResult,
  settings: Settings,
): Promise<DisassemblyReport | undefined> {
  const { printDisassembly: functions } = settings;
  if (!result.ok || functions.length === 0) return undefined;
  const { reportDisassembly } = await import('./disassembly.js');
  const named = functions.includes('') ? [] : functions;
  return reportDisassembly(result, outputName(settings), named);
}

async function timeTrace(result: LinkResult): Promise<string> {
  const { renderTimeTrace } = await import('./time-trace.js');
  return renderTimeTrace(result);
}

async function printResult(
  result: LinkSuccess,
  settings: Settings,
  printer: Printer,
): Promise<void> {
  if (settings.printMap || settings.mapFile === standardStream) {
    await printer.print(mapText(result, settings));
  } else if (settings.crossReferences && settings.mapFile === undefined) {
    await printer.print(renderCrossReferences(result.map().crossReferences));
  }
  if (settings.whyExtract === standardStream) {
    await printer.print(renderWhyExtract(result.extracted));
  }
  if (settings.printGcSections) await printer.print(renderRemoved(result.removed));
  if (settings.printIcfSections) await printer.print(renderFolded(result.folded));
  if (settings.whyLive.length > 0) await printer.print(renderLiveness(result.liveness));
  if (settings.stats) await printer.print(renderStats(result.stats, outputName(settings)));
}

/** The map, with the cross references where both are asked for, as in ld. */
function mapText(result: LinkSuccess, settings: Settings): string {
  const map = result.map();
  const references = settings.crossReferences ? renderCrossReferences(map.crossReferences) : '';
  return renderMap(map, outputName(settings)) + references;
}

function outputName(settings: Settings): string {
  return settings.output === standardStream ? '<stdout>' : settings.output;
}

function textFile(path: string, text: string): OutputFile {
  return { path, bytes: new TextEncoder().encode(text) };
}

function traceText(inputs: Settings['inputs']): string {
  const names = inputs.map((input) => inputWord(input));
  return names.map((name) => `${name === standardStream ? standardInputName : name}\n`).join('');
}
