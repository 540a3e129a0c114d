import { barX, link, type Markish, plot, text } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type Content, type Html, html, trusted } from './html.js';

// Pictures, drawn by a plot library into a document that no browser shows. They get numbers and our own words only: no
// text of a candidate, a test or a model. Colours and sizes of type come from the page's stylesheet, by class.

const WIDTH = 320;

/** Of a picture that has half of the page, not a third. */
export const HALF = 400;

/** An axis of shares. */
export const SHARES = {
  domain: [0, 1],
  ticks: 5,
  tickFormat: (share: number) => `${Math.round(share * 100)}%`,
  label: null,
};

/** A square of two shares, over another: `y` changes its upright axis. */
export function square(y: object = {}): object {
  const margins = { marginLeft: 44, marginTop: 12, marginRight: 12 };
  return { width: HALF, height: 330, ...margins, x: SHARES, y: { ...SHARES, grid: true, ...y } };
}

/** Where both shares of a square are equal. */
export function diagonal(): Markish {
  return link([{ x1: 0, y1: 0, x2: 1, y2: 1 }], {
    ...{ x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2' },
    strokeDasharray: '4 3',
    className: 'diagonal',
  });
}

export interface Bar {
  name: string;
  value: number;
  /** What stands at its end. */
  text: string;
  /** Its class, for the colour. */
  kind: string;
}

/** A bar a name, the longest as wide as the picture. */
export function barChart(title: string, bars: readonly Bar[]): Html {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  return figure(
    title,
    bars.map(({ name, text }) => `${name} ${text}`).join(', '),
    {
      height: 26 * bars.length + 16,
      marginLeft: 112,
      marginRight: 64,
      marginTop: 6,
      marginBottom: 6,
      x: { axis: null, domain: [0, most || 1] },
      y: { domain: bars.map(({ name }) => name), label: null, tickSize: 0, padding: 0.3 },
    },
    [
      ...bars.map((bar) => barX([bar], { x: 'value', y: 'name', rx: 2, className: `${bar.kind} mark` })),
      text(bars, { x: 'value', y: 'name', text: 'text', textAnchor: 'start', dx: 6, className: 'value' }),
    ],
  );
}

/**
 * A picture of the page. `said`: what it shows, for who does not see it. `options`: the plot library's, but for document
 * and marks.
 */
export function figure(title: Content, said: string, options: object, marks: Markish[]): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = plot({ width: WIDTH, ...options, document: document as never, marks });
  svg.querySelector('style')?.remove(); // the page's policy allows one stylesheet, its own
  // The library names its groups, which have no role that could bear a name; the picture as a whole has one.
  for (const part of svg.querySelectorAll('[aria-label],[aria-hidden]')) {
    part.removeAttribute('aria-label');
    part.removeAttribute('aria-hidden');
  }
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', said);
  return html`<figure class="chart"><figcaption>${title}</figcaption>${trusted(svg.outerHTML)}</figure>`;
}
