import { readFileSync } from 'node:fs';
import {
  parseDefsym,
  parseSymbolList,
  parseVersionScript,
  type SymbolOptions,
} from '@bpf-ld/linker';
import type { Settings } from './options/index.js';
import type { CommandDiagnostic } from './render-diagnostics.js';
import { cannotRead, malformedText } from './script-files.js';

/** What the settings say about symbols, with the files they name read; or what is wrong with those. */
export type SymbolControl =
  | { readonly ok: true; readonly options: SymbolOptions | undefined }
  | { readonly ok: false; readonly diagnostics: readonly CommandDiagnostic[] };

/** Gathers the options for symbols; `undefined` when none was given. `onRead` gets each file. */
export function readSymbolControl(
  settings: Settings,
  onRead: (path: string, bytes: Uint8Array) => void,
): SymbolControl {
  const diagnostics: CommandDiagnostic[] = [];
  const read = (path: string): string => {
    try {
      const bytes = readFileSync(path);
      onRead(path, bytes);
      return bytes.toString('utf8');
    } catch (error) {
      diagnostics.push(cannotRead(path, error));
      return '';
    }
  };
  const { exportSymbols, exportSymbolFiles, versionScript, retainFile, prefix } = settings;
  const exported = [
    ...exportSymbols,
    ...exportSymbolFiles.flatMap((path) => parseSymbolList(read(path))),
  ];
  const global = [...exported];
  const local: string[] = exportSymbols.length + exportSymbolFiles.length > 0 ? ['*'] : [];
  if (versionScript !== undefined) {
    const text = read(versionScript);
    const script = diagnostics.length > 0 ? undefined : parseVersionScript(text);
    if (script?.ok) {
      global.push(...script.value.global);
      local.push(...script.value.local);
    } else if (script) {
      diagnostics.push(malformedText('version script', versionScript, text, script.problem));
    }
  }
  const retain = retainFile === undefined ? undefined : parseSymbolList(read(retainFile));
  if (diagnostics.length > 0) return { ok: false, diagnostics };

  const definitions = settings.definitions.flatMap((text) => {
    const parsed = parseDefsym(text);
    return parsed.ok ? [parsed.value] : [];
  });
  const options: SymbolOptions = {
    ...(settings.undefined.length > 0 && { undefined: settings.undefined }),
    ...(settings.requireDefined.length > 0 && { requireDefined: settings.requireDefined }),
    ...(definitions.length > 0 && { definitions }),
    ...(settings.wrap.length > 0 && { wrap: settings.wrap }),
    ...(local.length > 0 && { scope: { global, local } }),
    ...(settings.localizeHidden && { localizeHidden: true }),
    ...(prefix !== undefined && { prefix }),
    ...(settings.uniqueStatics && { uniqueStatics: true }),
    ...(retain !== undefined && { retain }),
    ...(settings.allowMultipleDefinition && { allowMultipleDefinition: true }),
    ...(settings.warnCommon && { warnCommon: true }),
    ...(settings.warnUnresolved && { warnUnresolved: true }),
  };
  return { ok: true, options: Object.keys(options).length > 0 ? options : undefined };
}
