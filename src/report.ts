import type { ExecutionRun } from './run.js';
import type { TestedTask } from './stages/extract.js';
import type { ExecutedTask } from './stages/given.js';
import type { RankedTask } from './stages/rank.js';
import type { SolvedProblem } from './stages/solve.js';

// The lines of the output files (JSON Lines). They hold only what inputs, options and seed determine; what depends
// on the cache or the clock is in the summary.

/** `rerank`'s line of one problem. */
export function rankingLine({
  voted,
  ranking,
  decision,
  abstained,
  scorer,
}: RankedTask): Record<string, unknown> {
  const { taskId, failure, solutions, tests, flaky, passOnStub, tokens } = voted;
  const failed = failure !== null;
  const selected = failed || abstained ? null : ranking.selected;
  const { confidence, runnerUp, decidedBy, decidedAgainst, allPass, allFail } = decision;
  return {
    task_id: taskId,
    selected,
    solution: selected === null ? null : (solutions?.[selected] ?? null),
    ranking: failed
      ? []
      : ranking.ranking.map(({ solId, score, passed, total }) => ({ sol_id: solId, score, passed, total })),
    tied: failed || abstained ? [] : ranking.tied,
    scorer,
    ...(failed
      ? {}
      : {
          confidence,
          ...(abstained ? { abstained } : {}),
          runner_up: runnerUp,
          decided_by: decidedBy,
          ...(decidedAgainst.length > 0 ? { decided_against: decidedAgainst } : {}),
        }),
    tests: {
      ...tests,
      dropped: sorted(tests.dropped),
      ...(flaky.length > 0 ? { flaky } : {}),
      ...(failed
        ? {}
        : {
            vacuous: {
              all_pass: allPass.length,
              all_fail: allFail.length,
              ...(passOnStub ? { pass_on_stub: passOnStub.length } : {}),
            },
          }),
    },
    tokens,
    ...(failed ? { error: failure } : {}),
  };
}

/** The line of a problem for which no candidate could be written. */
export function unsolvedLine(taskId: string, failure: string, scorer: string): Record<string, unknown> {
  const tests = { requested: 0, generated: 0, kept: 0, dropped: {} };
  return {
    ...{ task_id: taskId, selected: null, solution: null, ranking: [], tied: [], scorer },
    ...{ tests, tokens: 0, error: failure },
  };
}

/** `solve`'s other file: the candidates of one problem in CodeRM's form, which `rerank` reads. */
export function solutionsLine({ problem, solutions, failure }: SolvedProblem): Record<string, unknown> {
  return { task_id: problem.taskId, solutions, ...(failure === null ? {} : { error: failure }) };
}

/** `generate`'s line: CodeRM's form. Dropped responses leave no gap: `ut_ids` says which samples were kept, `drops` why the others were not. */
export function unitTestsLine({
  task,
  unitTests,
  dropped,
  drops,
  failure,
}: TestedTask): Record<string, unknown> {
  return {
    task_id: task.problem.taskId,
    unit_tests: unitTests.map(({ code }) => code),
    ut_ids: unitTests.map(({ utId }) => utId),
    dropped: sorted(dropped),
    ...(drops.length > 0
      ? { drops: drops.map(({ utId, reason, detail }) => ({ ut_id: utId, reason, detail })) }
      : {}),
    ...(failure === null ? {} : { error: failure }),
  };
}

/** `execute`'s lines of one task: CodeRM's result lines with our verdicts beside them, or one that says why there are none. */
export function* resultLines(
  task: ExecutedTask,
  { isolation, jail }: Pick<ExecutionRun, 'isolation' | 'jail'>,
): Generator<Record<string, unknown>> {
  if (task.failure !== null) return yield { task_id: task.taskId, error: task.failure };
  for (const [row, candidate] of task.candidates.entries()) {
    for (const [column, test] of task.unitTests.entries()) {
      const cell = task.rows[row]![column]!;
      if (cell === null) continue; // not run
      const { verdict, cpuMs, wallMs, cases, detail, observed } = cell;
      const ended = (how: string) => cases.filter(({ end }) => end === how).length;
      yield {
        task_id: task.taskId,
        sol_id: candidate.solId,
        ut_id: test.utId,
        result: verdict === 'pass' ? 'pass' : 'fail',
        details: {
          total_num: cases.length,
          pass_num: ended('pass'),
          fail_num: ended('fail'),
          error_num: ended('error'),
        },
        verdict,
        detail,
        cpu_ms: cpuMs,
        wall_ms: wallMs,
        cases,
        observed,
        ...(test.count === 1 ? {} : { count: test.count }),
        ...(task.flaky.has(test.utId) ? { flaky: true } : {}),
        ...(task.passOnStub === null ? {} : { pass_on_stub: task.passOnStub.has(test.utId) }),
        isolation,
        jail,
      };
    }
  }
}

/** Keys in one order, so that equal results are equal bytes. */
function sorted<V>(record: Partial<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))) as Record<string, V>;
}
