import { join } from 'node:path';
import { openExecutionTasks, openTasks } from '../open-tasks.js';
import { packageRoot } from '../package-root.js';
import { execute, rerank } from '../pipeline.js';
import type { Scorer } from '../rank/scorer.js';
import type { Run } from '../run.js';
import { equal } from '../scaling/equal.js';
import type { RankedTask } from '../stages/rank.js';
import { emptyTally } from '../tally.js';
import { type DemoReport, demoReport } from './report.js';

const folder = join(packageRoot, 'models', 'tiny-ut');
const file = (name: string) => join(folder, 'demo', `${name}.jsonl`);

/** The model that the repository carries (models/tiny-ut/README.md). */
export const demoModel = join(folder, 'tiny-ut.gguf');

/** The problems, and their candidates. */
export const demoInputs = { problems: [file('problems')], solutions: [file('candidates')] };

/** Draws of each number of tests. */
const ROUNDS = 50;
/** The labelling test has many inputs, and slow candidates are right ones: generous. */
const LABEL_LIMITS = { cpuMs: 3000, wallMs: 15_000 };

export interface Demo {
  report: DemoReport;
  /** The problems in the report's order. */
  ranked: RankedTask[];
}

/**
 * Reranks the twelve problems of models/tiny-ut/demo with `tests` unit tests each, written by the run's model, and
 * compares the choices with labels that come from executing a hidden test in the jail.
 */
export async function runDemo(run: Run, tests: number, scorer: Scorer): Promise<Demo> {
  const start = performance.now();
  const ranked: RankedTask[] = [];
  const questions = new Map<string, string>();
  const tasks = await openTasks(demoInputs);
  try {
    for (const { problem } of tasks) questions.set(problem.taskId, problem.question);
    for await (const one of rerank(tasks, equal(tests), { scorer, abstainBelow: 0 }, run)) ranked.push(one);
  } finally {
    tasks.close();
  }
  const labels = await labelled(run);
  const { seed } = run.generation;
  const found = demoReport(ranked, questions, labels, { scorer, tests, seed, rounds: ROUNDS });
  const { seconds, tokensGenerated, cells } = run.tally;
  const total = (performance.now() - start) / 1000;
  seconds.total = total;
  return {
    ranked,
    report: {
      ...found,
      seconds: { generate: seconds.generate, execute: seconds.execute, total },
      tokens: tokensGenerated,
      cells: cells.total,
    },
  };
}

/** Whether each candidate passes its problem's hidden test, by task and solId. */
async function labelled(run: Run): Promise<Map<string, Map<number, boolean>>> {
  const tasks = await openExecutionTasks({ solutions: demoInputs.solutions, unitTests: [file('labelling')] });
  try {
    const apart = { ...run, limits: { ...run.limits, ...LABEL_LIMITS }, tally: emptyTally() };
    const labels = new Map<string, Map<number, boolean>>();
    for await (const { taskId, candidates, rows } of execute(tasks, apart)) {
      labels.set(
        taskId,
        new Map(candidates.map(({ solId }, at) => [solId, rows[at]![0]?.verdict === 'pass'])),
      );
    }
    return labels;
  } finally {
    tasks.close();
  }
}
