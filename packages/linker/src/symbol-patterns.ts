/** Which names stay visible to objects that are linked later; the rest become local. */
export interface SymbolScope {
  /** Patterns of names that stay global. */
  readonly global: readonly string[];
  /** Patterns of names that become local. */
  readonly local: readonly string[];
}

/**
 * Answers by name whether it becomes local. As in GNU ld a name beats a pattern, and a pattern beats
 * `*` alone; where both lists match equally well, the name stays global. What nothing matches stays.
 */
export function localMatcher({ global, local }: SymbolScope): (name: string) => boolean {
  const isGlobal = rankMatcher(global);
  const isLocal = rankMatcher(local);
  return (name) => isLocal(name) > isGlobal(name);
}

const NO_MATCH = 0;
const MATCHES_ANY = 1;
const MATCHES_PATTERN = 2;
const MATCHES_NAME = 3;

function rankMatcher(patterns: readonly string[]): (name: string) => number {
  const names = new Set(patterns.filter((pattern) => !/[*?[]/.test(pattern)));
  const globs = patterns.filter((pattern) => /[*?[]/.test(pattern) && pattern !== '*').map(parse);
  const all = patterns.includes('*');
  return (name) => {
    if (names.has(name)) return MATCHES_NAME;
    if (globs.some((glob) => matches(glob, name))) return MATCHES_PATTERN;
    return all ? MATCHES_ANY : NO_MATCH;
  };
}

/** One element of a pattern: `*`, or a test for one character. */
type Element = '*' | ((character: string) => boolean);

function parse(pattern: string): readonly Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    const close = character === '[' ? pattern.indexOf(']', at + 2) : -1;
    if (character === '*') {
      elements.push('*');
    } else if (character === '?') {
      elements.push(() => true);
    } else if (close > 0) {
      elements.push(characterClass(pattern.slice(at + 1, close)));
      at = close;
    } else {
      elements.push((other) => other === character);
    }
  }
  return elements;
}

/** `abc`, `a-z`, `!a-z` or `^a-z`, without the brackets. */
function characterClass(text: string): (character: string) => boolean {
  const negated = text.startsWith('!') || text.startsWith('^');
  const ranges: (readonly [string, string])[] = [];
  for (let at = negated ? 1 : 0; at < text.length; at++) {
    const isRange = text[at + 1] === '-' && at + 2 < text.length;
    ranges.push([text[at]!, isRange ? text[at + 2]! : text[at]!]);
    if (isRange) at += 2;
  }
  return (character) =>
    ranges.some(([low, high]) => low <= character && character <= high) !== negated;
}

/** At most pattern times name steps: only the last `*` is ever tried again. */
function matches(glob: readonly Element[], name: string): boolean {
  let element = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const wanted = glob[element];
    if (wanted === '*') {
      star = element++;
      starAt = at;
    } else if (wanted?.(name[at]!)) {
      element++;
      at++;
    } else if (star >= 0) {
      element = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (glob[element] === '*') element++;
  return element === glob.length;
}
