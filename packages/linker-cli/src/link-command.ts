import type { LinkOptions, LinkResult, LinkSuccess, SymbolOptions } from '@bpf-ld/linker';
import { linkFiles, type LinkFilesJob, type OutputFile } from '@bpf-ld/linker/files';
import type { Host } from './host.js';
import { renderMap } from './map.js';
import type { Settings } from './options.js';
import { cannotReadStandardInput, cannotWrite, type Printer } from './print.js';
import type { CommandDiagnostic } from './render-diagnostics.js';
import {
  renderExtracted,
  renderStats,
  renderTimings,
  renderTraces,
  renderWhyExtract,
} from './reports.js';
import { inputWord } from './scan.js';
import { readSymbolControl } from './symbol-control.js';

const standardStream = '-';
/** The name of standard input in diagnostics, reports and the map. */
const standardInputName = '<stdin>';

/** Links as the settings ask and prints the reports; answers everything there is to say about it. */
export async function linkCommand(
  host: Host,
  settings: Settings,
  printer: Printer,
): Promise<readonly CommandDiagnostic[]> {
  if (settings.trace) await printer.print(traceText(settings.inputs));

  let inputs: LinkFilesJob['inputs'] = settings.inputs;
  if (settings.inputs.some((input) => inputWord(input) === standardStream)) {
    try {
      const standardInput = { name: standardInputName, bytes: await host.readStandardInput() };
      inputs = settings.inputs.map((input) => {
        if (inputWord(input) !== standardStream) return input;
        return typeof input === 'string' ? standardInput : { ...input, ...standardInput };
      });
    } catch (error) {
      return [cannotReadStandardInput(error)];
    }
  }

  const symbols = readSymbolControl(settings);
  if (!symbols.ok) return symbols.diagnostics;

  const result = linkAndWrite(inputs, settings, symbols.options);
  if (settings.trace && result.ok) await printer.print(renderExtracted(result.extracted));
  await printer.print(renderTraces(result.traces));
  if (result.ok) await printResult(result, settings, printer);
  if (settings.time) await printer.print(renderTimings(result.timings));
  if (result.ok && settings.output === standardStream) {
    try {
      await host.write('stdout', result.image);
    } catch (error) {
      return [...result.diagnostics, cannotWrite('stdout', error)];
    }
  }
  return result.diagnostics;
}

function linkAndWrite(
  inputs: LinkFilesJob['inputs'],
  settings: Settings,
  symbols: SymbolOptions | undefined,
): LinkResult {
  const options: LinkOptions = {
    noUndefined: settings.noUndefined,
    stripDebug: settings.stripDebug,
    traceSymbols: settings.traceSymbols,
    verify: settings.verify,
    ...(symbols && { symbols }),
    // A warning that nobody is to see stops nothing.
    fatalWarnings: settings.fatalWarnings && !settings.noWarnings,
    ...(settings.time && { now: () => performance.now() }),
  };
  const sideOutputs = (result: LinkSuccess): OutputFile[] => [
    ...mapOutputs(result, settings),
    ...whyExtractOutputs(result, settings),
  ];
  const output = settings.output === standardStream ? {} : { output: settings.output };
  return linkFiles({
    inputs,
    libraryPaths: settings.libraryPaths,
    options,
    sideOutputs,
    ...output,
  });
}

function mapOutputs(result: LinkSuccess, settings: Settings): OutputFile[] {
  const { mapFile } = settings;
  if (mapFile === undefined || mapFile === standardStream) return [];
  return [{ path: mapFile, bytes: new TextEncoder().encode(mapText(result, settings)) }];
}

function whyExtractOutputs({ extracted }: LinkSuccess, { whyExtract }: Settings): OutputFile[] {
  if (whyExtract === undefined || whyExtract === standardStream) return [];
  return [{ path: whyExtract, bytes: new TextEncoder().encode(renderWhyExtract(extracted)) }];
}

async function printResult(
  result: LinkSuccess,
  settings: Settings,
  printer: Printer,
): Promise<void> {
  if (settings.printMap || settings.mapFile === standardStream) {
    await printer.print(mapText(result, settings));
  }
  if (settings.whyExtract === standardStream) {
    await printer.print(renderWhyExtract(result.extracted));
  }
  if (settings.stats) await printer.print(renderStats(result.stats, outputName(settings)));
}

function mapText(result: LinkSuccess, settings: Settings): string {
  return renderMap(result.map(), outputName(settings));
}

function outputName(settings: Settings): string {
  return settings.output === standardStream ? '<stdout>' : settings.output;
}

function traceText(inputs: Settings['inputs']): string {
  const names = inputs.map((input) => inputWord(input));
  return names.map((name) => `${name === standardStream ? standardInputName : name}\n`).join('');
}
