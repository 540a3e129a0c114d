// What the tiny model is worth: over a draw of held-out problems, how many responses give a unit test, how many of those
// the reference passes, and how often the best of twenty candidates is right with 1, 2, 4 … tests, with intervals.
//
//   python3 models/tiny-ut/make_problems.py draw --seed 1 --count 200
//   node bench/tiny-ut.mjs --draw draw --model models/tiny-ut/tiny-ut.gguf --tests 32
//
// Everything that the model or the generator wrote is executed by `coderm execute`, in the jail. Files that are there
// already are used again, so that a longer draw can be measured in parts.
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { executionMatrix, majority, rankCandidates } from '../dist/src/index.js';

const RESAMPLES = 2000;
const SUBSETS = 40;
const CANDIDATES = 20;

const { values: flags } = parseArgs({
  options: {
    draw: { type: 'string' },
    model: { type: 'string' },
    tests: { type: 'string', default: '32' },
    temperature: { type: 'string', default: '0.8' },
    'min-p': { type: 'string', default: '0' },
    seed: { type: 'string', default: '0' },
    name: { type: 'string', default: 'run' },
  },
});
const file = (name) => join(flags.draw, name);
const own = (name) => file(`${flags.name}.${name}`);

/** Numbers between 0 and 1, the same in every run (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = randomNumbers(1);

function coderm(...args) {
  const begin = performance.now();
  const { status } = spawnSync(
    process.execPath,
    [new URL('../dist/src/cli/main.js', import.meta.url).pathname, ...args],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (status !== 0) throw new Error(`coderm ${args[0]} ended with ${status}`);
  return (performance.now() - begin) / 1000;
}

const lines = (path) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

async function eachLine(path, use) {
  for await (const line of createInterface({ input: createReadStream(path) })) use(JSON.parse(line));
}

/** Labels: whether each candidate passes the labelling test. */
async function labelled() {
  if (!existsSync(file('labels.jsonl'))) {
    const slow = ['--cpu-ms', '3000', '--wall-ms', '15000'];
    coderm(
      'execute',
      '--solutions',
      file('candidates.jsonl'),
      '--unit-tests',
      file('labelling.jsonl'),
      ...slow,
      '--cache',
      file('labels.sqlite'),
      '--out',
      file('labels.jsonl'),
    );
  }
  const labels = new Map();
  await eachLine(file('labels.jsonl'), ({ task_id, sol_id, verdict }) => {
    const row = labels.get(task_id) ?? labels.set(task_id, []).get(task_id);
    row[sol_id] = verdict === 'pass';
  });
  return labels;
}

/** Candidates, and after them the reference, which the prompt never shows. */
function writeJudged() {
  const references = new Map(
    lines(file('references.jsonl')).map(({ task_id, solutions }) => [task_id, solutions]),
  );
  const judged = lines(file('candidates.jsonl')).map(({ task_id, solutions }) =>
    JSON.stringify({ task_id, solutions: [...solutions, ...references.get(task_id)] }),
  );
  writeFileSync(file('judged.jsonl'), `${judged.join('\n')}\n`);
}

/** Each task's verdicts: [candidate][response], and which responses gave a test. */
async function measured() {
  const seconds = {};
  if (!existsSync(own('tests.jsonl'))) {
    const sampler = [
      '--temperature',
      flags.temperature,
      '--min-p',
      flags['min-p'],
      '--seed',
      flags.seed,
      '--max-tokens',
      '256',
    ];
    seconds.generate = coderm(
      'generate',
      '--problems',
      file('problems.jsonl'),
      '--solutions',
      file('candidates.jsonl'),
      '--model',
      flags.model,
      '--gpu',
      'cpu',
      '--tests',
      flags.tests,
      ...sampler,
      '--cache',
      own('sqlite'),
      '--out',
      own('tests.jsonl'),
    );
  }
  if (!existsSync(own('matrix.jsonl'))) {
    writeJudged();
    seconds.execute = coderm(
      'execute',
      '--solutions',
      file('judged.jsonl'),
      '--unit-tests',
      own('tests.jsonl'),
      '--cache',
      own('sqlite'),
      '--out',
      own('matrix.jsonl'),
    );
  }
  const tasks = new Map(
    lines(own('tests.jsonl')).map(({ task_id, ut_ids }) => [task_id, { kept: ut_ids, cells: [] }]),
  );
  // `execute` numbers the given tests anew, in their order.
  await eachLine(own('matrix.jsonl'), ({ task_id, sol_id, ut_id, verdict }) => {
    const { cells, kept } = tasks.get(task_id);
    cells.push({ solId: sol_id, utId: kept[ut_id], verdict });
  });
  return { tasks, seconds };
}

