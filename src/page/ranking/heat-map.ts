import { equalGroups } from '../../distinct.js';
import type { ExecutionMatrix } from '../../matrix.js';
import type { Decision } from '../../rank/decision.js';
import { type Html, html } from '../html.js';
import { KINDS, type Kind, kindName, kindOf, TILE } from '../kinds.js';
import { grouped, plural } from '../numbers.js';
import { type AgreementGroup, type ColumnBlock, passersOf } from './agreement.js';

// Theory of operation. Ten thousand cells are no ten thousand elements. Candidates of a group with the same verdicts
// are one row, taller the more they are; each kind of verdict is one path of rectangles, and cells that stand side by
// side with one verdict are one rectangle. All lengths are in pixels of the page: the map scrolls in its box and is
// never scaled, so that the patterns stay legible.

/** Rows (of different verdicts) and unit tests that a map draws; the ranking below it is whole. */
const MOST_ROWS = 200;
const MOST_COLUMNS = 400;

const WIDTH = 760; // of the columns, where they fit
const LARGEST = 26; // width of a cell
const LABELS = 108; // left of the rows
const VOTES = 132; // right of them: bar and numbers
const SHARES = 34; // above the columns
const LETTERS = 16; // above those
const TOP = LETTERS + SHARES + 4; // of the rows
const GROUP_GAP = 5;
const ROW_GAP = 1;
const BLOCK_GAP = 8;
const ROW = 14; // of one candidate: a label's height
const DOUBLED = 6; // what twice as many candidates add

/** Letters that name the blocks of columns. */
export const BLOCK_LETTERS = 'ABCDE';

interface Column {
  column: number;
  x: number;
}

/** Candidates of one group with the same verdicts. */
interface Row {
  group: AgreementGroup;
  /** The first of its group: it has the group's labels. */
  first: boolean;
  /** A row of the matrix that stands for all of them. */
  row: number;
  candidates: number;
  y: number;
  height: number;
}

interface Layout {
  cell: number;
  blocks: { x: number; columns: Column[] }[];
  rows: Row[];
  width: number;
  height: number;
}

