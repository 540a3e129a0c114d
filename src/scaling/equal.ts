import type { Scaling } from './scaling.js';

/** Every problem gets the same number of unit tests, all in one round. */
export function equal(testsPerProblem: number): Scaling {
  return {
    name: 'equal',
    adaptive: false,
    most: testsPerProblem,
    nextRound: (problems) =>
      problems
        .filter(({ requested }) => requested < testsPerProblem)
        .map(({ taskId, requested }) => ({ taskId, tests: testsPerProblem - requested })),
    reason: () => 'the same for every problem',
  };
}
