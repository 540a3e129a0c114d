import type { RankedTask } from '../../stages/rank.js';
import { type Html, html } from '../html.js';
import { kindCounts, swatch } from '../kinds.js';
import { grouped, plural, score } from '../numbers.js';
import type { AgreementGroup } from './agreement.js';

/** Groups with a line of their own, and members that a line names. */
const MOST_GROUPS = 60;
const MOST_MEMBERS = 100;

/** The ranking: a line a group of agreement, for its members share score and votes. */
export function rankingTable(ranked: RankedTask, groups: readonly AgreementGroup[]): Html {
  const left = groups.slice(MOST_GROUPS);
  const candidates = left.reduce((sum, { members }) => sum + members.length, 0);
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Ranking"><table class="ranking">
<thead><tr><th scope="col" class="number">Place</th><th scope="col" class="number">Score</th>
<th scope="col" class="number">Votes</th><th scope="col">Candidates</th><th scope="col">Verdicts of their cells</th></tr></thead>
<tbody>${groups.slice(0, MOST_GROUPS).map((group) => groupRow(group, ranked))}</tbody></table></div>
${
  left.length > 0 &&
  html`<p class="left-out">Only in the ranking's file: ${plural(left.length, 'further group')} with
${plural(candidates, 'candidate')}.</p>`
}`;
}

function groupRow({ place, members, rows }: AgreementGroup, { voted, ranking, decision }: RankedTask): Html {
  const { score: points, passed, total } = members[0]!;
  const verdicts = kindCounts(rows.flatMap((row) => voted.matrix.cells[row]!));
  const last = place + members.length - 1;
  // Groups of one score and one size are interleaved in the ranking: such a group has no last place.
  const contiguous = ranking.ranking[last - 1]?.solId === members.at(-1)!.solId;
  return html`<tr><td class="number">${place}${contiguous && last > place && `–${last}`}</td>
<td class="number">${score(points)}</td><td class="number">${passed}/${total}</td>
<td>${membersOf(members, ranking.selected, decision.runnerUp)}</td>
<td class="kinds">${[...verdicts].map(([kind, count]) => html`<span>${swatch(kind)} ${grouped(count)} ${kind}</span> `)}</td></tr>
`;
}

function membersOf(
  members: AgreementGroup['members'],
  selected: number | null,
  runnerUp: number | null,
): Html {
  const more = members.length - MOST_MEMBERS;
  return html`${members.slice(0, MOST_MEMBERS).map(({ solId }, at) => {
    const role = solId === selected ? ' (winner)' : solId === runnerUp ? ' (runner-up)' : '';
    return html`${at > 0 && ', '}${role === '' ? solId : html`<strong>${solId}${role}</strong>`}`;
  })}${more > 0 && ` and ${grouped(more)} more`}`;
}
