import type { FileInput, LibraryInput } from '@bpf-ld/linker/files';
import {
  defaultImageSettings,
  type ImageSettings,
  type ImageSettingsDraft,
} from './image-settings.js';
import {
  defaultSymbolSettings,
  type SymbolSettings,
  type SymbolSettingsDraft,
} from './symbol-settings.js';

/** Where diagnostics may use colour. */
export type ColorMode = 'auto' | 'always' | 'never';

/** Everything a command line can ask for. */
export interface Settings extends SymbolSettings, ImageSettings {
  /** Files in command line order, `-` being standard input; a file that no option before it concerns is its path. */
  readonly inputs: readonly (string | FileInput | LibraryInput)[];
  /** Folders of `-L`. */
  readonly libraryPaths: readonly string[];
  /** Path of the report of extracted members; `-` is standard output. */
  readonly whyExtract: string | undefined;
  /** Path of the linked object; `-` is standard output. */
  readonly output: string;
  readonly stripDebug: boolean;
  readonly stripAll: boolean;
  readonly compressDebugSections: 'none' | 'zlib';
  /** Path of the file that debug sections go to. */
  readonly separateDebugFile: string | undefined;
  /** Whether .BTF.ext has line records. */
  readonly btfExtLines: boolean;
  readonly noUndefined: boolean;
  readonly verify: boolean;
  /** `0`, `1` or `2`. */
  readonly optimization: string;
  readonly gcSections: boolean;
  readonly gcKeepExported: boolean;
  readonly gcMaps: boolean;
  readonly keepSections: readonly string[];
  readonly printGcSections: boolean;
  readonly icf: 'none' | 'safe' | 'all';
  readonly printIcfSections: boolean;
  readonly whyLive: readonly string[];
  /** Path of the link map file; `-` is standard output. */
  readonly mapFile: string | undefined;
  readonly printMap: boolean;
  /** Functions to print as assembly; '' stands for all of them. */
  readonly printDisassembly: readonly string[];
  readonly trace: boolean;
  readonly traceSymbols: readonly string[];
  readonly stats: boolean;
  readonly time: boolean;
  readonly crossReferences: boolean;
  /** Path of the time trace; '' is the default, named after the output; `-` is standard output. */
  readonly timeTrace: string | undefined;
  readonly dependencyFile: string | undefined;
  readonly reproduce: string | undefined;
  readonly watch: boolean;
  readonly verbose: boolean;
  readonly diagnosticsFormat: 'text' | 'json' | 'sarif';
  readonly color: ColorMode;
  /** Errors printed as text before the rest is left out; 0 is no limit. */
  readonly errorLimit: number;
  readonly fatalWarnings: boolean;
  readonly noWarnings: boolean;
  readonly help: boolean;
  /** `line`: also link when inputs are given (`-v`); `only`: print it and stop (`--version`). */
  readonly version: 'line' | 'only' | undefined;
}

/** Settings while a command line is being read. */
export type SettingsDraft = {
  -readonly [Key in keyof Settings]: Settings[Key];
} & SymbolSettingsDraft &
  ImageSettingsDraft & {
    inputs: (string | FileInput | LibraryInput)[];
    libraryPaths: string[];
    traceSymbols: string[];
    keepSections: string[];
    whyLive: string[];
    printDisassembly: string[];
  };

/** What the options so far mean for the files that follow. */
export interface Position {
  wholeArchive: boolean;
  inLibrary: boolean;
  inGroup: boolean;
}

/** Enters a file or library in the settings, as the options before it say. */
export function addInput(
  settings: SettingsDraft,
  position: Position,
  input: FileInput | LibraryInput,
): void {
  const { wholeArchive, inLibrary } = position;
  if ('path' in input && !wholeArchive && !inLibrary) settings.inputs.push(input.path);
  else {
    const flags = { ...(wholeArchive && { wholeArchive }), ...(inLibrary && { lazy: inLibrary }) };
    settings.inputs.push({ ...input, ...flags });
  }
}

export const defaultOutput = 'a.out';
export const defaultErrorLimit = 20;

/** A fresh draft holding the defaults. */
export function defaultSettings(): SettingsDraft {
  return {
    inputs: [],
    libraryPaths: [],
    whyExtract: undefined,
    output: defaultOutput,
    stripDebug: false,
    stripAll: false,
    compressDebugSections: 'none',
    separateDebugFile: undefined,
    btfExtLines: true,
    noUndefined: false,
    ...defaultSymbolSettings(),
    ...defaultImageSettings(),
    verify: false,
    optimization: '1',
    gcSections: false,
    gcKeepExported: false,
    gcMaps: false,
    keepSections: [],
    printGcSections: false,
    icf: 'none',
    printIcfSections: false,
    whyLive: [],
    mapFile: undefined,
    printMap: false,
    printDisassembly: [],
    trace: false,
    traceSymbols: [],
    stats: false,
    time: false,
    crossReferences: false,
    timeTrace: undefined,
    dependencyFile: undefined,
    reproduce: undefined,
    watch: false,
    verbose: false,
    diagnosticsFormat: 'text',
    color: 'auto',
    errorLimit: defaultErrorLimit,
    fatalWarnings: false,
    noWarnings: false,
    help: false,
    version: undefined,
  };
}
