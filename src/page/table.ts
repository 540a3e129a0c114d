import { type Content, type Html, html } from './html.js';

/** A column: its name, and whether it holds numbers. */
export interface Column {
  name: string;
  number: boolean;
}

/** Columns of a name and of numbers. */
export function namesAndNumbers(name: string, numbers: readonly string[]): Column[] {
  return [{ name, number: false }, ...numbers.map((own) => ({ name: own, number: true }))];
}

/** A table that scrolls in its box where the page is narrow; the first cell of a row names it. */
export function table(
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
): Html {
  const kind = (at: number) => (columns[at]!.number ? 'number' : 'text');
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${title}"><table class="figures-table">
<thead><tr>${columns.map(({ name }, at) => html`<th scope="col" class="${kind(at)}">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row">${name!}</th>${cells.map((cell, at) => html`<td class="${kind(at + 1)}">${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>
`;
}
