import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture } from '../../root.js';
import { coderm } from '../coderm.js';
import { checkRows, FILES, inputs, MODEL, type Row, rerank, row, temporary } from './rows.js';

const badInput = suite('cli: bad input, models');

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

checkRows(badInput, badModels);

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

badInput.run();
