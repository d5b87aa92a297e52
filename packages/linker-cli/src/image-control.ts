import { readFileSync } from 'node:fs';
import { parseHelper, parseHelperList, type ImageOptions } from '@bpf-ld/linker';
import type { Settings } from './options/index.js';
import type { CommandDiagnostic } from './render-diagnostics.js';
import { cannotRead, malformedText } from './script-files.js';

/** What the settings say about executables and shared objects, with the files they name read. */
export type ImageControl =
  | { readonly ok: true; readonly options: ImageOptions | undefined }
  | { readonly ok: false; readonly diagnostics: readonly CommandDiagnostic[] };

/** Gathers the options for images; `undefined` when none was given. `onRead` gets each file. */
export function readImageControl(
  settings: Settings,
  onRead: (path: string, bytes: Uint8Array) => void,
): ImageControl {
  const diagnostics: CommandDiagnostic[] = [];
  const helpers = new Map<string, number>();
  for (const path of settings.helperFiles) {
    let text: string;
    try {
      const bytes = readFileSync(path);
      onRead(path, bytes);
      text = bytes.toString('utf8');
    } catch (error) {
      diagnostics.push(cannotRead(path, error));
      continue;
    }
    const list = parseHelperList(text);
    if (list.ok) for (const { name, id } of list.value) helpers.set(name, id);
    else diagnostics.push(malformedText('list of helpers', path, text, list.problem));
  }
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  for (const text of settings.helpers) {
    const parsed = parseHelper(text);
    if (parsed.ok) helpers.set(parsed.value.name, parsed.value.id);
  }
  const { entry, textAddress, rodataAddress, dataAddress, soname, hashStyle } = settings;
  const addresses = {
    ...(textAddress !== undefined && { text: textAddress }),
    ...(rodataAddress !== undefined && { rodata: rodataAddress }),
    ...(dataAddress !== undefined && { data: dataAddress }),
  };
  const options: ImageOptions = {
    ...(entry !== undefined && { entry }),
    ...(Object.keys(addresses).length > 0 && { addresses }),
    ...(settings.emitRelocations && { emitRelocations: true }),
    ...(helpers.size > 0 && { helpers }),
    ...(soname !== undefined && { soname }),
    ...(hashStyle !== undefined && { hashStyle }),
  };
  return { ok: true, options: Object.keys(options).length > 0 ? options : undefined };
}
