import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Chance } from '../../src/evaluate/chance.js';
import type { ExecutionMatrix, Trace } from '../../src/matrix.js';
import { decisionOf } from '../../src/rank/decision.js';
import type { Scorer } from '../../src/rank/scorer.js';
import { SCORERS } from '../../src/rank/scorers.js';
import { rankCandidates } from '../../src/ranking.js';
import type { Verdict } from '../../src/verdict.js';

// What holds for every scorer, whatever its formula.

const all = suite('rank/properties');
const chance = new Chance(7);
const list = <T>(length: number, make: (at: number) => T) => Array.from({ length }, (_, at) => make(at));

/** Candidates of a few kinds, as those of one model are, with tests of which some are wrong. */
function randomMatrix(notRun: boolean): ExecutionMatrix {
  const [height, width] = [1 + chance.below(12), chance.below(10)];
  const kinds = list(1 + chance.below(5), () =>
    list(width, (): [Verdict, Trace] => {
      const verdict = (['pass', 'pass', 'fail', 'error', 'timeout'] as const)[chance.below(5)]!;
      const cases = 1 + chance.below(3);
      const passedCases = verdict === 'pass' ? cases : chance.below(cases);
      return [verdict, { cases, passedCases, observed: chance.below(6) ? `v${chance.below(3)}` : null }];
    }),
  );
  const rows = list(height, () =>
    kinds[chance.below(kinds.length)]!.map((cell) => (notRun && chance.below(5) === 0 ? null : cell)),
  );
  return {
    solIds: list(height, (at) => at),
    utIds: list(width, (at) => at),
    weights: list(width, () => 1 + (chance.below(3) ? 0 : chance.below(4))),
    cells: rows.map((row) => row.map((cell) => cell?.[0] ?? null)),
    traces: rows.map((row) => row.map((cell) => cell?.[1] ?? null)),
  };
}

/** Takes these rows and columns of the matrix; a column that is taken in parts names its votes. */
function taken(
  matrix: ExecutionMatrix,
  rows: readonly number[],
  columns: readonly { column: number; votes: number }[],
): ExecutionMatrix {
  return {
    solIds: rows.map((row) => matrix.solIds[row]!),
    utIds: columns.map((_, at) => at),
    weights: columns.map(({ votes }) => votes),
    cells: rows.map((row) => columns.map(({ column }) => matrix.cells[row]![column]!)),
    traces: rows.map((row) => columns.map(({ column }) => matrix.traces![row]![column]!)),
  };
}

const scoresOf = (scorer: Scorer, matrix: ExecutionMatrix) =>
  scorer.scores(matrix, scorer.learning?.learn([scorer.learning.evidence(matrix)]) ?? null);

/** Equal but for the last of the digits that are kept: a sum in another order may be rounded the other way. */
function assertClose(found: readonly number[], expected: readonly number[], name: string): void {
  assert.is(found.length, expected.length);
  for (const [at, value] of found.entries()) {
    const off = Math.abs(value - expected[at]!);
    assert.ok(off <= 1e-8 * Math.max(1, Math.abs(value)), `${name}: ${found} for ${expected}`);
  }
}

