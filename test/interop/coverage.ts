/** What recent kernels have, and the link case that crosses the object boundary with it. */

/** A step of libbpf-peer, and what the program run by it returns. */
export interface FeatureStep {
  readonly text: string;
  readonly retval?: number;
}

export interface Feature {
  readonly feature: string;
  /** Folder of test/cases; each of its links without options is judged. */
  readonly fixture: string;
  /** What is run in the kernel, in one load; only loaded without it. */
  readonly steps?: readonly FeatureStep[];
}

const run = (program: string, retval: number, input = ''): FeatureStep => ({
  text: `run:${program}:${input}`,
  retval,
});

/** A packet of so many bytes. */
const packet = (length: number): string => 'ff'.repeat(length);

const u32 = (value: number): string => bytes(4, (view) => view.setUint32(0, value, littleEndian));
const u64 = (value: bigint): string =>
  bytes(8, (view) => view.setBigUint64(0, value, littleEndian));

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function bytes(length: number, set: (view: DataView) => void): string {
  const view = new DataView(new ArrayBuffer(length));
  set(view);
  return Buffer.from(view.buffer).toString('hex');
}

const wait: FeatureStep = { text: 'wait:100' };

export const features: readonly Feature[] = [
  {
    feature: 'struct_ops: `.struct_ops`, `.struct_ops.link`, `?` names',
    fixture: 'struct-ops-link',
    steps: [
      run('sol_first', 121, u32(5)),
      run('sol_first', 0x77),
      run('sol_second', 107, u32(0) + u64(3n) + u64(0n) + u64(0n) + u64(0n)),
    ],
  },
  { feature: 'struct_ops: operations of each object', fixture: 'struct-ops' },
  {
    feature: 'arenas: variables, pointers, pages',
    fixture: 'arena-globals',
    steps: [run('ag_fill', 1213), run('ag_fresh_page', 7), run('ag_clear', 1002)],
  },
  { feature: 'arenas: externs that stay undefined', fixture: 'arena-extern' },
  {
    feature: 'kptrs in maps',
    fixture: 'kptr-maps',
    steps: [run('kp_put', 0), run('kp_put', 1), run('kp_take', 21), run('kp_take', -2)],
  },
  {
    feature: 'kptrs: lists, `contains` tags',
    fixture: 'graph-kptrs',
    steps: [run('gk_push', 1), run('gk_pop', 42), run('gk_pop', -2)],
  },
  {
    feature: 'declaration and type tags',
    fixture: 'decl-tags',
    steps: [run('tag_a', 6, packet(64)), run('tag_b', 3, packet(64))],
  },
  {
    feature: 'tags with kind_flag',
    fixture: 'tag-attributes',
    steps: [run('ta_a', 2, packet(64)), run('ta_b', 2, packet(64))],
  },
  {
    feature: 'argument tags of global functions',
    fixture: 'argument-tags',
    steps: [run('at_run', 7564, packet(64))],
  },
  { feature: 'ENUM64', fixture: 'enum64', steps: [run('e64_set', 0), run('e64_get', 15)] },
  { feature: 'every kind of type', fixture: 'type-kinds' },
  { feature: 'kfuncs, weak ones too', fixture: 'kfuncs', steps: [run('kf_run', 50)] },
  { feature: 'ksyms without a type, weak ones too', fixture: 'ksyms', steps: [run('ks_a', 51)] },
  { feature: 'ksyms with a type', fixture: 'ksyms-typed', steps: [run('kt_a', 7)] },
  { feature: 'kconfig, weak ones too', fixture: 'kconfig', steps: [run('kc_a', 895)] },
  { feature: 'ksyms and kconfig declared by many', fixture: 'ksyms-kconfig' },
  {
    feature: 'exceptions, `exception_callback` tags',
    fixture: 'exceptions',
    steps: [
      run('ex_caught', 64, packet(64)),
      run('ex_caught', 1021, packet(100)),
      run('ex_default', 7, packet(100)),
    ],
  },
  { feature: 'timers', fixture: 'timers', steps: [run('tm_arm', 0), wait, run('tm_seen', 13)] },
  {
    feature: 'work queues',
    fixture: 'workqueues',
    steps: [run('wq_start', 0), wait, run('wq_seen', 6)],
  },
  {
    feature: 'maps of maps with static initialisers',
    fixture: 'map-of-maps',
    steps: [run('mm_fill', 0), run('mm_read', 711)],
  },
  { feature: 'maps of maps in each object', fixture: 'inner-maps' },
  {
    feature: 'program arrays initialised in C',
    fixture: 'prog-arrays',
    steps: [run('pa_enter', 17, packet(64)), run('pa_absent', 77, packet(64))],
  },
  {
    feature: 'bpf_iter, open-coded iterators',
    fixture: 'iterators',
    steps: [run('it_run', 102)],
  },
  { feature: 'user ring buffers', fixture: 'user-ringbuf', steps: [run('ur_drain', 100)] },
  { feature: 'per-CPU data sections', fixture: 'percpu-data' },
  { feature: 'jump tables', fixture: 'jump-tables' },
  { feature: 'jump tables with relocations', fixture: 'jump-tables-relocated' },
  {
    feature: '`gotol` and the rest of -mcpu=v4',
    fixture: 'gotol',
    steps: [run('gl_run', 236, packet(64))],
  },
  { feature: 'USDT', fixture: 'usdt' },
  {
    feature: 'custom sections of data and programs',
    fixture: 'custom-sections',
    steps: [run('cs_a', 5, packet(64)), run('cs_b', 653, packet(64))],
  },
  { feature: '`.text.NAME` and its kin', fixture: 'text-subsections' },
  {
    feature: 'CO-RE relocations of all 13 kinds',
    fixture: 'core-kinds',
    steps: [run('ck_fields', 186351)],
  },
  { feature: 'CO-RE relocations in static functions', fixture: 'core-relocations' },
  {
    feature: 'line info across macros and headers',
    fixture: 'line-macros',
    steps: [run('lm_a', 267, packet(64)), run('lm_b', 13, packet(64))],
  },
];
