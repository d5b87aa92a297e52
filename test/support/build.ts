import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fixture, LinkCase } from './case-format.js';
import { crafts } from './craft.js';

/** The compiler whose bytes are committed: another release may give other, equally right bytes. */
export const pinnedClang = '19.1.7';

/** Whether the pinned compilers are installed. */
export function pinnedCompilersInstalled(): boolean {
  const clang = spawnSync('clang-19', ['--version'], { encoding: 'utf8' });
  const mc = spawnSync('llvm-mc-19', ['--version'], { encoding: 'utf8' });
  return (clang.stdout ?? '').includes(pinnedClang) && (mc.stdout ?? '').includes(pinnedClang);
}

/** Makes every fixture of `linkCase` anew: file name -> bytes, nothing written to the case's folder. */
export function buildFixtures(linkCase: LinkCase): Map<string, Uint8Array> {
  const work = mkdtempSync(join(tmpdir(), 'bpf-ld-fixtures-'));
  try {
    const built = new Map<string, Uint8Array>();
    for (const fixture of linkCase.fixtures) {
      built.set(fixture.output, buildFixture(linkCase, fixture, work, built));
    }
    return built;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function buildFixture(
  linkCase: LinkCase,
  fixture: Fixture,
  work: string,
  built: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  if (fixture.kind === 'crafted') {
    const craft = crafts[fixture.craft];
    const from = built.get(fixture.from);
    if (!craft || !from) throw new Error(`${linkCase.name}: cannot craft ${fixture.output}`);
    return craft(from);
  }
  const output = join(work, fixture.output);
  const [command, ...args] = fixture.argv;
  const isArchive = fixture.kind === 'archive';
  const run = spawnSync(command!, isArchive ? args : [...args, '-o', output], {
    cwd: isArchive ? work : linkCase.folder,
    encoding: 'utf8',
  });
  if (run.status !== 0 || run.stderr !== '') {
    throw new Error(`${linkCase.name}: ${fixture.argv.join(' ')}\n${run.stderr}`);
  }
  // A copy that is no Buffer: crafts take slices of it that must not share its bytes.
  return new Uint8Array(readFileSync(output));
}

/** Rebuilds the fixtures of `linkCase` into its folder. */
export function updateFixtures(linkCase: LinkCase): void {
  for (const [name, bytes] of buildFixtures(linkCase)) {
    writeFileSync(join(linkCase.folder, name), bytes);
  }
}
