#!/usr/bin/env node
/**
 * Measures bpf-ld beside bpftool and holds it against its targets; writes RESULTS.md.
 *
 *     node bench/run.mjs [--quick]
 *
 * `--quick` takes few samples and leaves RESULTS.md alone. $BPFTOOL names the bpftool to compare
 * with (default: the one on PATH). Exit status 1: a target is missed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, loadavg, platform } from 'node:os';
import { join } from 'node:path';

import { buildExecutable, compareWithNode } from './executable.mjs';
import { compilerVersion, generate } from './generate.mjs';
import { KERNEL_TYPES, makeKernelObjects } from './kernel-objects.mjs';
import { peakMemory, timeInTurns, timeWarm } from './measure.mjs';
import { BENCH, COMMAND, ROOT, WORK } from './places.mjs';

const QUICK = process.argv.includes('--quick');
const BPFTOOL = process.env['BPFTOOL'] ?? 'bpftool';

/** How many objects, and how often each command links them. */
const SIZES = [
  { objects: 2, rounds: QUICK ? 10 : 60 },
  { objects: 400, rounds: QUICK ? 2 : 11 },
  { objects: 1600, rounds: QUICK ? 1 : 7 },
];
const SMALL = 2;
const MEDIUM = 400;
const LARGE = 1600;

/** Objects with a whole kernel's types, and small ones linked with them. */
const KERNEL_OBJECTS = 4;
const KERNEL_ROUNDS = QUICK ? 2 : 9;

const NODE = `node -e 0`;
const COMMAND_LABEL = 'bpf-ld';
const EXECUTABLE_LABEL = 'bpf-ld, standalone';
const BPFTOOL_LABEL = 'bpftool gen object';

/** Before anything here adds to it. */
const load = loadavg()[0] ?? 0;
const objects = await generate(LARGE, join(WORK, 'objects'), (text) => note(text));
if (!existsSync(COMMAND)) throw new Error('the command is not built: npm run build');
const executable = buildExecutable();
const bpftoolVersion = versionOf(BPFTOOL, ['version']);

/** @type {Map<number, Map<string, import('./measure.mjs').Samples>>} */
const times = new Map();
for (const { objects: count, rounds } of SIZES) {
  note(`timing ${count} objects`);
  times.set(count, timeInTurns(commandsFor(count), rounds));
}
note('measuring memory');
const inputBytes = sizeOf(LARGE);
const nodePeak = peakMemory([process.execPath, '-e', '0']);
const commandPeak = peakMemory(
  [process.execPath, COMMAND, ...objects.slice(0, LARGE), '-o', join(WORK, 'out.o')],
  3,
);
note('kernel types');
const kernels = existsSync(KERNEL_TYPES) ? measureKernelTypes() : undefined;
note('timing link()');
const warm = await timeLink();
const compared = compareWithNode(executable, objects.slice(0, SMALL));
note('');

const checks = checkTargets();
const report = render();
console.log(report);
if (!QUICK) writeFileSync(join(BENCH, 'RESULTS.md'), report);
if (checks.some(({ met }) => met === false)) process.exitCode = 1;

/** @param {number} count @returns {import('./measure.mjs').Command[]} */
function commandsFor(count) {
  const inputs = objects.slice(0, count);
  const output = join(WORK, 'out.o');
  const link = (/** @type {string[]} */ ...words) => [...words, ...inputs, '-o', output];
  const commands = [
    { label: COMMAND_LABEL, words: link(process.execPath, COMMAND) },
    { label: EXECUTABLE_LABEL, words: link(executable) },
  ];
  if (bpftoolVersion !== undefined) {
    commands.push({ label: BPFTOOL_LABEL, words: [BPFTOOL, 'gen', 'object', output, ...inputs] });
  }
  if (count === SMALL) commands.push({ label: NODE, words: [process.execPath, '-e', '0'] });
  return commands;
}

/**
 * Objects that carry the running kernel's types, all in one order and each in its own, linked with
 * as many small objects.
 */
