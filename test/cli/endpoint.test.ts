import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { completion, json, serve } from '../endpoint/server.js';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// The commands with a server in the place of a local model: a policy that is right every second time, and a tester
// that is always right.
const endpoint = suite('cli: endpoint');
const temporary = temporaryFolder();
const folder = temporary.path;
const KEY = 'sk-very-secret-key';
const RIGHT = 'def add(a, b):\n    return a + b\n';
const WRONG = 'def add(a, b):\n    return a - b\n';
const TEST =
  'import unittest\n\nclass TestAdd(unittest.TestCase):\n    def test_it(self):\n        self.assertEqual(add(1, 2), 3)\n';

const server = await serve((response, { body }) => {
  const asked: string = body.prompt ?? body.messages.at(-1).content;
  const code = asked.includes('unittest library') ? TEST : body.seed % 2 === 0 ? RIGHT : WRONG;
  json(response, completion(`Here:\n\`\`\`python\n${code}\`\`\`\n`));
});
endpoint.after(() => server.close());

temporary.write('p.jsonl', lines({ task_id: 'add', question: 'Write add(a, b).', entry_point: 'add' }));
temporary.write('s.jsonl', lines({ task_id: 'add', solutions: [WRONG, RIGHT] }));
const AT = ['--endpoint', server.url, '--endpoint-model', 'writer'];
const INPUTS = ['--problems', 'p.jsonl', '--solutions', 's.jsonl', '--tests', '3', '--cache', 'c.sqlite'];

const run = (args: readonly string[], env: Record<string, string> = {}) => coderm(args, { cwd: folder, env });
/** Runs to a clean end. @returns what it sent */
async function sent(args: readonly string[], env: Record<string, string> = {}) {
  const before = server.asked.length;
  const ended = await run(args, env);
  assert.is(ended.code, 0, ended.stderr);
  return { ...ended, asked: server.asked.slice(before) };
}
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));

endpoint(
  'generate: samples come from the server and are kept under its name, and the key nowhere',
  async () => {
    const generate = ['generate', ...INPUTS, ...AT, '--out', 'u.jsonl'];
    const env = { OPENAI_API_KEY: KEY };
    const first = await sent(generate, env);
    assert.is(first.asked.length, 3);
    for (const { path, headers, body } of first.asked) {
      assert.equal([path, body.model, body.n], ['/v1/chat/completions', 'writer', 1]);
      assert.is(headers.authorization, `Bearer ${KEY}`);
    }
    assert.is(new Set(first.asked.map(({ body }) => body.seed)).size, 3);
    assert.equal(read('u.jsonl').ut_ids, [0, 1, 2]);
    const { model, flags } = read('u.jsonl.manifest.json');
    assert.equal(
      [model.path, model.name, model.generator, flags.endpoint],
      [`${server.url}/v1`, 'writer', 'endpoint chat', server.url],
    );
    const kept = ['u.jsonl', 'u.jsonl.manifest.json', 'c.sqlite'].map((file) =>
      readFileSync(join(folder, file)),
    );
    for (const text of [first.stdout, first.stderr, ...kept]) assert.not(text.includes(KEY));

    assert.is((await sent(generate)).asked.length, 0);
    assert.is((await sent([...generate, '--tests', '4'])).asked.length, 1);
    assert.is((await sent([...generate, '--endpoint-model', 'other'])).asked.length, 3);
  },
);

endpoint('rerank: raw text, rendered by the template of --model or of a file', async () => {
  const local = await sent([
    'rerank',
    ...INPUTS,
    ...AT,
    '--model',
    fixture('random.gguf'),
    '--out',
    'r.jsonl',
  ]);
  assert.equal([read('r.jsonl').selected, read('r.jsonl').tests.kept], [1, 3]);
  for (const { path, body } of local.asked) {
    assert.is(path, '/v1/completions');
    assert.match(body.prompt, /^<\|im_start\|>user\nBelow is a question[\s\S]*<\|im_start\|>assistant\n$/);
  }
  temporary.write('t.jinja', '{{ bos_token }}Q: {{ messages[0].content }}\nA: ');
  const own = await sent([
    ...['rerank', ...INPUTS, ...AT, '--chat-template', 't.jinja', '--response-prefix', 'Sure.\n'],
  ]);
  for (const { body } of own.asked) assert.match(body.prompt, /^Q: Below is a question[\s\S]*\nA: Sure\.\n$/);
  const { stdout } = await sent(['rerank', ...INPUTS, ...AT, '--dry-run']);
  assert.match(stdout, /^prompts +counted by the endpoint$/m);
});

endpoint('solve: one server writes the candidates and the tests', async () => {
  const solve = [
    ...['solve', '--problems', 'p.jsonl', '--policy-endpoint', server.url, '--policy-endpoint-model', 'both'],
    ...['--candidates', '6', '--tests', '2', '--cache', 'c.sqlite', '--out', 'best.jsonl'],
  ];
  const { asked } = await sent([...solve, '--solutions-out', 'six.jsonl']);
  assert.is(asked.length, 8);
  assert.is(new Set(asked.map(({ body }) => body.seed)).size, 8);
  const { solutions } = read('six.jsonl');
  assert.equal(new Set(solutions), new Set([RIGHT, WRONG]));
  assert.is(read('best.jsonl').solution, RIGHT);
  const { code, stdout } = await run(['solve', '--replay', 'best.jsonl.manifest.json']);
  assert.equal([code, stdout], [0, 'nothing differs\n']);
});

