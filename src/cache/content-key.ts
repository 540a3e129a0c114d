import { createHash } from 'node:crypto';

/**
 * The cache key of something: sha256 (64 hex digits) over its kind and all that it depends on, written
 * as JSON with sorted keys, so that the order of the parts does not matter. A part that is undefined is
 * left out. Throws TypeError for what JSON would blur (NaN, infinities, functions, maps): two different
 * things must never share a key.
 */
export function contentKey(kind: string, parts: Record<string, unknown>): string {
  return createHash('sha256')
    .update(`${kind}\n${canonicalJson(parts)}`)
    .digest('hex');
}

/** JSON text that depends on the value alone: object keys sorted, no blanks; typed arrays as arrays. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return `[${Array.from(value as unknown as ArrayLike<number | bigint>, canonicalJson).join(',')}]`;
  }
  if (typeof value === 'object' && isPlain(value)) {
    const record = value as Record<string, unknown>;
    const names = Object.keys(record).filter((name) => record[name] !== undefined);
    names.sort(); // by UTF-16 code units: the same everywhere, whatever the locale
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(record[name])}`).join(',')}}`;
  }
  throw new TypeError(
    `A cache key cannot be made of ${typeof value === 'object' ? 'this object' : String(value)}`,
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
