import { endianness } from 'node:os';
import type { ExampleName } from './examples.js';
import { frame, ip4, tcp4, tcp6, udp4, udp6 } from './packets.js';

/** enum xdp_action. */
const ABORTED = 0;
const DROP = 1;
const PASS = 2;
const TX = 3;

const little = endianness() === 'LE';

/** A step of libbpf-peer, and what a program run by it returns. */
export interface Step {
  readonly text: string;
  readonly retval?: number;
}

/** What is run of each example, in one load: later steps see what earlier ones left in the maps. */
export const scenarios: Readonly<Record<ExampleName, readonly Step[]>> = {
  'xdp-filter': filterPackets(),
  'trace-exec': traceRequests(),
  'timer-ops': timerRequests(),
};

function run(program: string, input: Uint8Array, retval: number): Step {
  return { text: `run:${program}:${hex(input)}`, retval };
}

function set(map: string, key: Uint8Array, value: Uint8Array): Step {
  return { text: `set:${map}:${hex(key)}:${hex(value)}` };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Integers in the machine's byte order, one after the other. */
function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) =>
    little ? bytes.writeUInt32LE(value, i * 4) : bytes.writeUInt32BE(value, i * 4),
  );
  return bytes;
}

function u64(...values: readonly (bigint | number)[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) =>
    little
      ? bytes.writeBigUInt64LE(BigInt(value), i * 8)
      : bytes.writeBigUInt64BE(BigInt(value), i * 8),
  );
  return bytes;
}

function filterPackets(): Step[] {
  const filter = (packet: Uint8Array, action: number): Step =>
    run('filter_ingress', packet, action);
  const denied = tcp4({ source: [192, 168, 7, 9] });
  const flow = { ports: [1234, 443] as const };
  return [
    // A rule for 192.168/16: verdict 2, denied. The bitmap denies port 8080, a constant port 23.
    set('source_rules', Buffer.concat([u32(16), Buffer.from([192, 168, 0, 0])]), u32(2, 0)),
    set('denied_ports', u32(126), u64(1n << 16n)),
    filter(tcp4(), PASS),
    filter(tcp4({ ports: [1, 23] }), DROP),
    filter(tcp4({ ports: [1, 8080] }), DROP),
    filter(tcp4({ ports: [1, 8081], payload: 1400 }), PASS),
    filter(denied, DROP),
    filter(udp4({ payload: 100 }), PASS),
    filter(udp4({ cut: 3 }), ABORTED),
    filter(tcp4({ cut: 8 }), ABORTED),
    filter(tcp4({ options: 3 }), PASS),
    filter(tcp4({ options: 10, payload: 300 }), PASS),
    filter(tcp4({ fragment: 100 }), DROP),
    filter(ip4(1), PASS),
    filter(ip4(58), PASS),
    filter(ip4(47, { payload: 600 }), PASS),
    filter(tcp4({ vlans: [5] }), PASS),
    filter(udp4({ vlans: [5, 6] }), PASS),
    filter(udp4({ vlans: [5, 6, 7] }), PASS),
    filter(tcp6(), PASS),
    filter(tcp6({ ports: [1, 445] }), DROP),
    filter(udp6({ payload: 60 }), PASS),
    filter(udp6({ cut: 8 }), ABORTED),
    filter(frame(0x0806, Buffer.alloc(28, 1), {}), PASS),
    filter(frame(0x0800, [0x45, 0, 0, 20], {}), ABORTED),
    // The ninth packet of a flow is over its budget, but for one that opens a connection.
    ...Array.from({ length: 8 }, () => filter(tcp4(flow), PASS)),
    filter(tcp4(flow), DROP),
    filter(tcp4({ ...flow, syn: true }), PASS),
    filter(tcp4({ ...flow, payload: 5 }), DROP),
    run('filter_dry_run', denied, PASS),
    run('filter_dry_run', tcp4(flow), PASS),
    run('filter_dry_run', udp4({ cut: 3 }), PASS),
    run('reflect_allowed', udp6(), TX),
    run('reflect_allowed', udp6({ ports: [1, 135] }), DROP),
    run('reflect_allowed', tcp4({ cut: 1 }), DROP),
  ];
}

