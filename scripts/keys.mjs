// Which files each version of src/cache/keys.ts speaks for, and whether one of them has changed since it was recorded.
//   node scripts/keys.mjs            says what has changed
//   node scripts/keys.mjs --record   records the files as they are; first raise a version if a value can change
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const RECORD = join(root, 'test', 'cache', 'spoken-for.json');

/** Folders (their own files) and files. What runs in the jail is hashed at run time, so it is not here. */
const SPOKEN_FOR = {
  prompt: ['src/model/chat.ts', 'src/model/llama/model.ts', 'package.json#dependencies.@huggingface/jinja'],
  endpoint: ['src/endpoint'],
  native: ['native/generator', 'src/model/native'],
  node_llama_cpp: ['src/model/llama/llama-generator.ts'],
  analysis: ['src/parser.ts'],
  cell: ['native/sandbox', 'src/sandbox', 'src/verdict.ts'],
};

/** {kind: {version, files: {path: sha256}}} of the tree as it is. */
export function spokenFor(versions) {
  const kinds = Object.entries(SPOKEN_FOR).map(([kind, places]) => {
    const files = places.flatMap(filesOf).map((file) => [file, digest(file)]);
    return [kind, { version: versions[kind], files: Object.fromEntries(files) }];
  });
  return Object.fromEntries(kinds);
}

export const recorded = () => JSON.parse(readFileSync(RECORD, 'utf8'));

/** One sentence for each kind whose files are others than were recorded. */
export function undecided(before, now) {
  return Object.keys(now).flatMap((kind) => {
    const [was, is] = [before[kind]?.files ?? {}, now[kind].files];
    const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    const changed = names.filter((name) => was[name] !== is[name]);
    if (changed.length === 0 && before[kind]?.version === now[kind].version) return [];
    const what = changed.length > 0 ? `${changed.join(', ')} changed` : 'its version changed';
    return [
      `${kind}: ${what}; if that can change a cached value, raise its version in src/cache/keys.ts (${now[kind].version} now); ` +
        'then run node scripts/keys.mjs --record',
    ];
  });
}

function filesOf(place) {
  if (/\.(ts|json#.*)$/.test(place)) return [place];
  const names = readdirSync(join(root, place), { withFileTypes: true }).filter((one) => one.isFile());
  return names.map(({ name }) => `${place}/${name}`).sort();
}

function digest(place) {
  const [file, path] = place.split('#');
  const text = readFileSync(join(root, file), 'utf8');
  const [, part, name] = path === undefined ? [] : /^(\w+)\.(.+)$/.exec(path);
  const content = path === undefined ? text : JSON.stringify(JSON.parse(text)[part][name]);
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { VERSIONS } = await import('../dist/src/cache/keys.js');
  const now = spokenFor(VERSIONS);
  if (process.argv.includes('--record')) writeFileSync(RECORD, `${JSON.stringify(now, null, 2)}\n`);
  else for (const line of undecided(recorded(), now)) process.stdout.write(`${line}\n`);
}
