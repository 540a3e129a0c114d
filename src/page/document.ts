import { createHash } from 'node:crypto';
import { label } from './excerpt.js';
import { type Html, html, trusted } from './html.js';
import { patterns } from './kinds.js';
import { STYLE } from './style.js';

/** What every page has at its ends. */
export interface PageHead {
  /** What made it, such as `coderm rerank`. */
  command: string;
  /** When it ended, ISO 8601. */
  finished: string;
}

/** What the command ran with, as names and values: the model, the seed, the limits. */
export type Facts = readonly (readonly [name: string, value: string])[];

/**
 * Nothing is loaded and nothing runs, whatever the page holds: no script, no picture, no frame, no form, and no style
 * but ours, by its digest.
 */
const DIGEST = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${DIGEST}'; base-uri 'none'; form-action 'none'`;

/** Everything before the first section. `skip`: the id and the name of what the keyboard can go to at once. */
export function pageStart({ command, finished }: PageHead, skip: { id: string; name: string }): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${command}: report</title>
<style>${trusted(STYLE)}</style></head>
<body><a class="skip" href="#${skip.id}">Skip to the ${skip.name}</a>
${patterns()}
<header><h1>${command}</h1><p>CodeRM Engine, <time datetime="${finished}">${finished.slice(0, 16).replace('T', ' ')} UTC</time></p></header>
<main>
`;
}

/** The last section, and the end. */
export function pageEnd({ command, finished }: PageHead, facts: Facts): Html {
  return html`<section aria-labelledby="facts"><h2 id="facts">What it ran with</h2>
<dl class="facts"><div><dt>command</dt><dd>${label(command)}</dd></div>${facts.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${label(value)}</dd></div>`,
  )}<div><dt>finished</dt><dd>${finished}</dd></div></dl></section></main></body></html>
`;
}
