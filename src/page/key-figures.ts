import { type Html, html } from './html.js';

/** A figure that is read first: its name, its value, and what more is to say of it. */
export type KeyFigure = readonly [name: string, value: string, more: string | null];

export function keyFigures(figures: readonly KeyFigure[]): Html {
  return html`<dl class="figures">${figures.map(
    ([name, value, more]) =>
      html`<div><dt>${name}</dt><dd>${value}${more !== null && html` <small>${more}</small>`}</dd></div>`,
  )}</dl>`;
}
