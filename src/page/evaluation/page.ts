import type { Evaluated, RankedReport } from '../../evaluate/report.js';
import { type Facts, type PageHead, pageEnd, pageStart } from '../document.js';
import { type Html, html } from '../html.js';
import { type KeyFigure, keyFigures } from '../key-figures.js';
import { grouped, percent } from '../numbers.js';
import { reliabilityChart, reliabilityTable } from '../reliability.js';
import { namesAndNumbers, table } from '../table.js';
import { bracketsChart, quintileName, quintilesChart } from './charts.js';
import { curvesSection } from './curves.js';
import { judgesSection } from './judges.js';
import { labelsSection } from './labels.js';
import { problemsSection, testsSection } from './lists.js';

/** The page of an evaluation: every table that the command has, and its plots. Pure. */
export function evaluationPage(run: PageHead & { facts: Facts }, evaluated: Evaluated): string {
  const { ranked, matrix, agreement } = evaluated;
  const sections: (Html | null)[] = [
    ranked && accuracySection(ranked),
    matrix && matrix.summary.curves.length > 0 ? curvesSection(matrix.summary.curves) : null,
    ranked && judgesSection(ranked.found, matrix),
    ranked && confidenceSection(ranked),
    agreement && labelsSection(agreement),
    ranked && problemsSection(ranked),
    matrix && testsSection(matrix),
  ];
  return html`${pageStart(run, { id: 'figures', name: 'figures' })}<div id="figures" tabindex="-1">
${sections}</div>
${pageEnd(run, run.facts)}`.toString();
}

function accuracySection({ found, unlabelled }: RankedReport): Html {
  const { problems, answered, accuracy_answered, quintiles } = found;
  const figures: KeyFigure[] = [
    ['Problems', grouped(problems), unlabelled > 0 ? `${grouped(unlabelled)} more without labels` : null],
    [
      'Accuracy',
      percent(found.accuracy),
      `95%: ${percent(found.accuracy_low)}–${percent(found.accuracy_high)}, by bootstrap over problems`,
    ],
    ['Random choice', percent(found.random), null],
    ['Oracle', percent(found.oracle), 'problems with a right candidate'],
    [
      'Answered',
      grouped(answered),
      accuracy_answered === null ? null : `of them right ${percent(accuracy_answered)}`,
    ],
  ];
  return html`<section aria-labelledby="accuracy"><h2 id="accuracy">Best of N</h2>
${keyFigures(figures)}
<div class="charts two">${bracketsChart(found)}${quintiles.length > 0 && quintilesChart(quintiles)}</div>
${
  quintiles.length > 0 &&
  html`<h3>By difficulty</h3>
<p class="hint">Problems with a right candidate, in parts of equal size by their share of right ones.</p>
${table(
  'By difficulty',
  namesAndNumbers('part', ['problems', 'random choice', 'accuracy', '95% interval']),
  quintiles.map((one, at) => [
    quintileName(at, quintiles.length),
    grouped(one.problems),
    percent(one.random),
    percent(one.accuracy),
    `${percent(one.accuracy_low)}–${percent(one.accuracy_high)}`,
  ]),
)}`
}</section>
`;
}

function confidenceSection({ found: { confidence } }: RankedReport): Html {
  if (confidence === null) {
    return html`<section aria-labelledby="confidence"><h2 id="confidence">Confidence</h2>
<p class="left-out">The ranking has no confidence of a problem that was answered.</p></section>
`;
  }
  const { brier, expected_calibration_error, area_under_curve, reliability, problems } = confidence;
  const figures: KeyFigure[] = [
    ['Expected calibration error', expected_calibration_error.toFixed(3), 'mean distance from the diagonal'],
    ['Brier score', brier.toFixed(3), '0 is best; always saying one half has 0.25'],
    [
      'Area under the curve',
      area_under_curve?.toFixed(3) ?? '–',
      'the chance that a right choice is the more confident one',
    ],
    ['Problems', grouped(problems), 'with a confidence'],
  ];
  return html`<section aria-labelledby="confidence"><h2 id="confidence">Can the confidence be believed?</h2>
${keyFigures(figures)}
<p class="hint">A dot is the problems of one range of confidence: across what was said of them, upwards how many were
right, with a 95% interval (Wilson’s). Below are the numbers of problems. On the dashed line the confidence is exact,
above it too modest, below it too high.</p>
<div class="charts two">${reliabilityChart('Confidence and accuracy', reliability)}</div>
${reliabilityTable(reliability, 'confidence')}</section>
`;
}
