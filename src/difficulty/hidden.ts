import { stateKey, writerMark } from '../cache/keys.js';
import { batches } from '../overlap.js';
import type { Run } from '../run.js';
import { type PromptedTask, promptTasks } from '../stages/prompt.js';
import type { Task } from '../task.js';

/** What a problem's prompt is to the reward model, or why it cannot be asked. */
export type PromptState = { taskId: string } & ({ hidden: Float32Array } | { failure: string });

const BATCH = 16;

/**
 * The hidden state of the last token of each task's prompt (n_embd numbers), in the tasks' order. Nothing is sampled: a
 * prompt is prefilled, once per cache. A generator that has no hidden states says so as a failure.
 */
export async function* hiddenStates(tasks: Iterable<Task>, run: Run): AsyncGenerator<PromptState> {
  for (const batch of batches(tasks, BATCH)) {
    const prompted = await promptTasks(batch, run);
    const states = new Map<string, PromptState>();
    const missing: PromptedTask[] = [];
    for (const task of prompted) {
      const { taskId } = task.task.problem;
      const known = run.cache.analysis(stateKey(run.model, task.prompt.tokens));
      if (known === undefined) missing.push(task);
      else states.set(taskId, { taskId, hidden: new Float32Array(JSON.parse(known) as number[]) });
    }
    if (missing.length > 0) await prefill(missing, states, run);
    run.signal.throwIfAborted();
    for (const { problem } of batch) yield states.get(problem.taskId)!;
  }
}

async function prefill(
  missing: readonly PromptedTask[],
  states: Map<string, PromptState>,
  run: Run,
): Promise<void> {
  const generator = await run.model.generator();
  const byId = new Map(missing.map((task) => [task.task.problem.taskId, task]));
  const requests = missing.map(({ task, prompt }) => ({
    taskId: task.problem.taskId,
    promptTokens: prompt.tokens,
    sampler: { ...run.generation.sampler, maxTokens: 1, stop: [] },
    samples: [],
    wantHidden: true,
  }));
  const phase = run.progress.phase('prefill', requests.length, 'prompts');
  try {
    for await (const output of generator.generate(requests, run.signal)) {
      const { taskId } = output;
      phase.advance(1);
      if ('reason' in output) states.set(taskId, { taskId, failure: output.reason });
      else if ('hidden' in output) {
        const key = stateKey(run.model, byId.get(taskId)!.prompt.tokens);
        run.cache.storeAnalysis(key, JSON.stringify([...output.hidden]), writerMark(run.model));
        states.set(taskId, { taskId, hidden: output.hidden });
      }
    }
  } finally {
    phase.end();
  }
}
