import { areaY, dot, lineY, link, ruleY, text } from '@observablehq/plot';
import type { EvaluationReport } from '../../evaluate/report.js';
import { figure, HALF, SHARES } from '../figure.js';
import { type Html, html } from '../html.js';
import { percent, plural } from '../numbers.js';

/** A line of a curve, with what it is called. */
export interface Series {
  name: string;
  points: readonly { tests: number; accuracy: number; accuracy_low: number; accuracy_high: number }[];
}

/** Signs of the lines, so that they differ without colour, and their outlines in the key (14 by 14). */
const SIGNS = [
  ['circle', 'M11 7a4 4 0 1 1 -8 0a4 4 0 1 1 8 0z'],
  ['square', 'M3.5 3.5h7v7h-7z'],
  ['triangle', 'M7 2.5L11.5 10.5H2.5z'],
  ['diamond', 'M7 1.5L11.5 7L7 12.5L2.5 7z'],
  ['cross', 'M5.5 2h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z'],
] as const;

/** Accuracy by number of tests, a line a series, each in a band that is its 95% interval. At most five series are drawn. */
export function curvesChart(
  title: string,
  series: readonly Series[],
  references: readonly { name: string; value: number }[],
): Html {
  const drawn = spread(series, SIGNS.length);
  const ticks = [...new Set(drawn.flatMap(({ points }) => points.map(({ tests }) => tests)))].sort(
    (a, b) => a - b,
  );
  const [first = 0, last = 1] = [ticks[0], ticks.at(-1)];
  const key = drawn.map(
    ({ name }, at) =>
      html`<span class="series"><svg class="sign s${at}" width="14" height="14" aria-hidden="true"><path d="${SIGNS[at]![1]}"/></svg> ${name}</span> `,
  );
  const said = drawn.map(
    ({ name, points }) =>
      `${name}: ${points.map(({ tests, accuracy }) => `${plural(tests, 'test')} ${percent(accuracy)}`).join(', ')}`,
  );
  const named = references.map(({ name, value }) => ({ name, value, tests: last }));
  return figure(
    html`${title} <span class="keys">${key}</span>`,
    [...said, ...references.map(({ name, value }) => `${name} ${percent(value)}`)].join('; '),
    {
      width: HALF,
      height: 280,
      marginLeft: 44,
      marginTop: 16,
      marginRight: 24,
      // Logarithmic but for 0 tests, which has a place too.
      x: {
        type: 'symlog',
        constant: 1,
        domain: [first, Math.max(last, first + 1)],
        ticks,
        tickFormat: 'd',
        label: null,
      },
      y: { ...SHARES, grid: true },
    },
    [
      ...drawn.map(({ points }, at) =>
        areaY(points, { x: 'tests', y1: 'accuracy_low', y2: 'accuracy_high', className: `band s${at}` }),
      ),
      ruleY(named, { y: 'value', strokeDasharray: '4 3', className: 'reference' }),
      text(named, { x: 'tests', y: 'value', text: 'name', textAnchor: 'end', dy: -7, className: 'value' }),
      ...drawn.flatMap(({ points }, at) => [
        lineY(points, { x: 'tests', y: 'accuracy', strokeWidth: 2, className: `line s${at}` }),
        dot(points, { x: 'tests', y: 'accuracy', r: 4, symbol: SIGNS[at]![0], className: `sign s${at}` }),
      ]),
    ],
  );
}

/** The most of the list that there is room for: its first, its last, and evenly spaced ones between. */
function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, at) => list[Math.round((at * (list.length - 1)) / (most - 1))]!);
}

/** Accuracy by difficulty, beside a random choice. */
export function quintilesChart(quintiles: EvaluationReport['quintiles']): Html {
  const rows = quintiles.map((one, at) => ({ ...one, name: quintileName(at, quintiles.length) }));
  return figure(
    html`By difficulty <span class="keys"><span class="series"><svg class="sign s0" width="14" height="14" aria-hidden="true"><path d="${SIGNS[0][1]}"/></svg> selected</span>
<span class="series"><svg class="sign s1" width="14" height="14" aria-hidden="true"><path d="${SIGNS[3][1]}"/></svg> random choice</span></span>`,
    rows
      .map(({ name, accuracy, random }) => `${name}: ${percent(accuracy)}, random ${percent(random)}`)
      .join('; '),
    {
      width: HALF,
      height: 44 * rows.length + 34,
      marginLeft: 64,
      marginRight: 16,
      marginTop: 8,
      x: { ...SHARES, grid: true },
      y: { type: 'point', domain: rows.map(({ name }) => name), padding: 0.6, label: null, tickSize: 0 },
    },
    [
      link(rows, {
        ...{ x1: 'accuracy_low', x2: 'accuracy_high', y1: 'name', y2: 'name' },
        strokeWidth: 2,
        className: 'line s0',
      }),
      dot(rows, { x: 'random', y: 'name', r: 4, symbol: 'diamond', className: 'sign s1' }),
      dot(rows, { x: 'accuracy', y: 'name', r: 4.5, className: 'sign s0' }),
    ],
  );
}

/** Where the accuracy lies between a random choice and the oracle. */
export function bracketsChart({
  accuracy,
  accuracy_low,
  accuracy_high,
  random,
  oracle,
}: EvaluationReport): Html {
  const rows = [
    { name: 'oracle', value: oracle },
    { name: 'selected', value: accuracy },
    { name: 'random', value: random },
  ];
  const interval = [{ name: 'selected', low: accuracy_low, high: accuracy_high }];
  return figure(
    'Between random choice and oracle',
    rows.map(({ name, value }) => `${name} ${percent(value)}`).join(', '),
    {
      width: HALF,
      height: 168,
      marginLeft: 64,
      marginRight: 16,
      marginTop: 8,
      x: { ...SHARES, grid: true },
      y: { type: 'point', domain: rows.map(({ name }) => name), padding: 0.6, label: null, tickSize: 0 },
    },
    [
      link(interval, {
        ...{ x1: 'low', x2: 'high', y1: 'name', y2: 'name' },
        strokeWidth: 2,
        className: 'line s0',
      }),
      dot(rows, { x: 'value', y: 'name', r: 4.5, className: 'sign s0' }),
      text(rows, { x: 'value', y: 'name', text: ({ value }) => percent(value), dy: -13, className: 'value' }),
    ],
  );
}

/** What a part by difficulty is called, the first being the easiest. */
export function quintileName(at: number, of: number): string {
  if (at === 0) return 'easiest';
  return at === of - 1 ? 'hardest' : String(at + 1);
}
