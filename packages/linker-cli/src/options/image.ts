import {
  parseHelper,
  type HashStyle,
  type OutputKind,
  type TargetName,
  type TextProblem,
} from '@bpf-ld/linker';
import type { SettingsDraft } from './settings.js';
import type { OptionSpec } from './spec.js';

/** Executables, shared objects, and what runs them. */
export const imageOptions: readonly OptionSpec[] = [
  {
    names: ['relocatable', 'r'],
    group: 'Output',
    summary: 'Keep relocations for a loader such as libbpf to apply (the default)',
    apply: (settings) => chooseOutput(settings, 'relocatable'),
  },
  {
    names: ['static'],
    group: 'Output',
    summary: 'Apply all relocations: an executable whose addresses are fixed',
    apply: (settings) => chooseOutput(settings, 'static'),
  },
  {
    names: ['shared'],
    group: 'Output',
    summary: 'Make a shared object that a run-time loader relocates',
    apply: (settings) => chooseOutput(settings, 'shared'),
  },
  {
    names: ['target'],
    group: 'Output',
    argument: {
      placeholder: 'TARGET',
      choices: ['bpf', 'ubpf', 'sbf-v0', 'sbf-v1', 'sbf-v2', 'sbf-v3'],
    },
    summary: 'Obey the rules of what is to run the output (default: bpf)',
    apply: (settings, value) => {
      settings.target = value as TargetName;
    },
  },
  {
    names: ['entry', 'e'],
    group: 'Output',
    argument: { placeholder: 'SYMBOL' },
    summary: 'Let an executable or shared object start at SYMBOL, or at an address',
    apply: (settings, value) => {
      settings.entry = value;
    },
  },
  {
    names: ['Ttext'],
    group: 'Output',
    argument: { placeholder: 'ADDRESS', check: checkAddress },
    summary: 'Put .text at ADDRESS, a hexadecimal number',
    apply: (settings, value) => {
      settings.textAddress = parseAddress(value);
    },
  },
  {
    names: ['Trodata'],
    group: 'Output',
    argument: { placeholder: 'ADDRESS', check: checkAddress },
    summary: 'Put .rodata at ADDRESS, a hexadecimal number',
    apply: (settings, value) => {
      settings.rodataAddress = parseAddress(value);
    },
  },
  {
    names: ['Tdata'],
    group: 'Output',
    argument: { placeholder: 'ADDRESS', check: checkAddress },
    summary: 'Put .data at ADDRESS, a hexadecimal number',
    apply: (settings, value) => {
      settings.dataAddress = parseAddress(value);
    },
  },
  {
    names: ['emit-relocs', 'q'],
    group: 'Output',
    summary: 'Keep a record of the relocations that were applied',
    apply: (settings) => {
      settings.emitRelocations = true;
    },
  },
  {
    names: ['resolve-calls'],
    group: 'Output',
    summary: 'In a relocatable object, resolve calls inside one section',
    apply: (settings) => {
      settings.resolveCalls = true;
    },
  },
  {
    names: ['helper'],
    group: 'Output',
    argument: {
      placeholder: 'NAME=ID',
      repeatable: true,
      check: (value) => {
        const parsed = parseHelper(value);
        return parsed.ok ? undefined : parsed.problem;
      },
    },
    summary: 'Make calls of NAME, if undefined, call helper ID; can be repeated',
    apply: (settings, value) => {
      settings.helpers.push(value);
    },
  },
  {
    names: ['helpers'],
    group: 'Output',
    argument: { placeholder: 'FILE', repeatable: true, path: 'read' },
    summary: 'The same for each line NAME=ID of FILE',
    apply: (settings, value) => {
      settings.helperFiles.push(value);
    },
  },
  {
    names: ['soname'],
    group: 'Output',
    argument: { placeholder: 'NAME' },
    summary: 'Call a shared object NAME (DT_SONAME)',
    apply: (settings, value) => {
      settings.soname = value;
    },
  },
  {
    names: ['hash-style'],
    group: 'Output',
    argument: { placeholder: 'STYLE', choices: ['sysv', 'gnu', 'both'] },
    summary: 'Hash tables of a shared object: sysv, gnu or both (the default)',
    apply: (settings, value) => {
      settings.hashStyle = value as HashStyle;
    },
  },
];

function chooseOutput(settings: SettingsDraft, kind: OutputKind): string | undefined {
  const { outputKind } = settings;
  settings.outputKind = kind;
  if (outputKind === undefined || outputKind === kind) return undefined;
  const spelled = (name: OutputKind): string => `--${name}`;
  return `${spelled(kind)} cannot be used with ${spelled(outputKind)}`;
}

/** As in GNU ld: hexadecimal, with 0x or without. */
function checkAddress(value: string): TextProblem | undefined {
  const problem = (message: string): TextProblem => ({ message, start: 0, end: value.length });
  if (!/^(0[xX])?[\da-fA-F]+$/.test(value)) return problem('is not a hexadecimal number');
  // Sums of addresses and sizes stay exact.
  return parseAddress(value) > 2 ** 52 ? problem('is beyond 2 to the power of 52') : undefined;
}

function parseAddress(value: string): number {
  return Number.parseInt(value, 16);
}