function traceRequests(): Step[] {
  const request = (
    operation: number,
    pid: number,
    uid: number,
    time: number,
    comm: string,
  ): Buffer => {
    const name = Buffer.alloc(16);
    name.write(comm, 'latin1');
    return Buffer.concat([u32(operation, pid, uid, 0), u64(time), name, u64(0)]);
  };
  const simulate = (pid: number, uid: number, comm: string, retval: number): Step =>
    run('serve_request', request(0, pid, uid, 1000 + pid, comm), retval);
  const ask = (operation: number, question: number, time = 0): Step =>
    run('serve_request', request(operation, question, 0, time, ''), 0);
  return [
    // One in two of those traced is sent (1); the policy of the linked program says which are.
    simulate(10, 1000, 'bash', 1),
    simulate(11, 1001, 'make', 0),
    simulate(12, 999, 'make', 0),
    simulate(13, 0, 'sudo', 1),
    simulate(14, 0, 'sshd', 0),
    simulate(15, 0, 'cron', 0),
    simulate(16, 1, 'cron', 1),
    simulate(17, 5000, 'systemd', 0),
    simulate(18, 5000, 'init', 0),
    simulate(19, 5000, 'a-name-of-16-byt', 0),
    simulate(20, 4_000_000_000, '', 1),
    ask(1, 0),
    ask(2, 0, 3_600_000_000_000),
    ask(3, 0),
    ask(3, 1),
    ask(3, 2),
    ask(3, 3),
    ask(3, 4),
    run('serve_request', request(9, 0, 0, 0, ''), -22),
    // Null pointers for the task and the program: nothing can be read.
    run('on_exec', u64(0, 0, 0), -1),
    run('on_exec', u64(8, 1, 16), -1),
  ];
}

function timerRequests(): Step[] {
  const control = (request: Control, retval: number): Step => {
    const { operation, index = 0, mode = 0, count = 0, period = 0 } = request;
    const input = Buffer.concat([u32(operation, index, mode, count), u64(period, 0)]);
    return run('control', input, retval);
  };
  const packet = (stage: number, length: number, protocol = 0): Buffer => {
    const bytes = Buffer.alloc(length);
    bytes[0] = stage;
    if (length > 23) bytes[23] = protocol;
    return bytes;
  };
  const state = (value: number, ...further: readonly number[]): Buffer =>
    Buffer.concat([u32(value), u64(...further)]);
  const hour = 3_600_000_000_000;
  return [
    control({ operation: 3, index: 0, count: 5, period: 7 }, 5),
    control({ operation: 3, index: 2, count: 100, period: 1 }, 17),
    // No bucket there: the loop ends at once.
    control({ operation: 3, index: 1, count: 100, period: 1 }, 1),
    control({ operation: 4, index: 0 }, 0),
    control({ operation: 4, index: 2 }, 0),
    control({ operation: 4, index: 3 }, 0),
    // A periodic timer fires three times, a one-shot once; one is cancelled before it does.
    control({ operation: 0, index: 1, mode: 1, period: 1000 }, 0),
    control({ operation: 0, index: 2, mode: 0, period: 1000 }, 0),
    control({ operation: 0, index: 3, mode: 1, period: hour }, 0),
    control({ operation: 1, index: 3 }, 1),
    control({ operation: 1, index: 4 }, -22),
    control({ operation: 0, index: 99 }, -2),
    { text: 'wait:100' },
    control({ operation: 4, index: 2 }, 0),
    control({ operation: 2 }, 0),
    control({ operation: 2 }, 0),
    control({ operation: 7 }, -22),
    // Tail calls by the first byte; there is no third stage.
    run('dispatch', packet(0, 60), PASS),
    run('dispatch', packet(0, 1400), PASS),
    run('dispatch', packet(0, 3000), DROP),
    run('dispatch', packet(1, 20), ABORTED),
    run('dispatch', packet(1, 60, 6), PASS),
    run('dispatch', packet(1, 60, 17), TX),
    run('dispatch', packet(1, 60, 1), TX),
    run('dispatch', packet(2, 60), PASS),
    run('dispatch', packet(3, 60), TX),
    run('dispatch', packet(3, 65), TX),
    run('dispatch', packet(3, 65), TX),
    // Operations of struct_ops: the state before, and a null state.
    run('count_state', state(0), 0),
    run('count_state', state(5), 5),
    run('count_state', Buffer.alloc(0), 0x1234),
    run('add_arguments', state(9, 1, 2, 3, 4), 13),
    run('add_arguments', state(9, 100, 65535, 0, 1000), 1000),
  ];
}

/** The fields of struct control_request that a step sets. */
interface Control {
  readonly operation: number;
  readonly index?: number;
  readonly mode?: number;
  readonly count?: number;
  readonly period?: number;
}
