import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Chance } from '../../src/evaluate/chance.js';
import { drawnMatrix, shuffledVotes } from '../../src/evaluate/drawn.js';
import type { ExecutionMatrix } from '../../src/matrix.js';
import { majority } from '../../src/rank/majority.js';
import { rankCandidates } from '../../src/ranking.js';
import { standings } from '../../src/scaling/standing.js';

const scaling = suite('scaling/standing');

/** Rows of 1 (pass) and 0 (fail). */
function matrixOf(rows: readonly string[]): ExecutionMatrix {
  const columns = [...(rows[0] ?? '')];
  return {
    solIds: rows.map((_, at) => at),
    utIds: columns.map((_, at) => at),
    weights: columns.map(() => 1),
    cells: rows.map((row) => [...row].map((sign) => (sign === '1' ? 'pass' : 'fail'))),
  };
}

scaling('keeps after each test whom the ranking of those tests keeps', () => {
  const chance = new Chance(11);
  for (let round = 0; round < 200; round++) {
    const columns = 1 + chance.below(6);
    const rows = Array.from({ length: 1 + chance.below(6) }, () =>
      Array.from({ length: columns }, () => String(chance.below(2))).join(''),
    );
    const matrix = { ...matrixOf(rows), weights: Array.from({ length: columns }, () => 1 + chance.below(2)) };
    const order = shuffledVotes(matrix, chance);
    let tests = 0;
    for (const { standing, rows: kept } of standings(matrix, order, matrix.solIds)) {
      const drawn = drawnMatrix(matrix, order, tests);
      const { selected, tied, ranking } = rankCandidates(drawn, majority.scores(drawn));
      // A test that was drawn twice has two votes in one column there, and two places in the order here.
      assert.equal(kept, tied.length > 0 ? tied : [selected], `${rows} ${order.slice(0, tests)}`);
      assert.is(standing.passed, ranking[0]!.passed);
      assert.is(standing.votes, tests);
      tests += 1;
    }
    assert.is(tests, order.length + 1);
  }
});

scaling('counts who is close, how long nothing changed, and how far the leader is ahead', () => {
  const matrix = matrixOf(['1110', '1110', '1101', '0000']);
  const last = (programs: readonly number[]) => [...standings(matrix, [0, 1, 2], programs)].at(-1)!.standing;
  assert.equal(last([0, 1, 2, 3]), {
    candidates: 4,
    programs: 4,
    votes: 3,
    passed: 3,
    kept: 2,
    behind: 1,
    since: 0,
    lead: 0,
  });
  const unknown = [...standings(matrix, [0, 1, 2], null)].at(-1)!.standing;
  assert.equal([unknown.programs, unknown.lead], [null, 0]);
  assert.is(last([0, 0, 2, 3]).lead, 1, 'an equal program is no rival');
  assert.is(last([0, 0, 0, 0]).lead, null, 'there is no other program');
  const all = [...standings(matrix, [0, 1, 2, 3], [0, 0, 2, 3])].map(({ standing }) => standing.since);
  assert.equal(
    all,
    [0, 0, 1, 0, 1],
    'after the last test two groups have 3 votes each, and the larger one is kept',
  );
});

scaling('a problem without a test keeps everybody, and one candidate has no rival', () => {
  const [start, ...rest] = [...standings(matrixOf(['', '']), [], [0, 1])];
  assert.equal(start!.rows, [0, 1]);
  assert.equal(rest, []);
  assert.is([...standings(matrixOf(['1']), [0], [0])].at(-1)!.standing.lead, null);
});

scaling.run();
