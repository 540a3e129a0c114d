import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluationPage } from '../../../src/page/evaluation/page.js';
import { evaluated, fullEvaluation, labelledMatrix, run } from './evaluated.js';

// The page of an evaluation says what its JSON says.
const page = suite('page/evaluation');

/** The cells of the table with this name, row by row. */
function tableOf(text: string, name: string): string[][] {
  const [, body] =
    new RegExp(`aria-label="${name}"><table[^>]*>[\\s\\S]*?<tbody>([\\s\\S]*?)</tbody>`).exec(text) ?? [];
  assert.ok(body !== undefined, `${name} is there`);
  return [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell]) => cell!.replace(/<[^>]*>/g, '')),
  );
}

page('every table of the evaluation is there, with its numbers', () => {
  // a: candidate 0 passes both and is right; b: candidate 0 passes more and is wrong.
  const text = evaluationPage(
    run,
    evaluated([labelledMatrix('a', ['11', '10'], '10'), labelledMatrix('b', ['11', '10'], '01')], [0, 2]),
  );
  assert.match(text, /<dt>Accuracy<\/dt><dd>50\.0% <small>95%: 0\.0%–100\.0%/);
  assert.match(text, /<dt>Problems<\/dt><dd>2 <small>1 more without labels/);
  assert.equal(tableOf(text, 'By difficulty'), [
    ['easiest', '1', '50.0%', '100.0%', '100.0%–100.0%'],
    ['hardest', '1', '50.0%', '0.0%', '0.0%–0.0%'],
  ]);
  // One by one: of 8 cells 3 are right judgements of right candidates, 1 of a wrong one.
  assert.equal(tableOf(text, 'Quality of the unit tests'), [
    ['all of a problem together', '50.0%', '50.0%', '50.0%', '50.0%', '50.0%', '50.0%'],
    ['each on its own', '50.0%', '60.0%', '50.0%', '50.0%', '75.0%', '25.0%'],
  ]);
  assert.equal(tableOf(text, 'Scoring-Verifiers')[0]!.slice(1), [
    '50.0%',
    '50.0%',
    '0.000',
    '0.000',
    '0.500',
  ]);
  assert.equal(tableOf(text, 'Accuracy by candidates and tests')[0]!.slice(-2), ['50.0%', '100.0%']);
  const confident = evaluated([
    labelledMatrix('a', ['11', '10'], '10'),
    labelledMatrix('b', ['11', '10'], '01'),
  ]);
  const { reliability } = confident.ranked!.found.confidence!;
  assert.equal(
    tableOf(text, 'Table of calibration').map(([range, problems]) => [range, problems]),
    reliability.map(({ from, to, problems }) => [`${from * 100}–${to * 100}%`, String(problems)]),
  );
  assert.equal(
    tableOf(text, 'Problems').map(([task, right]) => [task, right]),
    [
      ['b', '0.0%'],
      ['a', '100.0%'],
    ],
  );
  assert.is(tableOf(text, 'Unit tests').length, 4);
  assert.match(fullEvaluation(), /<dt>Equal labels<\/dt><dd>9 <small>90\.0%/);
});

page('what was not given is not made up', () => {
  const text = evaluationPage(run, { ...evaluated([labelledMatrix('a', ['11', '10'], '10')]), matrix: null });
  assert.match(text, /give the execution matrix with --matrix/);
  assert.not.match(text, /id="curves"|id="each"|id="labels"/);
  const agreement = { compared: 0, equal: 0, unlabelled: 3, differences: [] };
  const labels = evaluationPage(run, { ranked: null, matrix: null, agreement });
  assert.match(labels, /id="labels"/);
  assert.not.match(labels, /id="accuracy"/);
});

page('a problem without a test, and one that nobody solved, have figures too', () => {
  const text = evaluationPage(run, evaluated([labelledMatrix('a', ['', ''], '00')], [0, 3]));
  assert.match(text, /<dt>Oracle<\/dt><dd>0\.0%/);
  assert.not.match(text, /NaN|Infinity|undefined/);
  assert.equal(tableOf(text, 'Quality of the unit tests')[1]!.slice(1), ['–', '–', '–', '–', '–', '–']);
});

page('no script, no link to elsewhere, and hostile names are text', () => {
  const name = '<script>alert(1)</script>"><img src=x onerror=alert(2)>';
  const text = evaluationPage(
    { ...run, facts: [[name, name]] },
    evaluated([labelledMatrix(name, ['1', '0'], '10')], [1], {
      compared: 1,
      equal: 0,
      unlabelled: 0,
      differences: [
        { task_id: name, sol_id: 0, given: true, computed: false, verdict: 'fail', detail: name },
      ],
    }),
  );
  assert.not.match(text, /<script|<link|<img| style=| on\w+="|@import/);
  assert.match(text, /Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/]{43}='/);
  assert.is(text.split('&lt;script&gt;').length - 1, 6);
});

page.run();
