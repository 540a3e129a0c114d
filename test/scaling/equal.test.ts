import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { equal } from '../../src/scaling/equal.js';

const scaling = suite('scaling/equal');

const fresh = (taskId: string, requested = 0) => ({ taskId, requested, most: 100, standing: null });

scaling('grants every problem its tests in one round, and then nothing', () => {
  const start = [fresh('a'), fresh('b')];
  assert.equal(equal(8).nextRound(start), [
    { taskId: 'a', tests: 8 },
    { taskId: 'b', tests: 8 },
  ]);
  assert.equal(equal(8).nextRound(start.map((problem) => ({ ...problem, requested: 8 }))), []);
});

scaling('grants nothing for a budget of 0, and only what is missing otherwise', () => {
  assert.equal(equal(0).nextRound([fresh('a')]), []);
  assert.equal(equal(12).nextRound([fresh('a', 8)]), [{ taskId: 'a', tests: 4 }]);
});

scaling.run();
