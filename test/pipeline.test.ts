import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Cache } from '../src/cache/database.js';
import { PAPER_SAMPLER } from '../src/model/generator.js';
import { ModelSession } from '../src/model/session.js';
import { openTasks } from '../src/open-tasks.js';
import { Parser } from '../src/parser.js';
import { rerank } from '../src/pipeline.js';
import { silent } from '../src/progress.js';
import { majority } from '../src/rank/majority.js';
import { rankingLine } from '../src/report.js';
import type { Run } from '../src/run.js';
import { Sandbox } from '../src/sandbox/sandbox.js';
import { equal } from '../src/scaling/equal.js';
import { emptyTally } from '../src/tally.js';
import type { Task } from '../src/task.js';
import { DEFAULT_LIMITS } from '../src/verdict.js';
import { fixture } from './root.js';
import { lines, temporaryFolder } from './temporary.js';

// The whole flow over more batches than one, on the model with random weights: answers are started with a test class.
const pipeline = suite('pipeline');
const temporary = temporaryFolder();
const { signal } = new AbortController();
const PREFIX = `\`\`\`python
import unittest

class Test{EntryPoint}(unittest.TestCase):
    def test_it(self):
        self.assertEqual({entry_point}(2), 2)
\`\`\`
`;
const PROBLEMS = 40;
const RANKING = { scorer: majority, abstainBelow: 0 };
const names = Array.from({ length: PROBLEMS }, (_, at) => `f${at}`);
const problems = temporary.write(
  'p.jsonl',
  lines(...names.map((name) => ({ task_id: name, question: `Write ${name}.`, entry_point: name }))),
);
const solutions = temporary.write(
  's.jsonl',
  lines(
    ...names.map((name, at) => ({
      task_id: name,
      solutions: [`def ${name}(n):\n    return n + ${at % 2}\n`, `def ${name}(n):\n    return n\n`],
    })),
  ),
);
const tasks = await openTasks({ problems: [problems], solutions: [solutions] });
const sandbox = await Sandbox.open({ workers: 2 });
pipeline.after(async () => {
  tasks.close();
  await sandbox.close();
});

/** Runs everything from nothing, with so many batches of problems under way at a time. */
async function run(batchesAtOnce: number, of: Iterable<Task>) {
  const cache = Cache.open(temporary.write(`${batchesAtOnce}.sqlite`, ''));
  const options = {
    model: fixture('random.gguf'),
    gpu: 'cpu' as const,
    gpuLayers: null,
    contextTokens: null,
  };
  const model = await ModelSession.open({ ...options, lanes: 4, threads: 1 }, cache, silent);
  Object.defineProperty(model, 'batchesAtOnce', { value: batchesAtOnce }); // as on a GPU
  const tally = emptyTally();
  const whole: Run = {
    ...{ cache, sandbox, model, tally, signal, limits: DEFAULT_LIMITS, progress: silent },
    ...{ isolation: 'candidate', jail: 'namespaces', recheck: 0, dedup: true, prune: false },
    parser: new Parser(sandbox, cache, signal),
    generation: {
      seed: 0,
      sampler: { ...PAPER_SAMPLER, maxTokens: 8 },
      responsePrefix: PREFIX,
      promptCompat: 'none',
      extract: 'salvage',
    },
  };
  const found: unknown[] = [];
  try {
    for await (const ranked of rerank(of, equal(2), RANKING, whole)) found.push(rankingLine(ranked));
    return { found, tally };
  } finally {
    await model.close();
    cache.close();
  }
}

pipeline('batches that overlap give the same lines, in the same order, and the same counts', async () => {
  const inTurn = await run(1, tasks);
  const overlapped = await run(3, tasks);
  assert.is(inTurn.found.length, PROBLEMS);
  assert.equal(overlapped.found, inTurn.found);
  const { seconds: _, ...counts } = inTurn.tally;
  const { seconds, ...same } = overlapped.tally;
  assert.equal(same, counts);
  assert.ok(counts.samples.generated === 2 * PROBLEMS && counts.cells.executed > 0 && counts.separated > 0);
  assert.ok(seconds.generate > 0 && seconds.execute > 0);
});

pipeline('a failure in one batch ends the others, and is the one that is told', async () => {
  function* failing() {
    let at = 0;
    for (const task of tasks) {
      if (at++ === 36) throw new RangeError('the producer');
      yield task;
    }
  }
  try {
    await run(3, failing());
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'the producer');
  }
});

pipeline.run();
