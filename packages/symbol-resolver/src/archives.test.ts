import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  Cursor,
  encodeUtf8,
  SECTION_COMMON,
  STB_GLOBAL,
  STB_WEAK,
  STT_FUNC,
  STT_OBJECT,
  StringPool,
  type ElfFile,
} from '@bpf-ld/elf-reader';
import {
  extractNeeded,
  type ExtractionRules,
  type LazyObject,
  type PullInput,
} from './archives.js';

/** What an object says of a name. */
type Use = 'strong' | 'weak' | 'common' | 'variable' | 'weak definition' | 'function';

interface Model {
  readonly name: string;
  readonly uses: readonly (readonly [symbol: string, use: Use])[];
}

interface ModelInput extends Model {
  readonly lazy: boolean;
  readonly indexed: boolean;
}

/** An ELF file of which only the symbols are ever looked at. */
function elfOf({ name, uses }: Model): ElfFile {
  const names = encodeUtf8(`\0${uses.map(([symbol]) => `${symbol}\0`).join('')}`);
  const count = uses.length + 1;
  const nameAt = new Uint32Array(count);
  const nameEnd = new Uint32Array(count);
  let at = 1;
  uses.forEach(([symbol], i) => {
    nameAt[i + 1] = at;
    nameEnd[i + 1] = at + symbol.length;
    at += symbol.length + 1;
  });
  const column = <T>(of: (use: Use) => T): T[] => uses.map(([, use]) => of(use));
  const isWeak = (use: Use): boolean => use === 'weak' || use === 'weak definition';
  const section = { index: 1, name: '.text' } as ElfFile['sections'][number];
  return {
    name,
    sections: [{ ...section, index: 0, name: '' }, section],
    symbols: {
      count,
      names: new Cursor(names, name, true),
      nameAt,
      nameEnd,
      binding: Uint8Array.of(0, ...column((use) => (isWeak(use) ? STB_WEAK : STB_GLOBAL))),
      type: Uint8Array.of(0, ...column((use) => (use === 'function' ? STT_FUNC : STT_OBJECT))),
      section: Int32Array.of(
        0,
        ...column((use) => {
          if (use === 'strong' || use === 'weak') return 0;
          return use === 'common' ? SECTION_COMMON : 1;
        }),
      ),
    },
  } as unknown as ElfFile;
}

const isReference = (use: Use): boolean => use === 'strong' || use === 'weak';

function extract(models: readonly ModelInput[], rules?: ExtractionRules): string[] {
  const strings = new StringPool();
  const named = new Map<LazyObject, string>();
  const asked = new Set<string>();
  const inputs = models.map((model): PullInput => {
    const elf = elfOf(model);
    if (!model.lazy) return { kind: 'object', elf };
    const defined = model.uses.filter(([, use]) => !isReference(use));
    const object: LazyObject = {
      indexed: model.indexed ? defined.map(([symbol]) => strings.internText(symbol)) : undefined,
      symbols: () => elf,
      extract: () => {
        assert.ok(!asked.has(model.name), 'an object is extracted once');
        asked.add(model.name);
        return elf;
      },
    };
    named.set(object, model.name);
    return { kind: 'lazy', object };
  });
  return extractNeeded(inputs, strings, rules).map(
    ({ object, symbol, reference }) => `${reference} ${named.get(object)!} ${symbol}`,
  );
}

/** The same rules by the names of things, step by step and with nothing remembered but what is linked. */
function reference(models: readonly ModelInput[]): string[] {
  const extracted: string[] = [];
  const linked: Model[] = [];
  const known: ModelInput[] = [];
  const wanting: (readonly [symbol: string, by: string])[] = [];
  const defines = ({ uses }: Model, symbol: string, ...kinds: readonly Use[]): boolean =>
    uses.some(([name, use]) => name === symbol && kinds.includes(use));
  const definitions: readonly Use[] = ['common', 'variable', 'weak definition', 'function'];
  const isDefined = (symbol: string): boolean =>
    linked.some((model) => defines(model, symbol, ...definitions));
  const take = (model: Model, by: string, symbol: string): void => {
    extracted.push(`${by} ${model.name} ${symbol}`);
    add(model);
  };
  const add = (model: Model): void => {
    linked.push(model);
    for (const [symbol, use] of model.uses) {
      if (use !== 'strong' || isDefined(symbol)) continue;
      wanting.push([symbol, model.name]);
      const provider = known.find((lazy) => defines(lazy, symbol, ...definitions));
      if (provider && !linked.includes(provider)) take(provider, model.name, symbol);
    }
  };
  for (const model of models) {
    if (!model.lazy) {
      add(model);
      continue;
    }
    for (const [symbol, use] of model.uses) {
      if (isReference(use) || isDefined(symbol)) continue;
      const wanted = wanting.find(([name]) => name === symbol);
      if (!wanted) continue;
      take(model, wanted[1], symbol);
      break;
    }
    known.push(model);
  }
  return extracted;
}

