import type { RankedTask } from '../stages/rank.js';
import type { AgreementGroup, ColumnBlock, Role } from './agreement.js';
import { codeBox, UNIT_TEST } from './excerpt.js';
import { BLOCK_LETTERS } from './heat-map.js';
import { type Html, html } from './html.js';
import { percent, plural, score } from './numbers.js';

/** Unit tests that are named, and those of them whose text is shown. */
const NAMED = 40;
const SHOWN = 3;

/** Why the selected candidate stands first, in sentences, with the unit tests that decided. */
export function whyItWon(
  { voted, ranking, decision, abstained, scorer }: RankedTask,
  groups: readonly AgreementGroup[],
): Html {
  const [first] = groups;
  if (ranking.selected === null || first === undefined)
    return html`<p>There is no candidate to choose from.</p>`;
  const { confidence, runnerUp, decidedBy, decidedAgainst } = decision;
  const best = first.members[0]!;
  const second = ranking.ranking.find(({ solId }) => solId === runnerUp) ?? null;
  const agreeing = first.members.length - 1;
  return html`<p class="why">${abstained && html`<strong>Nothing is selected:</strong> the confidence ${percent(confidence)} is below what was asked for. First would be: `}Candidate <strong>${ranking.selected}</strong> passes ${best.passed} of ${plural(best.total, 'vote')}, ${
    agreeing === 0
      ? 'and no other candidate of its score passes exactly those'
      : html`and ${plural(agreeing, 'other candidate passes', 'other candidates pass')} exactly the same tests`
  }. ${
    second === null
      ? 'All candidates pass the same tests: none of the tests says which is right.'
      : html`The runner-up, candidate <strong>${second.solId}</strong>, passes ${second.passed}. ${plural(decidedBy.length, 'unit test')} decided between the two (the winner passes, the runner-up does not)${decidedAgainst.length > 0 && html`, and ${decidedAgainst.length} ${decidedAgainst.length === 1 ? 'says' : 'say'} the opposite`}.`
  } By the scorer ${scorer} that is ${score(best.score)}${second !== null && ` against ${score(second.score)}`}.</p>
${ranking.tied.length > 0 && html`<p>Tied: no rule tells ${plural(ranking.tied.length, 'candidate')} apart, so the first of them in the file is taken.</p>`}
${testsThatDecided('Tests that decided for it', decidedBy, voted.texts?.unitTests ?? {})}${testsThatDecided('Tests that say the opposite', decidedAgainst, voted.texts?.unitTests ?? {})}`;
}

function testsThatDecided(
  title: string,
  utIds: readonly number[],
  texts: Readonly<Record<number, string>>,
): Html | null {
  if (utIds.length === 0) return null;
  const withText = utIds.filter((utId) => texts[utId] !== undefined).slice(0, SHOWN);
  const more = utIds.length - NAMED;
  return html`<h4>${title}</h4>
<p class="ids">${utIds.slice(0, NAMED).map((utId) => html`<span class="id">${utId}</span> `)}${more > 0 && `and ${more} more`}</p>
${withText.map(
  (
    utId,
  ) => html`<details class="text"><summary>Unit test ${utId}</summary>${codeBox(texts[utId]!, `Unit test ${utId}`, UNIT_TEST)}</details>
`,
)}${withText.length > 0 && withText.length < utIds.length && html`<p class="left-out">The texts of ${withText.length} of them are in this page.</p>`}`;
}

const MEANINGS: Readonly<Record<Role, (tests: number) => string>> = {
  for: (tests) => `${plural(tests, 'test')} that decided for the winner`,
  against: (tests) => `${plural(tests, 'test')} that only the runner-up of the two passes`,
  contested: (tests) => `${plural(tests, 'test')} on which other candidates differ`,
  'all pass': (tests) => `${plural(tests, 'test')} that every candidate passes`,
  'all fail': (tests) => `${plural(tests, 'test')} that no candidate passes`,
};

/** What the letters above the columns mean. */
export function blockKey(blocks: readonly ColumnBlock[]): Html {
  return html`<ul class="key" aria-label="Groups of unit tests">${blocks.map(
    ({ role, columns }, at) => html`<li><b>${BLOCK_LETTERS[at]!}</b> ${MEANINGS[role](columns.length)}</li>`,
  )}</ul>`;
}
