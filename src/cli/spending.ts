import { readPassRates } from '../difficulty/pass-rates.js';
import { InputError } from '../error.js';
import { difficulty } from '../scaling/difficulty.js';
import { equal } from '../scaling/equal.js';
import type { Scaling } from '../scaling/scaling.js';
import { sequential } from '../scaling/sequential.js';
import type { Task } from '../task.js';
import type { Flags } from './flags/flags.js';

/** The policy that the flags ask for. @throws InputError where they do not fit together, or a task has no pass rate */
export async function scalingOf(flags: Flags, tasks: Iterable<Pick<Task, 'problem'>>): Promise<Scaling> {
  const { budget, tests: most, scaling = 'equal', bMin: least = 1, stopAbove: enough = 1 } = flags;
  checkSpending(flags);
  if (budget === undefined) return equal(most);
  switch (scaling) {
    case 'equal':
      return equal(Math.min(budget, most));
    case 'sequential':
      return sequential({ average: budget, least, most, exact: flags.scorer === 'majority', enough });
    case 'difficulty': {
      const known = await readPassRates(flags.rates!);
      const rates = new Map<string, number>(); // of the tasks alone: they share the budget
      for (const { problem } of tasks) {
        const rate = known.get(problem.taskId);
        if (rate === undefined) throw withoutRate(problem.taskId, flags.rates!);
        rates.set(problem.taskId, rate);
      }
      return difficulty(rates, { average: budget, least, most });
    }
    default:
      return scaling satisfies never;
  }
}

/** @throws InputError for flags that contradict each other */
export function checkSpending({
  budget,
  tests,
  scaling = 'equal',
  bMin: least = 1,
  rates,
  shard,
}: Flags): void {
  if (budget === undefined) {
    if (scaling === 'equal') return;
    throw new InputError(
      `--scaling ${scaling} shares out a budget: expected --budget N, unit tests a problem on average, got none.`,
    );
  }
  if (scaling === 'equal') {
    if (Number.isInteger(budget)) return;
    throw new InputError(
      `--scaling equal gives every problem --budget unit tests: expected a whole number, got ${budget}.`,
    );
  }
  if (least > tests || least > budget) {
    const [flag, limit] = least > tests ? ['--tests', tests] : ['--budget', budget];
    throw new InputError(
      `--b-min ${least} is what every problem gets: expected ${flag} to be at least that, got ${limit}.`,
    );
  }
  if (shard) {
    throw new InputError(
      `--scaling ${scaling} looks over all problems, and a shard has only some: expected --scaling equal with --shard.`,
    );
  }
  if ((scaling === 'difficulty') === (rates !== undefined)) return;
  throw new InputError(
    rates === undefined
      ? '--scaling difficulty goes by pass rates: expected --rates FILE with a line {task_id, rate} for each problem; ' +
          'coderm difficulty predict writes one.'
      : `--rates is what --scaling difficulty goes by: expected that policy, got ${scaling}.`,
  );
}

function withoutRate(taskId: string, file: string): InputError {
  return new InputError(
    `${file} has no pass rate of task ${JSON.stringify(taskId)}: expected a line {task_id, rate} for each problem ` +
      'that has candidates; coderm difficulty predict writes them.',
  );
}
