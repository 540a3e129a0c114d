import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { executionMatrix } from '../../src/matrix.js';
import { majority } from '../../src/rank/majority.js';
import { scorerNamed } from '../../src/rank/scorers.js';

const vote = suite('rank/majority');

vote('counts passed unit tests, and only pass is a vote', () => {
  const tests = [0, 1, 2].map((utId) => ({ utId, count: 1 }));
  const matrix = executionMatrix([0, 1, 2], tests, [
    { solId: 0, utId: 0, verdict: 'pass' },
    { solId: 0, utId: 1, verdict: 'tampered' },
    { solId: 0, utId: 2, verdict: 'pass' },
    { solId: 1, utId: 0, verdict: 'invalid' },
    { solId: 1, utId: 1, verdict: 'pass' },
  ]);
  assert.equal(majority.scores(matrix), [2, 1, 0]);
});

vote('lets an assert that was sampled n times vote n times', () => {
  const tests = [
    { utId: 0, count: 3 },
    { utId: 1, count: 1 },
  ];
  const matrix = executionMatrix([0, 1], tests, [
    { solId: 0, utId: 1, verdict: 'pass' },
    { solId: 1, utId: 0, verdict: 'pass' },
  ]);
  assert.equal(majority.scores(matrix), [1, 3]);
});

vote('is found by its name, and an unknown name is an error that lists the known', () => {
  assert.is(scorerNamed('majority'), majority);
  assert.throws(() => scorerNamed('majorty'), /\(.*majority.*got "majorty"/);
});

vote.run();
