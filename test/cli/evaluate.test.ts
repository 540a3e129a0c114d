import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// evaluate as a user calls it: on a matrix, and with labels that it computes itself.
const evaluate = suite('cli/evaluate');
const folder = temporaryFolder();
const run = (...args: string[]) => coderm(['evaluate', ...args], { cwd: folder.path });

const rows: Record<string, string[]> = { a: ['11', '10', '00'], b: ['01', '10'] };
const matrix = folder.write(
  'm.jsonl',
  lines(
    ...Object.entries(rows).flatMap(([task_id, list]) =>
      list.flatMap((row, sol_id) =>
        [...row].map((sign, ut_id) => ({ task_id, sol_id, ut_id, result: sign === '1' ? 'pass' : 'fail' })),
      ),
    ),
  ),
);
const labels = folder.write(
  'l.jsonl',
  lines(
    ...[...'110'].map((sign, sol_id) => ({ task_id: 'a', sol_id, passed: sign === '1' })),
    ...[...'10'].map((sign, sol_id) => ({ task_id: 'b', sol_id, passed: sign === '1' })),
  ),
);
const onMatrix = ['--matrix', matrix, '--labels', labels, '--scorer', 'majority'];
const curve = ['--curve-tests', '0,2', '--curve-candidates', '1,3', '--rounds', '2'];

evaluate('a matrix alone: what the scorer chooses, tests one by one, curves', async () => {
  const { stdout, stderr } = await run(...onMatrix, ...curve, '--json');
  const found = JSON.parse(stdout || 'null');
  assert.is(found?.accuracy, 0.75, stderr);
  // Pooled over 10 cells: TP 4, FP 1, TN 3, FN 2.
  assert.equal(
    [found.tests_individual.acc, found.tests_individual.far, found.tests_individual.frr],
    [0.7, 0.2, 0.4],
  );
  assert.equal(found.vacuous, { all_pass: 0, all_fail: 0 });
  assert.is(found.utgen, null);
  assert.equal(
    found.curves.map((point: Record<string, unknown>) => [point.candidates, point.tests, point.accuracy]),
    [
      [1, 0, 1],
      [1, 2, 1],
      [3, 0, (2 / 3 + 1 / 2) / 2],
      [3, 2, 0.75],
    ],
  );
});

evaluate('labelled tasks without a cell count where that is asked for', async () => {
  const more = folder.write(
    'more.jsonl',
    lines({ task_id: 'z', sol_id: 0, passed: true }, { task_id: 'z', sol_id: 1, passed: false }),
  );
  const found = async (...args: string[]) =>
    JSON.parse((await run(...onMatrix, '--labels', more, '--json', ...args)).stdout);
  assert.is((await found()).problems, 2);
  const { problems, accuracy } = await found('--untested', 'count');
  assert.equal([problems, accuracy], [3, (1 + 0.5 + 0.5) / 3]);
});