function measureKernelTypes() {
  const bases = objects.slice(0, KERNEL_OBJECTS);
  const small = objects.slice(KERNEL_OBJECTS, 2 * KERNEL_OBJECTS);
  return /** @type {const} */ (['identical', 'permuted']).map((variant) => {
    const inputs = [...makeKernelObjects(variant, join(WORK, variant), bases), ...small];
    const output = join(WORK, 'out.o');
    const command = [process.execPath, COMMAND, ...inputs, '-o', output];
    const commands = [{ label: COMMAND_LABEL, words: command }];
    if (bpftoolVersion !== undefined) {
      commands.push({ label: BPFTOOL_LABEL, words: [BPFTOOL, 'gen', 'object', output, ...inputs] });
    }
    const bytes = inputs.reduce((total, path) => total + statSync(path).size, 0);
    return {
      variant,
      bytes,
      times: timeInTurns(commands, KERNEL_ROUNDS),
      peak: peakMemory(command, 3),
    };
  });
}

/** `link()` on two small objects in a process that has linked them often. */
async function timeLink() {
  const { link } = await import(join(ROOT, 'packages/linker/dist/index.js'));
  const inputs = objects.slice(0, SMALL).map((path, index) => ({
    name: `${index}.o`,
    bytes: new Uint8Array(readFileSync(path)),
  }));
  return timeWarm(() => {
    if (!link({ inputs }).ok) throw new Error('link() failed');
  });
}

/**
 * The targets, each with what was measured.
 *
 * @returns {{ what: string, target: string, actual: string, met: boolean | undefined }[]}
 */
function checkTargets() {
  const of = (/** @type {number} */ count, /** @type {string} */ label) =>
    times.get(count)?.get(label)?.median ?? Number.NaN;
  const large = of(LARGE, COMMAND_LABEL);
  const growth = large / of(MEDIUM, COMMAND_LABEL);
  const cold = of(SMALL, COMMAND_LABEL) - of(SMALL, NODE);
  const alone = of(SMALL, EXECUTABLE_LABEL);
  const bpftool = times.get(SMALL)?.get(BPFTOOL_LABEL)?.median;
  const memory =
    commandPeak === undefined || nodePeak === undefined
      ? undefined
      : (commandPeak - nodePeak) / inputBytes;
  const kernelTargets = (kernels ?? []).flatMap(({ variant, bytes, times: byLabel, peak }) => {
    const own = byLabel.get(COMMAND_LABEL)?.median ?? Number.NaN;
    const other = byLabel.get(BPFTOOL_LABEL)?.median;
    const sizes =
      peak === undefined || nodePeak === undefined ? undefined : (peak - nodePeak) / bytes;
    return [
      {
        what: `${KERNEL_OBJECTS} objects with a kernel's types, ${variant}, against bpftool`,
        target: other === undefined ? 'no more time' : `at most ${other.toFixed(0)} ms`,
        actual: other === undefined ? 'not measured (no bpftool)' : `${own.toFixed(0)} ms`,
        met: other === undefined ? undefined : own <= other,
      },
      {
        what: `the same, peak memory beyond node's own, in sizes of the input`,
        target: 'at most 8',
        actual: sizes === undefined ? 'not measured (no GNU time)' : sizes.toFixed(2),
        met: sizes === undefined ? undefined : sizes <= 8,
      },
    ];
  });
  return [
    ...kernelTargets,
    {
      what: `${number(LARGE)} objects, the command`,
      target: 'at most 1.2 s',
      actual: `${(large / 1000).toFixed(2)} s`,
      met: large <= 1200,
    },
    {
      what: `growth, ${number(LARGE)} objects against ${MEDIUM}`,
      target: 'at most 4.6 times',
      actual: `${growth.toFixed(2)} times`,
      met: growth <= 4.6,
    },
    {
      what: `two objects, the command beyond \`${NODE}\``,
      target: 'at most 40 ms',
      actual: `${cold.toFixed(1)} ms`,
      met: cold <= 40,
    },
    {
      what: 'two objects, `link()` warm',
      target: 'at most 1.5 ms',
      actual: `${warm.median.toFixed(2)} ms`,
      met: warm.median <= 1.5,
    },
    {
      what: `peak memory for ${number(LARGE)} objects beyond node's own, in sizes of the input`,
      target: 'at most 6',
      actual: memory === undefined ? 'not measured (no GNU time)' : memory.toFixed(2),
      met: memory === undefined ? undefined : memory <= 6,
    },
    {
      what: 'two objects, the standalone executable against bpftool',
      target: bpftool === undefined ? 'less time' : `less than ${bpftool.toFixed(1)} ms`,
      actual: bpftool === undefined ? 'not measured (no bpftool)' : `${alone.toFixed(1)} ms`,
      met: bpftool === undefined ? undefined : alone < bpftool,
    },
    {
      what: 'two objects, output of the executable and under Node',
      target: 'equal bytes',
      actual: compared.same ? `equal (${number(compared.size)} bytes)` : 'different',
      met: compared.same,
    },
  ];
}

