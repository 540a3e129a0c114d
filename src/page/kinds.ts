import type { ExecutionMatrix } from '../matrix.js';
import { VERDICTS, type Verdict } from '../verdict.js';
import { type Html, html } from './html.js';
import { grouped } from './numbers.js';

/** What a cell of the heat map shows: its verdict, or that it was not run. */
export type Kind = Verdict | 'not run';

export const KINDS: readonly Kind[] = [...VERDICTS, 'not run'];

export function kindOf(verdict: Verdict | null): Kind {
  return verdict ?? 'not run';
}

/** A name for classes and ids. */
export function kindName(kind: Kind): string {
  return `k-${kind.replace(' ', '-')}`;
}

/** Side of a pattern's tile, in pixels: no cell is smaller, so each shows its pattern. */
export const TILE = 6;

/** Strokes of each kind's tile; pass is a plain field. So kinds differ without colour too. */
const STROKES: Readonly<Record<Kind, string | null>> = {
  pass: null,
  fail: 'M-1 1L1 -1M0 6L6 0M5 7L7 5', // rising
  error: 'M0 0L6 6M6 0L0 6', // crossed
  timeout: 'M0 1.5H6M0 4.5H6', // level
  memory: 'M1.5 0V6M4.5 0V6', // upright
  output: 'M2 2H4V4H2Z', // dots
  crash: 'M3 0V6M0 3H6', // grid
  tampered: 'M-1 5L1 7M0 0L6 6M5 -1L7 1', // falling
  invalid: 'M3 2.5V3.5', // specks
  'not run': null,
};

/** The patterns that the stylesheet's fills name, once a page. */
export function patterns(): Html {
  return html`<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>${KINDS.map((kind) => {
    const strokes = STROKES[kind];
    return (
      strokes !== null &&
      html`<pattern id="${kindName(kind)}" width="${TILE}" height="${TILE}" patternUnits="userSpaceOnUse"><rect class="ground ${kindName(kind)}-ground" width="${TILE}" height="${TILE}"/><path class="stroke ${kindName(kind)}-stroke" d="${strokes}"/></pattern>`
    );
  })}</defs></svg>`;
}

/** A sample of each kind that the matrix has, with how many cells are of it. */
export function legend(matrix: ExecutionMatrix): Html {
  const counts = kindCounts(matrix.cells.flat());
  return html`<ul class="legend" aria-label="Verdicts">${[...counts].map(
    ([kind, count]) => html`<li>${swatch(kind)} ${kind} <span class="count">${grouped(count)}</span></li>`,
  )}</ul>`;
}

export function swatch(kind: Kind): Html {
  return html`<svg class="swatch" width="24" height="14" aria-hidden="true"><rect class="cell ${kindName(kind)}" x="1" y="1" width="22" height="12"/></svg>`;
}

/** How many cells of each kind there are, in the order of KINDS. */
export function kindCounts(verdicts: readonly (Verdict | null)[]): Map<Kind, number> {
  const counts = new Map<Kind, number>();
  for (const verdict of verdicts) counts.set(kindOf(verdict), (counts.get(kindOf(verdict)) ?? 0) + 1);
  return new Map(KINDS.flatMap((kind) => (counts.has(kind) ? [[kind, counts.get(kind)!] as const] : [])));
}
