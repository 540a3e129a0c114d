import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// Scores and evaluates a stored matrix as a user would. Nothing is executed, so nothing but Node is needed.

const score = suite('cli/score');
const { path: cwd } = temporaryFolder();

interface Line {
  task_id: string;
  selected: number | null;
  solution: string | null;
  scorer: string;
  confidence: number;
  abstained?: boolean;
  ranking: { sol_id: number; score: number }[];
  decided_by: number[];
  tests: { kept: number; vacuous: unknown; flaky?: number[] };
}

interface Mean {
  scorer: string;
  accuracy: { mean: number };
}

function file(name: string, lines: readonly unknown[]): string {
  const path = join(cwd, name);
  writeFileSync(
    path,
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
  return path;
}
const read = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Line);

/** Cells of a task: a row a candidate, 1, 0 or ? (no line). */
const cells = (task_id: string, rows: readonly string[], more: object = {}) =>
  rows.flatMap((row, sol_id) =>
    [...row].flatMap((sign, ut_id) =>
      sign === '?' ? [] : [{ task_id, sol_id, ut_id, result: sign === '1' ? 'pass' : 'fail', ...more }],
    ),
  );
const tasks = {
  a: ['111', '110', '110'],
  b: ['0', '0'],
  c: ['1?', '11'],
};
const lines = Object.entries(tasks).flatMap(([task, rows]) => cells(task, rows));
const matrix = file('matrix.jsonl', lines);
const solutions = file(
  'solutions.jsonl',
  Object.entries(tasks).map(([task_id, rows]) => ({
    task_id,
    solutions: rows.map((_, at) => `${task_id}${at}`),
  })),
);

score('writes the ranking lines of rerank, with the selected program where it is at hand', async () => {
  const out = join(cwd, 'majority.jsonl');
  const ended = await coderm(
    ['score', '--matrix', matrix, '--scorer', 'majority', '--solutions', solutions, '--out', out],
    { cwd },
  );
  assert.is(ended.code, 0, ended.stderr);
  const [a, b, c] = read(out);
  assert.equal([a!.task_id, a!.selected, a!.solution, a!.decided_by], ['a', 0, 'a0', [2]]);
  assert.equal([b!.selected, b!.confidence], [0, 0]);
  assert.equal([c!.selected, c!.solution], [1, 'c1']);
  assert.equal(a!.tests.vacuous, { all_pass: 2, all_fail: 0 });
  assert.equal(JSON.parse(readFileSync(`${out}.manifest.json`, 'utf8')).sandbox, null);
});

score('--replay ranks again and says what differs', async () => {
  const out = join(cwd, 'again.jsonl');
  await coderm(['score', '--matrix', matrix, '--scorer', 'codet', '--out', out], { cwd });
  const replayed = () => coderm(['score', '--replay', `${out}.manifest.json`], { cwd });
  const same = await replayed();
  assert.equal([same.code, same.stdout], [0, 'nothing differs\n'], same.stderr);
  const manifest = JSON.parse(readFileSync(`${out}.manifest.json`, 'utf8'));
  manifest.output.sha256 = 'another';
  writeFileSync(`${out}.manifest.json`, JSON.stringify(manifest));
  const other = await replayed();
  assert.is(other.code, 3);
  assert.match(other.stdout, /^output: was "another", is /m);
});

score('auto: the same bytes whatever the order of the lines', async () => {
  const shuffled = file('shuffled.jsonl', [...lines.slice(7), ...lines.slice(0, 7).reverse()]);
  const rankings = [];
  for (const path of [matrix, shuffled]) {
    const out = join(cwd, 'auto.jsonl');
    const ended = await coderm(['score', '--matrix', path, '--scorer', 'auto', '--out', out], { cwd });
    assert.is(ended.code, 0, ended.stderr);
    rankings.push(read(out).sort((a, b) => (a.task_id < b.task_id ? -1 : 1)));
  }
  assert.equal(rankings[1], rankings[0]);
});

