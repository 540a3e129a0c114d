import { InputError } from '../error.js';
import { rerank } from '../pipeline.js';
import { checkPrunable, scorerNamed } from '../rank/scorers.js';
import { rankingLine } from '../report.js';
import type { Run } from '../run.js';
import type { Scaling } from '../scaling/scaling.js';
import type { RankedTask } from '../stages/rank.js';
import type { Task, Tasks } from '../task.js';
import type { Flags } from './flags/flags.js';
import type { ReportFile } from './report-file.js';

/** @throws InputError for flags that do not go together. */
export function checkScoring({ prune, recheck, scorer }: Flags): void {
  if (prune) checkPrunable(scorerNamed(scorer));
  if (prune && recheck) {
    throw new InputError(
      '--recheck needs the whole execution matrix, and --prune leaves cells out: expected one of the two, got both.',
    );
  }
}

/** A line for each task, in order, as `rerank` and `solve` write it; the page gets the tasks as well. */
export async function* rankedLines(
  tasks: Tasks<Task>,
  scaling: Scaling,
  flags: Flags,
  run: Run,
  page: ReportFile | null,
): AsyncGenerator<Record<string, unknown>> {
  const { scorer, abstainBelow = 0, budget } = flags;
  const options = { scorer: scorerNamed(scorer), abstainBelow };
  for await (const ranked of rerank(tasks, scaling, options, run)) {
    const { taskId, failure } = ranked.voted;
    if (failure !== null) run.progress.say(`${taskId} failed: ${failure}`);
    page?.add(ranked);
    yield { ...rankingLine(ranked), ...(budget === undefined ? {} : spentOn(ranked, scaling)) };
  }
}

/** What a problem was given, and why; the number is `tests.requested`. */
function spentOn({ voted }: RankedTask, scaling: Scaling): Record<string, unknown> {
  const { taskId, failure, tests, standing } = voted;
  if (failure !== null) return { scaling: { policy: scaling.name, why: 'the problem failed' } };
  const why = scaling.reason({ taskId, requested: tests.requested, most: scaling.most, standing });
  return { scaling: { policy: scaling.name, why } };
}