for (const scorer of SCORERS) {
  all(`${scorer.name}: the order of rows and columns does not matter`, () => {
    for (let round = 0; round < 120; round++) {
      const matrix = randomMatrix(round % 2 === 1);
      const rows = chance.shuffled(matrix.solIds);
      const columns = chance.shuffled(matrix.utIds);
      const moved = taken(
        matrix,
        rows,
        columns.map((column) => ({ column, votes: matrix.weights[column]! })),
      );
      const scores = scoresOf(scorer, matrix);
      assertClose(
        scoresOf(scorer, moved),
        rows.map((row) => scores[row]!),
        scorer.name,
      );
      assert.equal(
        rankCandidates(moved, scoresOf(scorer, moved)).tied,
        rankCandidates(matrix, scores).tied,
        'ties are the same candidates',
      );
    }
  });

  all(`${scorer.name}: a test with n votes is n equal tests`, () => {
    for (let round = 0; round < 120; round++) {
      const matrix = randomMatrix(round % 2 === 1);
      const split = taken(
        matrix,
        matrix.solIds,
        matrix.utIds.flatMap((column) => {
          const votes = matrix.weights[column]!;
          const first = 1 + chance.below(votes);
          return [first, votes - first].filter((part) => part > 0).map((part) => ({ column, votes: part }));
        }),
      );
      assertClose(scoresOf(scorer, split), scoresOf(scorer, matrix), scorer.name);
    }
  });

  all(
    `${scorer.name}: what is chosen, how surely and beside whom does not depend on order or on splitting`,
    () => {
      const choiceOf = (matrix: ExecutionMatrix) => {
        const ranking = rankCandidates(matrix, scoresOf(scorer, matrix));
        const { confidence, runnerUp } = decisionOf(matrix, ranking);
        return { selected: ranking.selected, tied: ranking.tied, confidence, runnerUp };
      };
      for (let round = 0; round < 60; round++) {
        const matrix = randomMatrix(round % 2 === 1);
        const whole = matrix.utIds.map((column) => ({ column, votes: matrix.weights[column]! }));
        const single = whole.flatMap(({ column, votes }) => list(votes, () => ({ column, votes: 1 })));
        const expected = choiceOf(matrix);
        assert.equal(
          choiceOf(taken(matrix, chance.shuffled(matrix.solIds), chance.shuffled(whole))),
          expected,
        );
        assert.equal(choiceOf(taken(matrix, matrix.solIds, chance.shuffled(single))), expected);
      }
    },
  );

  all(`${scorer.name}: scores are finite, and equal candidates have equal ones`, () => {
    for (let round = 0; round < 80; round++) {
      const matrix = randomMatrix(round % 2 === 1);
      const scores = scoresOf(scorer, matrix);
      assert.ok(scores.every(Number.isFinite), `${scores}`);
      for (const [row, cells] of matrix.cells.entries()) {
        const key = (at: number) => JSON.stringify([matrix.cells[at], matrix.traces![at]]);
        const equal = matrix.cells.findIndex((_, at) => key(at) === key(row));
        assert.is(scores[row], scores[equal], `${cells}`);
      }
    }
  });

  const plain = (rows: readonly string[]): ExecutionMatrix => ({
    solIds: rows.map((_, at) => at),
    utIds: list(rows[0]?.length ?? 0, (at) => at),
    weights: list(rows[0]?.length ?? 0, () => 1),
    cells: rows.map((row) => [...row].map((sign) => (sign === '1' ? 'pass' : sign === '0' ? 'fail' : null))),
  });
  const equalForAll: [name: string, rows: string[]][] = [
    ['no test', ['', '', '']],
    ['all equal', ['101', '101']],
    ['all pass', ['111', '111']],
    ['nobody passes', ['000', '000']],
    ['nothing was run', ['??', '??']],
    ['one candidate', ['10']],
  ];
  for (const [name, rows] of equalForAll) {
    all(`${scorer.name}: ${name}: all have one score`, () => {
      const scores = scoresOf(scorer, plain(rows));
      assert.is(scores.length, rows.length);
      assert.is(new Set(scores).size, 1);
      assert.ok(scores.every(Number.isFinite));
    });
  }

  all(`${scorer.name}: no candidate at all`, () => {
    assert.equal(scoresOf(scorer, plain([])), []);
  });

  all(`${scorer.name}: right candidates among many win against good tests`, () => {
    const matrix = plain([...list(6, () => '11111'), '01011', '10011', '00000']);
    assert.is(rankCandidates(matrix, scoresOf(scorer, matrix)).selected, 0);
    assert.is(rankCandidates(matrix, scoresOf(scorer, matrix)).tied.length, 6);
  });
}

all.run();
