import { writeSync } from 'node:fs';
import type { Host, OutputStream } from './host.js';

/** The process itself. Its streams are made on first use: each costs a millisecond and more at start. */
export function processHost(): Host {
  return {
    words: process.argv.slice(2),
    environment: process.env,
    isTerminal,
    write,
    readStandardInput,
    untilInterrupted,
  };
}

const descriptors = { stdout: 1, stderr: 2 } as const;

async function isTerminal(stream: OutputStream): Promise<boolean> {
  const { isatty } = await import('node:tty');
  return isatty(descriptors[stream]);
}

/**
 * Writes straight to the descriptor, all of it before the promise resolves, so that nothing is lost when the process
 * ends. A pipe that its other side made non-blocking refuses when full (EAGAIN); the stream waits for it.
 */
async function write(stream: OutputStream, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptors[stream], bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await writeThroughStream(process[stream], bytes.subarray(written));
      return;
    }
  }
}

function writeThroughStream(stream: NodeJS.WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.write(bytes, (error) => {
      if (error) return reject(error);
      stream.off('error', reject);
      resolve();
    });
  });
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