function render() {
  const verdict = (/** @type {boolean | undefined} */ met) =>
    met === undefined ? '–' : met ? 'yes' : '**no**';
  return `# Results

Made by \`${bpftoolVersion === undefined ? '' : 'BPFTOOL=… '}node bench/run.mjs\`; README.md says how to
repeat it. Times are wall time of whole processes, started in turns in one run.

| | |
| --- | --- |
| machine | ${platform()} ${arch()}, ${availableParallelism()} cores, load ${load.toFixed(1)} at the start |
| node | ${process.version} |
| bpftool | ${bpftoolVersion ?? 'not there'} |
| objects from | ${compilerVersion()} |
| input | ${SIZES.map(({ objects: count }) => `${number(count)}: ${megabytes(sizeOf(count))}`).join('; ')} |

## Targets

| what | target | measured | met |
| --- | --- | --- | --- |
${checks.map(({ what, target, actual, met }) => `| ${what} | ${target} | ${actual} | ${verdict(met)} |`).join('\n')}

## Times

| objects | command | runs | median | min | max |
| ---: | --- | ---: | ---: | ---: | ---: |
${[...times].flatMap(([count, byLabel]) => [...byLabel].map(([label, samples]) => timeRow(number(count), label, samples))).join('\n')}
${timeRow(String(SMALL), '`link()`, warm', warm)}

## A kernel's types

${kernels === undefined ? 'Not measured: the kernel publishes none.' : `${KERNEL_OBJECTS} objects that carry all types of the running kernel, and ${KERNEL_OBJECTS} small ones.`}

| types | input | command | runs | median | min | max |
| --- | --- | --- | ---: | ---: | ---: | ---: |
${(kernels ?? []).flatMap(({ variant, bytes, times: byLabel }) => [...byLabel].map(([label, samples]) => `| ${variant} ${timeRow(megabytes(bytes), label, samples)}`)).join('\n')}

## Peak memory

| command | peak |
| --- | ---: |
| ${NODE} | ${megabytes(nodePeak)} |
| ${COMMAND_LABEL}, ${number(LARGE)} objects | ${megabytes(commandPeak)} |
${(kernels ?? []).map(({ variant, peak }) => `| ${COMMAND_LABEL}, ${KERNEL_OBJECTS} objects with a kernel's types, ${variant} | ${megabytes(peak)} |\n`).join('')}`;
}

/** @param {string} count @param {string} label @param {import('./measure.mjs').Samples} samples */
function timeRow(count, label, { samples, median, min, max }) {
  const cells = [count, label, samples.length, ...[median, min, max].map(milliseconds)];
  return `| ${cells.join(' | ')} |`;
}

/** @param {number} value */
function milliseconds(value) {
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

/** @param {number | undefined} bytes */
function megabytes(bytes) {
  return bytes === undefined ? 'not measured' : `${(bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1)} MB`;
}

/** @param {number} value */
function number(value) {
  return value.toLocaleString('en-US');
}

/** @param {number} count */
function sizeOf(count) {
  return objects.slice(0, count).reduce((total, path) => total + statSync(path).size, 0);
}

/**
 * What the tool says its version is, on one line; undefined when it cannot be run.
 *
 * @param {string} tool @param {readonly string[]} words
 */
function versionOf(tool, words) {
  const { status, stdout } = spawnSync(tool, words, { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n').join(', ') : undefined;
}

/** @param {string} text */
function note(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
