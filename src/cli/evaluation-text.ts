import type { Calibration } from '../evaluate/calibration.js';
import type { CurvePoint } from '../evaluate/curves.js';
import type { qualityOf } from '../evaluate/quality.js';
import type { MatrixReport, RankedReport } from '../evaluate/report.js';

const percent = (share: number | null) => (share === null ? '–' : (100 * share).toFixed(2));
type Row = [name: string, text: string];

/** The evaluation for readers, a line a fact. */
export function evaluationText({ found, unlabelled }: RankedReport, matrix: MatrixReport | null): string {
  const { verifier, confidence } = found;
  const rows: Row[] = [
    ['problems', `${found.problems}${unlabelled > 0 ? `, ${unlabelled} more without labels` : ''}`],
    [
      'accuracy',
      `${percent(found.accuracy)}% (95%: ${percent(found.accuracy_low)}–${percent(found.accuracy_high)}), random ` +
        `${percent(found.random)}, oracle ${percent(found.oracle)}`,
    ],
    ['answered', `${found.answered}, of them right ${percent(found.accuracy_answered)}%`],
    ...found.quintiles.map(
      ({ problems, random, accuracy, accuracy_low, accuracy_high }, at): Row => [
        at === 0 ? 'easiest' : '',
        `${problems} problems: random ${percent(random)}, accuracy ${percent(accuracy)} ` +
          `(${percent(accuracy_low)}–${percent(accuracy_high)})`,
      ],
    ),
    ['tests', `together: ${qualityText(found.tests_together)}`],
    ...(matrix === null ? [] : matrixRows(matrix)),
    [
      'scores',
      `Top-1 ${percent(verifier.top_1)}, Bottom-1 ${percent(verifier.bottom_1)}, Spearman ` +
        `${verifier.spearman.toFixed(3)}, Kendall ${verifier.kendall.toFixed(3)}, MAE ${verifier.mae.toFixed(3)}`,
    ],
    ...(confidence === null ? [] : calibrationRows(confidence)),
  ];
  const text = rows.map(([name, line]) => `${name.padEnd(11)}${line}\n`).join('');
  return matrix === null || matrix.summary.curves.length === 0
    ? text
    : `${text}\n${curvesText(matrix.summary.curves)}`;
}

/** Ten ranges of confidence, those without a problem left out. */
function calibrationRows({
  brier,
  expected_calibration_error,
  area_under_curve,
  reliability,
}: Calibration): Row[] {
  return [
    [
      'confidence',
      `Brier ${brier.toFixed(3)}, expected calibration error ${expected_calibration_error.toFixed(3)}, ` +
        `area under the curve ${area_under_curve?.toFixed(3) ?? '–'}`,
    ],
    ...reliability.map(
      ({ from, to, problems, predicted, actual, actual_low, actual_high }): Row => [
        '',
        `${from.toFixed(1)}–${to.toFixed(1)}: ${problems} problems, predicted ${percent(predicted)}, ` +
          `actual ${percent(actual)} (95%: ${percent(actual_low)}–${percent(actual_high)})`,
      ],
    ),
  ];
}

function qualityText(quality: ReturnType<typeof qualityOf>): string {
  return (
    `Acc ${percent(quality.acc)}, F1 ${percent(quality.f1)}, FAR ${percent(quality.far)}, FRR ${percent(quality.frr)} ` +
    `(false positive rate ${percent(quality.false_positive_rate)}, false negative rate ` +
    `${percent(quality.false_negative_rate)})`
  );
}

function matrixRows({ tests, summary }: MatrixReport): Row[] {
  const { tests_individual, vacuous, utgen } = summary;
  const rows: Row[] = [
    ['', `one by one: ${qualityText(tests_individual)}`],
    [
      '',
      `${tests.length} unit tests; of their votes ${percent(vacuous.all_pass)}% pass all candidates, ` +
        `${percent(vacuous.all_fail)}% none`,
    ],
  ];
  if (utgen !== null) {
    const { output_accuracy, attack_rate, both } = utgen;
    rows.push([
      'UTGen',
      `output accuracy ${percent(output_accuracy)}, attack rate ${percent(attack_rate)}, both ${percent(both)}`,
    ]);
  }
  return rows;
}

/** A Markdown table of all problems, and one of the difficulty quintiles with the most candidates. */
function curvesText(points: readonly CurvePoint[]): string {
  const sizes = [...new Set(points.map(({ candidates }) => candidates))];
  const named = (size: number | null) => (size === null ? 'all' : String(size));
  const columns = [...new Set(points.map(({ tests }) => tests))];
  const most = points.filter(({ candidates }) => candidates === sizes.at(-1));
  const cell = (point: { accuracy: number; accuracy_low: number; accuracy_high: number }) =>
    `${percent(point.accuracy)} (${percent(point.accuracy_low)}–${percent(point.accuracy_high)})`;
  const overall = sizes.map((size) => [
    named(size),
    ...points.filter(({ candidates }) => candidates === size).map(cell),
  ]);
  const parts = (most[0]?.quintiles ?? []).map((_, at) => [
    at === 0 ? 'easiest' : String(at + 1),
    ...most.map(({ quintiles }) => cell(quintiles[at]!)),
  ]);
  const heads = columns.map((tests) => `${tests} tests`);
  const table = (rows: readonly string[][]) => rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
  return (
    table([['candidates', ...heads], ['---', ...heads.map(() => '---')], ...overall]) +
    `\n${table([[`quintile (${named(sizes.at(-1)!)} candidates)`, ...heads], ['---', ...heads.map(() => '---')], ...parts])}`
  );
}
