/** One factory for each diagnostic code, in alphabetical order of the codes. */
import type { Diagnostic, DiagnosticCode, Related, Severity, Site } from './diagnostic.js';

function make(
  code: DiagnosticCode,
  severity: Severity,
  message: string,
  related: readonly Related[],
  rest: { details?: readonly string[]; hint?: string } = {},
): Diagnostic {
  return {
    code,
    severity,
    message,
    related,
    details: rest.details ?? [],
    ...(rest.hint === undefined ? {} : { hint: rest.hint }),
  };
}

const at = (label: string, site: Site): Related => ({ label, site });

export function archiveMemberIgnored(member: string, what: string): Diagnostic {
  return make('archive-member-ignored', 'warning', `${member} is ignored: it is ${what}`, []);
}

/** A `--defsym` whose value is none that a symbol can have. */
export function badAssignment(text: string, reason: string): Diagnostic {
  return make('bad-assignment', 'error', `--defsym ${text}: ${reason}`, []);
}

/** A SHT_GROUP section that does not hold what the gABI says. */
export function badGroup(site: Site, reason: string): Diagnostic {
  return make('bad-group', 'error', `malformed section group: ${reason}`, [at('in', site)]);
}

/** A relocation whose place or target cannot be what its type says. */
export function badRelocation(site: Site, type: string, reason: string): Diagnostic {
  return make('bad-relocation', 'error', `${type}: ${reason}`, [at('relocation at', site)]);
}

export function byteOrderMismatch(first: Site, firstIsLittle: boolean, other: Site): Diagnostic {
  const order = (little: boolean): string => (little ? 'little endian' : 'big endian');
  return make(
    'byte-order-mismatch',
    'error',
    `${other.object} is ${order(!firstIsLittle)}, but ${first.object} is ${order(firstIsLittle)}`,
    [at('set by', first), at('contradicted by', other)],
    { hint: 'compile every object with the same -target: bpfel or bpfeb' },
  );
}

export function cannotReadInput(path: string, reason: string): Diagnostic {
  return make('cannot-read-input', 'error', `cannot read ${path}: ${reason}`, []);
}

export function cannotWriteOutput(path: string, reason: string): Diagnostic {
  return make('cannot-write-output', 'error', `cannot write ${path}: ${reason}`, [], {
    hint: 'the previous file, if any, was left as it was',
  });
}

/** `--warn-common`: a common symbol met another symbol of its name. */
export function commonSymbol(message: string, first: Site, other: Site): Diagnostic {
  return make('common-symbol', 'warning', message, [at('first in', first), at('then in', other)]);
}

/** A reference to something that leaves the output, such as a local of a losing COMDAT group. */
export function discardedReference(from: Site, symbol: string, target: Site): Diagnostic {
  return make(
    'discarded-reference',
    'error',
    `reference to ${symbol}, which is not part of the output`,
    [at('referenced by', from), at('discarded at', target)],
  );
}

export function duplicateSymbol(name: string, definitions: readonly Site[]): Diagnostic {
  return make(
    'duplicate-symbol',
    'error',
    `duplicate symbol: ${name}`,
    definitions.map((site) => at('defined at', site)),
    { hint: 'make one of them static, or __weak if it is a default that the other overrides' },
  );
}

/** `-e`, or the name a target starts at, is nothing that has an address in code. */
export function entryNotFound(name: string, reason: string, hint?: string): Diagnostic {
  const message = `entry ${name} ${reason}`;
  return make('entry-not-found', 'error', message, [], hint === undefined ? {} : { hint });
}

/** Functions without BTF beside functions with it: the kernel wants func_info for all or none. */
export function funcInfoSynthesized(names: readonly string[], sites: readonly Site[]): Diagnostic {
  const some = names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');
  return make(
    'func-info-synthesized',
    'warning',
    `no BTF for ${names.length === 1 ? 'function' : `${names.length} functions`} ${some}: made func_info that says int (void)`,
    sites.slice(0, 3).map((site) => at('defined at', site)),
    { hint: 'declare the function in a C file that calls it, and its declared type is used' },
  );
}

