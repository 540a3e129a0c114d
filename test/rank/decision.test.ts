import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { executionMatrix } from '../../src/matrix.js';
import { decisionOf } from '../../src/rank/decision.js';
import { majority } from '../../src/rank/majority.js';
import { rankCandidates } from '../../src/ranking.js';
import type { Verdict } from '../../src/verdict.js';

const decision = suite('rank/decision');

/** Columns are named by utIds 10, 11, … and rows by solIds 0, 1, … */
function decided(rows: readonly string[]) {
  const verdicts: Record<string, Verdict> = { 1: 'pass', 0: 'fail' };
  const tests = [...(rows[0] ?? '')].map((_, at) => ({ utId: 10 + at, count: 1 }));
  const matrix = executionMatrix(
    rows.map((_, at) => at),
    tests,
    rows.flatMap((row, solId) =>
      [...row].flatMap((sign, at) =>
        sign === '?' ? [] : [{ solId, utId: 10 + at, verdict: verdicts[sign]! }],
      ),
    ),
  );
  return decisionOf(matrix, rankCandidates(matrix, majority.scores(matrix)));
}

decision('names the runner-up, the tests that decided, and those that decide nothing', () => {
  const { runnerUp, decidedBy, decidedAgainst, allPass, allFail } = decided(
    ['11110', '10011', '11110'].map((row) => `${row}10`),
  );
  assert.equal(
    { runnerUp, decidedBy, decidedAgainst },
    { runnerUp: 1, decidedBy: [11, 12], decidedAgainst: [14] },
  );
  assert.equal({ allPass, allFail }, { allPass: [10, 13, 15], allFail: [16] });
});

decision('a cell that was not run neither decides nor makes a test vacuous', () => {
  const { decidedBy, allPass, allFail } = decided(['111', '1?0', '1?0']);
  assert.equal({ decidedBy, allPass, allFail }, { decidedBy: [12], allPass: [10], allFail: [] });
});

decision('confidence rises with votes and with agreement, and is 0 where nothing passes', () => {
  const most = decided(['11', '11', '11', '11']).confidence;
  const fewer = decided(['11', '10', '01', '00']).confidence;
  const least = decided(['10', '00', '00', '00']).confidence;
  assert.ok(most > fewer && fewer > least && least > 0, `${most} ${fewer} ${least}`);
  assert.is(decided(['00', '00']).confidence, 0);
  assert.is(decided(['', '']).confidence, 0);
  assert.is(decided([]).confidence, 0);
  // σ(.4 + .5·logit(.99) + .35·logit(4/5))
  assert.is(most, Number((1 / (1 + Math.exp(-(0.4 + 0.5 * Math.log(99) + 0.35 * Math.log(4))))).toFixed(4)));
});

decision('where all are alike there is no runner-up', () => {
  const { runnerUp, decidedBy } = decided(['101', '101']);
  assert.equal({ runnerUp, decidedBy }, { runnerUp: null, decidedBy: [] });
});

decision.run();
