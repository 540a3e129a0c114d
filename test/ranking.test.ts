import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cell, type ExecutionMatrix, executionMatrix } from '../src/matrix.js';
import { majority } from '../src/rank/majority.js';
import { rankCandidates } from '../src/ranking.js';
import { shared } from './root.js';

const ranking = suite('ranking');

/** Rows of '1' (pass) and '0', one a candidate. */
function matrixOf(rows: string[], counts?: number[]): ExecutionMatrix {
  const width = counts?.length ?? rows[0]?.length ?? 0;
  const tests = Array.from({ length: width }, (_, utId) => ({ utId, count: counts?.[utId] ?? 1 }));
  const cells = rows.flatMap((row, solId) =>
    [...row].map((sign, utId): Cell => ({ solId, utId, verdict: sign === '1' ? 'pass' : 'fail' })),
  );
  return executionMatrix(
    rows.map((_, solId) => solId),
    tests,
    cells,
  );
}

const rank = (matrix: ExecutionMatrix) => rankCandidates(matrix, majority.scores(matrix));

/** The authors' rule, step by step as paper 1.2 tells it: the candidates that are kept. */
function keptByThePaper(rows: string[]): number[] {
  const passed = rows.map((row) => new Set([...row].flatMap((sign, id) => (sign === '1' ? [id] : []))));
  const most = Math.max(...passed.map((set) => set.size));
  const top = rows.map((_, id) => id).filter((id) => passed[id]!.size === most);
  const same = (a: Set<number>, b: Set<number>) => a.size === b.size && [...a].every((id) => b.has(id));
  const consistency = top.map((id) => top.filter((other) => same(passed[id]!, passed[other]!)).length);
  return top.filter((_, position) => consistency[position] === Math.max(...consistency));
}

const table: [name: string, rows: string[], selected: number | null, tied: number[], order: number[]][] = [
  ['the most votes win', ['100', '111', '110'], 1, [], [1, 2, 0]],
  ['the larger group of agreeing candidates wins a tie', ['110', '011', '011'], 1, [1, 2], [1, 2, 0]],
  ['one candidate that agrees with nobody is not tied', ['10', '00'], 0, [], [0, 1]],
  ['groups of one size stay tied', ['10', '01'], 0, [0, 1], [0, 1]],
  ['two groups of one size stay tied together', ['10', '01', '01', '10'], 0, [0, 1, 2, 3], [0, 1, 2, 3]],
  ['no vote keeps everybody', ['00', '00', '00'], 0, [0, 1, 2], [0, 1, 2]],
  ['no unit test keeps everybody', ['', ''], 0, [0, 1], [0, 1]],
  ['one candidate is selected whatever it passed', ['0'], 0, [], [0]],
  ['no candidate selects nobody', [], null, [], []],
  ['the tie rule orders the places below too', ['111', '100', '010', '010'], 0, [], [0, 2, 3, 1]],
];

for (const [name, rows, selected, tied, order] of table) {
  ranking(name, () => {
    const result = rank(matrixOf(rows));
    assert.is(result.selected, selected);
    assert.equal(result.tied, tied);
    assert.equal(
      result.ranking.map((candidate) => candidate.solId),
      order,
    );
  });
}

ranking('says votes passed and votes in all, weighted', () => {
  assert.equal(rank(matrixOf(['10', '01'], [1, 4])).ranking, [
    { solId: 1, score: 4, passed: 4, total: 5 },
    { solId: 0, score: 1, passed: 1, total: 5 },
  ]);
  // Of equal weighted votes the set still tells candidates apart.
  assert.equal(rank(matrixOf(['110', '001', '001'], [1, 1, 2])).tied, [1, 2]);
});

ranking('counts a cell that was not run as no vote', () => {
  const tests = [{ utId: 0, count: 1 }];
  const matrix = executionMatrix([0, 1], tests, [{ solId: 1, utId: 0, verdict: 'pass' }]);
  assert.equal(rank(matrix).ranking[1], { solId: 0, score: 0, passed: 0, total: 1 });
});

ranking('does as the authors do on random matrices', () => {
  let state = 12345;
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % below;
  };
  for (let round = 0; round < 2000; round++) {
    const width = random(5);
    const rows = Array.from({ length: 1 + random(7) }, () =>
      Array.from({ length: width }, () => (random(3) > 0 ? '1' : '0')).join(''),
    );
    const { selected, tied, ranking: order } = rank(matrixOf(rows));
    const kept = keptByThePaper(rows);
    assert.equal(tied.length > 0 ? tied : [selected], kept, rows.join(' '));
    assert.is(selected, kept[0]);
    // A total order: kept first, scores never rise, everybody once.
    assert.equal(
      order.slice(0, kept.length).map((candidate) => candidate.solId),
      kept,
    );
    assert.ok(order.every((candidate, place) => place === 0 || order[place - 1]!.score >= candidate.score));
    assert.is(new Set(order.map((candidate) => candidate.solId)).size, rows.length);
  }
});

interface ExecutedProblem {
  task_id: string;
  tests: [string, number][];
  solutions: { count: number; passed: boolean; row: string | null }[];
}

function gzippedLines<T>(path: string): T[] {
  const text = gunzipSync(readFileSync(path)).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** Mean chance that a pick among the kept candidates is right. Every sample is a candidate, equal ones too. */
function accuracy(problems: readonly ExecutedProblem[], voteOf: (count: number) => number): number {
  let sum = 0;
  for (const problem of problems) {
    const samples = samplesOf(problem);
    const counts = problem.tests.map(([, count]) => voteOf(count));
    const { selected, tied } = rank(matrixOf(samples.map(rowOf(counts.length)), counts));
    const kept = tied.length > 0 ? tied : [selected!];
    sum += kept.filter((solId) => samples[solId]!.passed).length / kept.length;
  }
  return sum / problems.length;
}

const samplesOf = (problem: ExecutedProblem) =>
  problem.solutions.flatMap((solution) => Array<typeof solution>(solution.count).fill(solution));

/** A candidate that did not load passes nothing. */
const rowOf = (width: number) => (sample: { row: string | null }) => sample.row ?? '0'.repeat(width);

ranking('gives the known accuracy on real samples (plain majority over CodeGen-16B asserts)', () => {
  const executed = shared('data', 'codet_codegen16b', 'exec_matrix.jsonl.gz');
  const labelled = shared('data', 'codet_codegen16b', 'labels.jsonl.gz');
  if (!executed || !labelled) return;
  const problems = gzippedLines<ExecutedProblem>(executed);
  assert.is(problems.length, 164);

  const correct = new Map<string, number>();
  for (const label of gzippedLines<{ task_id: string; base: boolean }>(labelled)) {
    correct.set(label.task_id, (correct.get(label.task_id) ?? 0) + Number(label.base));
  }
  for (const problem of problems) {
    const right = samplesOf(problem).filter((sample) => sample.passed).length;
    assert.is(right, correct.get(problem.task_id), problem.task_id);
  }

  // One vote for each distinct assert: 21.63 without the tie rule, 21.90 with it.
  assert.is(accuracy(problems, () => 1).toFixed(4), '0.2190');
  // One vote for each sampled assert, as this project counts.
  assert.is(accuracy(problems, (count) => count).toFixed(4), '0.2134');
});

ranking.run();
