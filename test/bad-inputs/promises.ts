import type { LinkResult } from '@bpf-ld/linker';

/** The promises of link() about any input that `result` breaks; empty when it keeps them. */
export function checkResult(result: LinkResult): string[] {
  const broken: string[] = [];
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  if (result.ok && errors.length > 0) broken.push('linked with an error diagnostic');
  if (!result.ok && errors.length === 0) broken.push('failed without an error diagnostic');
  if (!result.ok && 'image' in result) broken.push('failed with an image');
  if (result.ok && result.image.length === 0) broken.push('linked an empty image');
  for (const { code, message, related, details } of result.diagnostics) {
    const text = [message, ...details].join('\n');
    if (!/^[a-z]+(-[a-z]+)*$/.test(code)) broken.push(`code ${JSON.stringify(code)}`);
    if (message === '' || message.includes('\n')) broken.push(`message ${JSON.stringify(message)}`);
    if (/\bNaN\b|\[object |: undefined|undefined (of|in|at|against)\b/.test(text)) {
      broken.push(`message ${JSON.stringify(text)}`);
    }
    if (code === 'verification-failed') broken.push(`own verification failed: ${text}`);
    if (!code.startsWith('malformed-')) continue;
    const site = related[0]?.site;
    if (!site) broken.push(`${code} without a site: ${message}`);
    else if (site.object !== 'bad.o') broken.push(`${code} at ${site.object}: ${message}`);
    else if (site.offset === undefined && site.section === undefined) {
      broken.push(`${code} without section or offset: ${message}`);
    }
  }
  return broken;
}
