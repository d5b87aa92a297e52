/**
 * `npm run standalone`: packages/linker-cli's bundle and a JavaScript engine in one executable, out/bpf-ld, which needs
 * no Node. bun comes from npm for this step alone: at 100 MB it is no dependency that every clone should install.
 *
 *     npm run standalone                              for this machine
 *     npm run standalone -- --target=bun-darwin-arm64 for another, see bun's documentation
 *     npm run standalone -- --no-build                from the bundle as it is
 */
import { mkdirSync } from 'node:fs';
import { build } from './build.mjs';
import { npx, root, setUp } from './setup.mjs';

const BUN = 'bun@1.4.5';

const words = process.argv.slice(2);
if (!words.includes('--no-build')) {
  setUp();
  const messages = await build('packages/linker-cli');
  if (messages !== '') {
    console.error(messages);
    process.exit(1);
  }
}
mkdirSync(`${root}out`, { recursive: true });
const compile = npx([
  '-y',
  BUN,
  'build',
  '--compile',
  '--minify',
  // Parsed ahead of time: a cold start is most of a small link.
  '--bytecode',
  '--format=esm',
  '--splitting',
  // A small link is over before optimised code pays for its compilation: wait thirty times as long.
  '--compile-jit-policy=30',
  // What lies in the folder of a link must not change the linker.
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  ...words.filter((word) => word !== '--no-build'),
  '--outfile=out/bpf-ld',
  'packages/linker-cli/dist/bpf-ld.cjs',
]);
if (compile.status === 0) {
  console.log('out/bpf-ld');
} else {
  console.error(compile.stdout + compile.stderr + (compile.error?.message ?? ''));
  process.exitCode = 1;
}
