import type { TextProblem } from '@bpf-ld/linker';
import type { Position, SettingsDraft } from './settings.js';

/** The headings of `--help` and docs/cli.md. */
export type OptionGroup =
  | 'Output'
  | 'Inputs'
  | 'Symbols'
  | 'Sections'
  | 'Debug information'
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
  /** The argument can be left out, and is therefore taken from behind `=`; this is its value then. */
  readonly absent?: string;
  /** Of an argument that can be left out: the next word is it when it ends so, as no input does. */
  readonly ending?: string;
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

/** A name with the dashes a user would type: `-o`, `--output`. */
export function spelled(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
