// Every key of every JSON that leaves the program is written in snake_case; within it, names are TypeScript's.

/** Records whose keys are data: names of Python modules. */
const DATA: readonly string[] = ['missing_modules'];

/** The same value with its keys in snake_case, at every depth. */
export function snakeCase(value: unknown): unknown {
  return withKeys(value, toSnake);
}

/**
 * The other way. Keys in camelCase stay, so that files of versions that wrote these can be read; `flags` get the names that
 * commander gives them (`memoryMib`), other records ours (`memoryMiB`).
 */
export function camelCase(value: unknown): unknown {
  return withKeys(value, (key, within) => (within === 'flags' ? joined(key) : toCamel(key)));
}

function withKeys(value: unknown, rename: (key: string, within: string) => string, within = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withKeys(item, rename, within));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      rename(key, within),
      DATA.includes(toSnake(key)) ? item : withKeys(item, rename, key),
    ]),
  );
}

/** `memoryMiB` is `memory_mib`. A key that is no name of TypeScript's stays. */
function toSnake(key: string): string {
  if (!/^[a-z][A-Za-z0-9]*$/.test(key)) return key;
  return key
    .replace(/(Mi|Ki)B$/, (unit) => `_${unit}`.toLowerCase())
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toCamel(key: string): string {
  return joined(key).replace(/(M|K)ib$/, '$1iB');
}

function joined(key: string): string {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(key)) return key;
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
