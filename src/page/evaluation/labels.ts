import type { LabelAgreement } from '../../evaluate/label-agreement.js';
import { label } from '../excerpt.js';
import { type Html, html } from '../html.js';
import { type KeyFigure, keyFigures } from '../key-figures.js';
import { grouped, percent } from '../numbers.js';
import { table } from '../table.js';

/** Differences that are listed. */
const LISTED = 300;

/** Given labels beside those that the hidden tests gave. */
export function labelsSection({ compared, equal, unlabelled, differences }: LabelAgreement): Html {
  const figures: KeyFigure[] = [
    [
      'Candidates compared',
      grouped(compared),
      unlabelled > 0 ? `${grouped(unlabelled)} more without a given label` : null,
    ],
    ['Equal labels', grouped(equal), compared > 0 ? percent(equal / compared) : null],
    ['Differing labels', grouped(differences.length), null],
  ];
  const name = (right: boolean) => (right ? 'right' : 'wrong');
  const columns = ['task', 'candidate', 'given', 'computed', 'what the hidden test showed'];
  return html`<section aria-labelledby="labels"><h2 id="labels">Given labels beside computed ones</h2>
${keyFigures(figures)}
${
  differences.length > 0 &&
  table(
    'Differing labels',
    columns.map((column) => ({ name: column, number: column === 'candidate' })),
    differences
      .slice(0, LISTED)
      .map(({ task_id, sol_id, given, computed, verdict, detail }) => [
        label(task_id),
        sol_id,
        name(given),
        name(computed),
        label(detail ?? verdict),
      ]),
  )
}
${differences.length > LISTED && html`<p class="left-out">Listed: the first ${LISTED} of ${grouped(differences.length)}; --csv labels has all.</p>`}</section>
`;
}
