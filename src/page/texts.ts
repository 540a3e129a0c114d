import type { RankedTask } from '../stages/rank.js';
import type { VotedTask } from '../stages/vote.js';
import type { DropReason } from '../unit-test.js';
import { codeBox, label, PROGRAM, RESPONSE } from './excerpt.js';
import { type Html, html } from './html.js';
import { plural } from './numbers.js';

/** Responses that are shown of those that yielded no unit test. */
const DROPPED = 3;

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
export function droppedTests({ tests, flaky, texts }: VotedTask): Html {
  const { requested, generated, kept } = tests;
  const counts = Object.entries(tests.dropped).sort(([, a], [, b]) => b - a);
  const shown = texts?.dropped.slice(0, DROPPED) ?? [];
  return html`<h3>Unit tests</h3>
<p>${plural(requested, 'test')} asked for, ${generated} written, ${kept} kept${counts.length === 0 && ', none dropped'}.</p>
${counts.length > 0 && html`<ul class="dropped">${counts.map(([reason, count]) => html`<li><b>${count}</b> dropped: ${REASONS[reason as DropReason]} <code>${reason}</code></li>`)}</ul>`}
${flaky.length > 0 && html`<p>Without a vote, because a verdict changed under another hash seed: ${label(flaky.join(', '))}.</p>`}
${shown.map(
  ({
    utId,
    reason,
    response,
  }) => html`<details class="text"><summary>Dropped response ${utId}: <code>${reason}</code></summary>${codeBox(response, `Dropped response ${utId}`, RESPONSE)}</details>
`,
)}${texts !== null && texts.dropped.length > shown.length && html`<p class="left-out">The texts of ${shown.length} of ${plural(texts.dropped.length, 'dropped response')} are in this page.</p>`}`;
}

/** The problem, the winner's program and the runner-up's. */
export function candidateTexts({ voted, ranking, decision }: RankedTask): Html | null {
  const { texts, solutions } = voted;
  const boxes: [string, string | undefined][] = [
    ['The problem', texts?.question],
    [`Candidate ${ranking.selected}, the winner`, solutions?.[ranking.selected ?? -1]],
    [`Candidate ${decision.runnerUp}, the runner-up`, solutions?.[decision.runnerUp ?? -1]],
  ];
  const known = boxes.filter((box): box is [string, string] => box[1] !== undefined);
  if (known.length === 0) return null;
  return html`<h3>Texts</h3>
${known.map(
  ([
    title,
    text,
  ]) => html`<details class="text"><summary>${title}</summary>${codeBox(text, title, PROGRAM)}</details>
`,
)}`;
}
