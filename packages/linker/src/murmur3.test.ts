import assert from 'node:assert/strict';
import { test } from 'node:test';
import { murmur3 } from './murmur3.js';

// The numbers by which Solana's machine knows these system calls.
test('murmur3 gives the numbers of system calls', () => {
  const hash = (name: string): number => murmur3(new TextEncoder().encode(name));
  assert.equal(hash('abort'), 0xb6fc1a11);
  assert.equal(hash('sol_log_'), 0x207559bd);
  assert.equal(hash('sol_panic_'), 0x686093bb);
  assert.equal(hash('entrypoint'), 0x71e3cf81);
  assert.equal(hash(''), 0);
});
