import { SandboxFault } from '../error.js';
import type { MemoryNeed } from '../model/llama/memory.js';
import type { Problem } from '../problem.js';
import { knownRates, type Rates } from '../rates.js';
import type { Run } from '../run.js';
import type { Progress, Scaling } from '../scaling/scaling.js';
import type { Task } from '../task.js';
import { missingSamples, type Prompted } from './generate.js';
import { promptTasks } from './prompt.js';
import { promptProblem } from './solve.js';

/** What a run would do, as far as it can be known before anything is generated or executed. */
export interface Plan {
  problems: number;
  candidates: number;
  /** Prefilled once for each problem that has samples to write; null where a server counts them. */
  prompts: { tokens: number; longest: number } | null;
  samples: { requested: number; cached: number };
  /** Of the samples still to be written: at most, and by the length of earlier ones (null: none are known). */
  tokens: { most: number; expected: number | null };
  /** Candidates × unit tests, at most: equal and cached ones are not run, and responses without a test give none. */
  cells: number;
  /** What each problem gets: under an adaptive policy at first, since what follows depends on the votes. */
  budgets: { task_id: string; tests: number; why: string }[];
  lanes: number;
  /** Null where it is a server's. */
  memory: MemoryNeed | null;
  rates: Rates;
  /** By the rates of earlier runs; null where there was none. */
  seconds: { generate: number | null; execute: number | null };
}

/**
 * Plans a run. Who gets more under an adaptive policy is not known before, so each problem is planned with the average.
 * Prompts are rendered and tokenised; no weights are loaded.
 */
export async function planRun(tasks: Iterable<Task>, scaling: Scaling, run: Run): Promise<Plan> {
  const { budgets, tests: planned } = budgetsOf(tasks, scaling);
  const counts = nothing();
  for (const task of tasks) {
    const tests = planned[counts.problems]!;
    const [prompted] = await promptTasks([task], run);
    run.signal.throwIfAborted();
    if (prompted!.failure !== null) throw new SandboxFault(prompted!.failure);
    countSamples(counts, prompted!, tests, run);
    counts.candidates += task.candidates.length;
    counts.cells += task.candidates.length * tests;
  }
  return planOf(counts, budgets, run);
}

/**
 * Plans the candidates that `solve` would have written by the run's model. What their unit tests cost is known only
 * when there are candidates to show; their cells are counted.
 */
export async function planSolutions(
  problems: Iterable<Problem>,
  { candidates, scaling }: { candidates: number; scaling: Scaling },
  run: Run,
): Promise<Plan> {
  const { budgets, tests: planned } = budgetsOf(
    Array.from(problems, (problem) => ({ problem })),
    scaling,
  );
  const counts = nothing();
  for (const problem of problems) {
    const tests = planned[counts.problems]!;
    const prompted = await promptProblem(problem, run);
    run.signal.throwIfAborted();
    countSamples(counts, prompted, candidates, run);
    counts.candidates += candidates;
    counts.cells += candidates * tests;
  }
  return planOf(counts, budgets, run);
}

function nothing() {
  return {
    problems: 0,
    candidates: 0,
    cells: 0,
    missing: 0,
    tokens: 0,
    longest: 0,
    most: 0,
    longestSample: 0,
  };
}

function countSamples(
  counts: ReturnType<typeof nothing>,
  prompted: Prompted,
  requested: number,
  run: Run,
): void {
  const { promptTokens, samples, sampler } = missingSamples(
    { ...prompted, requested, samples: [], failure: null },
    run,
  );
  const room = Math.max(0, run.model.contextTokens - promptTokens.length);
  const longestSample = Math.min(sampler.maxTokens, room);
  counts.problems += 1;
  counts.missing += samples.length;
  counts.tokens += samples.length > 0 ? promptTokens.length : 0;
  counts.longest = Math.max(counts.longest, promptTokens.length);
  counts.most += samples.length * longestSample;
  counts.longestSample = Math.max(counts.longestSample, longestSample);
}

async function planOf(counts: ReturnType<typeof nothing>, budgets: Plan['budgets'], run: Run): Promise<Plan> {
  const rates = knownRates(run);
  const expected = rates.tokensPerResponse === null ? null : counts.missing * rates.tokensPerResponse;
  const { lanes } = run.model;
  const memory = await run.model.estimateMemory({
    promptTokens: counts.longest,
    sampleTokens: counts.longestSample,
  });
  return {
    problems: counts.problems,
    candidates: counts.candidates,
    prompts: memory && { tokens: counts.tokens, longest: counts.longest },
    samples: { requested: run.tally.samples.requested, cached: run.tally.samples.cached },
    tokens: { most: counts.most, expected: expected && Math.min(counts.most, Math.round(expected)) },
    cells: counts.cells,
    budgets,
    lanes,
    memory,
    rates,
    seconds: {
      generate: divided(expected, rates.tokensPerSecond),
      execute: divided(counts.cells, rates.cellsPerSecond),
    },
  };
}

function budgetsOf(
  tasks: Iterable<Pick<Task, 'problem'>>,
  scaling: Scaling,
): { budgets: Plan['budgets']; tests: number[] } {
  const progress: Progress[] = [];
  for (const { problem } of tasks) {
    progress.push({ taskId: problem.taskId, requested: 0, most: scaling.most, standing: null });
  }
  const grants = new Map(scaling.nextRound(progress).map(({ taskId, tests }) => [taskId, tests]));
  const budgets = progress.map((one) => {
    const tests = grants.get(one.taskId) ?? 0;
    return { task_id: one.taskId, tests, why: scaling.reason({ ...one, requested: tests }) };
  });
  const { adaptive, average, most } = scaling;
  const expected = Math.min(Math.round(average), most);
  return { budgets, tests: budgets.map(({ tests }) => (adaptive ? expected : tests)) };
}

function divided(amount: number | null, rate: number | null): number | null {
  return amount === null || rate === null || rate === 0 ? null : amount / rate;
}
