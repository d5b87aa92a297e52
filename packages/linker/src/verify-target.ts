import { targetRule, verificationFailed, type Diagnostic, type Site } from '@bpf-ld/diagnostics';
import { parseElf, parseProgramHeaders } from '@bpf-ld/elf-reader';
import { FIRST_SECTION } from '@bpf-ld/elf-writer';
import type { LinkOptions } from './api.js';
import type { ImagePlan } from './image-plan.js';
import { siteOfOutput } from './output-sites.js';
import type { LinkState } from './relocate.js';
import type { OutputKind, TargetProfile, Violation } from './targets/profile.js';

/** Violations of one rule that are reported: a program for another machine breaks some of them everywhere. */
const MAXIMUM_OF_A_RULE = 10;

/** What is asked for against what a target has. */
export function checkRequest(
  { name, outputs, takesAddresses }: TargetProfile,
  output: OutputKind,
  { image: options = {}, separateDebug }: LinkOptions,
): readonly Diagnostic[] {
  if (separateDebug !== undefined && output !== 'relocatable') {
    const message = 'debug information goes to a file of its own only from a relocatable object';
    return [targetRule(name, 'debug-file', message, [], 'leave --separate-debug-file out')];
  }
  if (!outputs.includes(output)) {
    const wanted = outputs.map((kind) => (kind === 'relocatable' ? '-r' : `--${kind}`));
    const message = `--${output} makes what it does not run`;
    return [targetRule(name, 'output', message, [], `link with ${wanted.join(' or ')}`)];
  }
  if (options.addresses === undefined) return [];
  const message =
    output === 'relocatable'
      ? 'sections of a relocatable object have no addresses'
      : 'sections have the addresses that the machine gives them';
  if (output !== 'relocatable' && takesAddresses) return [];
  return [targetRule(name, 'addresses', message, [], 'leave -Ttext, -Trodata and -Tdata out')];
}

/** Reads the image back and holds it against every rule of its target. */
export function verifyTarget(
  image: Uint8Array,
  target: TargetProfile,
  state: LinkState,
  plan: ImagePlan | undefined,
): readonly Diagnostic[] {
  if (target.rules.length === 0) return [];
  const elf = parseElf('output', image);
  if (!elf.ok) return [verificationFailed(elf.error.message)];
  const programHeaders = parseProgramHeaders(elf.value);
  if (!programHeaders.ok) return [verificationFailed(programHeaders.error.message)];
  const read = { elf: elf.value, programHeaders: programHeaders.value };
  return target.rules.flatMap((rule) => {
    const found: Diagnostic[] = [];
    for (const violation of rule.check(read)) {
      if (found.length === MAXIMUM_OF_A_RULE) break;
      const sites = sitesOf(violation, state, plan);
      const fix = violation.fix ?? rule.fix;
      found.push(targetRule(target.name, rule.name, violation.message, sites, fix));
    }
    return found;
  });
}

/** The place in an input, where what breaks the rule is from one. */
function sitesOf(
  { section, offset }: Violation,
  state: LinkState,
  plan: ImagePlan | undefined,
): readonly Site[] {
  if (section === undefined || offset === undefined) return [];
  if (!plan) {
    const output = section - FIRST_SECTION;
    return state.layout.sections[output] ? [siteOfOutput(state, output, offset)] : [];
  }
  const source = plan.sections[section - 1]?.source;
  return typeof source === 'number' ? [siteOfOutput(state, source, offset)] : [];
}
