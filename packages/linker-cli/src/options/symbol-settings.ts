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
