import { z } from 'zod';
import { InputError } from '../error.js';
import { meanOf } from '../evaluate/interval.js';
import type { Labels } from '../evaluate/labels.js';
import { format, recognise } from '../format.js';
import { place, readJsonLines } from '../jsonl.js';
import { passedVotes, totalVotes } from '../matrix.js';
import { taskId } from '../problem.js';
import type { StoredMatrix } from '../stored-matrix.js';

const FORMAT = format({
  name: 'pass rates',
  fields: '{task_id, rate}',
  marks: (value) => 'task_id' in value && 'rate' in value,
  schema: z.object({
    task_id: taskId,
    rate: z.number('a number').min(0, 'a number from 0 to 1').max(1, 'a number from 0 to 1'),
  }),
  read: (line): { taskId: string; rate: number } => ({ taskId: line.task_id, rate: line.rate }),
});

/** Reads pass rates λ by task, in file order. Throws InputError for any other line, and for a second rate of a task. */
export async function readPassRates(path: string): Promise<Map<string, number>> {
  const rates = new Map<string, number>();
  for await (const at of readJsonLines(path)) {
    const { taskId, rate } = recognise(at, 'a line of pass rates', [FORMAT]);
    if (rates.has(taskId)) {
      throw new InputError(
        `${place(at)} gives task ${JSON.stringify(taskId)} a second pass rate; expected one line a task.`,
      );
    }
    rates.set(taskId, rate);
  }
  return rates;
}

/** The share of each task's candidates that is right. */
export function ratesOfLabels(labels: Labels): Map<string, number> {
  return new Map(
    [...labels].map(([task, right]) => [task, meanOf([...right.values()].map((one) => (one ? 1 : 0)))]),
  );
}

/**
 * The share of its tests that a task's candidates pass, on average (paper 4.1): what an earlier run tells without labels. Tasks
 * without a test tell nothing.
 */
export function ratesOfMatrices(stored: Iterable<StoredMatrix>): Map<string, number> {
  const rates = new Map<string, number>();
  for (const { taskId, matrix } of stored) {
    const votes = totalVotes(matrix);
    if (votes === 0) continue;
    rates.set(taskId, meanOf(matrix.solIds.map((_, row) => passedVotes(matrix, row) / votes)));
  }
  return rates;
}
