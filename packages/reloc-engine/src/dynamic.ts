import {
  R_BPF_64_64,
  R_BPF_64_ABS64,
  R_BPF_64_ABS32,
  R_BPF_64_32,
  R_BPF_64_RELATIVE,
} from '@bpf-ld/elf-reader';
import { badRelocation, type Diagnostic } from '@bpf-ld/diagnostics';
import { implicitFunctionAddresses, type ApplyJob } from './apply.js';
import { relocationKind, type RelocationField } from './kinds.js';
import { OutputRelocations } from './relocations.js';

/** The null symbol, which relocations have that are about the base address alone. */
const NO_SYMBOL = 0;

/** The type that asks a loader for S + A in a field, by field. */
const SYMBOLIC: Readonly<Record<RelocationField, number | undefined>> = {
  none: undefined,
  ldimm64: R_BPF_64_64,
  call: R_BPF_64_32,
  word64: R_BPF_64_ABS64,
  word32: R_BPF_64_ABS32,
  jump16: undefined,
};

/**
 * The `dynamic` policy (--shared): which relocations of a section a run-time loader must still do, at
 * offsets in the section. Distances within the image are none of them: `applyRelocations` fills those
 * in, and leaves in the others what the loader adds to (docs/dynamic.md).
 */
export function loaderRelocations(job: Omit<ApplyJob, 'address'>): {
  readonly relocations: OutputRelocations;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { contents, littleEndian, inCode, relocations } = job;
  const output = new OutputRelocations();
  const diagnostics: Diagnostic[] = [];
  for (let i = 0; i < relocations.count; i++) {
    const at = relocations.offset(i);
    const target = relocations.target(i);
    const { field, name } = relocationKind(relocations.type(i), inCode)!;
    const meaning = job.meaning(target);
    if (meaning.kind === 'loader') {
      const type = SYMBOLIC[field];
      if (type !== undefined) output.push(at, type, target);
    } else if (meaning.kind === 'address' && field !== 'call') {
      if (field !== 'word32') {
        output.push(at, R_BPF_64_RELATIVE, NO_SYMBOL);
      } else {
        const reason = `the address of ${job.describe(target)} is known at run time and has 64 bits`;
        diagnostics.push(badRelocation(job.site(at), name, reason));
      }
    }
  }
  if (inCode) {
    for (const { offset } of implicitFunctionAddresses(contents, littleEndian, relocations)) {
      output.push(offset, R_BPF_64_RELATIVE, NO_SYMBOL);
    }
  }
  output.sort();
  return { relocations: output, diagnostics };
}