score('abstains below a confidence, and evaluate says what that costs', async () => {
  const out = join(cwd, 'careful.jsonl');
  await coderm(['score', '--matrix', matrix, '--abstain-below', '0.5', '--out', out], { cwd });
  const [, b] = read(out);
  assert.equal([b!.selected, b!.abstained, b!.ranking.length], [null, true, 2]);
  const labels = file('labels.jsonl', [
    ...['100', '01', '01'].flatMap((signs, at) =>
      [...signs].map((sign, sol_id) => ({ task_id: 'abc'[at], sol_id, base: false, plus: sign === '1' })),
    ),
  ]);
  const args = ['evaluate', '--ranking', out, '--labels', labels, '--label', 'plus'];
  const { stdout } = await coderm([...args, '--json'], { cwd });
  const found = JSON.parse(stdout) as Record<string, number>;
  assert.equal([found.problems, found.answered, found.accuracy, found.accuracy_answered], [3, 2, 2 / 3, 1]);
  assert.match((await coderm(args, { cwd })).stdout, /accuracy {3}66\.67%/);
  assert.match((await coderm([...args, '--csv'], { cwd })).stdout, /^task_id,accuracy,.*\n"a",1,true,/);
});

score('labels of the other makers mean the same', async () => {
  const out = join(cwd, 'majority.jsonl');
  const status = (sign: string) => ({
    solution: '',
    base_status: 'fail',
    plus_status: sign === '1' ? 'pass' : 'fail',
  });
  const truth: [string, string][] = [
    ['a', '100'],
    ['b', '01'],
    ['c', '01'],
  ];
  const files = {
    coderm: truth.map(([task_id, signs]) => ({ task_id, solutions: [...signs].map(status) })),
    evalplus: [
      { date: '', eval: Object.fromEntries(truth.map(([task, signs]) => [task, [...signs].map(status)])) },
    ],
    passed: truth.flatMap(([task_id, signs]) =>
      [...signs].map((sign, sol_id) => ({ task_id, sol_id, passed: sign === '1' })),
    ),
  };
  for (const [name, given] of Object.entries(files)) {
    const labels = file(`${name}.jsonl`, given);
    const { stdout, stderr } = await coderm(
      ['evaluate', '--ranking', out, '--labels', labels, '--label', 'plus', '--json'],
      { cwd },
    );
    assert.is(JSON.parse(stdout || 'null')?.accuracy, (1 + 0.5 + 1) / 3, `${name}: ${stderr}`);
  }
});

score('--report writes a page, which appears when it is complete', async () => {
  const out = join(cwd, 'paged.jsonl');
  const report = join(cwd, 'page.html');
  const args = ['score', '--matrix', matrix, '--solutions', solutions, '--out', out, '--report', report];
  const ended = await coderm(args, { cwd });
  assert.is(ended.code, 0, ended.stderr);
  const page = readFileSync(report, 'utf8');
  assert.match(page, /<dt>Problems<\/dt><dd>3/);
  assert.match(page, /Candidate 0, the winner<\/summary>\n<pre [^>]*><code>a0</);
  assert.not.ok(existsSync(`${report}.partial`));
});

score('a flaky test has no vote, and an assert votes as often as it was written', async () => {
  const path = file('counted.jsonl', [
    { task_id: 'a', sol_id: 0, ut_id: 0, result: 'pass', flaky: true },
    { task_id: 'a', sol_id: 1, ut_id: 0, result: 'fail', flaky: true },
    { task_id: 'a', sol_id: 0, ut_id: 1, result: 'fail', count: 3 },
    { task_id: 'a', sol_id: 1, ut_id: 1, result: 'pass', count: 3 },
  ]);
  const { stdout } = await coderm(['score', '--matrix', path, '--scorer', 'majority'], { cwd });
  const line = JSON.parse(stdout) as Line;
  assert.equal(line.ranking, [
    { sol_id: 1, score: 3, passed: 3, total: 3 },
    { sol_id: 0, score: 0, passed: 0, total: 3 },
  ]);
  assert.equal(line.tests.flaky, [0]);
});

score('bench scorers compares every scorer on every pairing', async () => {
  const labels = join(cwd, 'passed.jsonl');
  const ended = await coderm(
    [
      ...[
        'bench',
        'scorers',
        '--matrices',
        matrix,
        '--labels',
        labels,
        '--matrices',
        matrix,
        '--labels',
        labels,
      ],
      ...['--untested', 'skip', '--untested', 'count', '--draw', '1', '--rounds', '2', '--json'],
    ],
    { cwd },
  );
  assert.is(ended.code, 0, ended.stderr);
  const { pairings } = JSON.parse(ended.stdout) as {
    pairings: {
      problems: number;
      scorers: { scorer: string; tests: number | null; accuracy: { mean: number } }[];
    }[];
  };
  assert.is(pairings.length, 2);
  const majority = pairings[0]!.scorers.filter(({ scorer }) => scorer === 'majority');
  assert.equal(
    majority.map(({ tests }) => tests),
    [null, 1],
  );
  assert.is(majority[0]!.accuracy.mean, (1 + 0.5 + 1) / 3);
  const text = await coderm(['bench', 'scorers', '--matrices', matrix, '--labels', labels], { cwd });
  assert.match(
    text.stdout,
    /\| auto \| 83\.3 .*auto beside the better of majority and codet: all: \+0\.0\n/s,
  );
});

