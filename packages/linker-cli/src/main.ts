#!/usr/bin/env node
import { processHost } from './process-host.js';
import { run } from './run.js';

// The exit code is set, not taken by process.exit(), which would cut off what a pipe has not yet taken.
run(processHost()).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.exitCode = 1;
    console.error('bpf-ld: error: this is a bug in bpf-ld, please report it:', error);
  },
);
