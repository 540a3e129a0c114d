import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Cache } from '../../src/cache/database.js';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm, withMounts, withoutUserNamespaces } from './coderm.js';

const badInput = suite('cli: bad input');
const temporary = temporaryFolder();
const MODEL = fixture('random.gguf');

/** What every folder has; a row may write over it. */
const FILES: Record<string, string | Buffer> = {
  'p.jsonl': lines({ task_id: 'a', question: 'Write add(a, b).', entry_point: 'add' }),
  's.jsonl': lines({ task_id: 'a', solution: 'def add(a, b):\n    return a + b\n' }),
  'u.jsonl': lines({
    task_id: 'a',
    unit_tests: [
      'import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(add(1, 2), 3)\n',
    ],
  }),
};
const EXECUTE = ['execute', '--solutions', 's.jsonl', '--unit-tests', 'u.jsonl', '--cache', 'c.sqlite'];
const inputs = (problems = 'p.jsonl', solutions = 's.jsonl') => [
  '--problems',
  problems,
  '--solutions',
  solutions,
];
const rerank = (...more: string[]) => [
  ...['rerank', ...inputs(), '--model', MODEL, '--gpu', 'cpu', '--tests', '1', '--max-tokens', '4'],
  ...['--cache', 'c.sqlite', ...more],
];
const execute = (...more: string[]) => [...EXECUTE, ...more];

interface Row {
  name: string;
  args: readonly string[];
  code: 0 | 2 | 4 | 5;
  says: RegExp;
  files?: Record<string, string | Buffer>;
  env?: Record<string, string>;
  /** A command to run under; null: refused here, skipped. */
  under?: string[] | null;
  prepare?: (folder: string) => void;
}

const row = (
  name: string,
  args: readonly string[],
  code: Row['code'],
  says: RegExp,
  more: Partial<Row> = {},
): Row => ({
  name,
  args,
  code,
  says,
  ...more,
});
/** The row's file in the place of the problems (`p`), solutions (`s`) or unit tests (`u`). */
const badFile = (name: string, which: 'p' | 's' | 'u', content: string | Buffer, says: RegExp): Row =>
  row(name, which === 'u' ? EXECUTE : rerank(), 2, says, { files: { [`${which}.jsonl`]: content } });

