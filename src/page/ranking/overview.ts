import type { Tally } from '../../tally.js';
import type { Facts, PageHead } from '../document.js';
import { type Bar, barChart } from '../figure.js';
import { type Html, html } from '../html.js';
import { type KeyFigure, keyFigures } from '../key-figures.js';
import { KINDS, kindName } from '../kinds.js';
import { grouped, percent, plural, rate, seconds } from '../numbers.js';
import { type AccuracyCurve, accuracyChart, confidenceChart } from './charts.js';
import type { Glance } from './problem.js';

/** What the page says of the run as a whole. */
export interface PageRun extends PageHead {
  facts: Facts;
  /** Who ranked. */
  scorer: string;
  tally: Tally;
  /** Where labels are at hand. */
  accuracy?: AccuracyCurve;
}

/** Problems that are named as those to look at. */
const LEAST_SURE = 8;

/** The run's figures. `withBody`: how many of the problems, from the first, can be opened. */
export function overview({ tally, accuracy }: PageRun, glances: readonly Glance[], withBody: number): Html {
  return html`<section aria-labelledby="run"><h2 id="run">The run</h2>
${keyFigures(figuresOf(tally, glances))}
<div class="charts">${accuracy !== undefined && accuracyChart(accuracy)}${glances.some(({ confidence }) => confidence !== null) && confidenceChart(glances)}${testsChart(glances)}${kindsChart(glances)}${stagesChart(tally)}</div>
${leastSure(glances.slice(0, withBody))}</section>`;
}

function figuresOf(tally: Tally, glances: readonly Glance[]): KeyFigure[] {
  const { samples, cells, seconds: spent } = tally;
  const judged = glances.filter(({ right }) => right !== null);
  const figures: KeyFigure[] = [
    ['Problems', grouped(tally.problems), tally.failedProblems > 0 ? `${tally.failedProblems} failed` : null],
    ['Told apart', grouped(tally.separated), 'problems whose candidates differ in score'],
    ['Candidates', grouped(tally.candidates), null],
  ];
  if (judged.length > 0) {
    const right = judged.filter((glance) => glance.right).length;
    const mean = judged.reduce((sum, { confidence }) => sum + (confidence ?? 0), 0) / judged.length;
    figures.push([
      'Right',
      `${right} of ${judged.length}`,
      `${percent(right / judged.length)}; mean confidence ${percent(mean)}`,
    ]);
  }
  if (samples.requested > 0) {
    figures.push(
      ['Unit tests', grouped(tally.responses.kept), `kept of ${grouped(samples.requested)}`],
      [
        'Tokens',
        grouped(tally.tokensGenerated),
        samples.cached > 0 ? `${plural(samples.cached, 'response')} from the cache` : null,
      ],
      ['Tokens per second', rate(tally.tokensGenerated, spent.generate) ?? '–', null],
    );
  }
  if (cells.total > 0) {
    const ways = [
      [cells.executed, 'executed'],
      [cells.cached, 'cached'],
      [cells.deduplicated, 'equal to another'],
      [cells.pruned, 'pruned'],
    ] as const;
    const said = ways.filter(([count]) => count > 0).map(([count, way]) => `${grouped(count)} ${way}`);
    figures.push(['Cells', grouped(cells.total), said.join(', ')]);
    figures.push(['Cells per second', rate(cells.executed, spent.execute) ?? '–', null]);
  }
  if (tally.validity !== null)
    figures.push(['Valid unit tests', percent(tally.validity), 'as learnt over this run']);
  if (tally.abstained > 0) figures.push(['Abstained', grouped(tally.abstained), null]);
  if (spent.total > 0) figures.push(['Time', seconds(spent.total), null]);
  return figures;
}

function testsChart(glances: readonly Glance[]): Html {
  const sum = (of: keyof Glance['tests']) => glances.reduce((total, { tests }) => total + tests[of], 0);
  const rows = [
    ['candidates differ', 'telling', 'plain'],
    ['all pass', 'allPass', 'faint'],
    ['none passes', 'allFail', 'faint'],
    ['flaky', 'flaky', 'faint'],
    ['dropped', 'dropped', 'faint'],
  ] as const;
  const bars = rows.map(([name, of, kind]): Bar => ({ name, value: sum(of), text: grouped(sum(of)), kind }));
  return barChart(
    'Unit tests by what they tell',
    bars.slice(0, 3).concat(bars.slice(3).filter(({ value }) => value > 0)),
  );
}

function kindsChart(glances: readonly Glance[]): Html | null {
  const bars = KINDS.map((kind): Bar => {
    const value = glances.reduce((total, { kinds }) => total + (kinds.get(kind) ?? 0), 0);
    return { name: kind, value, text: grouped(value), kind: kindName(kind) };
  }).filter(({ value }) => value > 0);
  return bars.length === 0 ? null : barChart('Cells by verdict', bars);
}

function stagesChart({ seconds: spent }: Tally): Html | null {
  if (spent.total === 0) return null;
  const bars = (['generate', 'extract', 'execute', 'total'] as const).map(
    (stage): Bar => ({
      name: stage,
      value: spent[stage],
      text: seconds(spent[stage]),
      kind: stage === 'total' ? 'faint' : 'plain',
    }),
  );
  return barChart('Time by stage', bars);
}

function leastSure(glances: readonly Glance[]): Html | null {
  const ranked = glances.flatMap((glance, at) =>
    glance.confidence === null ? [] : [{ ...glance, at, confidence: glance.confidence }],
  );
  if (ranked.length < 2) return null;
  ranked.sort((a, b) => a.confidence - b.confidence || a.at - b.at);
  return html`<nav aria-label="Problems with the lowest confidence"><h3>Where it is least sure</h3>
<ul class="least">${ranked.slice(0, LEAST_SURE).map(
    ({ at, taskId, confidence }) => html`<li><a href="#p${at + 1}">${taskId}</a> ${percent(confidence)}</li>
`,
  )}</ul></nav>`;
}
