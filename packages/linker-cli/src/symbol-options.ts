import { parseDefsym, type TextProblem } from '@bpf-ld/linker';

/** What a command line says about symbols. */
export interface SymbolSettings {
  /** Arguments of `-u`, `--require-defined`, `--defsym`, `--wrap` and `--export-symbol`, in order. */
  readonly undefined: readonly string[];
  readonly requireDefined: readonly string[];
  readonly definitions: readonly string[];
  readonly wrap: readonly string[];
  readonly exportSymbols: readonly string[];
  /** Paths of symbol lists and of the version script. */
  readonly exportSymbolFiles: readonly string[];
  readonly retainFile: string | undefined;
  readonly versionScript: string | undefined;
  readonly localizeHidden: boolean;
  readonly prefix: string | undefined;
  readonly uniqueStatics: boolean;
  readonly allowMultipleDefinition: boolean;
  readonly warnCommon: boolean;
  /** Undefined symbols that are reported are warnings. */
  readonly warnUnresolved: boolean;
}

/** The same while a command line is being read. */
export type SymbolSettingsDraft = {
  -readonly [Key in keyof SymbolSettings]: SymbolSettings[Key];
} & {
  undefined: string[];
  requireDefined: string[];
  definitions: string[];
  wrap: string[];
  exportSymbols: string[];
  exportSymbolFiles: string[];
};

/** A row of the option table; see `OptionSpec`. */
interface SymbolOption {
  readonly names: readonly [string, ...string[]];
  readonly group: 'Symbols';
  readonly argument?: {
    readonly placeholder: string;
    readonly choices?: readonly string[];
    readonly check?: (value: string) => TextProblem | undefined;
    readonly repeatable?: true;
    readonly path?: 'read';
  };
  readonly summary: string;
  readonly apply: (settings: SymbolSettingsDraft & { noUndefined: boolean }, value: string) => void;
}

/** A fresh draft holding the defaults. */
export function defaultSymbolSettings(): SymbolSettingsDraft {
  return {
    undefined: [],
    requireDefined: [],
    definitions: [],
    wrap: [],
    exportSymbols: [],
    exportSymbolFiles: [],
    retainFile: undefined,
    versionScript: undefined,
    localizeHidden: false,
    prefix: undefined,
    uniqueStatics: false,
    allowMultipleDefinition: false,
    warnCommon: false,
    warnUnresolved: false,
  };
}

/** The options that control symbols. */
export const symbolOptions: readonly SymbolOption[] = [
  {
    names: ['unresolved-symbols'],
    group: 'Symbols',
    argument: {
      placeholder: 'METHOD',
      choices: ['report-all', 'ignore-all', 'ignore-in-object-files', 'ignore-in-shared-libs'],
    },
    summary:
      'Report undefined symbols (report-all, as --no-undefined) or not (ignore-all, the default)',
    apply: (settings, value) => {
      settings.noUndefined = value === 'report-all' || value === 'ignore-in-shared-libs';
    },
  },
  {
    names: ['warn-unresolved-symbols'],
    group: 'Symbols',
    summary: 'Make the undefined symbols that are reported warnings',
    apply: (settings) => {
      settings.warnUnresolved = true;
    },
  },
  {
    names: ['error-unresolved-symbols'],
    group: 'Symbols',
    summary: 'Make the undefined symbols that are reported errors (the default)',
    apply: (settings) => {
      settings.warnUnresolved = false;
    },
  },
  {
    names: ['undefined', 'u'],
    group: 'Symbols',
    argument: { placeholder: 'SYMBOL', repeatable: true },
    summary: 'Count as a reference to SYMBOL, and not a weak one; can be repeated',
    apply: (settings, value) => {
      settings.undefined.push(value);
    },
  },
  {
    names: ['require-defined'],
    group: 'Symbols',
    argument: { placeholder: 'SYMBOL', repeatable: true },
    summary: 'The same as -u, and fail if nothing defines SYMBOL; can be repeated',
    apply: (settings, value) => {
      settings.requireDefined.push(value);
    },
  },
  {
    names: ['defsym'],
    group: 'Symbols',
    argument: {
      placeholder: 'NAME=EXPR',
      repeatable: true,
      check: (value) => {
        const parsed = parseDefsym(value);
        return parsed.ok ? undefined : parsed.problem;
      },
    },
    summary: 'Define NAME as a number, a symbol, or a sum or difference of these; can be repeated',
    apply: (settings, value) => {
      settings.definitions.push(value);
    },
  },
  {
    names: ['wrap'],
    group: 'Symbols',
    argument: { placeholder: 'SYMBOL', repeatable: true },
    summary: 'References to SYMBOL mean __wrap_SYMBOL, those to __real_SYMBOL mean SYMBOL',
    apply: (settings, value) => {
      settings.wrap.push(value);
    },
  },
  {
    names: ['allow-multiple-definition'],
    group: 'Symbols',
    summary: 'Of several definitions of a symbol take the first',
    apply: (settings) => {
      settings.allowMultipleDefinition = true;
    },
  },
  {
    names: ['warn-common'],
    group: 'Symbols',
    summary: 'Warn where a common symbol meets another one or a definition',
    apply: (settings) => {
      settings.warnCommon = true;
    },
  },
  {
    names: ['version-script'],
    group: 'Symbols',
    argument: { placeholder: 'FILE', path: 'read' },
    summary: 'Make definitions local as FILE says: { global: NAME; local: PATTERN; };',
    apply: (settings, value) => {
      settings.versionScript = value;
    },
  },
  {
    names: ['export-symbol'],
    group: 'Symbols',
    argument: { placeholder: 'PATTERN', repeatable: true },
    summary: 'Make all definitions local but those that match PATTERN; can be repeated',
    apply: (settings, value) => {
      settings.exportSymbols.push(value);
    },
  },
  {
    names: ['export-symbols'],
    group: 'Symbols',
    argument: { placeholder: 'FILE', repeatable: true, path: 'read' },
    summary: 'The same for the patterns in FILE, one a line',
    apply: (settings, value) => {
      settings.exportSymbolFiles.push(value);
    },
  },
  {
    names: ['localize-hidden'],
    group: 'Symbols',
    summary: 'Make hidden and internal definitions local',
    apply: (settings) => {
      settings.localizeHidden = true;
    },
  },
  {
    names: ['prefix-symbols'],
    group: 'Symbols',
    argument: {
      placeholder: 'PREFIX',
      check: (value) =>
        /^[A-Za-z_]\w*$/.test(value)
          ? undefined
          : { message: 'cannot begin the name of a C symbol', start: 0, end: value.length },
    },
    summary: 'Put PREFIX in front of the names of global definitions, in symbols and BTF',
    apply: (settings, value) => {
      settings.prefix = value;
    },
  },
  {
    names: ['unique-statics'],
    group: 'Symbols',
    summary: 'Tell static functions and variables of one name apart: NAME, NAME__1, NAME__2',
    apply: (settings) => {
      settings.uniqueStatics = true;
    },
  },
  {
    names: ['retain-symbols-file'],
    group: 'Symbols',
    argument: { placeholder: 'FILE', path: 'read' },
    summary: 'Leave out symbols that nothing needs, except those in FILE, one a line',
    apply: (settings, value) => {
      settings.retainFile = value;
    },
  },
];
