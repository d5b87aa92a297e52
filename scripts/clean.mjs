/** `npm run clean`: removes everything the build and the tests write. */
import { readdirSync, rmSync } from 'node:fs';
import { root } from './setup.mjs';

const built = readdirSync(`${root}packages`).map((name) => `packages/${name}/dist`);
for (const path of [...built, 'test/dist', 'out']) {
  rmSync(root + path, { recursive: true, force: true });
}