endpoint('no proxy is asked, whatever the environment says', async () => {
  const proxy = await serve((response) => json(response, completion('x')));
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  const env = { ...Object.fromEntries(names.map((name) => [name, proxy.url])), NODE_USE_ENV_PROXY: '1' };
  const generate = ['generate', ...INPUTS, ...AT, '--endpoint-model', 'unproxied', '--out', 'x.jsonl'];
  assert.is((await sent([...generate, '--offline'], { ...env, NO_PROXY: '' })).asked.length, 3);
  await proxy.close();
  assert.equal(proxy.asked, []);
});

for (const [name, args, code, says, env = {}] of [
  ['no name of the model', AT.slice(0, 2), 2, /--endpoint needs --endpoint-model NAME/],
  ['a name and no endpoint', [...AT.slice(2), '--model', 'x.gguf'], 2, /expected --endpoint URL with it/],
  ['an address with a key', ['--endpoint', 'http://k@localhost', ...AT.slice(2)], 2, /has a user, a query/],
  [
    'raw text without a template',
    [...AT, '--endpoint-api', 'completions'],
    2,
    /expected --model GGUF or --chat-template/,
  ],
  [
    'a template that is not there',
    [...AT, '--chat-template', 'no.jinja'],
    2,
    /no\.jinja cannot be read \(ENOENT\)/,
  ],
  [
    'a started answer in a chat',
    [...AT, '--response-prefix', 'x'],
    2,
    /A response prefix needs a server that takes raw/,
  ],
  ['the paper’s tokens', [...AT, '--prompt-compat', 'paper'], 2, /at an endpoint the server makes them/],
  [
    'plain with top-k',
    [...AT, '--endpoint-plain', '--top-k', '5'],
    2,
    /expected --top-k 0 and --min-p 0, got 5 and 0/,
  ],
  [
    'a key that no header carries',
    AT,
    2,
    /CODERM_ENDPOINT_KEY: expected a key of printable/,
    { CODERM_ENDPOINT_KEY: 'a\nb' },
  ],
  [
    'nobody listens',
    ['--endpoint', 'http://127.0.0.1:1', ...AT.slice(2), '--endpoint-tries', '1'],
    5,
    /there was connect ECONNREFUSED/,
  ],
  [
    'offline, by the environment',
    ['--endpoint', 'http://192.0.2.1', ...AT.slice(2)],
    2,
    /--offline allows/,
    { CODERM_OFFLINE: '1' },
  ],
] as [string, string[], number, RegExp, Record<string, string>?][]) {
  endpoint(`refused with a sentence: ${name}`, async () => {
    const { code: ended, stderr } = await run(['generate', ...INPUTS, ...args], env);
    assert.is(ended, code, stderr);
    const said = stderr.trimEnd().split('\n');
    assert.match(said.at(-1)!, says);
    assert.is(said.filter((line) => !/^coderm: generate \d/.test(line)).length, 1, stderr); // progress aside
  });
}

/** Counters of a network namespace in which nothing happened yet: what was tried there, be it in vain. */
const COUNTED = { Ip: ['OutRequests', 'OutNoRoutes'], Tcp: ['ActiveOpens'], Udp: ['OutDatagrams'] };

/** Runs coderm in a network namespace of its own, and says what it tried to send. Null where this machine refuses. */
async function attempts(...args: string[]): Promise<{ stderr: string; tried: number } | null> {
  const alone = process.getuid?.() === 0 ? ['unshare', '-n'] : ['unshare', '-r', '-n'];
  if (spawnSync(alone[0]!, [...alone.slice(1), 'true']).status !== 0) {
    if (process.env.CI) throw new Error(`${alone.join(' ')} is refused on this machine`);
    process.stderr.write(`  skipped: needs ${alone.join(' ')}, which this machine refuses\n`);
    return null;
  }
  const under = [...alone, 'sh', '-c', '"$@"; cat /proc/net/snmp', 'sh'];
  const { stdout, stderr } = await coderm(['generate', ...INPUTS, '--out', 'n.jsonl', ...args], {
    cwd: folder,
    under,
  });
  const rows = stdout.split('\n').map((line) => line.split(/:? /));
  const tried = Object.entries(COUNTED).flatMap(([name, fields]) => {
    const [names, values] = rows.filter(([first]) => first === name);
    return fields.map((field) => Number(values![names!.indexOf(field)]));
  });
  assert.ok(tried.length === 4 && tried.every((count) => count >= 0), stdout);
  return { stderr, tried: tried.reduce((sum, count) => sum + count, 0) };
}

endpoint('--offline: no packet leaves, and nobody tries to send one', async () => {
  const away = ['--endpoint', 'http://192.0.2.1:8000', '--endpoint-model', 'm', '--endpoint-tries', '1'];
  const offline = await attempts(...away, '--offline');
  if (offline === null) return;
  assert.match(
    offline.stderr,
    /--offline allows addresses of this machine only.*got http:\/\/192\.0\.2\.1:8000/,
  );
  assert.is(offline.tried, 0);
  const online = (await attempts(...away))!;
  assert.match(online.stderr, /ENETUNREACH/);
  assert.ok(online.tried > 0, 'the counters see an attempt');
});

endpoint.run();
