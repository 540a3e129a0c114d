import { qualityOf } from '../evaluate/quality.js';
import type { Evaluated } from '../evaluate/report.js';

/** The tables that --csv prints. */
export const CSV_TABLES = [
  'problems',
  'figures',
  'quintiles',
  'tests',
  'curves',
  'calibration',
  'labels',
] as const;
export type CsvTable = (typeof CSV_TABLES)[number];

type Field = string | number | boolean | null;
type Row = readonly Field[];

/** One table as CSV, with a line of names; empty but for the names where the evaluation has no such table. */
export function evaluationCsv(which: CsvTable, evaluated: Evaluated): string {
  const { ranked, matrix, agreement } = evaluated;
  switch (which) {
    case 'problems':
      return csv(
        ['task_id', 'accuracy', 'answered', 'random', 'oracle', 'confidence'],
        (ranked?.problems ?? []).map((one) => [
          one.taskId,
          one.right,
          one.answered,
          one.random,
          one.oracle,
          one.confidence,
        ]),
      );
    case 'figures':
      return csv(['figure', 'value'], figuresOf(evaluated));
    case 'quintiles':
      return csv(
        ['quintile', 'problems', 'random', 'accuracy', 'accuracy_low', 'accuracy_high'],
        (ranked?.found.quintiles ?? []).map((one, at) => [at + 1, ...Object.values(one)]),
      );
    case 'tests':
      return csv(
        [
          'task_id',
          'ut_id',
          'count',
          'acc',
          'f1',
          'far',
          'frr',
          'false_positive_rate',
          'false_negative_rate',
        ],
        (matrix?.tests ?? []).map(({ taskId, utId, votes, confusion }) => [
          taskId,
          utId,
          votes,
          ...Object.values(qualityOf(confusion)),
        ]),
      );
    case 'curves':
      return csv(
        ['candidates', 'tests', 'quintile', 'problems', 'accuracy', 'accuracy_low', 'accuracy_high'],
        curveRows(evaluated),
      );
    case 'calibration':
      return csv(
        ['from', 'to', 'problems', 'predicted', 'actual', 'actual_low', 'actual_high'],
        (ranked?.found.confidence?.reliability ?? []).map((bin) => Object.values(bin)),
      );
    case 'labels':
      return csv(
        ['task_id', 'sol_id', 'given', 'computed', 'verdict', 'detail'],
        (agreement?.differences ?? []).map((one) => Object.values(one)),
      );
    default:
      return which satisfies never;
  }
}

/** Every figure that is one number, by the path of its key in the JSON. */
function figuresOf({ ranked, matrix, agreement }: Evaluated): Row[] {
  const rows: Row[] = [];
  const walk = (value: unknown, path: string) => {
    if (value === null || typeof value === 'number') rows.push([path, value]);
    else if (typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
    }
  };
  walk({ ...ranked?.found, ...(ranked ? { unlabelled: ranked.unlabelled } : {}), ...matrix?.summary }, '');
  if (agreement) walk(agreement, 'labels');
  return rows;
}

/** A row a point; `quintile` is empty for all problems together. */
function curveRows({ ranked, matrix }: Evaluated): Row[] {
  return (matrix?.summary.curves ?? []).flatMap((point) =>
    [{ ...point, problems: ranked?.problems.length ?? 0 }, ...point.quintiles].map((one, at) => [
      point.candidates,
      point.tests,
      at === 0 ? null : at,
      one.problems,
      one.accuracy,
      one.accuracy_low,
      one.accuracy_high,
    ]),
  );
}

/** Texts are quoted; nothing is empty. */
function csv(names: readonly string[], rows: readonly Row[]): string {
  const field = (value: Field) =>
    typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value ?? '');
  return [names.join(','), ...rows.map((row) => row.map(field).join(','))].map((row) => `${row}\n`).join('');
}
