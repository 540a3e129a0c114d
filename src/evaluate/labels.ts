import { z } from 'zod';
import { InputError } from '../error.js';
import { format, recognise } from '../format.js';
import { place, readJsonLines } from '../jsonl.js';
import { taskId } from '../problem.js';

/** Which of two labels counts: `base` are the benchmark's own tests, `plus` the extended ones. */
export const LABELS = ['base', 'plus'] as const;
export type Label = (typeof LABELS)[number];

/** Whether candidates are truly right, by task and sol_id. */
export type Labels = ReadonlyMap<string, ReadonlyMap<number, boolean>>;

interface Known {
  taskId: string;
  solId: number;
  /** A label under the name by which it is asked for; `passed` answers to both. */
  labels: Partial<Record<Label | 'passed', boolean>>;
}

const id = z.int('a whole number').min(0, 'a whole number');
const truth = z.boolean('true or false');
const status = z.string('a string such as pass or fail').nullish();
const annotated = z.array(
  z.object({ base_status: status, plus_status: status, result: status }),
  'an array of {plus_status} or {result}',
);

type Annotated = z.output<typeof annotated>[number];

const FORMATS = [
  format({
    name: 'labels',
    fields: '{task_id, sol_id, passed}',
    marks: (value) => 'sol_id' in value && 'passed' in value,
    schema: z.object({ task_id: taskId, sol_id: id, passed: truth }),
    read: (line): Known[] => [{ taskId: line.task_id, solId: line.sol_id, labels: { passed: line.passed } }],
  }),
  format({
    name: 'labels',
    fields: '{task_id, sol_id, base, plus}',
    marks: (value) => 'sol_id' in value && ('base' in value || 'plus' in value),
    schema: z.object({ task_id: taskId, sol_id: id, base: truth.nullish(), plus: truth.nullish() }),
    read: ({ task_id, sol_id, base, plus }): Known[] => [
      {
        taskId: task_id,
        solId: sol_id,
        labels: { ...(base == null ? {} : { base }), ...(plus == null ? {} : { plus }) },
      },
    ],
  }),
  format({
    name: 'labels of a task that failed',
    fields: '{task_id, error}',
    marks: (value) => 'error' in value && !('solutions' in value) && !('ranking' in value),
    schema: z.object({ task_id: taskId, error: z.string('why it failed') }),
    read: (): Known[] => [],
  }),
  format({
    name: 'CodeRM',
    fields: '{task_id, solutions: [{plus_status or result}]}',
    marks: (value) => 'task_id' in value && 'solutions' in value,
    schema: z.object({ task_id: taskId, solutions: annotated }),
    read: (line): Known[] => fromStatus(line.task_id, line.solutions),
  }),
  format({
    name: 'EvalPlus',
    fields: '{eval: {task_id: [{base_status, plus_status}]}}',
    marks: (value) => 'eval' in value,
    schema: z.object({ eval: z.record(z.string(), annotated, 'an object of arrays') }),
    read: (line): Known[] => Object.entries(line.eval).flatMap(([task, list]) => fromStatus(task, list)),
  }),
];

function fromStatus(task: string, list: readonly Annotated[]): Known[] {
  return list.map(({ base_status, plus_status, result }, solId) => ({
    taskId: task,
    solId,
    labels: {
      ...(base_status == null ? {} : { base: base_status === 'pass' }),
      ...(plus_status == null ? {} : { plus: plus_status === 'pass' }),
      ...(result == null ? {} : { passed: result === 'pass' }),
    },
  }));
}

/**
 * Reads labels: ours, CodeRM's `*_anno.jsonl` or EvalPlus results. A candidate without the label that is asked for has
 * none (null in the file: unknown). Throws InputError for bad lines, for a second, different label of one candidate, and where
 * no line has the label.
 */
export async function readLabels(paths: readonly string[], label: Label): Promise<Labels> {
  const labels = new Map<string, Map<number, boolean>>();
  for await (const at of readJsonLines(paths)) {
    for (const known of recognise(at, 'a line of labels', FORMATS)) {
      const passed = known.labels[label] ?? known.labels.passed;
      if (passed === undefined) continue;
      const task = labels.get(known.taskId) ?? new Map<number, boolean>();
      labels.set(known.taskId, task);
      if ((task.get(known.solId) ?? passed) !== passed) {
        throw new InputError(
          `${place(at)} labels candidate ${known.solId} of task ${JSON.stringify(known.taskId)} a second time, and ` +
            'otherwise: expected one label a candidate.',
        );
      }
      task.set(known.solId, passed);
    }
  }
  if (labels.size === 0) {
    throw new InputError(
      `${paths.join(', ')}: no line has the label ${label}; expected \`passed\` or \`${label}\` ` +
        `(CodeRM and EvalPlus: ${label}_status): choose another with --label.`,
    );
  }
  return labels;
}
