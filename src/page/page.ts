import { createHash } from 'node:crypto';
import type { RankedTask } from '../stages/rank.js';
import { type Html, html, trusted } from './html.js';
import { patterns } from './kinds.js';
import { grouped, plural } from './numbers.js';
import { factsOf, overview, type PageRun } from './overview.js';
import { type Glance, glanceOf, type ProblemPart, problemPart } from './problem.js';
import { STYLE } from './style.js';

/** Characters of the problems' bodies together: what a browser still opens at once. */
const MOST_CHARS = 40 * 2 ** 20;

/** Problems that have a line. */
const MOST_LINES = 5000;

/**
 * Nothing is loaded and nothing runs, whatever the page holds: no script, no picture, no frame, no form, and no style
 * but ours, by its digest.
 */
const DIGEST = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${DIGEST}'; base-uri 'none'; form-action 'none'`;

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
  yield head(run).toString();
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
  yield `</section>\n${factsOf(run)}</main></body></html>\n`;
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

function head({ command, finished }: PageRun): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${command}: report</title>
<style>${trusted(STYLE)}</style></head>
<body><a class="skip" href="#problems">Skip to the problems</a>
${patterns()}
<header><h1>${command}</h1><p>CodeRM Engine, <time datetime="${finished}">${finished.slice(0, 16).replace('T', ' ')} UTC</time></p></header>
<main>
`;
}