export function heatMap(
  matrix: ExecutionMatrix,
  groups: readonly AgreementGroup[],
  blocks: readonly ColumnBlock[],
  { runnerUp }: Pick<Decision, 'runnerUp'>,
): Html {
  const layout = layoutOf(matrix, groups, blocks);
  const { width, height } = layout;
  const size = `${plural(matrix.solIds.length, 'candidate')} by ${plural(matrix.utIds.length, 'unit test')}`;
  const cells = KINDS.map((kind) => cellsOf(kind, matrix, layout));
  const name = `Execution matrix, ${size}, in ${plural(groups.length, 'group')} of agreement; the table below has its numbers`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Execution matrix">
<svg class="map" role="img" aria-label="${name}" width="${LABELS + width + VOTES}" height="${height}">
${columnShares(matrix, layout)}
<g transform="translate(${LABELS},0)">${cells}${gridOf(layout)}</g>
${layout.rows.map((row) => rowLabels(row, layout, runnerUp))}</svg></div>
${leftOut(matrix, layout)}`;
}

function layoutOf(
  matrix: ExecutionMatrix,
  groups: readonly AgreementGroup[],
  blocks: readonly ColumnBlock[],
): Layout {
  const columns = Math.min(MOST_COLUMNS, matrix.utIds.length);
  const cell = Math.min(LARGEST, Math.max(TILE, Math.floor(WIDTH / Math.max(columns, 1))));
  let [x, drawn] = [0, 0];
  const placed: Layout['blocks'] = [];
  for (const block of blocks) {
    const shown = block.columns.slice(0, MOST_COLUMNS - drawn);
    if (shown.length === 0) break;
    placed.push({ x, columns: shown.map((column, at) => ({ column, x: x + at * cell })) });
    drawn += shown.length;
    x += shown.length * cell + BLOCK_GAP;
  }
  const rows = distinctRows(matrix, groups).slice(0, MOST_ROWS);
  const bottom = rows.at(-1);
  const height = bottom === undefined ? TOP : bottom.y + bottom.height + 2;
  return { cell, blocks: placed, rows, width: Math.max(x - BLOCK_GAP, 0), height };
}

function distinctRows({ cells }: ExecutionMatrix, groups: readonly AgreementGroup[]): Row[] {
  const found: Row[] = [];
  let y = TOP;
  for (const group of groups) {
    const { firsts, sizes } = equalGroups(group.rows.map((row) => cells[row]!.join()));
    for (const [at, first] of firsts.entries()) {
      const candidates = sizes[at]!;
      const height = Math.round(ROW + DOUBLED * Math.log2(candidates));
      found.push({ group, first: at === 0, row: group.rows[first]!, candidates, y, height });
      y += height + ROW_GAP;
    }
    y += GROUP_GAP - ROW_GAP;
  }
  return found;
}

/** All cells of one kind. */
function cellsOf(kind: Kind, matrix: ExecutionMatrix, { cell, blocks, rows }: Layout): Html | null {
  const runs = rows.flatMap(({ row, y, height }) =>
    blocks.flatMap(({ columns }) =>
      runsOf(kind, matrix, row, columns).map(
        ({ x, length }) => `M${x} ${y}h${length * cell}v${height}h-${length * cell}z`,
      ),
    ),
  );
  return runs.length === 0 ? null : html`<path class="cell ${kindName(kind)}" d="${runs.join('')}"/>`;
}

/** Neighbours of one kind. */
function runsOf(
  kind: Kind,
  { cells }: ExecutionMatrix,
  row: number,
  columns: readonly Column[],
): { x: number; length: number }[] {
  const runs: { x: number; length: number }[] = [];
  let before: Kind | null = null;
  for (const { column, x } of columns) {
    const own = kindOf(cells[row]![column]!);
    if (own === kind && before === kind) runs.at(-1)!.length += 1;
    else if (own === kind) runs.push({ x, length: 1 });
    before = own;
  }
  return runs;
}

/** Thin lines between the columns, where these are wide enough for them. */
function gridOf({ cell, blocks, height }: Layout): Html | null {
  if (cell < TILE + 2) return null;
  const lines = blocks.flatMap(({ columns }) => columns.slice(1).map(({ x }) => `M${x} ${TOP}V${height}`));
  return html`<path class="grid" d="${lines.join('')}"/>`;
}

/** Above each column, the share of the candidates that passed it; above each block, its letter. */
function columnShares(matrix: ExecutionMatrix, { cell, blocks }: Layout): Html {
  const passers = passersOf(matrix);
  const room = SHARES - 4;
  const bottom = LETTERS + SHARES;
  const bars = blocks
    .flatMap(({ columns }) => columns)
    .map(({ column, x }) => {
      const height = Math.round((passers[column]! / Math.max(matrix.solIds.length, 1)) * room);
      return `M${x} ${bottom}v-${height}h${cell - 1}v${height}z`;
    });
  const letters = blocks.map(({ x, columns }, at) => {
    const rule = Math.max(columns.length * cell - 11, 0);
    return html`<text class="letter" x="${x}" y="11">${BLOCK_LETTERS[at]!}</text><path class="rule" d="M${x + 11} 7.5h${rule}"/>`;
  });
  return html`<g transform="translate(${LABELS},0)">${letters}<path class="share" d="${bars.join('')}"/></g>
<text class="side" x="${LABELS - 8}" y="${bottom - 2}">passed by</text>
`;
}

/** Left of a row what its group is, right of it the group's votes. */
function rowLabels(row: Row, { width }: Layout, runnerUp: number | null): Html {
  const { group, first, candidates, y, height } = row;
  const { place, members } = group;
  const { passed, total } = members[0]!;
  const second = members.some(({ solId }) => solId === runnerUp);
  const name = place === 1 ? 'winner' : second ? 'runner-up' : `place ${place}`;
  const middle = y + height / 2;
  return html`<g class="${place === 1 ? 'best' : 'row'}">
<title>${name}: ${plural(candidates, 'candidate')}, ${passed} of ${total} votes</title>
<rect class="hit" y="${y}" width="${LABELS + width + VOTES}" height="${height}"/>
<text class="side" x="${LABELS - 8}" y="${middle + 4}">${first && name} ${candidates > 1 && `×${candidates}`}</text>
${first && voteBar(passed, total, LABELS + width + 8, middle)}</g>
`;
}

function voteBar(passed: number, total: number, x: number, middle: number): Html {
  const length = total === 0 ? 0 : Math.round((passed / total) * 60);
  const y = middle - 4;
  return html`<rect class="track" x="${x}" y="${y}" width="60" height="8"/><rect class="bar" x="${x}" y="${y}" width="${length}" height="8"/>
<text class="votes" x="${x + 66}" y="${middle + 4}">${passed}/${total}</text>`;
}

function leftOut({ solIds, utIds }: ExecutionMatrix, { blocks, rows }: Layout): Html | null {
  const candidates = rows.reduce((sum, row) => sum + row.candidates, 0);
  const columns = blocks.reduce((sum, block) => sum + block.columns.length, 0);
  if (candidates === solIds.length && columns === utIds.length) return null;
  return html`<p class="left-out">Drawn: ${grouped(candidates)} of ${plural(solIds.length, 'candidate')}
and ${grouped(columns)} of ${plural(utIds.length, 'unit test')}; the others are in no picture of this page, and count in
all its numbers.</p>`;
}
