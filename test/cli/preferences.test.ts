import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { preferencesOf } from '../../src/preference.js';
import { readProblems } from '../../src/problem.js';
import { solutionPrompt } from '../../src/solution-prompt.js';
import { shared } from '../root.js';
import { all, lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

const preferences = suite('cli/preferences');
const folder = temporaryFolder();

const problems = folder.write(
  'p.jsonl',
  lines(
    { task_id: 'a', prompt: 'def f(n):\n    """Twice."""\n', entry_point: 'f' },
    { task_id: 'b', prompt: 'def f(n):\n    """Half."""\n', entry_point: 'f' },
  ),
);
const solutions = folder.write(
  's.jsonl',
  lines(
    { task_id: 'a', solutions: ['def f(n): return 0', '\ndef f(n): return n + n\n', 'x', 'y', 'z'] },
    { task_id: 'b', solutions: ['one', 'two'] },
  ),
);
const ranked = (task_id: string, votes: [sol_id: number, passed: number][], more: object = {}) => ({
  task_id,
  selected: votes[0]?.[0] ?? null,
  ranking: votes.map(([sol_id, passed]) => ({ sol_id, score: passed, passed, total: 10 })),
  tied: [],
  confidence: 0.5,
  ...more,
});
const ranking = folder.write(
  'r.jsonl',
  lines(
    ranked('a', [
      [1, 10],
      [2, 9],
      [3, 9],
      [0, 4],
      [4, 4],
    ]),
    ranked('b', [
      [0, 3],
      [1, 3],
    ]),
  ),
);
const run = (...more: string[]) =>
  coderm(['preferences', '--ranking', ranking, '--problems', problems, '--solutions', solutions, ...more], {
    cwd: folder.path,
  });
const parsed = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const PROMPT =
  'Please provide a self-contained Python script that solves the following problem in a markdown code block:\n' +
  '```python\ndef f(n):\n    """Twice."""\n\n```\n';

preferences("the exact lines: TRL's standard preference format", async () => {
  const { stdout, stderr, code } = await run('--margin', '0.2');
  assert.is(code, 0, stderr);
  assert.equal(parsed(stdout), [
    {
      prompt: PROMPT,
      chosen: '```python\ndef f(n): return n + n\n```',
      rejected: '```python\ndef f(n): return 0\n```',
    },
  ]);
  assert.match(stderr, /problems {3}2, 1 with pairs\npairs {6}1\n/);
});

preferences("--form chat: TRL's conversational preference format", async () => {
  const { stdout } = await run('--margin', '0.2', '--form', 'chat');
  assert.equal(parsed(stdout), [
    {
      prompt: [{ role: 'user', content: PROMPT }],
      chosen: [{ role: 'assistant', content: '```python\ndef f(n): return n + n\n```' }],
      rejected: [{ role: 'assistant', content: '```python\ndef f(n): return 0\n```' }],
    },
  ]);
});

preferences('without a matrix equal votes are one behaviour; with one, cells tell them apart', async () => {
  const rejected = async (...more: string[]) =>
    parsed((await run('--pairs', '9', ...more)).stdout).map((line) => line.rejected.split('\n')[1]);
  assert.equal(await rejected(), ['x', 'def f(n): return 0']);
  const rows = ['1111000000', '1111111111', '1111111110', '0111111111', '1111000000'];
  const matrix = folder.write(
    'm.jsonl',
    lines(
      ...rows.flatMap((row, sol_id) =>
        [...row].map((sign, ut_id) => ({
          task_id: 'a',
          sol_id,
          ut_id,
          result: sign === '1' ? 'pass' : 'fail',
        })),
      ),
    ),
  );
  assert.equal(await rejected('--matrix', matrix), ['x', 'y', 'def f(n): return 0']);
});

preferences('writes a file with its manifest, and a summary', async () => {
  const out = join(folder.path, 'out.jsonl');
  const { stdout } = await run('--out', out, '--json', '--pairs', '2');
  assert.equal(JSON.parse(stdout), { problems: 2, problems_with_pairs: 1, pairs: 2 });
  assert.is(parsed(readFileSync(out, 'utf8')).length, 2);
  assert.is(JSON.parse(readFileSync(`${out}.manifest.json`, 'utf8')).command, 'preferences');
  const replayed = await coderm(['preferences', '--replay', `${out}.manifest.json`], { cwd: folder.path });
  assert.equal([replayed.code, replayed.stdout], [0, 'nothing differs\n'], replayed.stderr);
});

preferences('says what is wrong: candidates of other files', async () => {
  const few = folder.write('few.jsonl', lines({ task_id: 'a', solutions: ['only'] }));
  const { code, stderr } = await coderm(
    ['preferences', '--ranking', ranking, '--problems', problems, '--solutions', few],
    { cwd: folder.path },
  );
  assert.is(code, 2);
  assert.match(stderr, /ranks candidates 1 and .* of task "a".*expected the files that were ranked/);
});

const line = (votes: [number, number][], more: object = {}) => ({
  taskId: 't',
  selected: votes[0]?.[0] ?? null,
  ranking: votes.map(([solId, passed]) => ({ solId, score: passed, passed, total: 4 })),
  tied: [],
  confidence: 0.4 as number | null,
  ...more,
});
const options = { margin: 0, pairs: 2, minConfidence: 0, seed: 0 };
const count = (one: Parameters<typeof preferencesOf>[0], more: object = {}) =>
  preferencesOf(one, null, { ...options, ...more }).length;

preferences('no pair where there is nothing to prefer', () => {
  assert.is(count(line([])), 0, 'failed');
  assert.is(count(line([[0, 4]])), 0, 'N = 1');
  assert.is(
    count(
      line([
        [0, 4],
        [1, 4],
      ]),
    ),
    0,
    'equal votes, margin 0',
  );
  const two = line([
    [0, 4],
    [1, 2],
  ]);
  assert.is(count(two), 1);
  assert.is(count({ ...two, selected: null }), 0, 'abstained');
  assert.is(count(two, { minConfidence: 0.5 }), 0, 'not certain');
  assert.is(count(two, { margin: 0.51 }), 0, 'too close');
  assert.is(
    count(
      line([
        [0, 2],
        [1, 4],
      ]),
    ),
    0,
    'a scorer that ranks fewer votes higher',
  );
});

preferences('of many behaviours as many are drawn as asked, the same ones each time', () => {
  const many = line([
    [0, 4],
    [1, 3],
    [2, 2],
    [3, 1],
    [4, 0],
  ]);
  const drawn = (seed: number) => preferencesOf(many, null, { ...options, seed });
  assert.is(drawn(1).length, 2);
  assert.equal(drawn(1), drawn(1));
  const seen = new Set(
    Array.from({ length: 40 }, (_, seed) => drawn(seed).map(({ rejected }) => rejected)).flat(),
  );
  assert.is(seen.size, 4);
});

const files = ['input_humaneval+_sol.jsonl', 'input_mbpp+_sol.jsonl'].map((name) =>
  shared('data', 'coderm_inputs', name),
);
preferences("the prompt is the authors', byte for byte", async () => {
  for (const file of files) {
    if (!file) continue;
    const asked = parsed(readFileSync(file, 'utf8')).map(({ messages }) => messages[0].content);
    const found = await all(readProblems([file]));
    assert.equal(found.map(solutionPrompt), asked);
  }
});

preferences.run();
