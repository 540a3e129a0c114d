import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HUB_PATH, longModel, sha256Of, startHub } from '../model/files/hub-server.js';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm, start } from './coderm.js';

const models = suite('cli: models');
const temporary = temporaryFolder();
const cwd = temporary.path;
const RANDOM = fixture('random.gguf');
const CODERM_MODELS = join(cwd, 'models');
const env = { CODERM_MODELS };
const SHA256 = sha256Of(readFileSync(RANDOM));

async function json(args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await coderm([...args, '--json'], { cwd, env });
  assert.is(code, 0, stderr);
  return JSON.parse(stdout);
}

models('import, list, info, verify', async () => {
  const imported = await json(['models', 'import', RANDOM]);
  assert.equal(imported, {
    path: join(CODERM_MODELS, 'random.gguf'),
    file: 'random.gguf',
    sha256: SHA256,
    bytes: 80864,
    source: RANDOM,
  });
  const listed = (await json(['models'])) as {
    folder: string;
    models: { name: string; here: boolean }[];
    others: string[];
  };
  assert.is(listed.folder, CODERM_MODELS);
  assert.equal(listed.others, ['random.gguf']);
  const here = listed.models.filter((model) => model.here).map(({ name }) => name);
  assert.equal(here, ['tiny-ut'], 'what the package carries, and nothing of the empty folder');
  const info = await json(['models', 'info', 'random.gguf', '--gpu', 'cpu', '--lanes', '1,8']);
  assert.is(info.sha256, SHA256);
  assert.is(info.architecture, 'llama');
  assert.is(info.template_kind, 'ChatML');
  const { lanes } = info.memory as { lanes: { lanes: number; ram: { weights: number; context: number } }[] };
  assert.equal(
    lanes.map((row) => row.lanes),
    [1, 8],
  );
  assert.ok(lanes[1]!.ram.context > lanes[0]!.ram.context && lanes[0]!.ram.weights > 0);
  const text = await coderm(['models', 'info', RANDOM, '--gpu', 'cpu'], { cwd, env });
  assert.match(text.stdout, /template +ChatML.*\nmemory +on cpu.*\n +1 lane: .* weights/);
  const verified = (await json(['models', 'verify'])) as { models: { state: string }[] };
  assert.equal(
    verified.models.map(({ state }) => state),
    ['sound'],
  );
  writeFileSync(join(CODERM_MODELS, 'random.gguf'), 'damage');
  const damaged = await coderm(['models', 'verify'], { cwd, env });
  assert.is(damaged.code, 5);
  assert.match(damaged.stdout, /^damaged +random\.gguf +Expected a GGUF file/);
});

models('pull goes on after kill -9', async () => {
  const contents = longModel();
  const hub = await startHub(contents);
  try {
    hub.behaviour.hangFrom = 5 << 20;
    const surroundings = { cwd, env: { CODERM_MODELS: join(cwd, 'pulled'), HF_ENDPOINT: hub.endpoint } };
    const { child, ended } = start(['models', 'pull', HUB_PATH], surroundings);
    const first = (range: string | null) => range !== 'bytes=0-0' && range?.startsWith('bytes=0-') === true;
    while (!hub.requests.some(({ range }) => first(range)) && child.exitCode === null) await later(50);
    await later(1000); // the first chunk is written
    child.kill('SIGKILL');
    await ended;
    hub.behaviour.hangFrom = Number.POSITIVE_INFINITY;
    const before = hub.requests.length;
    const { code, stdout, stderr } = await coderm(['models', 'pull', HUB_PATH, '--json'], surroundings);
    assert.is(code, 0, stderr);
    assert.is(JSON.parse(stdout).sha256, sha256Of(contents));
    assert.not.ok(
      hub.requests.slice(before).some(({ range }) => first(range)),
      'what had come is not asked for again',
    );
  } finally {
    await hub.close();
  }
});

models('only pull opens a socket, and not even that when it is forbidden', async () => {
  const hub = await startHub(readFileSync(RANDOM));
  const NODE_OPTIONS = `--import=${pathToFileURL(fixture('no-sockets.mjs')).href}`;
  const trapped = { CODERM_MODELS: join(cwd, 'trapped'), HF_ENDPOINT: hub.endpoint, NODE_OPTIONS };
  temporary.write('p.jsonl', lines({ task_id: 'a', question: 'Write add(a, b).', entry_point: 'add' }));
  temporary.write('s.jsonl', lines({ task_id: 'a', solution: 'def add(a, b):\n    return a + b\n' }));
  const inputs = ['--problems', 'p.jsonl', '--solutions', 's.jsonl', '--cache', 'c.sqlite'];
  const model = ['--model', RANDOM, '--gpu', 'cpu', '--tests', '1', '--max-tokens', '4'];
  const table: [args: string[], code: number, more?: Record<string, string>][] = [
    [['rerank', ...inputs, ...model], 0],
    [['models', 'import', RANDOM], 0],
    [['models', 'info', 'random.gguf', '--gpu', 'cpu'], 0],
    [['models', 'verify'], 0],
    [['models', 'pull', HUB_PATH, '--offline'], 5],
    [['models', 'pull', HUB_PATH], 5, { HF_HUB_OFFLINE: '1' }],
    [['models', 'pull', HUB_PATH], 97], // so the trap sees what there is to see
  ];
  try {
    for (const [args, code, more] of table) {
      const ended = await coderm(args, { cwd, env: { ...trapped, ...more } });
      assert.is(ended.code, code, `${args.join(' ')}: ${ended.stderr}`);
      if (code === 5) assert.match(ended.stderr, /forbids every connection; .*coderm models import FILE/);
    }
    assert.equal(hub.requests, []);
  } finally {
    await hub.close();
  }
});

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

models.run();
