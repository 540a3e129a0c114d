import { areaY, barX, dot, lineY, type Markish, plot, rectY, ruleX, ruleY, text } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type Content, type Html, html, trusted } from './html.js';
import { swatch } from './kinds.js';
import { percent, plural } from './numbers.js';
import type { Glance } from './problem.js';

// The pictures of the run as a whole, drawn by a plot library into a document that no browser shows. They get numbers
// and our own words only: no text of a candidate, a test or a model. Colours and sizes of type come from the page's
// stylesheet, by class.

const WIDTH = 320;

/** Accuracy of the selected candidates by unit tests a problem, beside that of chance and of an oracle; all 0 to 1. */
export interface AccuracyCurve {
  points: readonly { tests: number; accuracy: number; low?: number; high?: number }[];
  random: number;
  oracle: number;
}

export interface Bar {
  name: string;
  value: number;
  /** What stands at its end. */
  text: string;
  /** Its class, for the colour. */
  kind: string;
}

/** A bar a name, the longest as wide as the picture. */
export function barChart(title: string, bars: readonly Bar[]): Html {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  return figure(
    title,
    bars.map(({ name, text }) => `${name} ${text}`).join(', '),
    {
      height: 26 * bars.length + 16,
      marginLeft: 112,
      marginRight: 64,
      marginTop: 6,
      marginBottom: 6,
      x: { axis: null, domain: [0, most || 1] },
      y: { domain: bars.map(({ name }) => name), label: null, tickSize: 0, padding: 0.3 },
    },
    [
      ...bars.map((bar) => barX([bar], { x: 'value', y: 'name', rx: 2, className: `${bar.kind} mark` })),
      text(bars, { x: 'value', y: 'name', text: 'text', textAnchor: 'start', dx: 6, className: 'value' }),
    ],
  );
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
      x: {
        domain: [0, 1],
        ticks: 5,
        tickFormat: (share: number) => `${Math.round(share * 100)}%`,
        label: null,
      },
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
      y: {
        domain: [0, 1],
        ticks: 5,
        tickFormat: (share: number) => `${Math.round(share * 100)}%`,
        label: null,
        grid: true,
      },
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

function figure(title: Content, said: string, options: object, marks: Markish[]): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = plot({ ...options, document: document as never, width: WIDTH, marks });
  svg.querySelector('style')?.remove(); // the page's policy allows one stylesheet, its own
  // The library names its groups, which have no role that could bear a name; the picture as a whole has one.
  for (const part of svg.querySelectorAll('[aria-label],[aria-hidden]')) {
    part.removeAttribute('aria-label');
    part.removeAttribute('aria-hidden');
  }
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', said);
  return html`<figure class="chart"><figcaption>${title}</figcaption>${trusted(svg.outerHTML)}</figure>`;
}
