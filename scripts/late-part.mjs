/**
 * What few links call: the bundled command leaves it in a file of its own, the late part, and reads that when any of it
 * is called for the first time.
 *
 * Every module is in one of the two files only, so that there is one of each class and each cache: what the late part
 * needs of the main part it is given when it is read. Only modules that are nothing but constants are in both.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setup.mjs';

/**
 * Modules of which a link of sound objects into an object calls nothing; what only they import is late, too. The main
 * part uses nothing but functions of them.
 */
const LATE = new Set([
  'fflate',
  'fzstd',
  ...Object.entries({
    'bpf-isa': ['disassemble'],
    btf: ['compat-map', 'print-c'],
    'debug-info': ['adjust'],
    diagnostics: ['diagnostics'],
    'elf-reader': ['read-archive', 'read-program-headers'],
    'elf-writer': ['hash-tables'],
    linker: [
      'assigned-symbols',
      'debug-output',
      'defsym',
      'fold-functions',
      'helpers',
      'link-map',
      'liveness',
      'make-image',
      'name-types',
      'resolve-local-calls',
      'sites',
      'symbol-control',
      'targets/machines',
      'ubpf-object',
      'undefined-symbols',
      'version-script',
    ],
    'linker-cli': ['map', 'reports', 'script-files'],
    'reloc-engine': ['apply', 'dynamic', 'implicit-calls', 'jump-tables', 'resolve-calls'],
    'symbol-resolver': ['archives', 'atoms', 'collect', 'fold'],
  }).flatMap(([name, modules]) =>
    modules.map((module) => `${root}packages/${name}/dist/${module}.js`),
  ),
]);

/** The late part, as the main part requires it. */
const LATE_PART = './chunks/late.cjs';

/**
 * Bundles a program in its two parts.
 *
 * @param esbuild the bundler's build function
 * @param options its options for the main part
 * @param lateOptions those for the late part
 * @returns the warnings
 */
export async function bundleInTwo(esbuild, options, lateOptions) {
  const asked = new Keys();
  const given = new Keys();
  const met = new Set();
  const reExport = ({ key, name, path }) =>
    `export { ${name} as ${key} } from ${JSON.stringify(path)};`;

  const buildMain = (toGive) =>
    esbuild({
      ...options,
      write: false,
      metafile: true,
      plugins: [standIns(asked, toGive, met), ...options.plugins],
    });
  const buildLate = (toOffer, isMain) =>
    esbuild({
      ...lateOptions,
      stdin: { contents: toOffer.map(reExport).join(''), resolveDir: root },
      format: 'iife',
      globalName: 'late',
      banner: { js: 'module.exports = (given) => {' },
      footer: { js: 'return late; };' },
      write: false,
      plugins: [takenFrom(isMain, given), ...lateOptions.plugins],
    });

  // What one part has to have for the other can need more of that one, and so on.
  const wanted = new Set();
  const modules = new Set();
  let main = await buildMain([]);
  for (;;) {
    for (const entry of asked.usedIn(main)) wanted.add(entry);
    for (const path of modulesIn(main)) modules.add(path);
    const size = wanted.size + modules.size;
    const late = await buildLate([...wanted].sort(byKey), (path) => modules.has(path));
    main = await buildMain(given.usedIn(late));
    if (new Set([...wanted, ...modules, ...asked.usedIn(main), ...modulesIn(main)]).size > size) {
      continue;
    }
    for (const { path, contents } of [...main.outputFiles, ...late.outputFiles]) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, contents);
    }
    const notMet = [...LATE].filter((name) => !met.has(name));
    const strays = notMet.map((name) => ({ text: `the main part imports no ${name} to be late` }));
    return [...strays, ...main.warnings, ...late.warnings];
  }
}

/** The paths of the modules that left something in a bundle. */
function modulesIn({ metafile }) {
  const [{ inputs }] = Object.values(metafile.outputs);
  const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return used.map(([path]) => resolve(root, path));
}

