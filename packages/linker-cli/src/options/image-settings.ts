import type { HashStyle, OutputKind, TargetName } from '@bpf-ld/linker';

/** What a command line says about executables and shared objects. */
export interface ImageSettings {
  /** Absent: what the target has by default. */
  readonly outputKind: OutputKind | undefined;
  readonly target: TargetName | undefined;
  readonly entry: string | undefined;
  readonly textAddress: number | undefined;
  readonly rodataAddress: number | undefined;
  readonly dataAddress: number | undefined;
  readonly emitRelocations: boolean;
  readonly resolveCalls: boolean;
  /** Arguments of `--helper` and paths of `--helpers`, in order. */
  readonly helpers: readonly string[];
  readonly helperFiles: readonly string[];
  readonly soname: string | undefined;
  readonly hashStyle: HashStyle | undefined;
}

/** The same while a command line is being read. */
export type ImageSettingsDraft = {
  -readonly [Key in keyof ImageSettings]: ImageSettings[Key];
} & {
  helpers: string[];
  helperFiles: string[];
};

/** A fresh draft holding the defaults. */
export function defaultImageSettings(): ImageSettingsDraft {
  return {
    outputKind: undefined,
    target: undefined,
    entry: undefined,
    textAddress: undefined,
    rodataAddress: undefined,
    dataAddress: undefined,
    emitRelocations: false,
    resolveCalls: false,
    helpers: [],
    helperFiles: [],
    soname: undefined,
    hashStyle: undefined,
  };
}