const badFiles: Row[] = [
  row(
    'a file that is not there',
    ['rerank', ...inputs('none.jsonl'), '--model', MODEL],
    2,
    /none\.jsonl does not exist/,
  ),
  row('a path below a file', ['rerank', ...inputs('s.jsonl/p.jsonl'), '--model', MODEL], 2, /does not exist/),
  row(
    'a folder as a file',
    ['rerank', ...inputs('.'), '--model', MODEL],
    2,
    /\. is a folder; expected a JSON Lines file/,
  ),
  badFile('an empty file', 'p', '', /p\.jsonl holds no lines/),
  badFile('a file of blank lines', 's', '\n\n', /s\.jsonl holds no lines/),
  badFile(
    'a truncated gzip file',
    'p',
    gzipSync(FILES['p.jsonl']!).subarray(0, 40),
    /ends in the middle of its gzip/,
  ),
  badFile(
    'a damaged gzip file',
    's',
    Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(40, 7)]),
    /damaged gzip/,
  ),
  badFile('invalid UTF-8', 's', Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), /s\.jsonl:1 is not UTF-8 \(byte 2/),
  badFile('UTF-16', 'p', Buffer.from('\ufeff{}\n', 'utf16le'), /iconv -f UTF-16/),
  badFile('bad JSON', 's', `${FILES['s.jsonl']}{"task_id": \n`, /s\.jsonl:2 is not valid JSON/),
  badFile('an array', 'p', '[1]\n', /p\.jsonl:1 holds an array/),
  badFile('one document over many lines', 'p', '{\n"task_id": 1\n}\n', /p\.jsonl:1 .*jq -c/),
  badFile(
    'fields that nobody knows',
    'p',
    lines({ id: 1, text: 'x' }),
    /p\.jsonl:1 is not a problem: expected .*came \{id, text\}/,
  ),
  badFile('candidates in place of problems', 'p', FILES['s.jsonl']!, /candidates: give them as --solutions/),
  badFile('problems in place of candidates', 's', FILES['p.jsonl']!, /a problem: give it as --problems/),
  badFile(
    'candidates in place of unit tests',
    'u',
    FILES['s.jsonl']!,
    /u\.jsonl:1 .*candidates: give them as --solutions/,
  ),
  badFile(
    'a field of the wrong type',
    's',
    lines({ task_id: 'a', solutions: [1] }),
    /`solutions\.0` should be a string/,
  ),
  badFile(
    'a problem twice',
    'p',
    `${FILES['p.jsonl']}${FILES['p.jsonl']}`,
    /p\.jsonl:2 repeats the task id "a" of p\.jsonl:1/,
  ),
  badFile(
    'no common task id',
    's',
    lines({ task_id: 'b', solution: 'x' }),
    /No task of p\.jsonl.* has candidates.*"b"/,
  ),
  badFile(
    'no common task id with the unit tests',
    'u',
    lines({ task_id: 'b', unit_tests: ['x'] }),
    /both candidates and unit tests/,
  ),
  badFile(
    'a completion without a prompt',
    's',
    lines({ task_id: 'a', completion: ' pass' }),
    /s\.jsonl:1 gives a `completion`.*no prompt/,
  ),
  badFile(
    'a completion and no problems file',
    's',
    lines({ task_id: 'a', completion: ' pass' }),
    /add|no prompt/,
  ),
  badFile(
    'unit tests of two forms',
    'u',
    lines({ prompt: 'x', samples: ['f(1) == 1'] }),
    /add --problems FILE/,
  ),
  badFile(
    'control characters in a message',
    's',
    '{"\u001b[31m\u0007": 1}\n'.replace('\u001b', '\\u001b').replace('\u0007', '\\u0007'),
    /came \{[^\u001b\u0007]*\}/,
  ),
];

