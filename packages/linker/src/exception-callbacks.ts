import { BTF_KIND_DECL_TAG, ofKind } from '@bpf-ld/btf';
import type { ParsedObject } from './parse-object.js';

/** Kernel: a program names the function that runs when it throws in a declaration tag. */
const EXCEPTION_CALLBACK = 'exception_callback:';

/** The functions that the declaration tags of an object name as exception callbacks. */
export function exceptionCallbacks({ btf }: ParsedObject): readonly string[] {
  const names: string[] = [];
  if (!btf) return names;
  for (const id of ofKind(btf.byKind, BTF_KIND_DECL_TAG)) {
    const tag = btf.strings.cstring(btf.words[btf.typeAt[id]!]!);
    if (tag.startsWith(EXCEPTION_CALLBACK)) names.push(tag.slice(EXCEPTION_CALLBACK.length));
  }
  return names;
}
