/** Random C programs of several files, every name with one type, so that any choice of files agrees. */
import { seededRandom } from '../support/random.js';

const FUNCTIONS = 6;
const MAPS = 3;

/** Declarators of the variables by number: sizes and alignments that leave gaps. */
const VARIABLES: readonly (readonly [type: string, suffix: string, section: string])[] = [
  ['int', '', '.data'],
  ['__u64', '', '.data'],
  ['char', '[3]', '.data'],
  ['__u16', '', '.bss'],
  ['struct pair', '', '.bss'],
  ['const int', '', '.rodata'],
  ['const struct pair', '', '.rodata'],
  ['char', '', '.data.more'],
];

/** What the kernel resolves. */
const KERNEL_EXTERNS: readonly (readonly [value: string, declaration: string])[] = [
  ['bpf_prog_active', 'const int bpf_prog_active __ksym'],
  ['CONFIG_HZ', 'unsigned CONFIG_HZ __kconfig'],
  ['bpf_kfunc(x)', 'int bpf_kfunc(int x) __ksym'],
];

type Role = 'absent' | 'extern' | 'strong' | 'weak' | 'static';

/** The sources of a program of `files` files, each linkable with the others. */
export function randomProgram(seed: number, files: number): string[] {
  const random = seededRandom(seed);
  const below = (n: number) => random() % n;
  const defined = new Set<string>();
  const role = (name: string): Role => {
    const choice = (['absent', 'extern', 'extern', 'strong', 'weak', 'static'] as const)[below(6)]!;
    if (choice !== 'strong') return choice;
    if (defined.has(name)) return 'extern';
    defined.add(name);
    return 'strong';
  };
  return Array.from({ length: files }, (_, file) => {
    const lines = [
      '#include "bpf.h"',
      '',
      'struct pair {',
      '  int first;',
      '  __u64 second;',
      '};',
      '',
    ];
    const values: string[] = [];
    const bodies: string[] = [];
    for (const [i, [type, suffix, section]] of VARIABLES.entries()) {
      const chosen = role(`v${i}`);
      if (chosen === 'absent') continue;
      lines.push(variable(chosen, type, `v${i}`, suffix, section, 1 + below(200)));
      values.push(type.endsWith('pair') ? `v${i}.second` : suffix ? `v${i}[x & 1]` : `v${i}`);
    }
    for (const [name, declaration] of KERNEL_EXTERNS) {
      if (below(3) > 0) continue;
      lines.push(`extern ${declaration};`);
      values.push(name);
    }
    for (let i = 0; i < MAPS; i++) {
      const chosen = role(`m${i}`);
      // libbpf loads no static maps; they are linked all the same.
      if (chosen === 'absent') continue;
      lines.push(...map(chosen, i));
      values.push(`(long)bpf_map_lookup_elem(&m${i}, &key)`);
    }
    for (let i = 0; i < FUNCTIONS; i++) {
      const chosen = role(`f${i}`);
      if (chosen === 'absent') continue;
      const attributes = { strong: '', weak: '__weak ', static: 'static ', extern: 'extern ' }[
        chosen
      ];
      const hidden = chosen !== 'static' && i === 0 ? '__hidden ' : '';
      lines.push(`${attributes}${hidden}int f${i}(int x);`);
      if (chosen !== 'extern') bodies.push(`${attributes}${hidden}__noinline int f${i}(int x) {`);
      values.push(`f${i}(x + ${below(9)})`);
    }
    const expression = () => {
      const count = Math.min(values.length, 1 + below(4));
      const terms = Array.from({ length: count }, () => values[below(values.length)]!);
      return ['x', ...terms].join(' + ');
    };
    for (const head of shuffled(bodies, below)) {
      lines.push('', head, '  __u32 key = x;', '  barrier();', `  return ${expression()};`, '}');
    }
    lines.push(
      '',
      `SEC("socket")`,
      `int entry_${file}(void *ctx) {`,
      '  int x = 1;',
      '  __u32 key = 0;',
    );
    lines.push(`  return ${['key', ...values].join(' + ')};`, '}', '');
    return lines.join('\n');
  });
}

function variable(
  role: Role,
  type: string,
  name: string,
  suffix: string,
  section: string,
  value: number,
): string {
  if (role === 'extern') return `extern ${type} ${name}${suffix};`;
  const initial = section === '.bss' ? '' : ` = {${value}}`;
  const qualified = role === 'static' ? type.replace(/^(const )?/, '$1volatile ') : type;
  const place = role === 'static' || section === '.bss' ? '' : ` SEC("${section}")`;
  const prefix = role === 'static' ? 'static ' : role === 'weak' ? '__weak ' : '';
  return `${prefix}${qualified} ${name}${suffix}${place}${initial};`;
}

function map(role: Role, i: number): string[] {
  const body = [
    `struct map_${i} {`,
    `  __uint(type, ${i === 1 ? 'MAP_ARRAY' : 'MAP_HASH'});`,
    `  __uint(max_entries, ${16 << i});`,
    '  __type(key, __u32);',
    `  __type(value, ${i === 2 ? 'struct pair' : '__u64'});`,
    '};',
  ];
  const prefix = { extern: 'extern ', static: 'static ', weak: '', strong: '', absent: '' }[role];
  return [
    ...body,
    `${prefix}struct map_${i} m${i} SEC(".maps")${role === 'weak' ? ' __weak' : ''};`,
  ];
}

function shuffled<T>(items: readonly T[], below: (n: number) => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const k = below(i + 1);
    [result[i], result[k]] = [result[k]!, result[i]!];
  }
  return result;
}
