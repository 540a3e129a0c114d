import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { curves } from '../../src/evaluate/curves.js';
import { evaluate } from '../../src/evaluate/evaluation.js';
import { labelAgreement } from '../../src/evaluate/label-agreement.js';
import { type LabelledMatrix, labelled } from '../../src/evaluate/labelled-matrix.js';
import { matrixReport, scoredProblems } from '../../src/evaluate/report.js';
import {
  attack,
  individualQuality,
  unitTestQualities,
  vacuousShares,
} from '../../src/evaluate/unit-tests.js';
import { executionMatrix, type Trace } from '../../src/matrix.js';
import { majority } from '../../src/rank/majority.js';
import { SCORERS } from '../../src/rank/scorers.js';
import type { Verdict } from '../../src/verdict.js';

// Matrices with known answers, and the edge cases: every figure is defined there.
const report = suite('evaluate/matrix-report');

const VERDICTS: Record<string, Verdict | null> = { '1': 'pass', '0': 'fail', e: 'error', '?': null };

/** A row a candidate: 1 pass, 0 fail, e exception, ? not run; `observed` has a letter a cell; `truth` a sign a candidate. */
function problem(
  taskId: string,
  rows: readonly string[],
  truth: string,
  { votes = [], observed = null }: { votes?: readonly number[]; observed?: readonly string[] | null } = {},
): LabelledMatrix {
  const tests = [...(rows[0] ?? '')].map((_, utId) => ({ utId, count: votes[utId] ?? 1 }));
  const matrix = {
    ...executionMatrix(
      rows.map((_, at) => at),
      tests,
    ),
    cells: rows.map((row) => [...row].map((sign) => VERDICTS[sign]!)),
  };
  const traces = observed?.map((row) =>
    [...row].map((sign): Trace => ({ cases: 1, passedCases: 0, observed: sign })),
  );
  return {
    taskId,
    matrix: traces ? { ...matrix, traces } : matrix,
    right: new Map([...truth].map((sign, at) => [at, sign === '1'])),
  };
}

report('unit tests one by one: votes count, cells that were not run do not', () => {
  // Test 0 accepts one right and one wrong; test 1 (three votes) one of each and rejects one right; test 2 rejects all.
  const tests = unitTestQualities([problem('a', ['1?0', '100', '010'], '110', { votes: [1, 3, 1] })]);
  assert.equal(
    tests.map(({ confusion }) => Object.values(confusion)),
    [
      [2, 0, 1, 0],
      [0, 1, 0, 1],
      [0, 0, 1, 2],
    ],
  );
  const { acc, f1, far, frr, false_positive_rate, false_negative_rate } = individualQuality(tests);
  // Pooled: TP 2, FP 3, TN 2, FN 5.
  assert.equal([acc, f1, far, frr], [4 / 12, 4 / 12, 3 / 5, 5 / 7]);
  assert.equal([false_positive_rate, false_negative_rate], [3 / 5, 5 / 7]);
  assert.equal(vacuousShares(tests), { all_pass: 0, all_fail: 1 / 5 });
});

report('UTGen: the reference is what most right candidates showed', () => {
  // Test 0: expected right; wrong candidate 2 shows the same, 3 another. Test 1: expected wrong, both shown apart.
  const one = problem('a', ['10', '10', '10', '00', 'ee'], '11000', {
    observed: ['xu', 'xu', 'xv', 'yv', 'zz'],
  });
  assert.equal(attack([one]), { output_accuracy: 1 / 2, attack_rate: 5 / 6, both: 2 / 6 });
  // An input that the right candidates do not survive is no input.
  const invalid = problem('b', ['e', '1'], '10', { observed: ['x', 'y'] });
  assert.equal(attack([invalid]), { output_accuracy: 0, attack_rate: 0, both: 0 });
  assert.is(attack([problem('c', ['1', '0'], '10')]), null, 'nothing was recorded');
  assert.is(attack([problem('d', ['1', '0'], '00', { observed: ['x', 'y'] })]), null, 'no right candidate');
  const none = problem('e', ['1', '1'], '11', { observed: ['x', 'x'] });
  assert.equal(attack([none]), { output_accuracy: 1, attack_rate: null, both: null }, 'no wrong candidate');
});

