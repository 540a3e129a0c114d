import { z } from 'zod';
import { format, recognise } from '../format.js';
import { readJsonLines } from '../jsonl.js';
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
    confidence: number.optional(),
  }),
  read: (line): RankingLine => ({
    taskId: line.task_id,
    selected: line.selected,
    ranking: line.ranking.map(({ sol_id, ...rest }) => ({ solId: sol_id, ...rest })),
    tied: line.tied,
    confidence: line.confidence ?? null,
  }),
});

/** Streams the lines of a ranking. Throws InputError for an unreadable file and for any other line. */
export async function* readRankings(path: string): AsyncGenerator<RankingLine> {
  for await (const at of readJsonLines(path)) yield recognise(at, 'a line of a ranking', [FORMAT]);
}
