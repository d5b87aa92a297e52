/**
 * The worker of bad-inputs.test.ts: links every mutant of one object and reports what breaks a
 * promise. `progress[0]` counts mutants, so that the main thread can tell a hang and name its mutant.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { link, type LinkResult } from '@bpf-ld/linker';
import { checkResult } from './promises.js';
import { mutantsOf } from './mutants.js';

export interface CampaignJob {
  readonly object: string;
  readonly companion: string;
  readonly seed: number;
  /** Keep all outputs, not some. */
  readonly full: boolean;
  /** Where distinct outputs are written, for other tools to read. */
  readonly folder: string;
  readonly progress: Int32Array;
}

export interface CampaignReport {
  readonly mutants: number;
  readonly linked: number;
  /** File -> title of the first mutant whose output it is. */
  readonly outputs: readonly (readonly [string, string])[];
  readonly failures: readonly string[];
}

/** Whatever links, links again to the same bytes. */
function checkRelink(result: LinkResult): string[] {
  if (!result.ok) return [];
  const again = link({ inputs: [{ name: 'out.o', bytes: result.image }] });
  if (!again.ok) return [`the output does not link: ${again.diagnostics[0]?.message ?? ''}`];
  return Buffer.from(again.image).equals(result.image) ? [] : ['the output links to other bytes'];
}

const job = workerData as CampaignJob;
const companion = readFileSync(job.companion);
const outputs = new Map<string, string>();
const failures: string[] = [];
let mutants = 0;
let linked = 0;
for (const { title, bytes } of mutantsOf(readFileSync(job.object), job.seed)) {
  mutants++;
  Atomics.store(job.progress, 0, mutants);
  try {
    const bad = { name: 'bad.o', bytes };
    const good = { name: 'good.o', bytes: companion };
    const result = link({ inputs: mutants % 2 === 0 ? [bad, good] : [good, bad] });
    for (const broken of [...checkResult(result), ...checkRelink(result)]) {
      failures.push(`${title}: ${broken}`);
    }
    if (result.ok) {
      linked++;
      const file = `${createHash('sha1').update(result.image).digest('hex')}.o`;
      // Every output when asked for all, else a sample that does not depend on the order.
      if ((job.full || file < '2') && !outputs.has(file)) {
        outputs.set(file, title);
        writeFileSync(join(job.folder, file), result.image);
      }
    }
  } catch (error) {
    failures.push(`${title}: threw ${(error as Error).stack?.split('\n').slice(0, 4).join(' | ')}`);
  }
}
parentPort!.postMessage({
  mutants,
  linked,
  outputs: [...outputs],
  failures,
} satisfies CampaignReport);
