export type { Host, OutputStream } from './host.js';
export { run, type ExitCode } from './run.js';
