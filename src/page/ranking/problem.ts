import type { RankedTask } from '../../stages/rank.js';
import { label } from '../excerpt.js';
import { type Html, html } from '../html.js';
import { type Kind, kindCounts, legend } from '../kinds.js';
import { percent } from '../numbers.js';
import { agreementGroups, columnBlocks } from './agreement.js';
import { heatMap } from './heat-map.js';
import { rankingTable } from './ranking-table.js';
import { candidateTexts, droppedTests } from './texts.js';
import { blockKey, whyItWon } from './why.js';

/** What of a problem stays in memory until the page is written. */
export interface Glance {
  taskId: string;
  /** Null: it has no ranking. */
  confidence: number | null;
  /** Whether the selected candidate is right; null: nobody said, or nothing is selected. */
  right: boolean | null;
  /** Unit tests: candidates differ on them, all pass, none passes, flaky, dropped. */
  tests: { telling: number; allPass: number; allFail: number; flaky: number; dropped: number };
  /** How many cells of each kind its matrix has. */
  kinds: ReadonlyMap<Kind, number>;
  /** Characters of its part's body. */
  chars: number;
}

/** A problem's part of the page, made as soon as it is ranked. Plain JSON: it can be put aside. */
export interface ProblemPart {
  /** The line that is always seen. */
  line: string;
  /** What is seen when the line is opened. */
  body: string;
}

export function glanceOf(
  { voted, decision }: RankedTask,
  right: boolean | null,
  { body }: ProblemPart,
): Glance {
  const { matrix, failure, flaky, tests } = voted;
  const [allPass, allFail] = [decision.allPass.length, decision.allFail.length];
  const dropped = Object.values(tests.dropped).reduce((sum, count) => sum + count, 0);
  return {
    taskId: label(voted.taskId),
    confidence: failure === null ? decision.confidence : null,
    right,
    tests: {
      telling: matrix.utIds.length - allPass - allFail,
      allPass,
      allFail,
      flaky: flaky.length,
      dropped,
    },
    kinds: kindCounts(matrix.cells.flat()),
    chars: body.length,
  };
}

/** The part of one problem. Pure. `right`: whether the selected candidate is known to be right. */
export function problemPart(ranked: RankedTask, right: boolean | null): ProblemPart {
  return { line: lineOf(ranked, right).toString(), body: bodyOf(ranked).toString() };
}

function lineOf({ voted, ranking, decision, abstained }: RankedTask, right: boolean | null): Html {
  const name = html`<span class="name">${label(voted.taskId)}</span>`;
  if (voted.failure !== null) return html`${name}<span class="chip warn">no ranking</span>`;
  const { passed, total } = ranking.ranking[0] ?? { passed: 0, total: 0 };
  const { tied, selected } = ranking;
  const winner = abstained || selected === null ? 'nothing selected' : `candidate ${selected}`;
  return html`${name}<span class="winner">${winner}</span>${confidenceBar(decision.confidence)}
<span class="passed">${passed}/${total} votes</span>
<span class="chips">${right !== null && rightChip(right)}${
    tied.length > 0 && html`<span class="chip">${tied.length} tied</span>`
  }${abstained && html`<span class="chip warn">abstained</span>`}</span>`;
}

function rightChip(right: boolean): Html {
  return right ? html`<span class="chip good">✓ right</span>` : html`<span class="chip bad">✗ wrong</span>`;
}

function confidenceBar(confidence: number): Html {
  const width = Math.round(confidence * 60);
  return html`<span class="confidence"><svg width="60" height="8" aria-hidden="true">
<rect class="track" width="60" height="8" rx="2"/><rect class="bar" width="${width}" height="8" rx="2"/></svg>
<span class="unseen">confidence</span> ${percent(confidence)}</span>`;
}

function bodyOf(ranked: RankedTask): Html {
  const { voted, ranking, decision } = ranked;
  const { matrix, failure } = voted;
  if (failure !== null) {
    const tested = voted.tests.requested > 0;
    return html`<p><strong>This problem has no ranking.</strong> ${label(failure)}</p>
${tested && droppedTests(voted)}`;
  }
  const groups = agreementGroups(matrix, ranking);
  const blocks = columnBlocks(matrix, decision);
  return html`<h3>Why this one</h3>
${whyItWon(ranked, groups)}
${
  matrix.utIds.length > 0 &&
  html`<h3>Execution matrix</h3>
<p class="hint">A row is a candidate, a column a unit test. Candidates with the same verdicts are one row, taller the
more they are; rows stand in groups of agreement: one score, and exactly the same tests passed.</p>
${blockKey(blocks)}
${heatMap(matrix, groups, blocks, decision)}
${legend(matrix)}`
}
<h3>Ranking</h3>
${rankingTable(ranked, groups)}
${droppedTests(voted)}
${candidateTexts(ranked)}`;
}
