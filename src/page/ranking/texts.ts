import type { RankedTask } from '../../stages/rank.js';
import type { VotedTask } from '../../stages/vote.js';
import type { DropReason } from '../../unit-test.js';
import { label, PROGRAM, RESPONSE, textBox } from '../excerpt.js';
import { type Html, html } from '../html.js';
import { plural } from '../numbers.js';

/** Responses that are shown of those that yielded no unit test. */
const DROPPED = 3;

/** Unit tests that are shown where none decided. */
const UNDECIDED = 2;

const REASONS: Readonly<Record<DropReason, string>> = {
  empty: 'the response was empty',
  no_code: 'the response has no code',
  syntax_error: 'the code does not parse',
  no_class: 'the code has no unittest class',
  no_case: 'the class has no test case',
  no_assert: 'no test case asserts anything',
  parser_limit: 'the parser ran out of its limits',
  several_blocks: 'the response has several code blocks',
  several_classes: 'the code has several classes',
  duplicate: 'the text equals that of another test',
};

/** Why there are fewer unit tests than were asked for. */
export function droppedTests({ tests, flaky, passOnStub, texts }: VotedTask): Html {
  const { requested, generated, kept } = tests;
  const counts = Object.entries(tests.dropped).sort(([, a], [, b]) => b - a);
  const dropped = texts?.dropped ?? [];
  const shown = dropped.slice(0, DROPPED);
  const none = counts.length === 0 && ', none dropped';
  const account =
    texts === null
      ? html`${plural(kept, 'test')} in the stored matrix, which does not say what was dropped before.`
      : html`${plural(requested, 'test')} asked for, ${generated} written, ${kept} kept${none}.`;
  return html`<h3>Unit tests</h3>
<p>${account}</p>
${counts.length > 0 && html`<ul class="dropped">${counts.map(([reason, count]) => droppedCount(reason, count))}</ul>`}
${flaky.length > 0 && html`<p>Without a vote, because a verdict changed under another hash seed: ${label(flaky.join(', '))}.</p>`}
${passOnStub !== undefined && stubTests(passOnStub)}
${shown.map(({ utId, reason, detail, response }) => textBox(`Dropped response ${utId}: ${reason}${detail === null ? '' : ` (${label(detail)})`}`, response, RESPONSE))}
${dropped.length > shown.length && html`<p class="left-out">The texts of ${shown.length} of ${plural(dropped.length, 'dropped response')} are in this page.</p>`}`;
}

/** Tests that ask nothing of a program; they keep their vote. */
function stubTests(passOnStub: readonly number[]): Html {
  if (passOnStub.length === 0) return html`<p>No test passes on a program that does nothing.</p>`;
  return html`<p>Pass on a program that does nothing too: ${label(passOnStub.join(', '))}.</p>`;
}

function droppedCount(reason: string, count: number): Html {
  return html`<li><b>${count}</b> dropped: ${REASONS[reason as DropReason]} <code>${reason}</code></li>
`;
}

/** The problem, the winner's program and the runner-up's; where no unit test decided, some of those that there are. */
export function candidateTexts({ voted, ranking, decision }: RankedTask): Html | null {
  const { texts, solutions } = voted;
  const boxes: [string, string | undefined][] = [
    ['The problem', texts?.question],
    [`Candidate ${ranking.selected}, the winner`, solutions?.[ranking.selected ?? -1]],
    [`Candidate ${decision.runnerUp}, the runner-up`, solutions?.[decision.runnerUp ?? -1]],
  ];
  if (decision.decidedBy.length + decision.decidedAgainst.length === 0) {
    const some = Object.entries(texts?.unitTests ?? {}).slice(0, UNDECIDED);
    boxes.push(
      ...some.map(([utId, text]): [string, string] => [`Unit test ${utId}, which decided nothing`, text]),
    );
  }
  const known = boxes.filter((box): box is [string, string] => box[1] !== undefined);
  if (known.length === 0) return null;
  return html`<h3>Texts</h3>
${known.map(([title, text]) => textBox(title, text, PROGRAM))}`;
}
