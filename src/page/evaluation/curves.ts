import type { CurvePoint } from '../../evaluate/curves.js';
import { type Html, html } from '../html.js';
import { percent, plural } from '../numbers.js';
import { namesAndNumbers, table } from '../table.js';
import { curvesChart, quintileName, type Series } from './charts.js';

/** Accuracy over candidates and tests, and by difficulty with the most candidates. */
export function curvesSection(points: readonly CurvePoint[]): Html {
  const sizes = [...new Set(points.map(({ candidates }) => candidates))];
  const tests = [...new Set(points.map((point) => point.tests))].map((number) => plural(number, 'test'));
  const bySize = sizes.map((size) => points.filter(({ candidates }) => candidates === size));
  const most = bySize.at(-1)!;
  const largest = sizeName(sizes.at(-1)!);
  const { random, oracle } = most[0]!;
  const overall = bySize.map((own, at): Series => ({ name: sizeName(sizes[at]!), points: own }));
  const parts = most[0]!.quintiles.map(
    (_, at, all): Series => ({
      name: quintileName(at, all.length),
      points: most.map((point) => ({ tests: point.tests, ...point.quintiles[at]! })),
    }),
  );
  const rows = (series: readonly Series[]) =>
    series.map(({ name, points: own }) => [name, ...own.map((point) => cell(point))]);
  return html`<section aria-labelledby="curves"><h2 id="curves">With fewer tests and fewer candidates</h2>
<p class="hint">The first candidates of each problem, and tests drawn anew in each round; bands are 95% intervals by
bootstrap over problems.</p>
<div class="charts two">${curvesChart('Accuracy by unit tests a problem', overall, [
    { name: `oracle, ${largest}`, value: oracle },
    { name: 'random choice', value: random },
  ])}${parts.length > 0 && curvesChart(`By difficulty, ${largest}`, parts, [])}</div>
${table(
  'Accuracy by candidates and tests',
  namesAndNumbers('candidates', [...tests, 'random choice', 'oracle']),
  rows(overall).map((row, at) => [...row, percent(bySize[at]![0]!.random), percent(bySize[at]![0]!.oracle)]),
)}
${parts.length > 0 && html`<h3>By difficulty, ${largest}</h3>${table('Accuracy by difficulty and tests', namesAndNumbers('part', tests), rows(parts))}`}</section>
`;
}

function sizeName(size: number | null): string {
  return size === null ? 'all candidates' : plural(size, 'candidate');
}

function cell({ accuracy, accuracy_low, accuracy_high }: Series['points'][number]): Html {
  return html`${percent(accuracy)} <small>${percent(accuracy_low)}–${percent(accuracy_high)}</small>`;
}