score('bench scorers lets equal tests vote once, if asked', async () => {
  const counted = file('counted.jsonl', [
    ...cells('a', ['1', '0'], { count: 3 }),
    ...['fail', 'pass'].flatMap((result, sol_id) =>
      [1, 2].map((ut_id) => ({ task_id: 'a', sol_id, ut_id, result, count: 1 })),
    ),
  ]);
  const labels = file('counted-labels.jsonl', [
    { task_id: 'a', sol_id: 0, base: true },
    { task_id: 'a', sol_id: 1, base: false },
  ]);
  const accuracy = async (how: string) => {
    const flags = ['--matrices', counted, '--labels', labels, '--equal-tests', how, '--json'];
    const { code, stdout, stderr } = await coderm(['bench', 'scorers', ...flags], { cwd });
    assert.is(code, 0, stderr);
    const [pairing] = (JSON.parse(stdout) as { pairings: { tests: number; scorers: Mean[] }[] }).pairings;
    return [pairing!.tests, pairing!.scorers.find(({ scorer }) => scorer === 'majority')!.accuracy.mean];
  };
  assert.equal(await accuracy('count'), [5, 1]);
  assert.equal(await accuracy('once'), [3, 0]);
});

const bad: [name: string, args: string[], message: RegExp][] = [
  [
    'a cell that is there twice',
    ['score', '--matrix', file('twice.jsonl', [lines[0], lines[0]])],
    /twice .*expected one line a cell/,
  ],
  [
    'a line that is no cell',
    ['score', '--matrix', file('no-cell.jsonl', ['{"a": 1}'])],
    /no-cell\.jsonl:1 is not a line of an execution matrix/,
  ],
  [
    'a page that is a folder',
    ['score', '--matrix', matrix, '--report', '.'],
    /--report: expected a file to write, and \. is a folder/,
  ],
  [
    'a page in the place of an input',
    ['score', '--matrix', matrix, '--report', matrix],
    /--report: .*matrix\.jsonl is also read by this run/,
  ],
  [
    'a page in the place of the lines',
    ['score', '--matrix', matrix, '--out', 'x.html', '--report', './x.html'],
    /--report: .*x\.html is also where --out writes its lines/,
  ],
  [
    'a page in a folder that is not there',
    ['score', '--matrix', matrix, '--report', 'none/x.html'],
    /none\/x\.html cannot be written \(ENOENT\): name another file with --report/,
  ],
  ['an unknown scorer', ['score', '--matrix', matrix, '--scorer', 'best'], /--scorer/],
  [
    'labels of other tasks',
    [
      'evaluate',
      '--ranking',
      join(cwd, 'majority.jsonl'),
      '--labels',
      file('other.jsonl', [{ task_id: 'z', sol_id: 0, passed: true }]),
    ],
    /no task in common/,
  ],
  [
    'two labels of one candidate',
    [
      'evaluate',
      '--ranking',
      join(cwd, 'majority.jsonl'),
      '--labels',
      file('two.jsonl', [
        { task_id: 'a', sol_id: 0, passed: true },
        { task_id: 'a', sol_id: 0, passed: false },
      ]),
    ],
    /a second time/,
  ],
  [
    'a label that no line has',
    [
      'evaluate',
      '--ranking',
      join(cwd, 'majority.jsonl'),
      '--labels',
      file('base.jsonl', [{ task_id: 'a', sol_id: 0, base: true }]),
      '--label',
      'plus',
    ],
    /no line has the label plus/,
  ],
  [
    'fewer labels than matrices',
    ['bench', 'scorers', '--matrices', matrix, '--matrices', matrix, '--labels', matrix],
    /expected --labels once for each --matrices \(2\)/,
  ],
];
for (const [name, args, message] of bad) {
  score(`says what is wrong: ${name}`, async () => {
    const { code, stderr } = await coderm(args, { cwd });
    assert.is(code, 2, stderr);
    assert.match(stderr, message);
  });
}

score.run();