evaluate('text and CSV say the same', async () => {
  const text = (await run(...onMatrix, ...curve)).stdout;
  assert.match(
    text,
    /one by one: Acc 70\.00, F1 72\.73, FAR 20\.00, FRR 40\.00 \(false positive rate 25\.00/,
  );
  assert.match(text, /\| candidates \| 0 tests \| 2 tests \|\n\| --- \| --- \| --- \|\n\| 1 \| 100\.00 \(/);
  const csv = async (table: string) => (await run(...onMatrix, ...curve, '--csv', table)).stdout.split('\n');
  assert.equal((await csv('tests')).slice(0, 3), [
    'task_id,ut_id,count,acc,f1,far,frr,false_positive_rate,false_negative_rate',
    '"a",0,1,1,1,0,0,0,0',
    `"a",1,1,${2 / 3},${2 / 3},0,0.5,0,0.5`,
  ]);
  const curves = await csv('curves');
  assert.is(curves[0], 'candidates,tests,quintile,problems,accuracy,accuracy_low,accuracy_high');
  assert.match(curves[1]!, /^1,0,,2,1,/);
  assert.match(curves[2]!, /^1,0,1,1,1,/);
  assert.match((await csv('quintiles'))[1]!, /^1,1,0\.6666666666666666,1,/);
  assert.match((await csv('problems'))[1]!, /^"a",1,true,/);
});

evaluate(
  'the calibration table is the same in JSON, CSV, text and page, which is one file without script',
  async () => {
    const page = join(folder.path, 'page.html');
    const { confidence } = JSON.parse((await run(...onMatrix, ...curve, '--json', '--report', page)).stdout);
    const [, ...csvRows] = (await run(...onMatrix, '--csv', 'calibration')).stdout.trim().split('\n');
    assert.equal(
      csvRows.map((row) => row.split(',').map(Number)),
      confidence.reliability.map((bin: Record<string, number>) => Object.values(bin)),
    );
    assert.ok(csvRows.length > 0);
    const text = (await run(...onMatrix)).stdout;
    const html = readFileSync(page, 'utf8');
    const shown = (share: number, digits: number) => (100 * share).toFixed(digits);
    for (const { from, to, problems, predicted, actual } of confidence.reliability) {
      const line = `${from.toFixed(1)}–${to.toFixed(1)}: ${problems} problems, predicted ${shown(predicted, 2)}, actual ${shown(actual, 2)}`;
      assert.ok(text.includes(line), `${line} in ${text}`);
      assert.ok(
        html.includes(
          `<td class="number">${shown(predicted, 1)}%</td><td class="number">${shown(actual, 1)}%</td>`,
        ),
      );
    }
    assert.match(text, new RegExp(`Brier ${confidence.brier.toFixed(3)}, expected calibration error`));
    assert.not.match(html, /<script|<link|<img/);
    assert.match(html, /<title>coderm evaluate: report/);
    const figures = (await run(...onMatrix, '--csv', 'figures')).stdout;
    assert.match(figures, /^figure,value\n"problems",2\n"accuracy",0\.75\n/);
    assert.match(figures, /\n"tests_individual\.far",0\.2\n/);
    assert.ok(figures.includes(`"confidence.brier",${confidence.brier}\n`));
  },
);

const problems = folder.write(
  'p.jsonl',
  lines({
    task_id: 'a',
    prompt: 'def half(n):\n',
    entry_point: 'half',
    test: 'def check(candidate):\n    assert candidate(4) == 2\n    assert candidate(1) == 0.5\n',
  }),
);
const solutions = folder.write(
  's.jsonl',
  lines(
    { task_id: 'a', completion: '    return n / 2\n' },
    { task_id: 'a', completion: '    return n // 2\n' },
    { task_id: 'a', completion: '    return half(n)\n' },
    { task_id: 'other', completion: '    return 1\n' },
  ),
);
const truth = [
  '--ground-truth',
  problems,
  '--solutions',
  solutions,
  '--cache',
  join(folder.path, 'c.sqlite'),
];

evaluate('computed labels are kept, judged by, and compared with given ones', async () => {
  const out = join(folder.path, 'labels.jsonl');
  const { stdout, stderr, code } = await run(...truth, '--labels', labels, '--labels-out', out, '--json');
  assert.is(code, 0, stderr);
  const { compared, equal, unlabelled, differences } = JSON.parse(stdout).labels;
  assert.equal([compared, equal, unlabelled], [3, 2, 0]);
  assert.equal(differences, [
    {
      task_id: 'a',
      sol_id: 1,
      given: true,
      computed: false,
      verdict: 'fail',
      detail: 'assert: AssertionError',
    },
  ]);
  const written = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(
    written.map(({ sol_id, passed, verdict }) => [sol_id, passed, verdict]),
    [
      [0, true, 'pass'],
      [1, false, 'fail'],
      [2, false, 'error'],
    ],
  );
  assert.is(JSON.parse(readFileSync(`${out}.manifest.json`, 'utf8')).sandbox.limits.cpu_ms, 10_000);

  const byTruth = await run(...truth, '--matrix', matrix, '--scorer', 'majority');
  assert.match(byTruth.stdout, /problems {3}1, 1 more without labels\naccuracy {3}100\.00%/);
  assert.match(byTruth.stderr, /3 \(0 executed, 3 cached/);
  assert.is(
    (await run(...truth, '--labels', labels, '--csv', 'labels')).stdout,
    'task_id,sol_id,given,computed,verdict,detail\n"a",1,true,false,"fail","assert: AssertionError"\n',
  );
  const page = join(folder.path, 'labels.html');
  const compare = await run(...truth, '--labels', labels, '--report', page);
  assert.match(readFileSync(page, 'utf8'), /<dt>Equal labels<\/dt><dd>2 <small>66\.7%/);
  assert.match(
    compare.stdout,
    /labels {5}2 of 3 as given\n {11}a 1: given right, computed wrong \(assert: AssertionError\)/,
  );
});

const bad: [name: string, args: string[], message: RegExp][] = [
  ['no labels', ['--matrix', matrix], /expected --labels FILE or --ground-truth FILE, got neither/],
  ['labels out of nothing', [...onMatrix, '--labels-out', 'x'], /expected --ground-truth FILE with it/],
  ['nothing to evaluate', ['--labels', labels], /needs --ranking FILE or --matrix FILE to evaluate/],
  ['labels computed for nothing', truth, /got none of the three/],
  [
    'no candidates to judge',
    ['--ground-truth', problems, '--labels', labels],
    /expected --solutions FILE with it/,
  ],
  [
    'an unknown table',
    [...onMatrix, '--csv', 'all'],
    /--csv: expected problems, figures, quintiles, tests, curves, calibration, labels/,
  ],
  ['a page over the matrix', [...onMatrix, '--report', matrix], /--report: .* is also read by this run/],
  [
    'labels of nothing to compare',
    [...onMatrix, '--csv', 'labels'],
    /expected --labels FILE and --ground-truth FILE/,
  ],
  [
    'curves of a ranking',
    ['--ranking', matrix, '--labels', labels, '--curve-tests', '1'],
    /expected --matrix FILE/,
  ],
  [
    'a problem file without hidden tests',
    ['--ground-truth', labels, '--solutions', solutions, '--labels', labels],
    /is not a problem with its hidden test/,
  ],
  [
    'a label that is no truth',
    [
      '--matrix',
      matrix,
      '--labels',
      folder.write('bad.jsonl', lines({ task_id: 'a', sol_id: 0, passed: 'yes' })),
    ],
    /passed.*true or false/,
  ],
];
const line = {
  task_id: 'a',
  selected: 0,
  ranking: [0, 1].map((sol_id) => ({ sol_id, score: 1, passed: 1, total: 1 })),
  tied: [0, 1],
  confidence: 0.5,
};
const inconsistent: [name: string, ranking: object[], message: RegExp][] = [
  ['a task twice', [line, line], /r\.jsonl:2 ranks task "a" a second time: expected one line a task/],
  [
    'a candidate twice',
    [{ ...line, ranking: [...line.ranking, line.ranking[0]] }],
    /ranks a candidate twice/,
  ],
  [
    'a selected candidate that is not ranked',
    [{ ...line, selected: 7 }],
    /names candidate 7, which its ranking/,
  ],
  [
    'a tied candidate that is not ranked',
    [{ ...line, tied: [0, 9] }],
    /names candidate 9, which its ranking/,
  ],
  [
    'a confidence that is none',
    [{ ...line, confidence: 1.5 }],
    /`confidence` should be a number from 0 to 1/,
  ],
];
for (const [name, ranking, message] of inconsistent) {
  evaluate(`a ranking that does not agree with itself is refused: ${name}`, async () => {
    const file = folder.write('r.jsonl', lines(...ranking));
    const { code, stderr } = await run('--ranking', file, '--labels', labels);
    assert.is(code, 2, stderr);
    assert.match(stderr, message);
  });
}

for (const [name, args, message] of bad) {
  evaluate(`says what is wrong: ${name}`, async () => {
    const { code, stderr } = await run(...args);
    assert.is(code, 2, stderr);
    assert.match(stderr, message);
  });
}

evaluate.run();
