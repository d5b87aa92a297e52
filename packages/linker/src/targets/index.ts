import { bpf } from './bpf.js';
import { profileOfMachine } from './machines.js';
import type { TargetName, TargetProfile } from './profile.js';

export type { OutputKind, TargetName } from './profile.js';

/** What a link for a target goes by. */
export function targetProfile(name: TargetName): TargetProfile {
  return name === 'bpf' ? bpf : profileOfMachine(name);
}
