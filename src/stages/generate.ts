import { sampleKey, writerMark } from '../cache/keys.js';
import type { GenerationRequest, Sample, Sampler } from '../model/generator.js';
import { stopTexts } from '../prompt.js';
import type { Run } from '../run.js';
import { sampleSeed } from '../seed.js';
import { timed } from '../tally.js';
import type { PromptedTask, TaskPrompt } from './prompt.js';

/** What samples are drawn of: the prompt of a problem, for unit tests or for solutions. */
export interface Prompted {
  task: { problem: { taskId: string } };
  prompt: Pick<TaskPrompt, 'tokens' | 'asked' | 'prefix'>;
  /** Why it has none; null otherwise. */
  failure: string | null;
}

/** What a model wrote to one prompt. */
export interface Responses {
  /** Samples asked for. */
  requested: number;
  /** In index order. */
  samples: Sample[];
  /** Why this task has no samples (its prompt does not fit, say); null otherwise. */
  failure: string | null;
}

/** A task with the responses that the reward model wrote. */
export type RespondedTask = PromptedTask & Responses;

/**
 * Samples every missing response of the tasks; each finished one is in the cache before the next is awaited.
 * `requested` says how many each task gets, in the tasks' order.
 */
export async function generateResponses<T extends Prompted>(
  tasks: readonly T[],
  requested: readonly number[],
  run: Run,
): Promise<(T & Responses)[]> {
  const responded: (T & Responses)[] = tasks.map((task, at) => ({
    ...task,
    requested: task.failure === null ? (requested[at] ?? 0) : 0,
    samples: [],
  }));
  const requests = responded
    .map((task) => missingSamples(task, run))
    .filter(({ samples }) => samples.length > 0);
  const total = requests.reduce((sum, { samples }) => sum + samples.length, 0);
  if (total > 0) await timed(run.tally, 'generate', () => generate(responded, requests, total, run));
  run.signal.throwIfAborted();
  for (const task of responded) task.samples.sort((a, b) => a.index - b.index);
  return responded;
}

async function generate(
  tasks: (Prompted & Responses)[],
  requests: GenerationRequest[],
  total: number,
  run: Run,
): Promise<void> {
  const byId = new Map(tasks.map((task) => [task.task.problem.taskId, task]));
  const generator = await run.model.generator();
  const phase = run.progress.phase('generate', total, 'samples');
  const start = performance.now();
  let tokens = 0;
  try {
    for await (const output of generator.generate(requests, run.signal)) {
      if ('hidden' in output) continue; // nobody asked for it here
      const task = byId.get(output.taskId)!;
      if ('reason' in output) {
        task.failure = output.reason;
        const lost = requests.find(({ taskId }) => taskId === output.taskId)?.samples.length ?? 0;
        run.tally.samples.failed += lost;
        phase.advance(lost);
        continue;
      }
      run.cache.storeSample(keyOf(task, output.seed, run), output, writerMark(run.model));
      task.samples.push(output);
      run.tally.samples.generated += 1;
      run.tally.tokensGenerated += output.tokens;
      tokens += output.tokens;
      phase.advance(1, `${Math.round(tokens / ((performance.now() - start) / 1000))} tokens/s`);
    }
  } finally {
    phase.end();
  }
}

/** Takes what the cache has into the task, and asks for the rest. */
export function missingSamples(task: Prompted & Responses, run: Run): GenerationRequest {
  const { taskId } = task.task.problem;
  const samples: { index: number; seed: number }[] = [];
  for (let index = 0; index < task.requested; index += 1) {
    const seed = sampleSeed(run.generation.seed, taskId, index);
    const known = run.cache.sample(keyOf(task, seed, run));
    if (known) task.samples.push({ taskId, index, seed, ...known });
    else samples.push({ index, seed });
  }
  run.tally.samples.requested += task.requested;
  run.tally.samples.cached += task.samples.length;
  return {
    taskId,
    promptTokens: task.prompt.tokens,
    ...(task.prompt.asked === undefined ? {} : { asked: task.prompt.asked }),
    sampler: samplerOf(task, run),
    samples,
    wantHidden: false,
  };
}

function keyOf(task: Prompted, seed: number, run: Run): string {
  const { prompt } = task;
  const sampler = samplerOf(task, run);
  // Where the context is shorter than prompt and limit together, it is the context that cuts.
  const maxTokens = Math.min(sampler.maxTokens, run.model.contextTokens - prompt.tokens.length);
  const { tokens: promptTokens, asked } = prompt;
  return sampleKey(run.model, { promptTokens, asked, sampler: { ...sampler, maxTokens }, seed });
}

/** The run's sampler, with what ends an answer that this prompt has started. */
function samplerOf({ prompt }: Prompted, { generation, model }: Run): Sampler {
  const { responsePrefix, sampler } = generation;
  const own = responsePrefix === null ? model.defaults.stop : [];
  return {
    ...sampler,
    maxTokens: sampler.maxTokens ?? model.defaults.maxTokens,
    stop: [...stopTexts(prompt.prefix), ...own],
  };
}
