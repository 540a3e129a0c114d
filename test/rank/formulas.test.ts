import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionMatrix } from '../../src/matrix.js';
import { areaUnderCurve } from '../../src/rank/aces.js';
import { evidenceOf, groupScores } from '../../src/rank/evidence.js';
import { signsOf } from '../../src/rank/groups.js';
import { logBeta, logGamma } from '../../src/rank/log-beta.js';
import { scorerNamed } from '../../src/rank/scorers.js';
import { learnValidity, validityFor, validityOfOne } from '../../src/rank/validity.js';
import { rankCandidates } from '../../src/ranking.js';

// The formulas of the scorers on matrices that can be worked out by hand.

const formulas = suite('rank/formulas');

/** Rows of 1 (pass), 0 (fail), ! (error) and ? (not run); `observed` has for each cell a letter, or several in brackets. */
function matrixOf(
  rows: readonly string[],
  observed?: readonly string[],
  weights?: number[],
): ExecutionMatrix {
  const verdicts = { 1: 'pass', 0: 'fail', '!': 'error', '?': null } as const;
  const width = rows[0]?.length ?? 0;
  return {
    solIds: rows.map((_, at) => at),
    utIds: Array.from({ length: width }, (_, at) => at),
    weights: weights ?? Array<number>(width).fill(1),
    cells: rows.map((row) => [...row].map((sign) => verdicts[sign as keyof typeof verdicts])),
    ...(observed
      ? {
          traces: observed.map((row) =>
            (row.match(/\[.*?\]|./g) ?? []).map((seen) => ({
              cases: 1,
              passedCases: 0,
              observed: seen.replace(/[[\]]/g, ''),
            })),
          ),
        }
      : {}),
  };
}
const scores = (name: string, matrix: ExecutionMatrix) => scorerNamed(name).scores(matrix);
const near = (found: number, expected: number, digits = 8) =>
  assert.ok(
    Math.abs(found - expected) < 10 ** -digits * Math.max(1, Math.abs(expected)),
    `${found}, ${expected}`,
  );

formulas('ln Γ and ln B', () => {
  near(logGamma(1), 0, 12);
  near(logGamma(0.5), Math.log(Math.PI) / 2, 12);
  near(logGamma(11), Math.log(3_628_800), 12);
  near(logGamma(4e4), 383861.0099470929, 14);
  near(logBeta(2, 3), Math.log(1 / 12), 12);
});

formulas('codet: the root of the set size times the votes passed', () => {
  assert.equal(scores('codet', matrixOf(['110', '110', '110', '110', '111', '000'])), [4, 4, 4, 4, 3, 0]);
  assert.equal(scores('codet', matrixOf(['10', '01'], undefined, [1, 5])), [1, 5]);
  assert.equal(
    scores('codet', matrixOf(['1?', '10', '00', '10', '1?'])),
    [2, 2, 0, 2, 2],
    'not run is no pass',
  );
});

formulas('pass-rate: of the test cases, not of the tests', () => {
  const matrix: ExecutionMatrix = {
    ...matrixOf(['10', '00']),
    traces: [
      [
        { cases: 1, passedCases: 1, observed: null },
        { cases: 1, passedCases: 0, observed: null },
      ],
      [
        { cases: 1, passedCases: 0, observed: null },
        { cases: 4, passedCases: 3, observed: null },
      ],
    ],
  };
  assert.equal(scores('pass-rate', matrix), [0.2, 0.6]);
  assert.equal(scores('pass-rate', matrixOf(['10', '1?'])), [0.5, 0.5]);
});

formulas('mbr: how many behave alike on each test, whatever is expected', () => {
  const matrix = matrixOf(['10', '00', '00', '00'], ['ab', 'cb', 'cb', 'db']);
  assert.equal(scores('mbr', matrix), [0.625, 0.75, 0.75, 0.625]);
});

formulas('values that are not told apart: no agreement, and no division of those that are equal', () => {
  const rows = ['11', '11', '11', '11'];
  assert.equal(scores('mbr', matrixOf(rows, ['a?', 'a?', 'a?', 'bc'])), [0.375, 0.375, 0.375, 0.25]);
  assert.equal(
    scores('mbr', matrixOf(rows, ['a[b ?x]', 'a[b ?x]', 'a[b ?y]', 'bc'])),
    [0.625, 0.625, 0.5, 0.25],
    'the other values of the cell count',
  );
  const of = (observed: string[]) => evidenceOf(matrixOf(rows, observed), true);
  assert.equal(
    of(['a?', 'a?', 'a?', 'a?']).groups.map((group) => group.rows),
    [[0, 1, 2, 3]],
  );
  const told = of(['ab', 'ab', 'ab', 'cb']).witness;
  const untold = of(['a?', 'a?', 'a?', 'c?']).witness;
  near(told[0]! - untold[0]!, 1.2 * Math.log(1 / 0.02));
  near(told[1]! - untold[1]!, 1.2 * Math.log(1 / 0.02));
  const alone = of(['ab', 'ab', 'ab', 'a?']);
  assert.ok(alone.witness[0]! > alone.witness[1]!, 'who shows nothing gains nothing');
});