/** Expected share of right ones among the candidates that no rule tells apart. */
function accuracy({ cells }, tests, right) {
  const chosen = new Set(tests);
  const matrix = executionMatrix(
    Array.from({ length: CANDIDATES }, (_, solId) => solId),
    tests.map((utId) => ({ utId, count: 1 })),
    cells.filter(({ solId, utId }) => solId < CANDIDATES && chosen.has(utId)),
  );
  const { selected, tied } = rankCandidates(matrix, majority.scores(matrix));
  const kept = tied.length > 0 ? tied : [selected];
  return kept.filter((solId) => right[solId]).length / kept.length;
}

function subset(count, of) {
  const ids = Array.from({ length: of }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const other = i + Math.floor(random() * (of - i));
    [ids[i], ids[other]] = [ids[other], ids[i]];
  }
  return ids.slice(0, count);
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean and 95% interval, by drawing problems anew. `values`: one a problem, or [part, whole] for shares. */
function interval(values) {
  const of = (chosen) =>
    Array.isArray(chosen[0])
      ? mean(chosen.map(([part]) => part)) / mean(chosen.map(([, whole]) => whole))
      : mean(chosen);
  const draws = Array.from({ length: RESAMPLES }, () =>
    of(values.map(() => values[Math.floor(random() * values.length)])),
  ).sort((a, b) => a - b);
  const [low, high] = [draws[Math.floor(RESAMPLES * 0.025)], draws[Math.floor(RESAMPLES * 0.975)]];
  return { mean: Number(of(values).toFixed(4)), low: Number(low.toFixed(4)), high: Number(high.toFixed(4)) };
}

const labels = await labelled();
const { tasks, seconds } = await measured();
const requested = Number(flags.tests);
const counts = [1, 2, 4, 8, 16, 32, 64].filter((count) => count <= requested);
const rows = [...tasks].map(([taskId, task]) => {
  const right = labels.get(taskId);
  const kept = new Set(task.kept);
  const judged = task.cells.filter(({ solId }) => solId === CANDIDATES);
  const correct = judged.filter(({ verdict }) => verdict === 'pass').length;
  const at = (count) =>
    mean(
      Array.from({ length: count === requested ? 1 : SUBSETS }, () =>
        accuracy(
          task,
          subset(count, requested).filter((utId) => kept.has(utId)),
          right,
        ),
      ),
    );
  return {
    kept: [kept.size, requested],
    correct: [correct, kept.size],
    random: mean(right.map(Number)),
    oracle: right.some(Boolean) ? 1 : 0,
    accuracy: counts.map(at),
  };
});
const most = counts.length - 1;
const two = counts.indexOf(2);
console.log(
  JSON.stringify(
    {
      problems: rows.length,
      responses: rows.length * requested,
      kept: interval(rows.map(({ kept }) => kept)),
      correct: interval(rows.map(({ correct }) => correct)),
      random: interval(rows.map((row) => row.random)),
      oracle: interval(rows.map(({ oracle }) => oracle)),
      accuracy: Object.fromEntries(
        counts.map((count, i) => [count, interval(rows.map((row) => row.accuracy[i]))]),
      ),
      over_random: interval(rows.map((row) => row.accuracy[most] - row.random)),
      ...(two < 0 ? {} : { over_two: interval(rows.map((row) => row.accuracy[most] - row.accuracy[two])) }),
      seconds,
    },
    null,
    1,
  ),
);