export function initArray(site: Site): Diagnostic {
  return make(
    'init-array',
    'error',
    `${site.section} asks for code to run at start-up, which no BPF loader does`,
    [at('in', site)],
    { hint: 'remove constructors and destructors, or initialise the variables statically' },
  );
}

export function jumpTableOwner(site: Site, reason: string): Diagnostic {
  return make('jump-table-owner', 'error', `jump table: ${reason}`, [at('in', site)]);
}

/** No file for `-l`; `folders` are those of `-L`, in order. */
export function libraryNotFound(
  option: string,
  file: string,
  folders: readonly string[],
): Diagnostic {
  const hint =
    folders.length === 0
      ? 'libraries are looked for in the folders that -L names, and none is named'
      : undefined;
  return make('library-not-found', 'error', `cannot find ${option}`, [], {
    details: folders.map((folder) => `looked for ${file} in ${folder}`),
    ...(hint !== undefined && { hint }),
  });
}

/** A GPL-compatible licence against one that is not: the kernel grants helpers by this string. */
export function licenseConflict(
  first: string,
  firstSite: Site,
  other: string,
  otherSite: Site,
): Diagnostic {
  return make(
    'license-conflict',
    'error',
    `licenses "${first}" and "${other}" differ in what the kernel allows them`,
    [at('first license', firstSite), at('other license', otherSite)],
    { hint: 'one object has one license: give every file the same string' },
  );
}

export function licenseDiffers(
  first: string,
  firstSite: Site,
  other: string,
  otherSite: Site,
): Diagnostic {
  return make(
    'license-differs',
    'warning',
    `license "${other}" differs from "${first}", which is kept`,
    [at('kept', firstSite), at('dropped', otherSite)],
  );
}

export function malformedArchive(site: Site, reason: string): Diagnostic {
  return make('malformed-archive', 'error', `malformed archive: ${reason}`, [at('in', site)]);
}

export function malformedBtf(site: Site, reason: string): Diagnostic {
  return make('malformed-btf', 'error', `malformed BTF: ${reason}`, [at('in', site)]);
}

/** The debug information of code that left the link stays as it was where it cannot be read. */
export function malformedDebugInfo(site: Site, reason: string): Diagnostic {
  return make('malformed-debug-info', 'warning', `malformed debug information: ${reason}`, [
    at('in', site),
  ]);
}

export function malformedObject(site: Site, reason: string): Diagnostic {
  return make('malformed-object', 'error', `malformed object: ${reason}`, [at('in', site)]);
}

/** An address that was asked for is none the section can have. */
export function misalignedAddress(section: string, address: number, alignment: number): Diagnostic {
  return make(
    'misaligned-address',
    'error',
    `section ${section} cannot be at 0x${address.toString(16)}: its alignment is ${alignment}`,
    [],
  );
}

/** A symbol would be renamed to what another one is called. */
export function nameTaken(name: string, renamed: string): Diagnostic {
  return make('name-taken', 'error', `${renamed} cannot become ${name}, which exists`, []);
}

/** An archive as a member of an archive; a thin one can even name itself. */
export function nestedArchive(member: string, isItself: boolean): Diagnostic {
  const what = isItself ? 'the archive itself' : 'an archive';
  return make('nested-archive', 'error', `${member} is ${what}: archives do not nest`, [], {
    hint: 'put its members into the outer archive, or name both archives on the command line',
  });
}

/** `hasLazy`: there are archives, but nothing that needs one of their members. */
export function noInputs(hasLazy: boolean = false): Diagnostic {
  const hint = 'nothing needs a member of the archives; --whole-archive takes all members';
  return make('no-inputs', 'error', 'no input objects', [], hasLazy ? { hint } : {});
}

