import {
  licenseConflict,
  licenseDiffers,
  versionDiffers,
  type Diagnostic,
} from '@bpf-ld/diagnostics';
import { decodeUtf8, type Section } from '@bpf-ld/elf-reader';
import type { ParsedObject } from './parse-object.js';
import { siteAt } from './sites.js';

/** The strings the kernel takes as GPL-compatible (include/linux/license.h). */
const GPL_COMPATIBLE: ReadonlySet<string> = new Set([
  'GPL',
  'GPL v2',
  'GPL and additional rights',
  'Dual BSD/GPL',
  'Dual MIT/GPL',
  'Dual MPL/GPL',
]);

interface KeptOnce {
  readonly object: ParsedObject;
  readonly section: Section;
}

/**
 * One object has one `license` and one `version` section: the first is kept, the others leave.
 *
 * Licences that differ are accepted with a warning when the kernel treats them alike, for then no
 * program gains or loses a helper.
 *
 * @returns by object, the sections that stay; the same arrays where nothing leaves.
 */
export function keepOneLicense(objects: readonly ParsedObject[]): {
  readonly kept: readonly Uint8Array[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const first = new Map<string, KeptOnce>();
  const kept = objects.map((object) => {
    let own = object.kept;
    for (const section of object.elf.sections) {
      if (section.name !== 'license' && section.name !== 'version') continue;
      if (own[section.index] !== 1) continue;
      const known = first.get(section.name);
      if (!known) {
        first.set(section.name, { object, section });
        continue;
      }
      const problem = compare(known, { object, section });
      if (problem) diagnostics.push(problem);
      if (own === object.kept) own = object.kept.slice();
      own[section.index] = 0;
    }
    return own;
  });
  return { kept, diagnostics };
}

/** Where no kernel reads them, `license` and `version` leave. The result is that of {@link keepOneLicense}. */
export function keepNoLicense(objects: readonly ParsedObject[]): ReturnType<typeof keepOneLicense> {
  const kept = objects.map((object) => {
    const own = object.kept.slice();
    for (const { name, index } of object.elf.sections) {
      if (name === 'license' || name === 'version') own[index] = 0;
    }
    return own;
  });
  return { kept, diagnostics: [] };
}

function compare(first: KeptOnce, other: KeptOnce): Diagnostic | undefined {
  const a = contents(first);
  const b = contents(other);
  if (a.length === b.length && a.every((byte, i) => byte === b[i])) return undefined;
  const sites = [
    siteAt(first.object, first.section.index, 0),
    siteAt(other.object, other.section.index, 0),
  ] as const;
  if (first.section.name === 'version') return versionDiffers(sites[0], sites[1]);
  const [one, two] = [licenseText(a), licenseText(b)];
  if (one === two) return undefined;
  return GPL_COMPATIBLE.has(one) === GPL_COMPATIBLE.has(two)
    ? licenseDiffers(one, sites[0], two, sites[1])
    : licenseConflict(one, sites[0], two, sites[1]);
}

function contents({ object, section }: KeptOnce): Uint8Array {
  return object.elf.bytes.subarray(section.offset, section.offset + section.size);
}

function licenseText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeUtf8(bytes, 0, end < 0 ? bytes.length : end);
}
