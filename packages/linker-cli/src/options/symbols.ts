import { parseDefsym } from '@bpf-ld/linker';
import type { OptionSpec } from './spec.js';

/** The options that control symbols. */
export const symbolOptions: readonly OptionSpec[] = [
  {
    names: ['no-undefined'],
    group: 'Symbols',
    summary: 'Make undefined symbols errors, save those that the kernel or the loader provides',
    apply: (settings) => {
      settings.noUndefined = true;
    },
  },
  {
    names: ['z'],
    group: 'Symbols',
    argument: { placeholder: 'KEYWORD', choices: ['defs', 'muldefs'], repeatable: true },
    summary: 'defs: --no-undefined; muldefs: --allow-multiple-definition',
    apply: (settings, value) => {
      if (value === 'defs') settings.noUndefined = true;
      else settings.allowMultipleDefinition = true;
    },
  },
  {
    names: ['unresolved-symbols'],
    group: 'Symbols',
    argument: {
      placeholder: 'METHOD',
      choices: ['report-all', 'ignore-all', 'ignore-in-object-files', 'ignore-in-shared-libs'],
    },
    summary:
      'Report undefined symbols (report-all, as --no-undefined) or not (ignore-all, the default)',
    apply: (settings, value) => {
      settings.noUndefined = value === 'report-all' || value === 'ignore-in-shared-libs';
    },
  },
  {
    names: ['warn-unresolved-symbols'],
    group: 'Symbols',
    summary: 'Make the undefined symbols that are reported warnings',
    apply: (settings) => {
      settings.warnUnresolved = true;
    },
  },
  {
    names: ['error-unresolved-symbols'],
    group: 'Symbols',
    summary: 'Make the undefined symbols that are reported errors (the default)',
    apply: (settings) => {
      settings.warnUnresolved = false;
    },
  },
  {
    names: ['undefined', 'u'],
    group: 'Symbols',
    argument: { placeholder: 'SYMBOL', repeatable: true },
    summary: 'Count as a reference to SYMBOL, and not a weak one; can be repeated',
    apply: (settings, value) => {
      settings.undefined.push(value);
    },
  },
  {
    names: ['require-defined'],
    group: 'Symbols',
    argument: { placeholder: 'SYMBOL', repeatable: true },
    summary: 'The same as -u, and fail if nothing defines SYMBOL; can be repeated',
    apply: (settings, value) => {
      settings.requireDefined.push(value);
    },
  },
  {
    names: ['defsym'],
    group: 'Symbols',
    argument: {
      placeholder: 'NAME=EXPR',
      repeatable: true,
      check: (value) => {
        const parsed = parseDefsym(value);
        return parsed.ok ? undefined : parsed.problem;
      },
    },
    summary: 'Define NAME as a number, a symbol, or a sum or difference of these; can be repeated',
    apply: (settings, value) => {
      settings.definitions.push(value);
    },
  },
  {
    names: ['wrap'],
    group: 'Symbols',
    argument: { placeholder: 'SYMBOL', repeatable: true },
    summary: 'References to SYMBOL mean __wrap_SYMBOL, those to __real_SYMBOL mean SYMBOL',
    apply: (settings, value) => {
      settings.wrap.push(value);
    },
  },
  {
    names: ['allow-multiple-definition'],
    group: 'Symbols',
    summary: 'Of several definitions of a symbol take the first',
    apply: (settings) => {
      settings.allowMultipleDefinition = true;
    },
  },
  {
    names: ['warn-common'],
    group: 'Symbols',
    summary: 'Warn where a common symbol meets another one or a definition',
    apply: (settings) => {
      settings.warnCommon = true;
    },
  },
  {
    names: ['version-script'],
    group: 'Symbols',
    argument: { placeholder: 'FILE', path: 'read' },
    summary: 'Make definitions local as FILE says: { global: NAME; local: PATTERN; };',
    apply: (settings, value) => {
      settings.versionScript = value;
    },
  },
  {
    names: ['export-symbol'],
    group: 'Symbols',
    argument: { placeholder: 'PATTERN', repeatable: true },
    summary: 'Make all definitions local but those that match PATTERN; can be repeated',
    apply: (settings, value) => {
      settings.exportSymbols.push(value);
    },
  },
  {
    names: ['export-symbols'],
    group: 'Symbols',
    argument: { placeholder: 'FILE', repeatable: true, path: 'read' },
    summary: 'The same for the patterns in FILE, one a line',
    apply: (settings, value) => {
      settings.exportSymbolFiles.push(value);
    },
  },
  {
    names: ['localize-hidden'],
    group: 'Symbols',
    summary: 'Make hidden and internal definitions local',
    apply: (settings) => {
      settings.localizeHidden = true;
    },
  },
  {
    names: ['prefix-symbols'],
    group: 'Symbols',
    argument: {
      placeholder: 'PREFIX',
      check: (value) =>
        /^[A-Za-z_]\w*$/.test(value)
          ? undefined
          : { message: 'cannot begin the name of a C symbol', start: 0, end: value.length },
    },
    summary: 'Put PREFIX in front of the names of global definitions, in symbols and BTF',
    apply: (settings, value) => {
      settings.prefix = value;
    },
  },
  {
    names: ['unique-statics'],
    group: 'Symbols',
    summary: 'Tell static functions and variables of one name apart: NAME, NAME__1, NAME__2',
    apply: (settings) => {
      settings.uniqueStatics = true;
    },
  },
  {
    names: ['retain-symbols-file'],
    group: 'Symbols',
    argument: { placeholder: 'FILE', path: 'read' },
    summary: 'Leave out symbols that nothing needs, except those in FILE, one a line',
    apply: (settings, value) => {
      settings.retainFile = value;
    },
  },
];
