import type { RankedTask } from '../../stages/rank.js';
import { textBox, UNIT_TEST } from '../excerpt.js';
import { type Html, html } from '../html.js';
import { percent, plural, score } from '../numbers.js';
import type { AgreementGroup, ColumnBlock, Role } from './agreement.js';
import { BLOCK_LETTERS } from './heat-map.js';

/** Unit tests that are named, and those of them whose text is shown. */
const NAMED = 40;
const SHOWN = 3;

/** Why the selected candidate stands first, in sentences, with the unit tests that decided. */
export function whyItWon(ranked: RankedTask, groups: readonly AgreementGroup[]): Html {
  const { voted, ranking, decision, abstained } = ranked;
  const [first] = groups;
  if (ranking.selected === null || first === undefined) {
    return html`<p>There is no candidate to choose from.</p>`;
  }
  const texts = voted.texts?.unitTests ?? {};
  const tied = plural(ranking.tied.length, 'candidate');
  return html`<p class="why">${abstained && abstention(decision.confidence)}${votesOf(first)}${contest(ranked, first)}</p>
${ranking.tied.length > 0 && html`<p>Tied: no rule tells ${tied} apart, so the first of them in the file is taken.</p>`}
${testsThatDecided('Tests that decided for it', decision.decidedBy, texts)}
${testsThatDecided('Tests that say the opposite', decision.decidedAgainst, texts)}`;
}

function abstention(confidence: number): Html {
  return html`<strong>Nothing is selected:</strong> the confidence of ${percent(confidence)} is below what was asked
for. First would be this one: `;
}

function votesOf({ members }: AgreementGroup): Html {
  const { solId, passed, total } = members[0]!;
  const others = plural(members.length - 1, 'other candidate passes', 'other candidates pass');
  const agreement =
    members.length === 1
      ? 'no other candidate of its score passes exactly those'
      : `${others} exactly the same tests`;
  return html`Candidate <strong>${solId}</strong> passes ${passed} of ${plural(total, 'vote')}, and ${agreement}. `;
}

/** The winner beside the best candidate that passes other tests. */
function contest({ ranking, decision, scorer }: RankedTask, { members }: AgreementGroup): Html {
  const { runnerUp, decidedBy, decidedAgainst } = decision;
  const second = ranking.ranking.find(({ solId }) => solId === runnerUp);
  const own = score(members[0]!.score);
  if (second === undefined) {
    return html`All candidates pass the same tests: none of the tests says which is right.
By the scorer ${scorer} all have ${own}.`;
  }
  const against = decidedAgainst.length;
  return html`The runner-up, candidate <strong>${second.solId}</strong>, passes ${second.passed}.
${plural(decidedBy.length, 'unit test')} decided between the two (the winner passes, the runner-up does not)${
    against > 0 && `, and ${against} ${against === 1 ? 'says' : 'say'} the opposite`
  }. By the scorer ${scorer} it is ${own} against ${score(second.score)}.`;
}

function testsThatDecided(
  title: string,
  utIds: readonly number[],
  texts: Readonly<Record<number, string>>,
): Html | null {
  if (utIds.length === 0) return null;
  const withText = utIds.filter((utId) => texts[utId] !== undefined).slice(0, SHOWN);
  const left = withText.length > 0 && withText.length < utIds.length;
  const more = utIds.length - NAMED;
  return html`<h4>${title}</h4>
<p class="ids">${utIds.slice(0, NAMED).map((utId) => html`<span class="id">${utId}</span> `)}${more > 0 && `and ${more} more`}</p>
${withText.map((utId) => textBox(`Unit test ${utId}`, texts[utId]!, UNIT_TEST))}
${left && html`<p class="left-out">The texts of ${withText.length} of them are in this page.</p>`}`;
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
