import type { Extraction } from '../parser.js';
import type { Run } from '../run.js';
import { count, countDrop, timed } from '../tally.js';
import type { DropReason, UnitTest } from '../unit-test.js';
import { faultOf } from './fault.js';
import type { RespondedTask } from './generate.js';
import type { ExecutionGrid } from './planned-grid.js';

/** A task with the unit tests that its responses yielded. */
export interface TestedTask extends RespondedTask {
  /** One entry a kept response; equal ones each have their vote. */
  unitTests: UnitTest[];
  dropped: Partial<Record<DropReason, number>>;
  /** Which responses were dropped, in index order. */
  drops: Drop[];
}

/** A response that yields no unit test. */
export interface Drop {
  utId: number;
  reason: DropReason;
  /** What exactly was wrong with it; null if the reason says it all. */
  detail: string | null;
}

/** What is executed of a tested task. */
export function gridOf({ task, programs, unitTests, failure }: TestedTask): ExecutionGrid {
  const { taskId } = task.problem;
  if (failure !== null) return { taskId, candidates: [], programs: [], unitTests: [] };
  return { taskId, candidates: task.candidates, programs, unitTests };
}

/** Turns each response into at most one unit test; every drop has its reason. */
export function extractUnitTests(tasks: readonly RespondedTask[], run: Run): Promise<TestedTask[]> {
  return timed(run.tally, 'extract', async () => {
    const tested: TestedTask[] = [];
    for (const task of tasks) tested.push(await extractOrFail(task, run));
    return tested;
  });
}

async function extractOrFail(task: RespondedTask, run: Run): Promise<TestedTask> {
  try {
    return await extractTask(task, run);
  } catch (error) {
    return { ...task, failure: faultOf(error), unitTests: [], dropped: {}, drops: [] };
  }
}

async function extractTask(task: RespondedTask, run: Run): Promise<TestedTask> {
  const { prompt, samples } = task;
  const { extract } = run.generation;
  const responses = samples.map(({ text, stop }) => ({ text: prompt.prefix + text, cut: stop === 'length' }));
  const answers = await run.parser.responses(responses, extract, prompt.entryPoint, prompt.defined);
  const tested: TestedTask = { ...task, unitTests: [], dropped: {}, drops: [] };
  const texts = new Set<string>();
  for (const [at, extraction] of answers.entries()) {
    const drop = dropOf(extraction, extract === 'paper' ? texts : null);
    if (drop !== null) {
      tested.drops.push({ utId: samples[at]!.index, ...drop });
      count(tested.dropped, drop.reason);
      countDrop(run.tally.responses, drop);
      continue;
    }
    const found = extraction as Exclude<Extraction, { drop: DropReason }>;
    tested.unitTests.push({ utId: samples[at]!.index, count: 1, ...found });
    run.tally.responses.kept += 1;
  }
  return tested;
}

/** Under the authors' rules equal texts vote once (paper 1.3): `texts` holds those that were met. */
function dropOf(extraction: Extraction, texts: Set<string> | null): Omit<Drop, 'utId'> | null {
  if ('drop' in extraction) return { reason: extraction.drop, detail: extraction.detail || null };
  if (texts?.has(extraction.code)) return { reason: 'duplicate', detail: null };
  texts?.add(extraction.code);
  return null;
}
