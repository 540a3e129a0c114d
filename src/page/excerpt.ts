import { type Html, html } from './html.js';
import { grouped } from './numbers.js';

/** How much of a text the page shows. A text longer than that is cut, and the page says so. */
export interface Extent {
  chars: number;
  lines: number;
}

export const PROGRAM: Extent = { chars: 6000, lines: 120 };
export const UNIT_TEST: Extent = { chars: 3000, lines: 60 };
export const RESPONSE: Extent = { chars: 800, lines: 16 };

/** Characters of an id, a name or a message. */
const LABEL = 160;

/** The start of the text, and how many of its characters that leaves out. */
export function cut(text: string, { chars, lines }: Extent): { shown: string; leftOut: number } {
  let end = Math.min(text.length, chars);
  let at = -1;
  for (let line = 0; line < lines; line += 1) {
    at = text.indexOf('\n', at + 1);
    if (at === -1 || at >= end) break;
    if (line === lines - 1) end = at;
  }
  return { shown: text.slice(0, end), leftOut: text.length - end };
}

/** A short text that has to stand in a line. */
export function label(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LABEL ? line : `${line.slice(0, LABEL)}…`;
}

/** A text that is seen when its title is opened, in a box that scrolls. */
export function textBox(title: string, text: string, extent: Extent): Html {
  const { shown, leftOut } = cut(text, extent);
  return html`<details class="text"><summary>${title}</summary>
<pre tabindex="0" role="group" aria-label="${title}"><code>${shown.replace(/^\n+/, '')}</code></pre>
${leftOut > 0 && html`<p class="left-out">Cut here: ${grouped(leftOut)} more characters are not in this page.</p>`}
</details>
`;
}
