import { areaY, dot, lineY, rectY, ruleX, ruleY, text } from '@observablehq/plot';
import { figure, SHARES } from '../figure.js';
import { type Html, html } from '../html.js';
import { swatch } from '../kinds.js';
import { percent, plural } from '../numbers.js';
import type { Glance } from './problem.js';

// The pictures of a run as a whole.

/** Accuracy of the selected candidates by unit tests a problem, beside that of chance and of an oracle; all 0 to 1. */
export interface AccuracyCurve {
  points: readonly { tests: number; accuracy: number; low?: number; high?: number }[];
  random: number;
  oracle: number;
}

const BINS = 10;

/** How many problems were decided with which confidence; where labels are at hand, right and wrong ones apart. */
export function confidenceChart(glances: readonly Glance[]): Html {
  const bins = Array.from({ length: BINS }, (_, at) => ({ from: at / BINS, right: 0, wrong: 0, unknown: 0 }));
  for (const { confidence, right } of glances) {
    if (confidence === null) continue;
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))]!;
    bin[right === null ? 'unknown' : right ? 'right' : 'wrong'] += 1;
  }
  const stacked = bins.flatMap(({ from, right, wrong, unknown }) => [
    { from, low: 0, high: unknown, kind: 'plain' },
    { from, low: unknown, high: unknown + right, kind: 'good' },
    { from, low: unknown + right, high: unknown + right + wrong, kind: 'bad' },
  ]);
  const drawn = stacked.filter(({ low, high }) => high > low);
  const most = Math.max(...stacked.map(({ high }) => high), 1);
  const judged = glances.some(({ right }) => right !== null);
  const said = bins
    .filter(({ right, wrong, unknown }) => right + wrong + unknown > 0)
    .map(({ from, right, wrong, unknown }) => {
      const count = judged ? `${right} right, ${wrong} wrong` : plural(unknown, 'problem');
      return `${percent(from)} to ${percent(from + 1 / BINS)}: ${count}`;
    });
  return figure(
    html`Problems by confidence${judged && html` <span class="keys">${swatch('pass')} right ${swatch('fail')} wrong</span>`}`,
    said.join('; '),
    {
      height: 190,
      marginLeft: 36,
      marginTop: 12,
      x: SHARES,
      y: { domain: [0, most], ticks: Math.min(5, most), tickFormat: 'd', label: null, grid: true },
    },
    [
      ...['plain', 'good', 'bad'].map((kind) =>
        rectY(
          drawn.filter((bar) => bar.kind === kind),
          {
            x1: 'from',
            x2: ({ from }: { from: number }) => from + 1 / BINS,
            y1: 'low',
            y2: 'high',
            inset: 1,
            className: `${kind} mark`,
          },
        ),
      ),
      ruleY([0]),
    ],
  );
}

export function accuracyChart({ points, random, oracle }: AccuracyCurve): Html {
  const said = points.map(({ tests, accuracy }) => `${plural(tests, 'test')} ${percent(accuracy)}`);
  const last = points.at(-1)?.tests ?? 1;
  const first = points[0]?.tests ?? 1;
  const range = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  const named = [
    { tests: last, accuracy: oracle, text: 'oracle' },
    { tests: last, accuracy: random, text: 'random choice' },
  ];
  return figure(
    'Accuracy by unit tests a problem',
    `${said.join(', ')}; random choice ${percent(random)}, oracle ${percent(oracle)}`,
    {
      height: 230,
      marginLeft: 44,
      marginTop: 16,
      marginRight: 24,
      x: {
        type: 'log',
        base: 2,
        domain: [first, Math.max(last, first * 2)],
        ticks: points.map(({ tests }) => tests),
        tickFormat: 'd',
        label: null,
      },
      y: { ...SHARES, grid: true },
    },
    [
      areaY(range, { x: 'tests', y1: 'low', y2: 'high', className: 'range' }),
      ruleY([random, oracle], { strokeDasharray: '4 3', className: 'reference' }),
      text(named, { x: 'tests', y: 'accuracy', text: 'text', textAnchor: 'end', dy: -7, className: 'value' }),
      lineY(points, { x: 'tests', y: 'accuracy', strokeWidth: 2.5, className: 'curve' }),
      dot(points, { x: 'tests', y: 'accuracy', r: 4, className: 'points' }),
      ruleX([first], { className: 'reference' }),
    ],
  );
}
