// What the tiny model is worth: over a draw of held-out problems, how many responses give a unit test, how many of those
// the reference passes, and how often the best of twenty candidates is right with 1, 2, 4 … tests, with intervals.
//
//   python3 models/tiny-ut/make_problems.py draw --seed 1 --count 200
//   node bench/tiny-ut.mjs --draw draw --model models/tiny-ut/tiny-ut.gguf --tests 32
//
// Everything that the model or the generator wrote is executed by `coderm execute`, in the jail. Files that are there
// already are used again, so that a longer draw can be measured in parts.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brackets, rightness } from '../dist/src/evaluate/accuracy.js';
import { Chance } from '../dist/src/evaluate/chance.js';
import { drawnMatrix } from '../dist/src/evaluate/drawn.js';
import { estimate, meanOf } from '../dist/src/evaluate/interval.js';
import { executionMatrix, passedColumns } from '../dist/src/matrix.js';
import { majority } from '../dist/src/rank/majority.js';
import { rankCandidates } from '../dist/src/ranking.js';
import { sampleSeed } from '../dist/src/seed.js';
import { openStoredMatrices } from '../dist/src/stored-matrix.js';

const SUBSETS = 400;
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

/** The matrices of a file, by task. */
async function matricesOf(path) {
  const stored = await openStoredMatrices(path);
  try {
    return new Map(Array.from(stored, ({ taskId, matrix }) => [taskId, matrix]));
  } finally {
    stored.close();
  }
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
  for (const [taskId, { solIds, cells }] of await matricesOf(file('labels.jsonl')))
    labels.set(taskId, new Map(solIds.map((solId, row) => [solId, cells[row][0] === 'pass'])));
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

/** Each task's matrix, of the candidates and, below them, the reference. */
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
  const matrices = await matricesOf(own('matrix.jsonl'));
  // A task of which no response gave a test has no line.
  const without = executionMatrix(
    Array.from({ length: CANDIDATES + 1 }, (_, solId) => solId),
    [],
  );
  const tasks = lines(own('tests.jsonl')).map(({ task_id }) => [task_id, matrices.get(task_id) ?? without]);
  return { tasks, seconds };
}

/** Responses drawn without replacement; those that gave a test are the columns, in their order. */
function orderOf(taskId, round, columns) {
  const order = new Chance(sampleSeed(1, taskId, round)).shuffled(
    Array.from({ length: requested }, (_, i) => i),
  );
  return (count) => order.slice(0, count).filter((response) => response < columns);
}

/** Expected share of right ones among the candidates that no rule tells apart. */
function accuracy(matrix, tests, right) {
  const drawn = drawnMatrix(matrix, tests, tests.length);
  return rightness(rankCandidates(drawn, majority.scores(drawn)), right);
}

/** Mean and 95% interval over problems; with `wholes` of a share. */
function interval(values, wholes = null) {
  const rounded = Object.entries(estimate(values, wholes)).map(([name, value]) => [
    name,
    Number(value.toFixed(4)),
  ]);
  return Object.fromEntries(rounded);
}

const requested = Number(flags.tests);
const counts = [1, 2, 4, 8, 16, 32, 64].filter((count) => count <= requested);
const labels = await labelled();
const { tasks, seconds } = await measured();
const rows = tasks.map(([taskId, matrix]) => {
  const right = labels.get(taskId);
  const columns = matrix.utIds.length;
  const candidates = {
    ...matrix,
    solIds: matrix.solIds.slice(0, CANDIDATES),
    cells: matrix.cells.slice(0, CANDIDATES),
    traces: undefined,
  };
  const orders = Array.from({ length: SUBSETS }, (_, round) => orderOf(taskId, round, columns));
  const rounds = (count) => (count === requested ? orders.slice(0, 1) : orders);
  return {
    kept: columns,
    correct: passedColumns(matrix, CANDIDATES).length,
    ...brackets(candidates.solIds, right),
    accuracy: counts.map((count) =>
      meanOf(rounds(count).map((order) => accuracy(candidates, order(count), right))),
    ),
  };
});
const most = counts.length - 1;
const two = counts.indexOf(2);
console.log(
  JSON.stringify(
    {
      problems: rows.length,
      responses: rows.length * requested,
      kept: interval(rows.map(({ kept }) => kept / requested)),
      correct: interval(
        rows.map(({ correct }) => correct),
        rows.map(({ kept }) => kept),
      ),
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
