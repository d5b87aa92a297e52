import type { TextProblem } from '@bpf-ld/linker';
import type { FileInput, LibraryInput } from '@bpf-ld/linker/files';
import {
  defaultSymbolSettings,
  symbolOptions,
  type SymbolSettings,
  type SymbolSettingsDraft,
} from './symbol-options.js';

/** Where diagnostics may use colour. */
export type ColorMode = 'auto' | 'always' | 'never';

/** Everything a command line can ask for. */
export interface Settings extends SymbolSettings {
  /** Files in command line order, `-` being standard input; a file that no option before it concerns is its path. */
  readonly inputs: readonly (string | FileInput | LibraryInput)[];
  /** Folders of `-L`. */
  readonly libraryPaths: readonly string[];
  /** Path of the report of extracted members; `-` is standard output. */
  readonly whyExtract: string | undefined;
  /** Path of the linked object; `-` is standard output. */
  readonly output: string;
  readonly stripDebug: boolean;
  readonly noUndefined: boolean;
  readonly verify: boolean;
  /** `0`, `1` or `2`. */
  readonly optimization: string;
  readonly gcSections: boolean;
  readonly gcKeepExported: boolean;
  readonly gcMaps: boolean;
  readonly keepSections: readonly string[];
  readonly printGcSections: boolean;
  readonly whyLive: readonly string[];
  /** Path of the link map file; `-` is standard output. */
  readonly mapFile: string | undefined;
  readonly printMap: boolean;
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
} & SymbolSettingsDraft & {
    inputs: (string | FileInput | LibraryInput)[];
    libraryPaths: string[];
    traceSymbols: string[];
    keepSections: string[];
    whyLive: string[];
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

/** The headings of `--help` and docs/cli.md. */
export type OptionGroup =
  | 'Output'
  | 'Inputs'
  | 'Symbols'
  | 'Sections'
  | 'Reports'
  | 'Diagnostics'
  | 'Build systems'
  | 'General';

/** The argument an option takes. */
export interface OptionArgument {
  /** As the help shows it, such as `FILE`. */
  readonly placeholder: string;
  /** The only values allowed. */
  readonly choices?: readonly string[];
  /** The value is a decimal count. */
  readonly count?: true;
  /** What is wrong with a value and where in it, to stand behind `option --name: 'text'`. */
  readonly check?: (value: string) => TextProblem | undefined;
  /** The argument is the path of what the link reads, or of a file it writes. */
  readonly path?: 'read' | 'written';
  /** The argument can be left out, and is therefore only taken from behind `=`; this is its value then. */
  readonly absent?: string;
  /** The option can be repeated and each argument counts; otherwise the last one wins. */
  readonly repeatable?: true;
}

/** One row of the option table. */
export interface OptionSpec {
  /**
   * Spellings without dashes, the one used in messages first. One letter is a short option (`-o FILE`, `-oFILE`);
   * more are a long option (`--name`, `-name`, `--name=VALUE`, `--name VALUE`).
   */
  readonly names: readonly [string, ...string[]];
  readonly group: OptionGroup;
  readonly argument?: OptionArgument;
  /** The line `--help` prints. */
  readonly summary: string;
  /**
   * Enters the option in the settings; `value` is '' for an option without argument. Answers why the option must not
   * stand here, if so.
   */
  readonly apply: (settings: SettingsDraft, value: string, position: Position) => string | void;
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
    noUndefined: false,
    ...defaultSymbolSettings(),
    verify: false,
    optimization: '1',
    gcSections: false,
    gcKeepExported: false,
    gcMaps: false,
    keepSections: [],
    printGcSections: false,
    whyLive: [],
    mapFile: undefined,
    printMap: false,
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

/**
 * Every option of the command: the scanner reads command lines by this table, yargs is declared from it, and
 * docs/cli.md is held against it. Names and meanings are those of GNU ld and lld wherever the same thing is meant.
 */
export const options: readonly OptionSpec[] = [
  {
    names: ['output', 'o'],
    group: 'Output',
    argument: { placeholder: 'FILE', path: 'written' },
    summary: `Write the linked object to FILE; - is standard output (default: ${defaultOutput})`,
    apply: (settings, value) => {
      settings.output = value;
    },
  },
  {
    names: ['relocatable', 'r'],
    group: 'Output',
    summary: 'Keep relocations for a loader such as libbpf to apply (the default)',
    apply: () => {},
  },
  {
    names: ['strip-debug', 'S'],
    group: 'Output',
    summary: 'Leave out debugging sections; BTF stays, loaders need it',
    apply: (settings) => {
      settings.stripDebug = true;
    },
  },
  {
    names: ['verify'],
    group: 'Output',
    summary: 'Check every entry of the finished object against the plan of the link',
    apply: (settings) => {
      settings.verify = true;
    },
  },
  {
    names: ['library', 'l'],
    group: 'Inputs',
    argument: { placeholder: 'NAME', repeatable: true },
    summary: 'Link the archive libNAME.a of a folder given by -L; -l:FILE looks for FILE itself',
    apply: (settings, value, position) => {
      addInput(settings, position, { library: value });
    },
  },
  {
    names: ['library-path', 'L'],
    group: 'Inputs',
    argument: { placeholder: 'DIR', repeatable: true, path: 'read' },
    summary: 'Look for the libraries of -l in DIR; can be repeated',
    apply: (settings, value) => {
      settings.libraryPaths.push(value);
    },
  },
  {
    names: ['whole-archive'],
    group: 'Inputs',
    summary: 'Link all members of the archives that follow',
    apply: (_settings, _value, position) => {
      position.wholeArchive = true;
    },
  },
  {
    names: ['no-whole-archive'],
    group: 'Inputs',
    summary: 'Link the members that are needed of the archives that follow (the default)',
    apply: (_settings, _value, position) => {
      position.wholeArchive = false;
    },
  },
  {
    names: ['start-lib'],
    group: 'Inputs',
    summary: 'Link the objects up to --end-lib as if they were members of an archive',
    apply: (_settings, _value, position) => {
      if (position.inLibrary) return '--start-lib inside of --start-lib';
      if (position.inGroup) return '--start-lib inside of --start-group';
      position.inLibrary = true;
      return undefined;
    },
  },
  {
    names: ['end-lib'],
    group: 'Inputs',
    summary: 'End what --start-lib began',
    apply: (_settings, _value, position) => {
      if (!position.inLibrary) return '--end-lib without --start-lib';
      position.inLibrary = false;
      return undefined;
    },
  },
  {
    names: ['start-group', '('],
    group: 'Inputs',
    summary: 'Begin a group of archives that need each other; all archives may without it',
    apply: (_settings, _value, position) => {
      if (position.inGroup) return '--start-group inside of --start-group';
      position.inGroup = true;
      return undefined;
    },
  },
  {
    names: ['end-group', ')'],
    group: 'Inputs',
    summary: 'End what --start-group began',
    apply: (_settings, _value, position) => {
      if (!position.inGroup) return '--end-group without --start-group';
      position.inGroup = false;
      return undefined;
    },
  },
  {
    names: ['why-extract'],
    group: 'Reports',
    argument: { placeholder: 'FILE', path: 'written' },
    summary: 'Write which archive members were linked, and why, to FILE; - is standard output',
    apply: (settings, value) => {
      settings.whyExtract = value;
    },
  },
  {
    names: ['no-undefined'],
    group: 'Symbols',
    summary: 'Make undefined symbols errors, save those that the kernel or the loader provides',
    apply: (settings) => {
      settings.noUndefined = true;
    },
  },
  {
    names: ['z'],
    group: 'Symbols',
    argument: { placeholder: 'KEYWORD', choices: ['defs', 'muldefs'], repeatable: true },
    summary: 'defs: --no-undefined; muldefs: --allow-multiple-definition',
    apply: (settings, value) => {
      if (value === 'defs') settings.noUndefined = true;
      else settings.allowMultipleDefinition = true;
    },
  },
  ...symbolOptions,
  {
    names: ['gc-sections'],
    group: 'Sections',
    summary: 'Leave out functions and variables that no program, map or kept name needs',
    apply: (settings) => {
      settings.gcSections = true;
    },
  },
  {
    names: ['no-gc-sections'],
    group: 'Sections',
    summary: 'Keep functions and variables that nothing needs (the default)',
    apply: (settings) => {
      settings.gcSections = false;
    },
  },
  {
    names: ['gc-keep-exported'],
    group: 'Sections',
    summary: 'With --gc-sections, keep global definitions that are not hidden',
    apply: (settings) => {
      settings.gcKeepExported = true;
    },
  },
  {
    names: ['gc-maps'],
    group: 'Sections',
    summary: 'With --gc-sections, leave out maps, too, that nothing needs',
    apply: (settings) => {
      settings.gcMaps = true;
    },
  },
  {
    names: ['keep-section'],
    group: 'Sections',
    argument: { placeholder: 'NAME', repeatable: true },
    summary: 'With --gc-sections, keep the input sections called NAME; can be repeated',
    apply: (settings, value) => {
      settings.keepSections.push(value);
    },
  },
  {
    names: ['O'],
    group: 'Sections',
    argument: { placeholder: 'LEVEL', choices: ['0', '1', '2'] },
    summary:
      '2: strings that are the ends of others share their bytes; 0 and 1 (the default): they do not',
    apply: (settings, value) => {
      settings.optimization = value;
    },
  },
  {
    names: ['print-gc-sections'],
    group: 'Reports',
    summary: 'Print each function and variable that --gc-sections leaves out',
    apply: (settings) => {
      settings.printGcSections = true;
    },
  },
  {
    names: ['no-print-gc-sections'],
    group: 'Reports',
    summary: 'Do not print what --gc-sections leaves out (the default)',
    apply: (settings) => {
      settings.printGcSections = false;
    },
  },
  {
    names: ['why-live'],
    group: 'Reports',
    argument: { placeholder: 'SYMBOL', repeatable: true },
    summary: 'Print what keeps SYMBOL under --gc-sections, from a root on; can be repeated',
    apply: (settings, value) => {
      settings.whyLive.push(value);
    },
  },
  {
    names: ['Map'],
    group: 'Reports',
    argument: { placeholder: 'FILE', path: 'written' },
    summary: 'Write a link map to FILE; - is standard output',
    apply: (settings, value) => {
      settings.mapFile = value;
    },
  },
  {
    names: ['print-map', 'M'],
    group: 'Reports',
    summary: 'Print a link map',
    apply: (settings) => {
      settings.printMap = true;
    },
  },
  {
    names: ['trace', 't'],
    group: 'Reports',
    summary: 'Print the name of each input',
    apply: (settings) => {
      settings.trace = true;
    },
  },
  {
    names: ['trace-symbol', 'y'],
    group: 'Reports',
    argument: { placeholder: 'SYMBOL', repeatable: true },
    summary: 'Print each input that defines or references SYMBOL; can be repeated',
    apply: (settings, value) => {
      settings.traceSymbols.push(value);
    },
  },
  {
    names: ['stats'],
    group: 'Reports',
    summary: 'Print what was merged, resolved and laid out',
    apply: (settings) => {
      settings.stats = true;
    },
  },
  {
    names: ['time'],
    group: 'Reports',
    summary: 'Print how long each pass took',
    apply: (settings) => {
      settings.time = true;
    },
  },
  {
    names: ['cref'],
    group: 'Reports',
    summary: 'Print who defines and who references each global symbol, or write it into the map',
    apply: (settings) => {
      settings.crossReferences = true;
    },
  },
  {
    names: ['time-trace'],
    group: 'Reports',
    argument: { placeholder: 'FILE', path: 'written', absent: '' },
    summary: 'Write a trace for chrome://tracing to FILE (default: OUTPUT.time-trace)',
    apply: (settings, value) => {
      settings.timeTrace = value;
    },
  },
  {
    names: ['dependency-file'],
    group: 'Build systems',
    argument: { placeholder: 'FILE', path: 'written' },
    summary: 'Write to FILE what the output depends on, as a rule for make and ninja',
    apply: (settings, value) => {
      settings.dependencyFile = value;
    },
  },
  {
    names: ['reproduce'],
    group: 'Build systems',
    argument: { placeholder: 'FILE', path: 'written' },
    summary: 'Write a tar to FILE with all that it takes to repeat the link',
    apply: (settings, value) => {
      settings.reproduce = value;
    },
  },
  {
    names: ['watch'],
    group: 'Build systems',
    summary: 'Link again whenever an input changes, until interrupted',
    apply: (settings) => {
      settings.watch = true;
    },
  },
  {
    names: ['diagnostics-format'],
    group: 'Diagnostics',
    argument: { placeholder: 'FORMAT', choices: ['text', 'json', 'sarif'] },
    summary: 'Print diagnostics as text (the default), or as one line of JSON or of SARIF 2.1.0',
    apply: (settings, value) => {
      settings.diagnosticsFormat = value as Settings['diagnosticsFormat'];
    },
  },
  {
    names: ['color-diagnostics'],
    group: 'Diagnostics',
    argument: { placeholder: 'WHEN', choices: ['auto', 'always', 'never'], absent: 'always' },
    summary: 'Colour diagnostics: auto (the default; on a terminal), always or never',
    apply: (settings, value) => {
      settings.color = value as ColorMode;
    },
  },
  {
    names: ['no-color-diagnostics'],
    group: 'Diagnostics',
    summary: 'The same as --color-diagnostics=never',
    apply: (settings) => {
      settings.color = 'never';
    },
  },
  {
    names: ['error-limit'],
    group: 'Diagnostics',
    argument: { placeholder: 'N', count: true },
    summary: `Stop printing after N errors; 0 prints all (default: ${defaultErrorLimit})`,
    apply: (settings, value) => {
      settings.errorLimit = Number(value);
    },
  },
  {
    names: ['fatal-warnings'],
    group: 'Diagnostics',
    summary: 'Treat warnings as errors',
    apply: (settings) => {
      settings.fatalWarnings = true;
    },
  },
  {
    names: ['no-fatal-warnings'],
    group: 'Diagnostics',
    summary: 'Do not treat warnings as errors (the default)',
    apply: (settings) => {
      settings.fatalWarnings = false;
    },
  },
  {
    names: ['no-warnings', 'w'],
    group: 'Diagnostics',
    summary: 'Do not print warnings',
    apply: (settings) => {
      settings.noWarnings = true;
    },
  },
  {
    names: ['verbose'],
    group: 'General',
    summary: 'Print notes, and the same as --trace and --stats',
    apply: (settings) => {
      settings.verbose = true;
      settings.trace = true;
      settings.stats = true;
    },
  },
  {
    names: ['v'],
    group: 'General',
    summary: 'Print the version, then link if there are inputs',
    apply: (settings) => {
      settings.version ??= 'line';
    },
  },
  {
    names: ['version'],
    group: 'General',
    summary: 'Print the version and exit',
    apply: (settings) => {
      settings.version = 'only';
    },
  },
  {
    names: ['help', 'h'],
    group: 'General',
    summary: 'Print this help and exit',
    apply: (settings) => {
      settings.help = true;
    },
  },
];

/** A name with the dashes a user would type: `-o`, `--output`. */
export function spelled(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
