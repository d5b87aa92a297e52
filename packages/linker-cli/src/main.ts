#!/usr/bin/env node
import { processHost } from './process-host.js';
import { run } from './run.js';

// The exit code is set, not taken by process.exit(), which would cut off what a pipe has not yet taken.
void run(processHost()).then((exitCode) => {
  process.exitCode = exitCode;
});