const lazy = (name: string, ...uses: Model['uses'][number][]): ModelInput => ({
  name,
  uses,
  lazy: true,
  indexed: false,
});
const object = (name: string, ...uses: Model['uses'][number][]): ModelInput => ({
  ...lazy(name, ...uses),
  lazy: false,
});

describe('extractNeeded', () => {
  it('follows references to a fixed point, in both directions of the command line', () => {
    const members = [lazy('x', ['a', 'function'], ['b', 'strong']), lazy('y', ['b', 'function'])];
    const main = object('main', ['a', 'strong']);
    const expected = ['main x a', 'x y b'];
    assert.deepEqual(extract([main, ...members]), expected);
    assert.deepEqual(extract([main, ...members.toReversed()]), expected);
    assert.deepEqual(extract([...members, main]), expected);
  });

  it('extracts nothing for a weak reference, nor for what has a weak definition', () => {
    const member = lazy('x', ['a', 'function']);
    assert.deepEqual(extract([object('main', ['a', 'weak']), member]), []);
    const weak = object('main', ['a', 'strong'], ['a', 'weak definition']);
    assert.deepEqual(extract([weak, member]), []);
  });

  it('replaces a common symbol by a variable, by no function, common or weak definition', () => {
    const main = object('main', ['a', 'common']);
    assert.deepEqual(extract([main, lazy('x', ['a', 'variable'])]), ['main x a']);
    assert.deepEqual(extract([lazy('x', ['a', 'variable']), main]), ['main x a']);
    for (const use of ['function', 'common', 'weak definition'] as const) {
      assert.deepEqual(extract([main, lazy('x', ['a', use])]), [], use);
    }
  });

  it('takes an index at its word', () => {
    const stale = { ...lazy('x', ['a', 'function']), indexed: true };
    assert.deepEqual(extract([object('main', ['b', 'strong']), stale]), []);
  });

  it('extracts what an option references', () => {
    const references = [{ symbol: 'a', option: '--undefined' }];
    const member = lazy('x', ['a', 'function']);
    assert.deepEqual(extract([member], { references }), ['--undefined x a']);
    assert.deepEqual(extract([object('main', ['a', 'function']), member], { references }), []);
  });

  it('extracts what a wrapped reference means', () => {
    const main = object('main', ['a', 'strong']);
    const wrapper = lazy('w', ['__wrap_a', 'function'], ['__real_a', 'strong']);
    const members = [lazy('x', ['a', 'function']), wrapper, lazy('y', ['__real_a', 'function'])];
    assert.deepEqual(extract([main, ...members], { wrap: ['a'] }), ['main w __wrap_a', 'w x a']);
  });

  it('looks along long chains, and around circles', () => {
    const length = 20_000;
    const chain = Array.from({ length }, (_, i) =>
      lazy(`m${i}`, [`s${i}`, 'function'], [`s${(i + 1) % length}`, 'strong']),
    );
    const all = extract([...chain, object('main', ['s0', 'strong'])]);
    assert.equal(all.length, length);
  });

  it('extracts what the rules say, in their order', () => {
    const symbol = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
    const use = fc.constantFrom<Use>('strong', 'strong', 'weak', 'function', 'weak definition');
    const uses = fc.uniqueArray(fc.tuple(symbol, use), {
      maxLength: 4,
      selector: ([name]) => name,
    });
    const model = fc.record({ uses, lazy: fc.boolean(), indexed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(model, { maxLength: 12 }), (models) => {
        const inputs = models.map((input, i) => ({ ...input, name: `o${i}` }));
        assert.deepEqual(extract(inputs), reference(inputs));
      }),
      { numRuns: 3000 },
    );
  });
});
