import { z } from 'zod';
import { InputError } from '../error.js';
import { format, recognise } from '../format.js';
import { type JsonLine, place, readJsonLines } from '../jsonl.js';
import { taskId } from '../problem.js';
import type { RankedCandidate } from '../ranking.js';

/** A line of `coderm rerank` or `coderm score`, as far as an evaluation reads it. */
export interface RankingLine {
  taskId: string;
  selected: number | null;
  /** The selected candidate first; empty where the problem failed. */
  ranking: RankedCandidate[];
  tied: number[];
  confidence: number | null;
}

const id = z.int('a whole number').min(0, 'a whole number');
const number = z.number('a number');

const FORMAT = format({
  name: 'coderm rerank',
  fields: '{task_id, selected, ranking: [{sol_id, score, passed, total}], tied}',
  marks: (value) => 'ranking' in value,
  schema: z.object({
    task_id: taskId,
    selected: id.nullable(),
    ranking: z.array(
      z.object({ sol_id: id, score: number, passed: number, total: number }),
      'an array of {sol_id, score, passed, total}',
    ),
    tied: z.array(id, 'an array of sol_ids'),
    confidence: z
      .number('a number from 0 to 1')
      .min(0, 'a number from 0 to 1')
      .max(1, 'a number from 0 to 1')
      .optional(),
  }),
  read: (line): RankingLine => ({
    taskId: line.task_id,
    selected: line.selected,
    ranking: line.ranking.map(({ sol_id, ...rest }) => ({ solId: sol_id, ...rest })),
    tied: line.tied,
    confidence: line.confidence ?? null,
  }),
});

/**
 * Streams the lines of a ranking. Throws InputError for an unreadable file, for any other line, for one that does not agree
 * with itself, and for a second line of a task, which would count twice.
 */
export async function* readRankings(path: string): AsyncGenerator<RankingLine> {
  const met = new Set<string>();
  for await (const at of readJsonLines(path)) {
    const line = recognise(at, 'a line of a ranking', [FORMAT]);
    if (met.has(line.taskId)) {
      throw new InputError(
        `${place(at)} ranks task ${JSON.stringify(line.taskId)} a second time: expected one line a task; give one run's file.`,
      );
    }
    met.add(line.taskId);
    checkCandidates(line, at);
    yield line;
  }
}

/** @throws InputError where a candidate is ranked twice, or selected or tied without being ranked */
function checkCandidates({ selected, ranking, tied }: RankingLine, at: JsonLine): void {
  const ranked = new Set(ranking.map(({ solId }) => solId));
  const unknown = [...(selected === null ? [] : [selected]), ...tied].find((solId) => !ranked.has(solId));
  if (ranked.size === ranking.length && unknown === undefined) return;
  const came =
    unknown === undefined
      ? 'ranks a candidate twice'
      : `names candidate ${unknown}, which its ranking does not have`;
  throw new InputError(
    `${place(at)} ${came}: expected a line of coderm rerank or coderm score, in which each candidate is ranked once; write it again.`,
  );
}
