import { dot, link, rectY, ruleY, text } from '@observablehq/plot';
import type { ReliabilityBin } from '../evaluate/calibration.js';
import { diagonal, figure, square } from './figure.js';
import type { Html } from './html.js';
import { grouped, percent, plural } from './numbers.js';
import { namesAndNumbers, table } from './table.js';

/** The part of the picture below 0 that shows how many problems a range has, in units of its y axis. */
const STRIP = 0.26;
const TALLEST = 0.13;

/**
 * The reliability diagram: for each range of predictions what came of them, with intervals, over how many problems that
 * is. Believable predictions lie on the diagonal.
 */
export function reliabilityChart(title: string, bins: readonly ReliabilityBin[]): Html {
  const most = Math.max(...bins.map(({ problems }) => problems), 1);
  const said = bins.map(
    ({ from, to, problems, predicted, actual }) =>
      `${percent(from)} to ${percent(to)}: predicted ${percent(predicted)}, actual ${percent(actual)} of ${plural(problems, 'problem')}`,
  );
  const counts = bins.map(({ from, to, problems }) => ({
    from,
    to,
    middle: (from + to) / 2,
    low: -STRIP,
    high: -STRIP + (problems / most) * TALLEST,
    text: grouped(problems),
  }));
  return figure(title, said.join('; '), square({ domain: [-STRIP, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] }), [
    rectY(counts, { x1: 'from', x2: 'to', y1: 'low', y2: 'high', inset: 1, className: 'faint mark' }),
    text(counts, { x: 'middle', y: 'high', text: 'text', dy: -7, className: 'value' }),
    ruleY([-STRIP, 0], { className: 'reference' }),
    diagonal(),
    link(bins, {
      ...{ x1: 'predicted', x2: 'predicted', y1: 'actual_low', y2: 'actual_high' },
      strokeWidth: 2,
      className: 'interval',
    }),
    dot(bins, { x: 'predicted', y: 'actual', r: 4.5, className: 'points' }),
  ]);
}

/** The same as a table. `of`: what was predicted. */
export function reliabilityTable(
  bins: readonly ReliabilityBin[],
  of: string,
  title = 'Table of calibration',
): Html {
  return table(
    title,
    namesAndNumbers(of, ['problems', 'predicted', 'actual', '95% interval']),
    bins.map(({ from, to, problems, predicted, actual, actual_low, actual_high }) => [
      `${Math.round(from * 100)}–${Math.round(to * 100)}%`,
      grouped(problems),
      percent(predicted),
      percent(actual),
      `${percent(actual_low)}–${percent(actual_high)}`,
    ]),
  );
}