report(
  'curves: all tests are the matrix itself, none is a random choice, more candidates are the first ones',
  () => {
    const matrices = [
      problem('a', ['111', '011', '000'], '110'),
      problem('b', ['100', '110', '111'], '001'),
      problem('none', ['11', '00'], '00'),
    ];
    const points = curves(matrices, { candidates: [1, 3], tests: [0, 3, 99], rounds: 3, seed: 0 }, majority);
    const at = (candidates: number, tests: number) =>
      points.find((point) => point.candidates === candidates && point.tests === tests)!;
    const close = (value: number, expected: number) =>
      assert.ok(Math.abs(value - expected) < 1e-12, `${value}`);
    close(at(3, 3).accuracy, 2 / 3);
    close(at(3, 99).accuracy, 2 / 3);
    close(at(3, 0).accuracy, (2 / 3 + 1 / 3) / 3);
    close(at(3, 0).random, at(3, 0).accuracy);
    close(at(1, 3).accuracy, 1 / 3);
    assert.equal([at(1, 3).oracle, at(3, 3).oracle], [1 / 3, 2 / 3]);
    // Problems without a right candidate are in no quintile; easiest first.
    assert.equal(
      at(3, 3).quintiles.map(({ problems, accuracy }) => [problems, accuracy]),
      [
        [1, 1],
        [1, 1],
      ],
    );
    assert.equal(
      points,
      curves(matrices, { candidates: [1, 3], tests: [0, 3, 99], rounds: 3, seed: 0 }, majority),
    );
  },
);

report('drawing one of two opposite tests is right half of the time', () => {
  const matrices = Array.from({ length: 40 }, (_, at) => problem(`p${at}`, ['10', '01'], '10'));
  const [point] = curves(matrices, { candidates: [], tests: [1], rounds: 20, seed: 1 }, majority);
  assert.ok(Math.abs(point!.accuracy - 0.5) < 0.06, `${point!.accuracy}`);
  assert.ok(point!.accuracy_low < point!.accuracy && point!.accuracy < point!.accuracy_high);
});

const EDGES: [name: string, matrices: LabelledMatrix[], accuracy: number][] = [
  ['no correct candidate', [problem('a', ['10', '01'], '00')], 0],
  ['none wrong', [problem('a', ['10', '00'], '11')], 1],
  ['zero kept tests', [problem('a', ['', ''], '10')], 0.5],
  ['N = 1', [problem('a', ['01'], '1')], 1],
  ['N = 1, wrong, and zero kept tests', [problem('a', [''], '0')], 0],
  ['no cell was run', [problem('a', ['??', '??'], '10')], 0.5],
];
for (const [name, matrices, accuracy] of EDGES) {
  report(`defined for every scorer: ${name}`, () => {
    for (const scorer of SCORERS) {
      const found = evaluate(scoredProblems(matrices, scorer));
      assert.equal([found.problems, found.accuracy], [1, accuracy], scorer.name);
      const plan = { candidates: [1, 5], tests: [0, 1, 5], rounds: 2, seed: 0 };
      const { summary } = matrixReport(matrices, plan, scorer);
      const walk = (value: unknown, path: string): string[] =>
        value !== null && typeof value === 'object'
          ? Object.entries(value).flatMap(([key, inner]) => walk(inner, `${path}.${key}`))
          : typeof value === 'number' && !Number.isFinite(value)
            ? [path]
            : [];
      assert.equal(walk({ ...found, ...summary }, ''), [], scorer.name);
    }
  });
}

report(
  'a matrix of which a candidate has no label is counted; untested labelled tasks count as asked',
  () => {
    const stored = [{ taskId: 'a', matrix: problem('a', ['1', '0'], '10').matrix, flaky: [] }];
    const labels = new Map([
      ['a', new Map([[0, true]])],
      ['z', new Map([[0, false]])],
    ]);
    assert.equal(labelled(stored, labels, false), { matrices: [], unlabelled: 1 });
    assert.equal(
      labelled(stored, labels, true).matrices.map(({ taskId }) => taskId),
      ['z'],
    );
  },
);

report('labels are compared candidate by candidate', () => {
  const truth = (solId: number, passed: boolean) => ({
    solId,
    passed,
    verdict: passed ? ('pass' as const) : ('timeout' as const),
    detail: passed ? null : 'used up its CPU time',
  });
  const judged = [
    { taskId: 'a', truths: [truth(0, true), truth(1, false), truth(2, true)] },
    { taskId: 'b', truths: [truth(0, true)] },
  ];
  const given = new Map([
    [
      'a',
      new Map([
        [0, true],
        [1, true],
      ]),
    ],
  ]);
  assert.equal(labelAgreement(judged, given), {
    compared: 2,
    equal: 1,
    unlabelled: 2,
    differences: [
      {
        task_id: 'a',
        sol_id: 1,
        given: true,
        computed: false,
        verdict: 'timeout',
        detail: 'used up its CPU time',
      },
    ],
  });
});

report.run();
