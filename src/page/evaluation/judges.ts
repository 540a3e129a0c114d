import type { qualityOf } from '../../evaluate/quality.js';
import type { EvaluationReport, MatrixReport } from '../../evaluate/report.js';
import { type Html, html } from '../html.js';
import { type KeyFigure, keyFigures } from '../key-figures.js';
import { grouped, percent } from '../numbers.js';
import { namesAndNumbers, table } from '../table.js';

/** How good the unit tests are as judges: all together, one by one, and what their scores say. */
export function judgesSection(
  { tests_together, verifier }: EvaluationReport,
  matrix: MatrixReport | null,
): Html {
  const rows: [string, ReturnType<typeof qualityOf>][] = [['all of a problem together', tests_together]];
  if (matrix) rows.push(['each on its own', matrix.summary.tests_individual]);
  return html`<section aria-labelledby="tests"><h2 id="tests">The unit tests as judges</h2>
<p class="hint">FAR and FRR as the paper has them: the share of wrong candidates among the accepted, of right ones among
the rejected. The false positive rate is the share of the wrong that is accepted, the false negative rate of the right
that is rejected.</p>
${table(
  'Quality of the unit tests',
  namesAndNumbers('tests', ['Acc', 'F1', 'FAR', 'FRR', 'false positive rate', 'false negative rate']),
  rows.map(([name, quality]) => [name, ...Object.values(quality).map(share)]),
)}
${matrix ? matrixFigures(matrix) : html`<p class="left-out">Tests on their own, vacuous ones and UTGen’s measures are read off the cells: give the execution matrix with --matrix.</p>`}
<h3>Their scores against the labels</h3>
<p class="hint">Scoring-Verifiers’ metrics of each candidate’s share of passed votes.</p>
${table('Scoring-Verifiers', namesAndNumbers('score', ['Top-1', 'Bottom-1', 'Spearman', 'Kendall', 'MAE']), [
  [
    'share of passed votes',
    percent(verifier.top_1),
    percent(verifier.bottom_1),
    verifier.spearman.toFixed(3),
    verifier.kendall.toFixed(3),
    verifier.mae.toFixed(3),
  ],
])}</section>
`;
}

function matrixFigures({ tests, summary: { vacuous, utgen } }: MatrixReport): Html {
  const figures: KeyFigure[] = [
    ['Unit tests', grouped(tests.length), 'distinct ones, of all problems'],
    ['Pass all candidates', share(vacuous.all_pass), 'of the tests’ votes'],
    ['Pass no candidate', share(vacuous.all_fail), 'of the tests’ votes'],
  ];
  if (utgen) {
    figures.push(
      ['Output accuracy', share(utgen.output_accuracy), 'UTGen: tests that the reference passes'],
      ['Attack rate', share(utgen.attack_rate), 'UTGen: wrong candidates that show another value'],
      ['Both', share(utgen.both), 'UTGen: attacks by tests that the reference passes'],
    );
  }
  return html`${keyFigures(figures)}
${utgen === null && html`<p class="left-out">UTGen’s measures need the values that assertions received, and this matrix has none (or no problem with a right candidate).</p>`}`;
}

/** – where it would divide by nothing. */
function share(value: number | null): string {
  return value === null ? '–' : percent(value);
}
