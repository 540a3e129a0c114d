// Measures the report page in headless Chromium: its size, and the time to make it, to show it and to open a problem.
//   node bench/report-page.mjs [PROBLEMS] [CANDIDATES] [TESTS]      (needs chromium; CHROMIUM names another one)
// The verdicts are drawn at random, the worst case: no two candidates agree and no two neighbours are equal.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { ReportFile } from '../dist/src/cli/report-file.js';
import { executionMatrix } from '../dist/src/matrix.js';
import { decisionOf } from '../dist/src/rank/decision.js';
import { majority } from '../dist/src/rank/majority.js';
import { rankCandidates } from '../dist/src/ranking.js';
import { emptyTally } from '../dist/src/tally.js';
import { VERDICTS } from '../dist/src/verdict.js';

const [problems = 1, candidates = 100, tests = 100] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'coderm-page-'));
const path = join(folder, 'page.html');

let state = 1;
const drawn = (below) => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) % below;
};

function ranked(taskId) {
  const solIds = Array.from({ length: candidates }, (_, at) => at);
  const columns = Array.from({ length: tests }, (_, utId) => ({ utId, count: 1 }));
  const cells = solIds.map(() => columns.map(() => VERDICTS[drawn(2) === 0 ? 0 : drawn(VERDICTS.length)]));
  const matrix = { ...executionMatrix(solIds, columns), cells };
  const ranking = rankCandidates(matrix, majority.scores(matrix));
  const program = 'def f(x):\n    return x + 1\n'.repeat(20);
  const texts = {
    question: program,
    unitTests: Object.fromEntries(columns.map(({ utId }) => [utId, program])),
    dropped: [],
  };
  const solutions = Object.fromEntries(solIds.map((solId) => [solId, program]));
  const counts = { requested: tests, generated: tests, kept: tests, dropped: {} };
  const voted = { taskId, failure: null, matrix, flaky: [], solutions, texts, tests: counts, tokens: 0 };
  return { voted, ranking, decision: decisionOf(matrix, ranking), abstained: false, scorer: 'majority' };
}

const waited = async (work) => {
  const start = performance.now();
  await work();
  return `${((performance.now() - start) / 1000).toFixed(2)} s`;
};

const page = new ReportFile(path, { inputs: [], out: null });
let making = 0; // seconds, without the ranking
const timed = (work) => {
  const start = performance.now();
  work();
  making += (performance.now() - start) / 1000;
};
for (let at = 0; at < problems; at += 1) {
  const task = ranked(`problem ${at}`);
  timed(() => page.add(task));
}
timed(() =>
  page.complete({
    command: 'bench',
    scorer: 'majority',
    finished: new Date().toISOString(),
    facts: [],
    tally: emptyTally(),
  }),
);
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: sandbox,
});
try {
  const tab = await browser.newPage();
  /** Until what was changed is on the screen: two frames later it has been painted. */
  const painted = () =>
    tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const shown = await waited(async () => {
    await tab.goto(pathToFileURL(path).href);
    await painted();
  });
  const rows = {
    problems: `${problems} of ${candidates} × ${tests} cells`,
    file: `${(statSync(path).size / 2 ** 20).toFixed(2)} MiB`,
    'made in': `${making.toFixed(2)} s`,
    'shown in': shown,
  };
  if (problems > 1) {
    rows['one more opened in'] = await waited(async () => {
      await tab.locator('details.problem:not([open]) > summary').first().click();
      await painted();
    });
    rows['all opened in'] = await waited(async () => {
      await tab.evaluate(() => {
        for (const one of document.querySelectorAll('details')) one.open = true;
      });
      await painted();
    });
  }
  for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(20)}${value}`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
