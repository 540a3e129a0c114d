import { calibrationOf } from '../../evaluate/calibration.js';
import { MEASURED_CONFIDENCE } from '../../rank/measured-confidence.js';
import { type Html, html } from '../html.js';
import { plural } from '../numbers.js';
import { reliabilityChart, reliabilityTable } from '../reliability.js';
import type { Glance } from './problem.js';

/**
 * How far the confidence can be believed: by this run's labels where there are some, else by what was measured on other
 * problems, which is said. Null where no problem has a confidence.
 */
export function confidenceSection(scorer: string, glances: readonly Glance[]): Html | null {
  const sure = glances.flatMap(({ confidence, right }) =>
    confidence === null ? [] : [{ confidence, right }],
  );
  if (sure.length === 0) return null;
  const judged = sure.flatMap(({ confidence, right }) =>
    right === null ? [] : [{ predicted: confidence, right: right ? 1 : 0 }],
  );
  const own = calibrationOf(judged);
  return html`<section aria-labelledby="confidence"><h2 id="confidence">Can the confidence be believed?</h2>
${
  own === null
    ? elsewhere(scorer)
    : html`<p>Of the ${plural(judged.length, 'problem')} of this run with labels: expected calibration error
${own.expected_calibration_error.toFixed(3)}, Brier score ${own.brier.toFixed(3)}.</p>
<div class="charts two">${reliabilityChart('Confidence and accuracy', own.reliability)}</div>
${reliabilityTable(own.reliability, 'confidence')}`
}</section>
`;
}

/** What other problems say. A scorer that was not measured has nothing. */
function elsewhere(scorer: string): Html {
  const ask = html`<p class="hint">Nobody told this run which candidates are right, so it cannot say. With labels it can be
measured: <code>coderm evaluate --ranking FILE --labels FILE --report PAGE.html</code></p>`;
  if (scorer !== 'auto') {
    return html`${ask}<p class="left-out">What was measured elsewhere is of the scorer auto, not of ${scorer}.</p>`;
  }
  return html`${ask}
<p>What was measured on other problems, with the same scorer, <code>auto</code>, by <code>coderm evaluate --matrix FILE
--labels FILE</code> (docs/results.md): other candidates and other tests than these, so only a hint of what holds here.
On the first two sets the confidence was developed, on the last none of it.</p>
<div class="charts">${MEASURED_CONFIDENCE.map(({ name, development, problems, bins }) =>
    reliabilityChart(
      `${name} (${plural(problems, 'problem')}${development ? '' : ', not developed on'})`,
      bins,
    ),
  )}</div>
<details class="text"><summary>The numbers</summary>${MEASURED_CONFIDENCE.map(
    ({ name, bins }) =>
      html`<h3>${name}</h3>${reliabilityTable(bins, 'confidence', `Calibration on ${name}`)}`,
  )}</details>
<p class="hint">A dot is the problems of one range of confidence: across what was said of them, upwards how many were right,
with a 95% interval; below are the numbers of problems. On the dashed line the confidence is exact.</p>`;
}
