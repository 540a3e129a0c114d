import { evaluate } from '../../../src/evaluate/evaluation.js';
import type { LabelledMatrix } from '../../../src/evaluate/labelled-matrix.js';
import { type Evaluated, matrixReport, scoredProblems } from '../../../src/evaluate/report.js';
import { executionMatrix, type Trace } from '../../../src/matrix.js';
import { evaluationPage } from '../../../src/page/evaluation/page.js';
import { majority } from '../../../src/rank/majority.js';

// Evaluations for the page's tests.

/** Candidates with these cells (1 pass, 0 fail) and these labels; what a cell shows is its sign. */
export function labelledMatrix(taskId: string, rows: readonly string[], truth: string): LabelledMatrix {
  const tests = [...(rows[0] ?? '')].map((_, utId) => ({ utId, count: 1 }));
  const empty = executionMatrix(
    rows.map((_, solId) => solId),
    tests,
  );
  return {
    taskId,
    matrix: {
      ...empty,
      cells: rows.map((row) => [...row].map((sign) => (sign === '1' ? 'pass' : 'fail'))),
      traces: rows.map((row) =>
        [...row].map((sign): Trace => ({ cases: 1, passedCases: Number(sign), observed: sign })),
      ),
    },
    right: new Map([...truth].map((sign, solId) => [solId, sign === '1'])),
  };
}

export function evaluated(
  matrices: readonly LabelledMatrix[],
  tests: readonly number[] = [],
  agreement: Evaluated['agreement'] = null,
): Evaluated {
  const problems = scoredProblems(matrices, majority);
  const plan = { candidates: [], tests, rounds: 2, seed: 0 };
  return {
    ranked: { problems, found: evaluate(problems), unlabelled: 1 },
    matrix: matrixReport(matrices, plan, majority),
    agreement,
  };
}

export const run = {
  command: 'coderm evaluate',
  finished: '2026-01-02T03:04:05.000Z',
  facts: [['matrix', 'm.jsonl']] as const,
};

/** An evaluation that has everything a page can show. */
export const fullEvaluation = () =>
  evaluationPage(
    run,
    evaluated(
      [
        ...Array.from({ length: 6 }, (_, at) =>
          labelledMatrix(`HumanEval/${at}`, ['1111', '1101', '1000', '0110'].slice(0, 2 + (at % 3)), '1100'),
        ),
        labelledMatrix('none is right', ['10', '01'], '00'),
        labelledMatrix('none is wrong', ['11', '11'], '11'),
        labelledMatrix('no test', ['', ''], '10'),
      ],
      [0, 1, 2, 4],
      {
        compared: 10,
        equal: 9,
        unlabelled: 2,
        differences: [
          { task_id: 'HumanEval/1', sol_id: 3, given: true, computed: false, verdict: 'fail', detail: null },
        ],
      },
    ),
  );