/** A function that was asked for by name; `similar` is what may have been meant. */
export function noSuchFunction(object: string, name: string, similar?: string): Diagnostic {
  const hint = `did you mean ${similar}?`;
  const message = `${object} has no function ${name}`;
  return make('no-such-function', 'error', message, [], similar === undefined ? {} : { hint });
}

export function notABpfObject(object: string, what: string, hint: string): Diagnostic {
  return make('not-a-bpf-object', 'error', `${object} is ${what}`, [], { hint });
}

/** Declared sizes add up to more than inputs of this size can mean. */
export function outputTooLarge(site: Site, size: number, limit: number): Diagnostic {
  return make(
    'output-too-large',
    'error',
    `section ${site.section} would grow to ${size} bytes in the output file (limit ${limit})`,
    [at('with', site)],
    {
      hint: 'a zero-filled section merges with an initialised one of the same name, or an alignment is huge',
    },
  );
}

/** Addresses put two sections where only one can be. */
export function overlappingSections(
  first: string,
  firstRange: readonly [number, number],
  other: string,
  otherRange: readonly [number, number],
): Diagnostic {
  const range = ([from, until]: readonly [number, number]): string =>
    `0x${from.toString(16)} to 0x${until.toString(16)}`;
  return make(
    'overlapping-sections',
    'error',
    `section ${other} at ${range(otherRange)} overlaps ${first} at ${range(firstRange)}`,
    [],
    { hint: 'give -Ttext, -Trodata and -Tdata addresses further apart' },
  );
}

/** An applied relocation whose value its field cannot hold. */
export function relocationOverflow(
  site: Site,
  type: string,
  symbol: string,
  value: number,
  bits: number,
  unit: string,
): Diagnostic {
  const shown = value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
  return make(
    'relocation-overflow',
    'error',
    `${type} against ${symbol}: ${shown} (${unit}) does not fit in ${bits} bits`,
    [at('relocation at', site)],
    { hint: 'give addresses that are smaller or closer to each other' },
  );
}

/** `--require-defined` of a name that no input defines. */
/** @param isGnu whether they are taken for those of GNU as, whose fields hold symbol values */
export function relocationNumbering(site: Site, isGnu: boolean): Diagnostic {
  const taken = isGnu ? 'an early GNU as' : 'LLVM';
  return make(
    'relocation-numbering',
    'warning',
    `${site.object} does not show for certain which assembler wrote its relocations: they are read as those of ${taken}`,
    [at('in doubt', site)],
    { hint: 'compile with clang, or with GCC 14 or later' },
  );
}

export function requiredSymbol(name: string): Diagnostic {
  return make('required-symbol', 'error', `required symbol is not defined: ${name}`, []);
}

export function sectionFlagsDiffer(
  section: string,
  first: Site,
  firstFlags: string,
  other: Site,
  otherFlags: string,
): Diagnostic {
  return make(
    'section-flags-differ',
    'warning',
    `section ${section} has flags ${otherFlags} here and ${firstFlags} before; the output has both`,
    [at('first', first), at('other', other)],
  );
}

export function sectionKindConflict(
  section: string,
  first: Site,
  firstKind: string,
  other: Site,
  otherKind: string,
): Diagnostic {
  return make(
    'section-kind-conflict',
    'error',
    `section ${section} holds ${firstKind} in ${first.object} and ${otherKind} in ${other.object}`,
    [at('first', first), at('other', other)],
    { hint: 'rename one of the sections' },
  );
}

/** The output breaks a rule of what is to run it. */
export function targetRule(
  target: string,
  rule: string,
  message: string,
  sites: readonly Site[],
  hint: string,
): Diagnostic {
  return make(
    'target-rule',
    'error',
    `${target}: ${message}`,
    sites.map((site) => at('in', site)),
    { details: [`rule ${rule} of --target=${target}`], hint },
  );
}

