import { extname } from 'node:path';

/** Times in what a command prints become `T ms`: they differ between two runs of one link. */
export function withoutTimes(text: string): string {
  return text
    .replaceAll(/^(\S+) +[\d.]+ ms +\d+ %$/gm, '$1 T ms')
    .replaceAll(/\b[\d.]+ ms\b/g, 'T ms');
}

/** A file that a link wrote beside its object, as text without what differs between two runs or two machines. */
export function describeWritten(name: string, bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  if (extname(name) === '.tar') return describeTar(bytes);
  return extname(name) === '.json' ? text.replaceAll(/"(ts|dur)":\d+/g, '"$1":T') : text;
}

/**
 * Names and sizes of a ustar archive's files, with the text of those that hold text; extended headers (POSIX.1-2008
 * pax) are listed as records.
 */
function describeTar(bytes: Uint8Array): string {
  const lines: string[] = [];
  const field = (start: number, length: number): string =>
    new TextDecoder().decode(bytes.subarray(start, start + length)).replace(/\0.*$/s, '');
  for (let header = 0; bytes[header] !== 0;) {
    const prefix = field(header + 345, 155);
    const name = `${prefix === '' ? '' : `${prefix}/`}${field(header, 100)}`;
    const size = Number.parseInt(field(header + 124, 12), 8);
    const content = header + 512;
    lines.push(`${name}, ${size} bytes`);
    if (name.endsWith('.txt')) {
      const text = field(content, size).trimEnd().split('\n');
      lines.push(...text.map((line) => `  ${line}`));
    }
    header = content + Math.ceil(size / 512) * 512;
  }
  return `${lines.join('\n')}\n`;
}
