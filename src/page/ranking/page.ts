import type { RankedTask } from '../../stages/rank.js';
import { pageEnd, pageStart } from '../document.js';
import { type Html, html } from '../html.js';
import { grouped, plural } from '../numbers.js';
import { confidenceSection } from './confidence.js';
import { overview, type PageRun } from './overview.js';
import { type Glance, glanceOf, type ProblemPart, problemPart } from './problem.js';

/** Characters of the problems' bodies together: what a browser still opens at once. */
const MOST_CHARS = 40 * 2 ** 20;

/** Problems that have a line. */
const MOST_LINES = 5000;

/**
 * The page of a run that is small enough to be held in memory; `ReportFile` writes that of any other.
 * @param problems in the order of the page. `right`: whether the selected candidate is right, null or absent where
 * nobody knows
 */
export function reportPage(
  run: PageRun,
  problems: Iterable<{ ranked: RankedTask; right?: boolean | null }>,
): string {
  const parts: ProblemPart[] = [];
  const glances: Glance[] = [];
  for (const { ranked, right = null } of problems) {
    const part = problemPart(ranked, right);
    parts.push(part);
    glances.push(glanceOf(ranked, right, part));
  }
  return [...pagePieces(run, glances, parts)].join('');
}

/**
 * The page, piece by piece. It holds no script and works without; all of it but the lines and bodies of the problems
 * is made here. Pure.
 *
 * @param glances one for each problem
 * @param parts the problems' parts in the same order; only one is needed at a time
 */
export function* pagePieces(
  run: PageRun,
  glances: readonly Glance[],
  parts: Iterable<ProblemPart>,
): Generator<string> {
  const withBody = bodiesThatFit(glances);
  yield pageStart(run, { id: 'problems', name: 'problems' }).toString();
  yield overview(run, glances, withBody).toString();
  yield `<section aria-labelledby="problems"><h2 id="problems">Problems</h2>\n${leftOut(glances.length, withBody)}`;
  let at = 0;
  for (const { line, body } of parts) {
    if (at === MOST_LINES) break;
    at += 1;
    yield at <= withBody
      ? `<details class="problem"${at === 1 ? ' open' : ''}><summary>${line}</summary><div class="body" id="p${at}">${body}</div></details>\n`
      : `<div class="problem bare">${line}</div>\n`;
  }
  yield `</section>\n${confidenceSection(run.scorer, glances) ?? ''}${pageEnd(run, run.facts)}`;
}

/** How many bodies, from the first, the page has room for. */
function bodiesThatFit(glances: readonly Glance[]): number {
  let room = MOST_CHARS;
  const over = glances.findIndex(({ chars }) => {
    room -= chars;
    return room < 0;
  });
  return Math.min(over === -1 ? glances.length : over, MOST_LINES);
}

function leftOut(problems: number, withBody: number): Html {
  if (withBody === problems) return html`<p class="hint">Open a line to see why its winner won.</p>`;
  return html`<p class="left-out">This page has room for ${plural(withBody, 'problem')} of ${grouped(problems)}, the first ones; ${
    problems > MOST_LINES
      ? `the next ones up to ${grouped(MOST_LINES)} have a line only, and the others are left out`
      : 'the others have a line only'
  }. The figures above are those of all. The ranking's file has everything: rank fewer problems for a page of others.</p>`;
}
