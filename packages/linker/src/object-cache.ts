import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { LinkInput } from './api.js';
import { parseObject, type ParseResult } from './parse-object.js';

/** Parsed objects kept between links, so that a watcher or a build daemon parses only what changed. */
export interface ObjectCache {
  /** The parse pass, answered from the cache when name and content are known. */
  readonly parse: (input: LinkInput) => ParseResult;
  /** Bytes of input that the cache holds on to. */
  readonly bytes: number;
  /** Parses that the cache answered. */
  readonly hits: number;
  /** Parses that it could not answer: objects parsed anew. */
  readonly misses: number;
}

const DEFAULT_MAXIMUM = 256 * 1024 * 1024;

/**
 * A cache of parsed objects, keyed by content: touching a file changes nothing, and neither path nor
 * time is believed. The least recently used leave when the inputs held exceed `maximumBytes`.
 */
export function createObjectCache(maximumBytes: number = DEFAULT_MAXIMUM): ObjectCache {
  const entries = new LRUCache<string, ParseResult>({ maxSize: Math.max(maximumBytes, 1) });
  let hits = 0;
  let misses = 0;
  return {
    parse(input) {
      const key = `${createHash('sha256').update(input.bytes).digest('base64')} ${input.name}`;
      const known = entries.get(key);
      if (known) {
        hits++;
        return known;
      }
      misses++;
      const result = parseObject(input);
      entries.set(key, result, { size: Math.max(input.bytes.length, 1) });
      return result;
    },
    get bytes() {
      return entries.calculatedSize;
    },
    get hits() {
      return hits;
    },
    get misses() {
      return misses;
    },
  };
}