/** The file a thin archive refers to cannot be had. */
export function thinMemberMissing(archive: string, member: string, reason: string): Diagnostic {
  return make(
    'thin-member-missing',
    'error',
    `cannot read ${member}, a member of the thin archive ${archive}: ${reason}`,
    [],
    { hint: 'a thin archive names its members relative to its own folder; make it anew' },
  );
}

/** BTF counts the variables of a section in 16 bits. */
export function tooManyVariables(site: Site, count: number, maximum: number): Diagnostic {
  return make(
    'too-many-variables',
    'error',
    `${count} variables in section ${site.section}, of which BTF can list ${maximum}`,
    [at('first in', site)],
    { hint: 'put some of them into a section of another name' },
  );
}

/** The two declarations are given as C, and the first difference in words. */
export function typeConflict(
  name: string,
  defined: { readonly label: string; readonly site: Site; readonly declaration: string },
  other: { readonly label: string; readonly site: Site; readonly declaration: string },
  difference: string,
): Diagnostic {
  return make(
    'type-conflict',
    'error',
    `types of ${name} do not agree: ${difference}`,
    [at(`${defined.label} at`, defined.site), at(`${other.label} at`, other.site)],
    {
      details: [
        `${defined.label} in ${defined.site.object}:`,
        ...defined.declaration.split('\n').map((line) => `  ${line}`),
        `${other.label} in ${other.site.object}:`,
        ...other.declaration.split('\n').map((line) => `  ${line}`),
        `first difference: ${difference}`,
      ],
      hint: 'declare it once, in a header that both files include',
    },
  );
}

/** Resolved by name alone, because one side has no BTF for it. */
export function typesUnchecked(
  name: string,
  missing: 'definition' | 'reference' | 'both',
  definition: Site,
  reference: Site,
): Diagnostic {
  const who = missing === 'both' ? 'either side' : `the ${missing}`;
  return make(
    'types-unchecked',
    'warning',
    `types of ${name} were not checked: there is no BTF for ${who}`,
    [at('defined at', definition), at('referenced by', reference)],
    { hint: 'compile with -g to have them checked' },
  );
}

export function undefinedSymbol(
  name: string,
  references: readonly Site[],
  hint?: string,
): Diagnostic {
  return make(
    'undefined-symbol',
    'error',
    `undefined symbol: ${name}`,
    references.map((site) => at('referenced by', site)),
    hint === undefined ? {} : { hint },
  );
}

export function unknownBinding(site: Site, binding: number): Diagnostic {
  return make('unknown-binding', 'error', `symbol ${site.symbol} has unknown binding ${binding}`, [
    at('in', site),
  ]);
}

export function unknownRelocation(site: Site, type: number): Diagnostic {
  return make('unknown-relocation', 'error', `unknown relocation type ${type}`, [
    at('relocation at', site),
  ]);
}

/** BTF that may be well formed but says something this version does not know. */
export function unsupportedBtf(site: Site, reason: string, hint: string): Diagnostic {
  return make('unsupported-btf', 'error', `unsupported BTF: ${reason}`, [at('in', site)], { hint });
}

export function unsupportedSection(site: Site, what: string): Diagnostic {
  return make('unsupported-section', 'error', `section ${site.section} is ${what}`, [
    at('in', site),
  ]);
}

/** The image did not read back as planned: a bug of the linker, never of the input. */
export function verificationFailed(reason: string): Diagnostic {
  return make(
    'verification-failed',
    'error',
    `the linked image does not read back as planned: ${reason}`,
    [],
    { hint: 'this is a bug in bpf-ld; nothing was written' },
  );
}

export function versionDiffers(first: Site, other: Site): Diagnostic {
  return make(
    'version-differs',
    'warning',
    `version sections differ; the one of ${first.object} is kept`,
    [at('kept', first), at('dropped', other)],
  );
}
