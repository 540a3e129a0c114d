import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from './root.js';
import { ESCAPES } from './sandbox/escapes.js';

// The invariants of ARCHITECTURE.md, also those about what must be absent, read off the source.

const invariants = suite('invariants');

interface Source {
  path: string;
  text: string;
  /** Modules that it imports. */
  imports: string[];
}

function sources(folder: string, ending: RegExp): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => ending.test(path))
    .sort()
    .map((path) => {
      const file = join(root, folder, path);
      const text = readFileSync(file, 'utf8');
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name]) => name!);
      return { path: relative(root, file), text, imports };
    });
}

const typescript = sources('src', /\.ts$/);
const tests = sources('test', /\.test\.ts$/);

function offenders(found: (source: Source) => boolean, among = typescript): string[] {
  return among.filter(found).map(({ path }) => path);
}

invariants('the source is found', () => {
  assert.ok(typescript.length > 40 && tests.length > 15);
});

for (const [room, module] of [
  ['src/model/', 'node-llama-cpp'],
  ['src/cache/', 'better-sqlite3'],
  ['src/sandbox/', 'piscina'],
  ['src/page/', '@observablehq/plot'],
  ['src/page/', 'linkedom'],
] as const) {
  invariants(`only ${room} imports ${module}`, () => {
    const importing = offenders(({ imports }) => imports.some((name) => name.startsWith(module)));
    assert.ok(importing.length > 0, 'somebody does');
    assert.equal(
      importing.filter((path) => !path.startsWith(room)),
      [],
    );
  });
}

invariants('the middle of the flow is pure: no files, processes, clock or chance', () => {
  const pure =
    /^src\/(prompt|seed|shard|matrix|distinct|ranking|report|verdict|rank\/.*|scaling\/.*|difficulty\/(probe|training|fit)|bench\/(summary|scorers|scaling|hindsight)|endpoint\/(address|answer|request)|evaluate\/(?!labels|rankings).*|page\/.*|sandbox\/(decide|evidence|refusal))\.ts$/;
  const middle = typescript.filter(({ path }) => pure.test(path));
  assert.ok(middle.length >= 40, middle.map(({ path }) => path).join(' '));
  const effect =
    /node:(fs|child_process|os|net|http|worker_threads)|Date\.|Math\.random|performance\.|process\./;
  assert.equal(
    offenders(({ text }) => effect.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')), middle),
    [],
  );
});

invariants(
  'text gets into the page by its template alone: only two files say that markup is to be trusted',
  () => {
    const trusting = offenders(({ path, text }) => path.startsWith('src/page/') && /\btrusted\(/.test(text));
    assert.equal(trusting.sort(), ['src/page/document.ts', 'src/page/figure.ts', 'src/page/html.ts']);
    assert.equal(
      offenders(({ text }) => /new Html\(/.test(text)),
      ['src/page/html.ts'],
    );
  },
);

invariants('only src/cli and the model registry read the environment or end the process', () => {
  const reads = offenders(({ text }) => /process\.(env|exit|argv)/.test(text));
  assert.equal(
    reads.filter((path) => !path.startsWith('src/cli/')),
    ['src/model/files/registry.ts'],
  );
});

invariants('only `models pull` and an endpoint that the user named open a socket', () => {
  assert.equal(
    offenders(({ imports }) =>
      imports.some((name) => /^node:(net|http|https|http2|tls|dgram|dns)/.test(name)),
    ),
    ['src/endpoint/client.ts'],
  );
  // It is reached by its own room, which only the flags --endpoint and --policy-endpoint open.
  const importing = (module: RegExp) => offenders(({ imports }) => imports.some((name) => module.test(name)));
  assert.equal(importing(/\/client\.js$/), ['src/endpoint/endpoint-generator.ts', 'src/endpoint/session.ts']);
  assert.equal(importing(/\/endpoint\/session\.js$/), ['src/cli/model.ts', 'src/index.ts']);
  assert.equal(
    offenders(({ text }) => /\bfetch\(/.test(text)),
    ['src/model/files/hub.ts'],
  );
  assert.equal(
    offenders(({ text }) => /createModelDownloader|WebSocket|EventSource|resolveModelFile/.test(text)),
    ['src/model/files/pull.ts'],
  );
  const users = (file: string) =>
    offenders(({ imports }) => imports.some((name) => name.endsWith(`/${file}.js`)));
  assert.equal(users('hub'), ['src/model/files/pull.ts']);
  assert.equal(users('files/pull'), ['src/cli/models/pull.ts', 'src/index.ts']);
});

invariants(
  'Node starts no process but probes of interpreter and devices, the generator and what bench tokens asks; the addon starts the launcher',
  () => {
    assert.equal(
      offenders(({ imports }) => imports.includes('node:child_process')),
      [
        'src/bench/gpu-driver.ts',
        'src/bench/token-engines.ts',
        'src/model/devices/probe.ts',
        'src/model/native/child.ts',
        'src/sandbox/interpreter.ts',
      ],
    );
  },
);

invariants('src/pipeline.ts holds the order and no logic', () => {
  const pipeline = readFileSync(join(root, 'src', 'pipeline.ts'), 'utf8');
  assert.ok(pipeline.split('\n').length < 120);
});

invariants('no room of odds and ends', () => {
  const grab = /(^|\/)(utils?|helpers?|common|misc|types)(\/|\.)/;
  assert.equal(
    [...typescript, ...tests].map(({ path }) => path).filter((path) => grab.test(path)),
    [],
  );
});

invariants('every suite is run', () => {
  assert.equal(
    offenders(
      ({ text }) => (text.match(/\bsuite\(/g) ?? []).length !== (text.match(/\.run\(\);/g) ?? []).length,
      tests,
    ),
    [],
  );
});

invariants('every row of SECURITY.md has its escape test, and every escape its row', () => {
  const security = readFileSync(join(root, 'SECURITY.md'), 'utf8');
  const proven = [...security.matchAll(/^\| .*\| `([^`|]+)` *\|$/gm)].map(([, name]) => name!);
  assert.equal(proven.sort(), ESCAPES.map(({ name }) => name).sort());
});

invariants.run();
