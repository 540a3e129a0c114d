import { dot } from '@observablehq/plot';
import type { Fit } from '../difficulty/fit.js';
import { reliabilityOf } from '../evaluate/calibration.js';
import { type Facts, type PageHead, pageEnd, pageStart } from './document.js';
import { diagonal, figure, square } from './figure.js';
import { type Html, html } from './html.js';
import { keyFigures } from './key-figures.js';
import { grouped, plural } from './numbers.js';
import { reliabilityChart, reliabilityTable } from './reliability.js';

/** A trained probe, and what probes that never met a problem said of it. */
export interface ProbeReport {
  problems: number;
  epochs: number;
  /** Nats, on the problems that were held back for early stopping. */
  loss: number;
  /** Of the cross-validation; null where there was none. */
  fit: Fit | null;
  heldOut: readonly { predicted: number; rate: number }[];
}

/** The page of `difficulty train`: how far predicted pass rates can be believed. Pure. */
export function probePage(run: PageHead & { facts: Facts }, report: ProbeReport): string {
  return html`${pageStart(run, { id: 'figures', name: 'figures' })}<div id="figures" tabindex="-1">
<section aria-labelledby="probe"><h2 id="probe">The probe</h2>
${keyFigures([
  ['Problems', grouped(report.problems), 'with a pass rate and a hidden state'],
  ['Epochs', grouped(report.epochs), 'until the loss on those held back was least'],
  ['Loss', report.loss.toFixed(3), 'nats, soft-label cross-entropy'],
])}</section>
${report.fit === null ? html`<p class="left-out">Without --folds nothing says how the probe does on problems that it never met.</p>` : heldOutSection(report.fit, report.heldOut)}</div>
${pageEnd(run, run.facts)}`.toString();
}

function heldOutSection(fit: Fit, heldOut: ProbeReport['heldOut']): Html {
  const bins = reliabilityOf(heldOut.map(({ predicted, rate }) => ({ predicted, right: rate })));
  return html`<section aria-labelledby="calibration"><h2 id="calibration">Calibration on problems that it never met</h2>
${keyFigures([
  [
    'Loss',
    fit.loss.toFixed(3),
    `nats; always saying the mean rate ${fit.lossOfMean.toFixed(3)}, at least ${fit.leastLoss.toFixed(3)}`,
  ],
  ['Mean error', fit.error.toFixed(3), `always saying the mean rate ${fit.errorOfMean.toFixed(3)}`],
  ['Rank correlation', fit.correlation.toFixed(2), 'Spearman’s ρ'],
])}
<p class="hint">First: the problems of one range of predicted rates, across what was predicted, upwards the true rate, with
a 95% interval (Wilson’s, as if a problem were one trial); below are the numbers of problems. Then every problem.</p>
<div class="charts two">${reliabilityChart('Predicted and true pass rates', bins)}${problemsChart(heldOut)}</div>
${reliabilityTable(bins, 'predicted rate')}</section>
`;
}

function problemsChart(heldOut: ProbeReport['heldOut']): Html {
  return figure(
    'Every problem',
    `${plural(heldOut.length, 'problem')}, by predicted and true pass rate; the table has their means`,
    square(),
    [diagonal(), dot(heldOut, { x: 'predicted', y: 'rate', r: 3, className: 'points' })],
  );
}
