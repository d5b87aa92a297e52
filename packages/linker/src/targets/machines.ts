import type { TargetName, TargetProfile } from './profile.js';
import { sbfV0, sbfV1, sbfV2, sbfV3 } from './sbf.js';
import { ubpf } from './ubpf.js';

/** Machines other than a kernel's. */
type MachineName = Exclude<TargetName, 'bpf'>;

export const machines: Readonly<Record<MachineName, TargetProfile>> = {
  ubpf,
  'sbf-v0': sbfV0,
  'sbf-v1': sbfV1,
  'sbf-v2': sbfV2,
  'sbf-v3': sbfV3,
};

export function profileOfMachine(name: MachineName): TargetProfile {
  return machines[name];
}
