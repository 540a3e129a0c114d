import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Chance } from '../../src/evaluate/chance.js';
import { averageRanks, kendall, spearman } from '../../src/evaluate/correlation.js';
import { drawnMatrix, shuffledVotes } from '../../src/evaluate/drawn.js';
import { evaluate, evaluatedProblem } from '../../src/evaluate/evaluation.js';
import { estimate } from '../../src/evaluate/interval.js';
import { qualityOf } from '../../src/evaluate/quality.js';
import type { RankingLine } from '../../src/evaluate/rankings.js';
import { executionMatrix } from '../../src/matrix.js';

const evaluation = suite('evaluate/evaluation');

/** A ranking of candidates by their votes of four; the first is selected. */
function line(taskId: string, votes: [solId: number, passed: number][], tied: number[] = []): RankingLine {
  return {
    taskId,
    selected: votes[0]?.[0] ?? null,
    ranking: votes.map(([solId, passed]) => ({ solId, score: passed, passed, total: 4 })),
    tied,
    confidence: 0.5,
  };
}
const labelsOf = (tasks: Record<string, string>) =>
  new Map(
    Object.entries(tasks).map(([task, signs]) => [
      task,
      new Map([...signs].map((sign, at) => [at, sign === '1'])),
    ]),
  );

evaluation('known answers: accuracy, brackets, the quality of all tests together', () => {
  const labels = labelsOf({ a: '110', b: '01', none: '00', every: '11' });
  const problems = [
    line(
      'a',
      [
        [0, 4],
        [2, 4],
        [1, 3],
      ],
      [0, 2],
    ), // half of the tied are right
    line('b', [
      [0, 2],
      [1, 1],
    ]), // wrong
    line('none', [
      [1, 1],
      [0, 0],
    ]), // nobody is right
    line(
      'every',
      [
        [0, 0],
        [1, 0],
      ],
      [0, 1],
    ), // nobody is wrong, and nobody passes
  ].map((one) => evaluatedProblem(one, labels)!);
  const found = evaluate(problems);
  assert.is(found.problems, 4);
  assert.is(found.accuracy, (0.5 + 0 + 0 + 1) / 4);
  assert.is(found.random, (2 / 3 + 1 / 2 + 0 + 1) / 4);
  assert.is(found.oracle, 3 / 4);
  assert.is(found.answered, 4);
  // Accepted: a 0 (right), 2 (wrong); b 0 (wrong); none 1 (wrong); every 0, 1 (right).
  const { acc, far, frr, false_positive_rate, false_negative_rate, f1 } = found.tests_together;
  assert.equal([acc, far, frr, f1], [4 / 9, 3 / 6, 2 / 3, 6 / 11]);
  assert.equal([false_positive_rate, false_negative_rate], [3 / 4, 2 / 5]);
  assert.is(found.quintiles.length, 3);
  assert.is(found.quintiles[0]!.random, 1);
  assert.is(found.verifier.top_1, (0.5 + 0 + 0 + 1) / 4);
  assert.is(found.verifier.bottom_1, (0 + 0 + 1 + 0) / 4);
});

evaluation('a problem that abstained or failed is not right, and not answered', () => {
  const labels = labelsOf({ a: '11', b: '10' });
  const found = evaluate([
    evaluatedProblem(
      {
        ...line('a', [
          [0, 4],
          [1, 4],
        ]),
        selected: null,
      },
      labels,
    )!,
    evaluatedProblem(line('b', []), labels)!,
  ]);
  assert.equal([found.problems, found.accuracy, found.answered], [2, 0, 0]);
  assert.equal(
    [found.accuracy_answered, found.confidence, found.oracle, found.random],
    [null, null, 1, 0.75],
  );
});

evaluation('a problem of which a candidate has no label is none', () => {
  assert.is(
    evaluatedProblem(
      line('a', [
        [0, 1],
        [1, 1],
      ]),
      labelsOf({ a: '1' }),
    ),
    null,
  );
  assert.is(evaluatedProblem(line('b', [[0, 1]]), labelsOf({ a: '1' })), null);
});

evaluation('rank correlations with ties', () => {
  assert.equal(averageRanks([3, 1, 3, 2]), [3.5, 1, 3.5, 2]);
  assert.is(spearman([1, 2, 3], [10, 20, 30]), 1);
  assert.is(spearman([1, 2, 3], [5, 5, 5]), 0);
  assert.is(kendall([1, 2, 3], [3, 2, 1]), -1);
  // By hand: 3 pairs agree, none disagrees, of 5 that are untied on one side and 3 on the other.
  assert.is(kendall([1, 2, 2, 3], [1, 1, 1, 2]), 3 / Math.sqrt(5 * 3));
  assert.is(kendall([], []), 0);
});

evaluation('intervals hold the mean, repeat, and narrow with more problems', () => {
  const values = (length: number) => Array.from({ length }, (_, at) => (at % 4 === 0 ? 0 : 1));
  const few = estimate(values(40));
  const many = estimate(values(4000));
  assert.equal(few, estimate(values(40)));
  assert.is(few.mean, 0.75);
  assert.ok(few.low < 0.75 && few.high > 0.75);
  // The textbook: 1.96·√(.75·.25/n).
  assert.ok(Math.abs((many.high - many.low) / 2 - 1.96 * Math.sqrt(0.1875 / 4000)) < 0.002);
  assert.equal(estimate([1]), { mean: 1, low: 1, high: 1 });
  assert.equal(estimate([]), { mean: 0, low: 0, high: 0 });
});

evaluation('rates that divide by nothing are null', () => {
  const { acc, f1, far, frr } = qualityOf({
    truePositive: 0,
    falsePositive: 0,
    trueNegative: 0,
    falseNegative: 0,
  });
  assert.equal([acc, f1, far, frr], [null, null, null, null]);
});

evaluation('drawn tests are votes: none twice, more hold fewer, all are the whole', () => {
  const matrix = executionMatrix(
    [0, 1],
    [
      { utId: 5, count: 3 },
      { utId: 9, count: 1 },
    ],
    [{ solId: 1, utId: 9, verdict: 'pass' }],
  );
  const order = shuffledVotes(matrix, new Chance(1));
  assert.is(order.filter((column) => column === 0).length, 3);
  const votes = (tests: number) => drawnMatrix(matrix, order, tests).weights.reduce((a, b) => a + b, 0);
  assert.equal([votes(0), votes(1), votes(3), votes(4), votes(9)], [0, 1, 3, 4, 4]);
  assert.equal(drawnMatrix(matrix, order, 4).cells, matrix.cells);
  assert.equal(drawnMatrix(matrix, order, 4).utIds, [5, 9]);
});

evaluation('chance is even and repeats', () => {
  const chance = new Chance(3);
  const counts = [0, 0, 0, 0, 0];
  for (let at = 0; at < 10_000; at++) counts[chance.below(5)]! += 1;
  assert.ok(
    counts.every((count) => Math.abs(count - 2000) < 200),
    `${counts}`,
  );
  assert.equal(new Chance(9).shuffled([1, 2, 3, 4]), new Chance(9).shuffled([1, 2, 3, 4]));
});

evaluation.run();
