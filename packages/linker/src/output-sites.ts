import type { Site } from '@bpf-ld/diagnostics';
import { whereFrom } from './pieces.js';
import type { LinkState } from './relocate.js';
import { siteAt } from './sites.js';

/** The input's place of byte `offset` of an output section, for what only the output shows. */
export function siteOfOutput(
  { objects, resolution, layout }: LinkState,
  output: number,
  offset: number,
): Site {
  const { name, contributions } = layout.sections[output]!;
  const from = contributions.findLast((contribution) => contribution.offset <= offset);
  if (!from) return { object: 'output', section: name, offset };
  const object = objects[from.object]!;
  const section = from.section - resolution.sectionBase[from.object]!;
  const pieces = layout.pieces.get(from.section);
  const within = offset - from.offset;
  return siteAt(object, section, pieces ? whereFrom(pieces, within) : within);
}
