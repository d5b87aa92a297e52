import { version, type DiagnosticCode, type Related, type Site } from '@bpf-ld/linker';
import type { CommandDiagnostic } from './render-diagnostics.js';
import type { ProblemKind } from './scan.js';

/** What each code means, one sentence each: the rules of the SARIF log. */
const rules: Readonly<Record<DiagnosticCode | ProblemKind, string>> = {
  'archive-member-ignored': 'A member of an archive is not a BPF object.',
  'bad-assignment': 'A --defsym has a value that no symbol can have.',
  'bad-group': 'A section group is malformed.',
  'bad-relocation': 'A relocation does not fit its place or its target.',
  'byte-order-mismatch': 'Objects differ in byte order.',
  'cannot-read-input': 'An input cannot be read.',
  'cannot-write-output': 'A file cannot be written.',
  'common-symbol': 'A common symbol met another symbol of its name.',
  'discarded-reference': 'Something refers to what is not part of the output.',
  'duplicate-symbol': 'A symbol has more than one strong definition.',
  'entry-not-found': 'The entry of an image is not where code is.',
  'func-info-synthesized': 'A function without BTF got a function record of no parameters.',
  'init-array': 'An object asks for code to run at start-up, which no BPF loader does.',
  'invalid-argument': 'An option does not take the argument it was given.',
  'jump-table-owner': 'A jump table cannot be attributed to a function.',
  'library-not-found': 'A library is in none of the folders it is looked for in.',
  'license-conflict': 'Licenses differ in what the kernel allows them.',
  'license-differs': 'Licenses differ, without a difference to the kernel.',
  'malformed-archive': 'An archive is malformed.',
  'malformed-btf': 'The BTF of an object is malformed.',
  'malformed-debug-info': 'Debug information cannot be read.',
  'malformed-object': 'An object is malformed.',
  'malformed-script': 'A version script or a list of helpers is malformed.',
  'misaligned-address': 'An address was asked for that a section cannot have.',
  'misplaced-option': 'An option stands where it means nothing.',
  'missing-argument': 'An option lacks its argument.',
  'name-taken': 'A symbol would be renamed to what another one is called.',
  'nested-archive': 'A member of an archive is an archive itself.',
  'no-inputs': 'There is nothing to link.',
  'no-such-function': 'The linked object has no function of a name that was asked for.',
  'not-a-bpf-object': 'An input is no BPF object.',
  'output-too-large': 'A section of the output would be larger than the inputs can mean.',
  'overlapping-sections': 'Addresses that were asked for make sections overlap.',
  'path-conflict': 'One file of the command line would overwrite another.',
  'relocation-overflow': 'The value of an applied relocation does not fit its field.',
  'response-file': 'A response file cannot be used.',
  'relocation-numbering': 'An object does not say which assembler numbered its relocations.',
  'required-symbol': 'Nothing defines a symbol that --require-defined names.',
  'section-flags-differ': 'Sections of one name differ in their flags.',
  'section-kind-conflict': 'Sections of one name hold code in one object and data in another.',
  'target-rule': 'The output breaks a rule of the machine or loader it is for.',
  'thin-member-missing': 'A file that a thin archive names cannot be read.',
  'too-many-variables': 'A section has more variables than BTF can list.',
  'type-conflict': 'Declarations of one name disagree.',
  'types-unchecked': 'Declarations of one name could not be compared.',
  'undefined-symbol': 'A symbol is used and nowhere defined.',
  'unknown-binding': 'A symbol has an unknown binding.',
  'unknown-option': 'There is no such option.',
  'unknown-relocation': 'A relocation has an unknown type.',
  'unsupported-btf': 'An object has BTF of a form that is not known.',
  'unsupported-section': 'An object has a section that cannot be linked.',
  'verification-failed': 'The output did not read back as planned: a bug in bpf-ld.',
  'version-differs': 'Version sections differ.',
};

/**
 * The diagnostics as a SARIF 2.1.0 log with one run, on one line. The primary site of a diagnostic is the location of
 * its result, all its sites are related locations: in the source file where it is known, in the object otherwise.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function renderSarif(ok: boolean, diagnostics: readonly CommandDiagnostic[]): string {
  const ids = Object.keys(rules);
  const ruleIndex = new Map(ids.map((id, index) => [id, index]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'bpf-ld',
            version,
            semanticVersion: version,
            rules: Object.entries(rules).map(([id, text]) => ({ id, shortDescription: { text } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: ok }],
        results: diagnostics.map((diagnostic) => result(diagnostic, ruleIndex)),
      },
    ],
  };
  return `${JSON.stringify(log)}\n`;
}

function result(
  { code, severity, message, related, details, hint }: CommandDiagnostic,
  ruleIndex: ReadonlyMap<string, number>,
): object {
  const text = [message, ...details, ...(hint === undefined ? [] : [`hint: ${hint}`])].join('\n');
  const index = ruleIndex.get(code);
  return {
    ruleId: code,
    ...(index !== undefined && { ruleIndex: index }),
    level: severity,
    message: { text },
    locations: related.slice(0, 1).map(({ site }) => location(site)),
    ...(related.length > 0 && { relatedLocations: related.map(relatedLocation) }),
  };
}

function relatedLocation({ label, site }: Related, id: number): object {
  return { id, ...location(site), message: { text: `${label} ${placeInObject(site)}` } };
}

function location(site: Site): object {
  const { object, section, offset, symbol, source } = site;
  const physicalLocation = source
    ? {
        artifactLocation: { uri: uri(source.file) },
        // Line records may say 0 for what they do not know; SARIF counts from 1.
        ...(source.line > 0 && {
          region: {
            startLine: source.line,
            ...(source.column > 0 && { startColumn: source.column }),
          },
        }),
      }
    : {
        artifactLocation: { uri: uri(object) },
        ...(section === undefined && offset !== undefined && { region: { byteOffset: offset } }),
      };
  if (section === undefined) return { physicalLocation };
  const logical = { name: symbol ?? section, fullyQualifiedName: placeInObject(site) };
  return { physicalLocation, logicalLocations: [logical] };
}

/** `net.o:(.text+0x40)`, as in text. */
function placeInObject({ object, section, offset }: Site): string {
  const place = offset === undefined ? '' : `+0x${offset.toString(16)}`;
  return section === undefined ? `${object}${place}` : `${object}:(${section}${place})`;
}

/** The path as a URI reference: absolute with the scheme `file`, relative to the working directory otherwise. */
function uri(path: string): string {
  const slashed = path
    .replace(/^\.\//, '')
    .replace(/^[A-Za-z]:\\.*$/, (drive) => `/${drive.replaceAll('\\', '/')}`);
  // Half a surrogate pair, which a name can hold, has no encoding.
  const wellFormed = slashed.replaceAll(/\p{Surrogate}/gu, '\ufffd');
  const encoded = wellFormed.split('/').map(encodeURIComponent).join('/');
  return slashed.startsWith('/') ? `file://${encoded}` : encoded;
}
