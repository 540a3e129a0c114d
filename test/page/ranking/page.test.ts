import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pagePieces } from '../../../src/page/ranking/page.js';
import { glanceOf, problemPart } from '../../../src/page/ranking/problem.js';
import { pageOf, pageRun, rankedTask } from './runs.js';

const page = suite('page/page');

page('has no script, no inline style and no address of anything to load', () => {
  const text = pageOf([rankedTask(['110', '011'], { taskId: 'a', solutions: { 0: 'x = 1' } })]);
  assert.not.match(text, /<script|<link|<img| style=| on\w+=|@import|https?:/);
  assert.match(text, /Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/]{43}='/);
});

page('says why the winner won', () => {
  const text = pageOf([rankedTask(['1111', '1111', '1100', '0001'], { flaky: [9] })]);
  assert.match(
    text,
    /Candidate <strong>0<\/strong> passes 4 of 4 votes, and 1 other candidate passes exactly/,
  );
  assert.match(text, /The runner-up, candidate <strong>2<\/strong>, passes 2\.\n2 unit tests decided/);
  assert.match(text, /<span class="id">2<\/span> <span class="id">3<\/span>/);
  assert.match(text, /Tied: no rule tells 2 candidates apart/);
  assert.match(text, /under another hash seed: 9\./);
});

page('says which tests ask nothing of a program, where that was looked at', () => {
  assert.match(pageOf([rankedTask(['11', '10'], { passOnStub: [1] })]), /does nothing too: 1\./);
  assert.match(
    pageOf([rankedTask(['11', '10'], { passOnStub: [] })]),
    /No test passes on a program that does/,
  );
  assert.not.match(pageOf([rankedTask(['11', '10'])]), /does nothing/);
});

page('shows some unit tests where none decided', () => {
  const text = pageOf([
    rankedTask(['11', '11'], {
      texts: { question: 'Q', unitTests: { 0: 'class A', 1: 'class B' }, dropped: [] },
    }),
  ]);
  assert.match(text, /All candidates pass the same tests/);
  assert.match(text, /2 tests asked for, 2 written, 2 kept, none dropped/);
  assert.match(pageOf([rankedTask(['11', '11'])]), /2 tests in the stored matrix, which does not say/);
  assert.match(text, /Unit test 0, which decided nothing<[\s\S]*<code>class A</);
});

page('a run of nothing, and a problem without unit tests, have a page too', () => {
  assert.match(pageOf([]), /<\/html>\n$/);
  const text = pageOf([rankedTask(['', ''])]);
  assert.match(text, /passes 0 of 0 votes/);
  assert.not.match(text, /<svg class="map"/);
});

page('says how far the confidence can be believed: by labels, or by what was measured elsewhere', () => {
  const tasks = [rankedTask(['11', '10'], { taskId: 'a' }), rankedTask(['1', '0'], { taskId: 'b' })];
  const judged = pageOf(tasks, pageRun(), true);
  assert.match(judged, /Of the 2 problems of this run with labels: expected calibration error\n0\.\d{3}/);
  assert.not.match(judged, /measured on other problems/);
  const auto = pageOf(tasks, pageRun({ scorer: 'auto' }));
  assert.match(auto, /Nobody told this run which candidates are right/);
  assert.match(auto, /aria-label="Calibration on CodeGen-16B × its own asserts"/);
  assert.match(auto, /\(325 problems, not developed on\)/);
  const other = pageOf(tasks, pageRun({ scorer: 'codet' }));
  assert.match(other, /is of the scorer auto, not of codet/);
  assert.not.match(other, /Calibration on/);
  assert.not.match(pageOf([]), /id="confidence"/);
});

page('what there is no room for is left out, and that is said', () => {
  const task = rankedTask(['1', '0']);
  const part = problemPart(task, null);
  const glance = glanceOf(task, null, part);
  const made = (count: number, chars: number) =>
    [
      ...pagePieces(
        pageRun(),
        Array.from({ length: count }, () => ({ ...glance, chars })),
        Array.from({ length: count }, () => part),
      ),
    ].join('');
  const count = (text: string, what: RegExp) => (text.match(what) ?? []).length;

  const large = made(5, 9 * 2 ** 20);
  assert.equal([count(large, /<details class="problem"/g), count(large, /class="problem bare"/g)], [4, 1]);
  assert.match(large, /room for 4 problems of 5, the first ones; the others have a line only/);

  const many = made(5010, 2 ** 20);
  assert.equal([count(many, /<details class="problem"/g), count(many, /class="problem bare"/g)], [40, 4960]);
  assert.match(
    many,
    /room for 40 problems of 5,010, .* up to 5,000 have a line only, and the others are left out/,
  );
  assert.not.match(made(3, 10), /class="left-out">This page/);
});

page.run();
