#!/usr/bin/env node
/**
 * Writes N BPF objects for measuring: real output of clang, one C source each.
 *
 *     node bench/generate.mjs N DIR
 *
 * Each object has 12 global functions that take pointers to 40 struct types of one shared header
 * and call functions of the next object; its size is about 24 KB. Objects are compiled two at a
 * time, and only when their source, the header or the compiler's version changed.
 *
 * $CLANG names the compiler (default clang-19).
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { isMain } from './places.mjs';

const CLANG = process.env['CLANG'] ?? 'clang-19';
const FLAGS = ['-target', 'bpf', '-mcpu=v3', '-O2', '-g'];
const JOBS = 2;
/** Sources of one compiler run: enough to spare its start, few enough to report progress. */
const BATCH = 25;

const FUNCTIONS = 12;
const STRUCTS = 40;
/** Pointers a function takes; the callee's are reached through `link` (see header). */
const ARGUMENTS = 4;

/**
 * Generates, or takes from the folder what is there already.
 *
 * @param {number} count how many objects
 * @param {string} folder where sources and objects go
 * @param {(text: string) => void} [report] told about progress
 * @returns {Promise<string[]>} paths of the objects in link order
 */
export async function generate(count, folder, report = () => {}) {
  mkdirSync(folder, { recursive: true });
  const stampOf = stamper(header());
  const headerPath = join(folder, 'shared.h');
  if (!existsSync(headerPath) || readFileSync(headerPath, 'utf8') !== header()) {
    writeFileSync(headerPath, header());
  }

  /** @type {{ index: number, stamp: string }[]} */
  const stale = [];
  for (let index = 0; index < count; index++) {
    const text = source(index);
    const stamp = stampOf(text);
    const base = join(folder, name(index));
    if (readIfThere(`${base}.stamp`) === stamp && existsSync(`${base}.o`)) continue;
    writeFileSync(`${base}.c`, text);
    stale.push({ index, stamp });
  }

  /** @type {(typeof stale)[]} */
  const batches = [];
  for (let i = 0; i < stale.length; i += BATCH) batches.push(stale.slice(i, i + BATCH));
  let done = 0;
  await Promise.all(
    Array.from({ length: JOBS }, async () => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        await compile(
          batch.map(({ index }) => `${name(index)}.c`),
          folder,
        );
        for (const { index, stamp } of batch) {
          writeFileSync(join(folder, `${name(index)}.stamp`), stamp);
        }
        done += batch.length;
        report(`compiled ${done} of ${stale.length}`);
      }
    }),
  );
  return Array.from({ length: count }, (_, index) => join(folder, `${name(index)}.o`));
}

/** @param {number} index */
function name(index) {
  return `object${String(index).padStart(4, '0')}`;
}

/** The first line the compiler says about its version. */
export function compilerVersion() {
  const { status, stdout } = spawnSync(CLANG, ['--version'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${CLANG} cannot be run: set $CLANG`);
  return stdout.split('\n')[0] ?? '';
}

/** @param {string} sharedHeader */
function stamper(sharedHeader) {
  const common = `${compilerVersion()}\n${FLAGS.join(' ')}\n${sharedHeader}`;
  return (/** @type {string} */ text) =>
    createHash('sha256')
      .update(common + text)
      .digest('hex');
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/**
 * One compiler run on many sources, in their folder, so that no path of this machine enters them.
 *
 * @param {string[]} sources
 * @param {string} folder
 * @returns {Promise<void>}
 */
function compile(sources, folder) {
  return new Promise((done, fail) => {
    const child = spawn(CLANG, [...FLAGS, '-fdebug-compilation-dir=.', '-c', ...sources], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('error', fail);
    child.on('exit', (code) => {
      if (code === 0) done();
      else fail(new Error(`${CLANG} failed with ${code}`));
    });
  });
}

/** The header all sources share: STRUCTS types, each with a pointer to the one half way round. */
function header() {
  const members = ['unsigned long long packets', 'unsigned int flags', 'unsigned char address[16]'];
  const lines = ['#pragma once'];
  for (let i = 0; i < STRUCTS; i++) lines.push(`struct shared_${i};`);
  for (let i = 0; i < STRUCTS; i++) {
    const own = [...members.slice(i % members.length), ...members.slice(0, i % members.length)];
    lines.push(
      `struct shared_${i} {`,
      `  struct shared_${(i + STRUCTS / 2) % STRUCTS} *link;`,
      ...own.map((member) => `  ${member};`),
      '};',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** @param {number} callee @param {number} argument */
function structOf(callee, argument) {
  return (callee * ARGUMENTS + argument) % STRUCTS;
}

/** @param {number} object @param {number} index */
function prototype(object, index) {
  const parameters = Array.from(
    { length: ARGUMENTS },
    (_, argument) => `struct shared_${structOf(index, argument)} *${'abcd'[argument]}`,
  );
  return `int stage_${object}_${index}(${parameters.join(', ')})`;
}

/**
 * The source of one object.
 *
 * The last object calls a next one too, which is not there: its calls stay undefined, as in any
 * partial link.
 *
 * @param {number} object
 */
function source(object) {
  const next = object + 1;
  const lines = ['#include "shared.h"'];
  for (let index = 0; index < FUNCTIONS; index++) lines.push(`${prototype(next, index)};`);
  lines.push(`unsigned long long calls_${object};`);
  for (let index = 0; index < FUNCTIONS; index++) {
    // structOf(index + 5) is structOf(index) half way round: `link` leads there.
    const linked = (index + STRUCTS / 2 / ARGUMENTS) % FUNCTIONS;
    const followsLink = structOf(linked, 0) === (structOf(index, 0) + STRUCTS / 2) % STRUCTS;
    lines.push(
      `${prototype(object, index)} {`,
      `  a->packets += calls_${object};`,
      `  c->flags |= d->address[${index}];`,
      ...(followsLink
        ? [`  if (b->flags) return stage_${next}_${linked}(a->link, b->link, c->link, d->link);`]
        : []),
      `  return stage_${next}_${index}(a, b, c, d);`,
      '}',
    );
  }
  lines.push('char _license[] __attribute__((section("license"))) = "GPL";');
  return `${lines.join('\n')}\n`;
}

if (isMain(import.meta.url)) {
  const [count, folder] = [Number(process.argv[2]), process.argv[3]];
  if (!Number.isSafeInteger(count) || count < 1 || folder === undefined) {
    console.error('usage: node bench/generate.mjs N DIR');
    process.exit(2);
  }
  const objects = await generate(count, folder, (text) => process.stderr.write(`\r${text}`));
  process.stderr.write('\n');
  console.log(`${objects.length} objects in ${folder}`);
}
