import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KINDS, kindName } from '../../../src/page/kinds.js';
import { agreementGroups, columnBlocks } from '../../../src/page/ranking/agreement.js';
import { heatMap } from '../../../src/page/ranking/heat-map.js';
import type { RankedTask } from '../../../src/stages/rank.js';
import { rankedTask } from './runs.js';

const map = suite('page/heat-map');

function drawn({ voted, ranking, decision }: RankedTask) {
  const groups = agreementGroups(voted.matrix, ranking);
  const blocks = columnBlocks(voted.matrix, decision);
  return { groups, blocks, svg: heatMap(voted.matrix, groups, blocks, decision).toString() };
}

/** The kinds that the picture shows, row by row from the top, column by column from the left. */
function kindsIn(svg: string): string[][] {
  const cells: { x: number; y: number; width: number; kind: string }[] = [];
  for (const kind of KINDS) {
    const path = new RegExp(`class="cell ${kindName(kind)}" d="([^"]*)"`).exec(svg)?.[1] ?? '';
    for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v\d+h-\d+z/g)) {
      cells.push({ x: Number(x), y: Number(y), width: Number(width), kind });
    }
  }
  const least = 26; // a cell's width where there are few
  const rows = new Map<number, string[]>();
  for (const cell of cells.sort((a, b) => a.y - b.y || a.x - b.x)) {
    const row = rows.get(cell.y) ?? [];
    rows.set(cell.y, row);
    for (let from = 0; from < cell.width; from += least) row.push(cell.kind);
  }
  return [...rows.values()];
}

map('every kind of verdict is drawn in its place', () => {
  const { svg } = drawn(rankedTask(['1101', '1e01', 'tmoc', 'xi?0']));
  // Column 3 decided for the winner and the runner-up, then 0 and 1 by who passes, then 2, that nobody passes.
  const shown = kindsIn(svg).map((row) => row.join(' '));
  assert.equal(shown, [
    'pass pass pass fail',
    'error pass pass fail',
    'memory timeout crash output',
    'invalid tampered fail not run',
  ]);
});

map('candidates with the same verdicts are one row, in groups of one score and the same tests', () => {
  const { svg, groups } = drawn(rankedTask(['10', '11', '1e', '11', '10']));
  assert.equal(
    groups.map(({ place, members }) => [place, members.map(({ solId }) => solId)]),
    [
      [1, [1, 3]],
      [3, [0, 2, 4]],
    ],
  );
  assert.equal(kindsIn(svg), [
    ['pass', 'pass'],
    ['fail', 'pass'],
    ['error', 'pass'],
  ]);
  assert.match(svg, />winner ×2</);
  assert.match(svg, /runner-up: 2 candidates, 1 of 2 votes/);
});

map('unit tests stand by what they tell', () => {
  const { blocks } = drawn(rankedTask(['11100', '11010', '10000']));
  assert.equal(
    blocks.map(({ role, columns }) => [role, columns]),
    [
      ['for', [2]],
      ['against', [3]],
      ['contested', [1]],
      ['all pass', [0]],
      ['all fail', [4]],
    ],
  );
});

map('a large matrix of which no two cells agree stays small, and says what it leaves out', () => {
  const random = (rows: number, columns: number) => {
    let state = 7;
    return Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return '10etmocxi'[(state >>> 8) % 9];
      }).join(''),
    );
  };
  const whole = drawn(rankedTask(random(100, 100))).svg;
  assert.ok(whole.length < 300_000, String(whole.length));
  assert.not.match(whole, /left-out/);
  assert.match(
    drawn(rankedTask(random(250, 450))).svg,
    /Drawn: 200 of 250 candidates\nand 400 of 450 unit tests/,
  );
});

map.run();
