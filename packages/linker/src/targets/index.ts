import { bpf } from './bpf.js';
import type { TargetName, TargetProfile } from './profile.js';
import { sbfV0, sbfV1, sbfV2, sbfV3 } from './sbf.js';
import { ubpf } from './ubpf.js';

export type { OutputKind, TargetName } from './profile.js';

/** Every target, by name. */
export const targets: Readonly<Record<TargetName, TargetProfile>> = {
  bpf,
  ubpf,
  'sbf-v0': sbfV0,
  'sbf-v1': sbfV1,
  'sbf-v2': sbfV2,
  'sbf-v3': sbfV3,
};
