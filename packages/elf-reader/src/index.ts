export { Cursor, decodeUtf8, encodeUtf8 } from './cursor.js';
export {
  catchMalformed,
  MalformedInput,
  type MalformedPlace,
  type ReadError,
  type ReadResult,
} from './malformed.js';
export { StringPool, type StringId } from './string-pool.js';
