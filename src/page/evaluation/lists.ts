import { qualityOf } from '../../evaluate/quality.js';
import type { MatrixReport, RankedReport } from '../../evaluate/report.js';
import { label } from '../excerpt.js';
import { type Html, html } from '../html.js';
import { grouped, percent, plural } from '../numbers.js';
import { namesAndNumbers, table } from '../table.js';

/** Problems and unit tests that are listed. */
const PROBLEMS = 1000;
const TESTS = 500;

const share = (value: number | null) => (value === null ? '–' : percent(value));

/** Every problem, those that went wrong first. */
export function problemsSection({ problems }: RankedReport): Html {
  const ordered = [...problems].sort(
    (a, b) => a.right - b.right || (b.confidence ?? 0) - (a.confidence ?? 0),
  );
  return html`<section aria-labelledby="problems"><h2 id="problems">Problems</h2>
<p class="hint">Those that went wrong first, the most confident of them at the top. Right: the chance that the choice is,
between 0 and 100% where tied candidates differ.</p>
<details class="text"><summary>${plural(problems.length, 'problem')}</summary>
${table(
  'Problems',
  namesAndNumbers('task', ['right', 'confidence', 'random choice', 'oracle']),
  ordered
    .slice(0, PROBLEMS)
    .map(({ taskId, right, answered, confidence, random, oracle }) => [
      label(taskId),
      answered ? percent(right) : 'not answered',
      share(confidence),
      percent(random),
      percent(oracle),
    ]),
)}
${leftOut(problems.length, PROBLEMS, 'problems')}</details></section>
`;
}

/** Unit tests one by one, those that judge worst first. */
export function testsSection({ tests }: MatrixReport): Html {
  const judged = tests
    .map((test) => ({ ...test, quality: qualityOf(test.confusion) }))
    .sort((a, b) => (a.quality.acc ?? 2) - (b.quality.acc ?? 2));
  return html`<section aria-labelledby="each"><h2 id="each">Unit tests one by one</h2>
<p class="hint">Those that judge the candidates worst first.</p>
<details class="text"><summary>${plural(tests.length, 'unit test')}</summary>
${table(
  'Unit tests',
  namesAndNumbers('task', [
    'test',
    'votes',
    'Acc',
    'F1',
    'FAR',
    'FRR',
    'false positive rate',
    'false negative rate',
  ]),
  judged
    .slice(0, TESTS)
    .map(({ taskId, utId, votes, quality }) => [
      label(taskId),
      utId,
      votes,
      ...Object.values(quality).map(share),
    ]),
)}
${leftOut(tests.length, TESTS, 'tests')}</details></section>
`;
}

function leftOut(all: number, listed: number, what: 'problems' | 'tests'): Html | null {
  if (all <= listed) return null;
  return html`<p class="left-out">Listed: ${grouped(listed)} of ${grouped(all)}; --csv ${what} has all.</p>`;
}