formulas('b4: its four terms', () => {
  const [first, , last] = scores('b4', matrixOf(['11', '11', '01']));
  near(first!, logBeta(1002, 2) + logBeta(1002, 1) + logBeta(2, 2) + logBeta(1, 1e4), 9);
  near(last!, logBeta(1001, 3) + logBeta(1001, 2) + logBeta(3, 1) + logBeta(3, 1e4), 9);
});

formulas('b4, consensus and auto: who passes nothing is below all others', () => {
  for (const name of ['b4', 'consensus', 'auto']) {
    const found = scores(name, matrixOf(['0000', '0000', '0000', '0000', '0100']));
    assert.is(found.indexOf(Math.max(...found)), 4, name);
    assert.ok(
      found.slice(0, 4).every((score) => score < found[4]!),
      name,
    );
  }
});

formulas('aces: the area under the curve, ties counted half', () => {
  const signs = signsOf(matrixOf(['1', '1', '0', '0', '?']));
  assert.is(areaUnderCurve(signs, 0, [3, 1, 2, 0, 9]), 0.75);
  assert.is(areaUnderCurve(signs, 0, [1, 1, 1, 1, 1]), 0.5);
  assert.is(areaUnderCurve(signsOf(matrixOf(['1', '1'])), 0, [1, 2]), 0.5);
});

formulas('aces: a test that the others contradict weighs nothing', () => {
  const matrix = matrixOf(['1110', '1110', '1110', '0001', '0001', '1010']);
  for (const name of ['aces-c', 'aces-o']) {
    const found = scores(name, matrix);
    near(found[0]!, 1);
    assert.ok(found[0]! > found[5]! && found[5]! > found[3]!, `${name}: ${found}`);
    assert.ok(found[3]! < 0.01, `${name}: ${found}`);
  }
});

formulas('dawid-skene: believes raters that agree', () => {
  const found = scores('dawid-skene', matrixOf(['1110', '1110', '1111', '0001', '0000', '0001']));
  assert.ok(found.slice(0, 3).every((score) => score > 0) && found.slice(3).every((score) => score < 0));
});

formulas('consensus: majority where tests are good, witnesses where they are bad', () => {
  // Two lucky candidates pass more of the wrong tests than five that agree on fewer.
  const matrix = matrixOf(['1100000', '1100000', '1100000', '1100000', '0011100', '0000000']);
  const evidence = evidenceOf(matrix, false);
  const best = (t: number) => {
    const found = groupScores(evidence, t).map((score) => score ?? Number.NEGATIVE_INFINITY);
    return found.indexOf(Math.max(...found));
  };
  assert.is(best(0.95), 1, 'three votes against two');
  assert.is(best(0.3), 0, 'four candidates against one');
});

formulas('auto: groups by what assertions received, where every expected value is wrong', () => {
  // All pass one and the same vacuous test; the others tell them apart only by what they returned.
  const rows = ['1000', '1000', '1000', '1000', '1000'];
  const matrix = matrixOf(rows, ['abcd', 'abcd', 'abcd', 'xyzd', 'mnod']);
  assert.equal(rankCandidates(matrix, scores('auto', matrix)).tied, [0, 1, 2]);
  assert.is(rankCandidates(matrix, scores('consensus', matrix)).tied.length, 5);
});

formulas('auto: exceptions agree with nobody', () => {
  const rows = ['1!!', '1!!', '1!!', '100', '100'];
  const matrix = matrixOf(rows, ['aee', 'aee', 'aee', 'abc', 'abc']);
  assert.equal(rankCandidates(matrix, scores('auto', matrix)).tied, [3, 4]);
});

formulas('validity: learnt from the run, whatever its order', () => {
  const good = Array.from({ length: 12 }, (_, at) =>
    matrixOf(['1111', '1111', at % 2 ? '1011' : '0111', '0000']),
  );
  const bad = Array.from({ length: 12 }, () => matrixOf(['10000', '10000', '10000', '01000', '00000']));
  const learn = (run: ExecutionMatrix[]) => learnValidity(run.map((one) => evidenceOf(one, true)))!;
  assert.ok(learn(good).share > 0.9, `${learn(good).share}`);
  assert.ok(learn(bad).share < 0.35, `${learn(bad).share}`);
  near(learn([...good, ...bad]).share, learn([...bad, ...good]).share, 9);
  assert.is(learn(good).problems, 12);
  const own = evidenceOf(good[0]!, true);
  assert.is(validityOfOne(own), 5 / 6);
  assert.is(validityFor(own, null), 5 / 6);
  assert.is(validityFor(own, { share: 0.4, problems: 10 }), 0.4);
  near(validityFor(own, { share: 0.5, problems: 9 }), 1 / (1 + Math.exp(-Math.log(5) / 2)));
});

formulas('validity: problems without a test or a pass teach nothing', () => {
  const empty = [matrixOf(['', '']), matrixOf(['00', '00']), matrixOf([])];
  assert.is(learnValidity(empty.map((one) => evidenceOf(one, true))), null);
  assert.is(learnValidity([]), null);
});

formulas.run();
