import { SHF_EXECINSTR } from '@bpf-ld/elf-reader';
import { resolveCalls } from '@bpf-ld/reloc-engine';
import { DEFINED_WEAK, type GlobalId } from '@bpf-ld/symbol-resolver';
import { imageTarget } from './image-plan.js';
import { OutputTarget, type LinkState, type Relocated } from './relocate.js';

/**
 * `--resolve-calls`: calls of functions in the caller's own output section need no relocation. Those
 * of weak functions keep theirs, for a later link may override them.
 */
export function resolveLocalCalls(state: LinkState, relocated: Relocated): Relocated {
  const { layout, resolution, objects } = state;
  const globalBase = OutputTarget.global(resolution, 0);
  const sections = relocated.sections.map((section, index) => {
    const { contents, relocations } = section;
    const inCode = (layout.sections[index]!.flags & SHF_EXECINSTR) !== 0;
    if (!contents || !inCode || relocations.count === 0) return section;
    const copy = contents.slice();
    const left = resolveCalls({
      contents: copy,
      littleEndian: objects[0]!.elf.littleEndian,
      relocations,
      offsetOf(target) {
        const global = (target - globalBase) as GlobalId;
        if (global >= 0 && resolution.globals.state[global] === DEFINED_WEAK) return undefined;
        const found = imageTarget(state, target);
        if (found.kind !== 'place' || found.place.section !== index) return undefined;
        return found.place.offset;
      },
    });
    return { contents: copy, relocations: left };
  });
  return { sections };
}
