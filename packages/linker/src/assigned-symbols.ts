import { badAssignment, type Diagnostic } from '@bpf-ld/diagnostics';
import type { SymbolAssignment } from './defsym.js';
import { assignedValue } from './output-symbols.js';
import type { LinkState } from './relocate.js';

/** Every assigned name whose value is none that a symbol can have. */
export function checkAssignments(
  state: LinkState,
  definitions: readonly SymbolAssignment[],
): readonly Diagnostic[] {
  const { assignments, globals, strings } = state.resolution;
  const texts = new Map(definitions.map(({ name, text }) => [name, text]));
  return [...assignments.keys()].flatMap((global) => {
    const found = assignedValue(state, global);
    if (typeof found !== 'string') return [];
    const name = strings.text(globals.name[global]!);
    return [badAssignment(texts.get(name) ?? name, found)];
  });
}