/**
 * What one part calls the exports of the other part's modules. These are read in no certain order, on which no byte may
 * depend.
 */
class Keys {
  #entries = new Map();

  of(name, path) {
    const module = createHash('sha256').update(relative(root, path)).digest('hex');
    const key = `${name}_${module.slice(0, 6)}`;
    if (!this.#entries.has(key)) this.#entries.set(key, { key, name, path });
    return key;
  }

  /** The keys that are left in a bundle, each with its export and module. */
  usedIn({ outputFiles: [{ text }] }) {
    const words = new Set(text.match(/(?<=\(")\w+(?="\))/g));
    return [...this.#entries.values()].filter(({ key }) => words.has(key)).sort(byKey);
  }
}

/**
 * In the main part: functions that stand for those of the late modules.
 *
 * @param keys takes what the late modules have
 * @param given what the late part uses of the main part
 * @param met takes the late modules that are imported
 */
function standIns(keys, given, met) {
  return {
    name: 'stand-ins',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^late$/ }, ({ path }) => ({ path, namespace: 'late' }));
      onResolve({ filter: /^\.\/chunks\/late/ }, ({ path }) => ({ path, external: true }));
      onResolve(
        { filter: /./ },
        onStaticImport(resolve, (found, path) => {
          const late = [path, found.path].find((name) => LATE.has(name));
          if (late === undefined) return found;
          met.add(late);
          return { ...found, namespace: 'stand-in' };
        }),
      );
      onLoad({ filter: /./, namespace: 'stand-in' }, async ({ path }) => {
        const functions = Object.entries(await importFile(path)).filter(([, value]) =>
          isFunction(value),
        );
        const contents = functions.map(
          ([name]) =>
            `export function ${name}(...values) { return late("${keys.of(name, path)}")(...values); }`,
        );
        return { contents: [`import { late } from 'late';`, ...contents].join('\n') };
      });
      onLoad({ filter: /./, namespace: 'late' }, () => ({
        contents: `
          ${given.map(({ key, name, path }) => `import { ${name} as ${key} } from ${JSON.stringify(path)};`).join('\n')}
          let part;
          export function late(key) {
            if (!part) {
              const given = { ${given.map(({ key }) => key).join(', ')} };
              part = require('${LATE_PART}')((name) => given[name]);
            }
            return part[key];
          }`,
        resolveDir: root,
      }));
    },
  };
}

/**
 * In the late part: what it uses of the main part's modules.
 *
 * @param isMain whether the module at a path is in the main part
 * @param keys takes what these modules have
 */
function takenFrom(isMain, keys) {
  return {
    name: 'taken-from-the-main-part',
    setup({ onResolve, onLoad, resolve }) {
      onResolve(
        { filter: /./ },
        onStaticImport(resolve, async (found) => {
          if (!isMain(found.path)) return found;
          const values = Object.values(await importFile(found.path));
          const isConstant = values.every((value) => Object(value) !== value);
          return isConstant ? found : { ...found, namespace: 'given', sideEffects: false };
        }),
      );
      onLoad({ filter: /./, namespace: 'given' }, async ({ path }) => {
        const names = Object.keys(await importFile(path));
        const contents = names.map(
          (name) => `export const ${name} = /* @__PURE__ */ given("${keys.of(name, path)}");`,
        );
        return { contents: contents.join('\n') };
      });
    },
  };
}

/** A handler of static imports, given what they resolve to without it. */
function onStaticImport(resolve, handle) {
  return async ({ path, kind, importer, resolveDir, pluginData }) => {
    if (kind !== 'import-statement' || pluginData === handle) return undefined;
    const found = await resolve(path, { kind, importer, resolveDir, pluginData: handle });
    return found.external || found.errors.length > 0 ? found : handle(found, path);
  };
}

const byKey = (a, b) => (a.key < b.key ? -1 : 1);

const importFile = (path) => import(pathToFileURL(path));

/** Whether a value is a function and no class, which a function cannot stand for. */
function isFunction(value) {
  return typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value));
}