const badFlags: Row[] = [
  row('no command', [], 2, /Usage: coderm/),
  row('a command that is not there', ['rernk'], 2, /unknown command 'rernk'\n\(Did you mean rerank\?\)/),
  row('a flag that is not there', execute('--mem-mib', '3'), 2, /unknown option '--mem-mib'/),
  row(
    'a near miss of a flag',
    rerank('--temprature', '1'),
    2,
    /unknown option '--temprature'\n\(Did you mean --temperature\?\)/,
  ),
  row('a flag without its value', [...EXECUTE, '--workers'], 2, /--workers <n>' argument missing/),
  row('an argument too many', execute('x'), 2, /too many arguments/),
  row(
    'no --problems',
    ['rerank', '--solutions', 's.jsonl', '--model', MODEL],
    2,
    /coderm rerank needs --problems <file>/,
  ),
  row('no --model', ['generate', ...inputs()], 2, /coderm generate needs --model <gguf>/),
  row(
    'no --unit-tests',
    ['execute', '--solutions', 's.jsonl'],
    2,
    /coderm execute needs --unit-tests <file>/,
  ),
  row(
    '--tests 0',
    rerank('--tests', '0'),
    2,
    /'--tests <n>' argument '0' is invalid\. Expected a whole number from 1 to 100000, got "0"/,
  ),
  row('--seed empty', rerank('--seed', ''), 2, /Expected a whole number of at least 0, got ""/),
  row('--seed 1.5', rerank('--seed', '1.5'), 2, /Expected a whole number/),
  row('--top-p 0', rerank('--top-p', '0'), 2, /Expected a number from 0\.0001 to 1, got "0"/),
  row('--temperature hot', rerank('--temperature', 'hot'), 2, /Expected a number from 0 to 10, got "hot"/),
  row('--cpu-ms -1', execute('--cpu-ms', '-1'), 2, /Expected a whole number of at least 10, got "-1"/),
  row(
    '--memory-mib 1GB',
    execute('--memory-mib', '1GB'),
    2,
    /Expected a whole number of at least 32, got "1GB"/,
  ),
  row('--limits other', execute('--limits', 'other'), 2, /Allowed choices are default, paper/),
  row('--prune with the scorer that learns', rerank('--prune'), 2, /--scorer majority with --prune/),
  row('--scorer other', rerank('--scorer', 'other'), 2, /Allowed choices are auto, consensus, majority/),
  row('--gpu other', rerank('--gpu', 'rocm'), 2, /Allowed choices are auto, cuda, metal, vulkan, cpu/),
  row('--extract other', rerank('--extract', 'all'), 2, /Allowed choices are salvage, paper/),
  row(
    '--response-prefix a folder',
    rerank('--response-prefix', '.'),
    2,
    /--response-prefix: .*\. cannot be read \(EISDIR\)/,
  ),
  row(
    'a task that is not there',
    ['prompt', 'b', ...inputs(), '--model', MODEL],
    2,
    /no problem with candidates has the task id "b"/,
  ),
  row(
    'cache clear of nothing known',
    ['cache', 'clear', 'all'],
    2,
    /Expected one of models, prompts, samples, analyses, cells/,
  ),
];

const manifest = (more: object) => JSON.stringify({ flags: {}, inputs: [], output: {}, ...more });
const badOutput: Row[] = [
  row(
    '--json without --out',
    execute('--json'),
    2,
    /--json prints the summary on stdout.*expected --out FILE/,
  ),
  row(
    '--out in a folder that is not there',
    execute('--out', 'no/r.jsonl'),
    2,
    /no\/r\.jsonl cannot be written \(ENOENT\)/,
  ),
  row('--out below a file', execute('--out', 's.jsonl/r.jsonl'), 2, /cannot be written \(ENOTDIR\)/),
  row('--out a folder', execute('--out', '.'), 2, /--out: expected a file to write, and \. is a folder/),
  row('--out empty', execute('--out', ''), 2, /--out: expected a file to write, got an empty name/),
  row('--out over an input', execute('--out', './s.jsonl'), 2, /s\.jsonl is also read by this run/),
  row(
    '--out in /proc',
    execute('--out', '/proc/r.jsonl'),
    2,
    /\/proc\/r\.jsonl cannot be written \(E[A-Z]+\)/,
  ),
  row(
    '--out in a read-only folder',
    execute('--out', 'ro/r.jsonl'),
    2,
    /ro\/r\.jsonl cannot be written \(EROFS\)/,
    {
      under: withMounts('mkdir ro && mount -t tmpfs -o ro none ro'),
    },
  ),
  row(
    '--out on a full disk',
    execute('--out', 'full/r.jsonl'),
    2,
    /full\/r\.jsonl cannot be written \(ENOSPC\): free some space/,
    {
      under: withMounts('mkdir full && mount -t tmpfs -o size=4k none full'),
      files: {
        's.jsonl': lines({ task_id: 'a', solutions: Array(60).fill('def add(a, b):\n    return a + b\n') }),
      },
    },
  ),
  row('--out /dev/full', execute('--out', '/dev/full'), 2, /\/dev\/full cannot be written \(ENOSPC\)/),
  row('standard output is full', EXECUTE, 2, /standard output cannot be written \(ENOSPC\)/, {
    under: ['sh', '-c', 'exec "$@" > /dev/full', 'sh'],
  }),
  row(
    'standard output is full, for a help text',
    ['cache', 'info'],
    2,
    /standard output cannot be written \(ENOSPC\)/,
    {
      under: ['sh', '-c', 'exec "$@" > /dev/full', 'sh'],
    },
  ),
  row(
    '--replay of no file',
    ['rerank', '--replay', 'none.json'],
    2,
    /--replay: expected the manifest of a run, got none\.json/,
  ),
  row('--replay of another JSON file', ['rerank', '--replay', 's.jsonl'], 2, /s\.jsonl is another JSON file/),
  row(
    '--replay of a manifest that was cut',
    ['rerank', '--replay', 'm.json'],
    2,
    /m\.json is another JSON file/,
    {
      files: { 'm.json': manifest({ command: 'rerank' }) },
    },
  ),
  row(
    '--replay of another command',
    ['rerank', '--replay', 'm.json'],
    2,
    /expected coderm generate --replay/,
    {
      files: {
        'm.json': manifest({
          command: 'generate',
          versions: {},
          flags: { solutions: [], cache: 'c', out: 'o' },
          sandbox: {},
          host: {},
          output: { sha256: 'x' },
        }),
      },
    },
  ),
];

const sqlite = (change: (bytes: Buffer) => Buffer) => (folder: string) => {
  const file = join(folder, 'c.sqlite');
  const cache = Cache.open(file);
  for (let at = 0; at < 50; at++) cache.storeAnalysis(at.toString(16).padStart(64, '0'), 'y'.repeat(2000));
  cache.close();
  writeFileSync(file, change(readFileSync(file)));
};
const badCache: Row[] = [
  row(
    'a folder as cache',
    execute('--cache', '.'),
    2,
    /is a folder; expected a file that can be written, for the cache/,
  ),
  row('an empty name as cache', execute('--cache', ''), 2, /is a folder/),
  row('a cache file of zero bytes', execute('--out', 'r.jsonl'), 0, /cells +1 \(1 executed/, {
    files: { 'c.sqlite': '' },
  }),
  row('a text file as cache', execute('--cache', 's.jsonl'), 2, /s\.jsonl is not a cache/),
  row(
    'a cache below a file',
    execute('--cache', 's.jsonl/c.sqlite'),
    2,
    /cannot be made or written \((ENOTDIR|EEXIST)\)/,
  ),
  row('a cache in /proc', execute('--cache', '/proc/c.sqlite'), 2, /\/proc\/c\.sqlite/),
  row('a newer schema', EXECUTE, 2, /written by a newer coderm \(cache schema 99/, {
    // PRAGMA user_version is the big-endian word at byte 60 of the file.
    prepare: sqlite((bytes) => {
      bytes.writeUInt32BE(99, 60);
      return bytes;
    }),
  }),
  row('a truncated cache', EXECUTE, 2, /c\.sqlite is damaged: delete it/, {
    prepare: sqlite((bytes) => bytes.subarray(0, 5000)),
  }),
  row('cache info of a text file', ['cache', 'info', '--cache', 's.jsonl'], 2, /s\.jsonl is not a cache/),
  row(
    'a full disk for the cache',
    execute('--cache', 'full/c.sqlite'),
    2,
    /The disk is full: .*full\/c\.sqlite could not grow/,
    {
      under: withMounts('mkdir full && mount -t tmpfs -o size=8k none full'),
    },
  ),
  row('a disk that fills while the cache grows', execute('--cache', 'full/c.sqlite'), 2, /The disk is full/, {
    under: withMounts('mkdir full && mount -t tmpfs -o size=160k none full'),
    files: { 'u.jsonl': lines({ task_id: 'a', unit_tests: [`${'# long\n'.repeat(40_000)}${unitTest()}`] }) },
  }),
  row(
    'a cache in a read-only folder',
    execute('--cache', 'ro/c.sqlite'),
    2,
    /ro\/c\.sqlite cannot be made or written \(EROFS\)/,
    {
      under: withMounts('mkdir ro && mount -t tmpfs -o ro none ro'),
    },
  ),
];

function unitTest(): string {
  return (JSON.parse(String(FILES['u.jsonl'])) as { unit_tests: string[] }).unit_tests[0]!;
}

const model = (...args: string[]) => ['rerank', ...inputs(), '--cache', 'c.sqlite', ...args];
const made =
  (...options: string[]) =>
  (folder: string) =>
    void execFileSync('python3', [fixture('make_random_gguf.py'), ...options, join(folder, 'm.gguf')]);
const badModels: Row[] = [
  row('a model that is not there', model('--model', './none.gguf'), 5, /none\.gguf/),
  row('a text file named .gguf', model('--model', 'm.gguf', '--gpu', 'cpu'), 5, /m\.gguf/, {
    files: { 'm.gguf': 'hello '.repeat(50) },
  }),
  row('an empty file named .gguf', model('--model', 'm.gguf', '--gpu', 'cpu'), 5, /m\.gguf/, {
    files: { 'm.gguf': '' },
  }),
  row('a GGUF cut in its weights', model('--model', 'm.gguf', '--gpu', 'cpu'), 5, /m\.gguf/, {
    prepare: made('--truncate', '20000'),
  }),
  row('a GGUF cut in its header', model('--model', 'm.gguf', '--gpu', 'cpu'), 5, /m\.gguf/, {
    files: { 'm.gguf': readFileSync(MODEL).subarray(0, 700) },
  }),
  row(
    'a GGUF without a chat template',
    model('--model', 'm.gguf', '--gpu', 'cpu'),
    5,
    /m\.gguf has no chat template/,
    {
      prepare: made('--no-template'),
    },
  ),
  row('a folder as model', model('--model', '.'), 5, /folder/),
  row('a name of no model', model('--model', 'gpt-9'), 5, /"gpt-9" is neither; known names are/),
  row('a near miss of a model', model('--model', 'coderm-8b-q4_k_n'), 5, /did you mean coderm-8b-q4_k_m\?/),
  row('a known model that is not here', model('--model', 'coderm-8b-q4_k_m'), 5, /put it there from https:/, {
    env: { CODERM_MODELS: '/nowhere' },
  }),
  row(
    '--gpu cuda where there is none',
    rerank('--gpu', 'cuda'),
    5,
    /Expected a cuda GPU for --gpu cuda, but .*--gpu cpu/,
    {
      env: { CUDA_VISIBLE_DEVICES: '' },
    },
  ),
  row(
    '--gpu metal where there is none',
    rerank('--gpu', 'metal'),
    5,
    /Expected a metal GPU for --gpu metal, but .*--gpu cpu/,
    {
      under: process.platform === 'darwin' ? null : [],
    },
  ),
];

const script = (text: string) => (folder: string) => {
  writeFileSync(join(folder, 'python'), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, 'python'), 0o755);
};
const OLD =
  '{"executable": "/usr/bin/python3", "version": "3.8.10", "build": "", "paths": [], "libraries": [], ' +
  '"loader": null, "packages": [], "cache_tag": null, "supported": false}';
const badSandbox: Row[] = [
  row(
    'a Python that is not there',
    execute('--python', './none'),
    4,
    /'\.\/none' does not run .*--python PATH/,
  ),
  row(
    'an old Python',
    execute('--python', './python'),
    4,
    /needs Python 3\.9 or newer, and '\.\/python' is 3\.8\.10/,
    {
      prepare: script(`echo '${OLD}'`),
    },
  ),
  row('a Python that fails', execute('--python', './python'), 4, /'\.\/python' does not run/, {
    prepare: script('exit 3'),
  }),
  row('a Python that is another program', execute('--python', './python'), 4, /'\.\/python' /, {
    prepare: script('echo hello'),
  }),
  row(
    'no user namespaces',
    EXECUTE,
    4,
    /max_user_namespaces refuses user namespaces\. Allow them with: sudo sysctl/,
    {
      under: withoutUserNamespaces(),
    },
  ),
];

const config = (value: unknown) => ({
  'coderm.config.json': typeof value === 'string' ? value : JSON.stringify(value),
});
const badSettings: Row[] = [
  row(
    'a configuration with an unknown key',
    EXECUTE,
    2,
    /coderm\.config\.json: expected a flag's name, got "cpu_ms"/,
    { files: config({ cpu_ms: 1000 }) },
  ),
  row('a configuration with a wrong type', EXECUTE, 2, /expected a string or a number for cpu-ms, got true/, {
    files: config({ 'cpu-ms': true }),
  }),
  row(
    'a configuration with a bad number',
    EXECUTE,
    2,
    /cpu-ms: Expected a whole number of at least 10, got "1"/,
    { files: config({ 'cpu-ms': 1 }) },
  ),
  row('a configuration with a bad choice', EXECUTE, 2, /limits: Allowed choices are default, paper/, {
    files: config({ limits: 'x' }),
  }),
  row('a configuration with a bad boolean', EXECUTE, 2, /expected true or false for json, got "yes"/, {
    files: config({ json: 'yes' }),
  }),
  row(
    'a configuration that is no JSON',
    EXECUTE,
    2,
    /coderm\.config\.json: expected a JSON object of flags \(/,
    { files: config('{') },
  ),
  row('a configuration that is an array', EXECUTE, 2, /expected a JSON object of flags, got \[\]/, {
    files: config([]),
  }),
  row('a configuration for cache info', ['cache', 'info'], 2, /s\.jsonl is not a cache/, {
    files: config({ cache: 's.jsonl' }),
  }),
  row(
    'a bad number in the environment',
    EXECUTE,
    2,
    /CODERM_WORKERS.*Expected a whole number from 1 to 1024, got "many"/,
    { env: { CODERM_WORKERS: 'many' } },
  ),
  row('a bad choice in the environment', EXECUTE, 2, /CODERM_LIMITS.*Allowed choices/, {
    env: { CODERM_LIMITS: 'strict' },
  }),
  row('a bad boolean in the environment', EXECUTE, 2, /CODERM_JSON: expected true or false, got "yes"/, {
    env: { CODERM_JSON: 'yes' },
  }),
  row('a bad --no-… in the environment', EXECUTE, 2, /CODERM_NO_DEDUP: expected true or false, got "yes"/, {
    env: { CODERM_NO_DEDUP: 'yes' },
  }),
  row('a bad --no-… in the configuration', EXECUTE, 2, /expected true or false for no-dedup, got 1/, {
    files: config({ 'no-dedup': 1 }),
  }),
];

const benchPrune = (...more: string[]) => [
  ...['bench', 'prune', '--matrix', 'm.jsonl', '--cache', 'c.sqlite', ...more],
];
const cell = { task_id: 'a', sol_id: 0, ut_id: 0, result: 'pass', verdict: 'pass' };
const codet = {
  task_id: 'a',
  tests: [['assert f()', 1]],
  solutions: [{ completion: 'x', count: 1, row: '1' }],
};
const given = ['--solutions', 's.jsonl', '--unit-tests', 'u.jsonl'];
const badMatrix = (name: string, content: unknown, says: RegExp, args: string[] = []): Row =>
  row(name, benchPrune(...args), 2, says, { files: { 'm.jsonl': lines(content) } });
const badMatrices: Row[] = [
  row('a matrix that is not named', ['bench', 'prune'], 2, /needs --matrix <file>/),
  badMatrix('a matrix of other lines', { task_id: 'a' }, /m\.jsonl:1 is not a line of an execution matrix/),
  badMatrix(
    'a matrix with an unknown verdict',
    { ...cell, verdict: 'fine' },
    /`verdict` should be a verdict/,
  ),
  badMatrix('a matrix without its files', cell, /holds verdicts and no code: expected the files/),
  badMatrix('a matrix of more candidates', { ...cell, sol_id: 1 }, /has 1 cells; expected the 1 × 1/, given),
  badMatrix('a matrix of other tasks', { ...cell, task_id: 'b' }, /have no task in common/, given),
  badMatrix('a CodeT matrix without problems', codet, /no problem of that id has one: .*--problems FILE/),
];

async function check(
  { args, code, says, files = {}, env = {}, under = [], prepare }: Row,
  folder: string,
): Promise<void> {
  for (const [name, content] of Object.entries({ ...FILES, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  prepare?.(folder);
  const ended = await coderm(args, { cwd: folder, env, under: under! });
  assert.match(ended.stderr, says);
  assert.is(ended.code, code, ended.stderr);
  assert.not.match(ended.stderr, /^\s+at |defect of coderm/m);
  assert.is(ended.stdout, '');
  // What commander says has its advice on a second line; everything else is one sentence on one line.
  if (code !== 0 && !/^(error|Usage): /.test(ended.stderr)) {
    const said = ended.stderr.split('\n').filter((line) => line.startsWith('coderm: ') && says.test(line));
    assert.is(said.length, 1, ended.stderr);
    assert.is(ended.stderr.trimEnd().split('\n').at(-1), said[0]);
  }
  const left = readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.partial'));
  assert.equal(left, []);
}

const tables = [badFiles, badFlags, badOutput, badCache, badModels, badSandbox, badSettings, badMatrices];
// Two at a time, from the first test on: most of a row's time is the start of Node.
const lanes = [Promise.resolve(), Promise.resolve()];
for (const [at, one] of tables.flat().entries()) {
  if (one.under === null) continue; // said by withMounts
  const lane = at % lanes.length;
  const checked = lanes[lane]!.then(() => check(one, join(temporary.path, String(at))));
  lanes[lane] = checked.catch(() => {});
  badInput(one.name, () => checked);
}

badInput('every refused input file is left as it was', () => {
  for (const [at, one] of tables.flat().entries()) {
    if (one.under === null) continue;
    const wanted = Buffer.from(one.files?.['s.jsonl'] ?? FILES['s.jsonl']!);
    assert.ok(readFileSync(join(temporary.path, String(at), 's.jsonl')).equals(wanted), one.name);
  }
});

badInput('a prompt longer than the context: the line says so, exit 3', async () => {
  const folder = join(temporary.path, 'long');
  mkdirSync(folder);
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
  for (const command of ['rerank', 'generate']) {
    const { code, stdout, stderr } = await coderm([command, ...rerank('--context', '64').slice(1)], {
      cwd: folder,
    });
    assert.is(code, 3, stderr);
    const line = JSON.parse(stdout);
    assert.is(line.task_id, 'a');
    assert.match(line.error, /leaves room in a context of 64 tokens/);
    assert.match(stderr, /coderm: a failed: /);
  }
});

const commands: [string[], RegExp[]][] = [
  [[], [/Exit codes: 0 done/, /CODERM_TOP_P/]],
  [
    ['rerank'],
    [
      /--tests <n>.*\(default: 100, env: CODERM_TESTS\)/,
      /--cpu-ms <ms>.*\(default: 1000/,
      /--problems <file>.*\(required\)/,
      /--prune .*env: CODERM_PRUNE/,
    ],
  ],
  [['generate'], [/--max-tokens <n>.*\(default: 2048/, /--temperature <t>.*\(default: 0\.8/]],
  [['execute'], [/--no-dedup/, /--wall-ms <ms>.*\(default: 5000/, /--memory-mib <MiB>.*\(default: 512/]],
  [['prompt'], [/--prompt-compat <how>.*default: "none"/]],
  [['cache'], [/info/, /clear/]],
  [['cache', 'info'], [/--cache <file>.*default: ".*cache\.sqlite"/]],
  [['cache', 'clear'], [/--cache <file>/]],
  [['models'], [/list/, /verify/, /import/, /only `models pull` opens a socket/]],
  [['models', 'info'], [/--lanes <list>.*\(default: 1,8,32/]],
  [
    ['models', 'pull'],
    [/--offline/, /HF_ENDPOINT/],
  ],
  [['bench'], [/prune/]],
  [['bench', 'prune'], [/--matrix <file>.*\(required\)/]],
];
for (const [command, shows] of commands) {
  badInput(`${['coderm', ...command].join(' ')} --help`, async () => {
    const { code, stdout, stderr } = await coderm([...command, '--help'], { cwd: temporary.path });
    assert.is(code, 0);
    assert.is(stderr, '');
    for (const pattern of shows) assert.match(stdout.replace(/\s+/g, ' '), pattern);
  });
}

badInput.run();
