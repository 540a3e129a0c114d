import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Progress } from '../../src/scaling/scaling.js';
import { cannotChange, certainty, gainPerTest, sequential } from '../../src/scaling/sequential.js';
import type { Standing } from '../../src/scaling/standing.js';

const scaling = suite('scaling/sequential');

const standing = (given: Partial<Standing>): Standing => ({
  candidates: 100,
  programs: null,
  votes: 4,
  passed: 4,
  kept: 40,
  behind: 20,
  since: 0,
  lead: 0,
  ...given,
});
const problem = (taskId: string, requested: number, given?: Partial<Standing>): Progress => ({
  taskId,
  requested,
  most: 20,
  standing: given === undefined ? null : standing({ votes: requested, passed: requested, ...given }),
});
const policy = (average: number, more = {}) =>
  sequential({ average, least: 1, most: 20, exact: true, enough: 1, ...more });

scaling('gives every problem b_min first, of the tests that it can have', () => {
  const start = [problem('a', 0), problem('b', 1), { ...problem('c', 0), most: 0 }];
  assert.equal(policy(4).nextRound(start), [{ taskId: 'a', tests: 1 }]);
  assert.equal(policy(4, { least: 3 }).nextRound(start), [
    { taskId: 'a', tests: 3 },
    { taskId: 'b', tests: 2 },
  ]);
});

scaling('spends the budget to the last test and no more, whatever comes of it', () => {
  const problems = ['a', 'b', 'c', 'd', 'e'].map((taskId) => problem(taskId, 0));
  let rounds = 0;
  for (
    let grants = policy(7).nextRound(problems);
    grants.length > 0;
    grants = policy(7).nextRound(problems)
  ) {
    for (const { taskId, tests } of grants) {
      const at = problems.findIndex((one) => one.taskId === taskId);
      const requested = problems[at]!.requested + tests;
      problems[at] = problem(taskId, requested, { kept: 20 * (at + 1), since: requested });
    }
    rounds += 1;
  }
  assert.is(
    problems.reduce((sum, { requested }) => sum + requested, 0),
    35,
  );
  assert.ok(rounds > 5, 'it looked in between');
  assert.ok(problems.every(({ requested }) => requested <= 20));
});

scaling('prefers problems that tests still tell apart to easy ones and to settled ones', () => {
  const open = problem('open', 4, { kept: 35 });
  const easy = problem('easy', 4, { kept: 99 });
  const settled = problem('settled', 4, { kept: 2, since: 4 });
  assert.equal(policy(4.34).nextRound([easy, settled, open]), [{ taskId: 'open', tests: 1 }]);
  const worth = (one: Progress) => gainPerTest(one, one.requested);
  assert.ok(worth(open) > worth(easy) && worth(open) > worth(settled));
  assert.ok(gainPerTest(open, 5) < gainPerTest(open, 4), 'less with every test');
  // Nearly everybody is kept, but every program is another: it need not be easy.
  assert.ok(
    worth(problem('varied', 2, { kept: 95, programs: 90 })) >
      worth(problem('alike', 2, { kept: 95, programs: 5 })),
  );
  // Everybody is kept because nobody passed: a test that says nothing makes no problem easy.
  assert.ok(worth(problem('silent', 4, { kept: 100, passed: 0 })) > worth(easy));
});

scaling('a problem that yields no usable test does not take the whole budget', () => {
  const barren = problem('barren', 12, { votes: 0, passed: 0, kept: 100, since: 0 });
  const open = problem('open', 6, { kept: 35 });
  assert.ok(gainPerTest(barren, 12) < gainPerTest(open, 6));
  assert.ok(gainPerTest(barren, 13) < gainPerTest(barren, 12));
});

scaling('stops where no further test can change who wins, and others have what is left', () => {
  assert.ok(cannotChange(standing({ lead: 3 }), 2));
  assert.not(cannotChange(standing({ lead: 2 }), 2), 'the other could draw level');
  assert.ok(cannotChange(standing({ lead: null }), 99));
  const decided = { ...problem('decided', 10, { lead: 8 }), most: 17 };
  const open = problem('open', 10, { kept: 90, since: 9 });
  assert.equal(
    policy(11)
      .nextRound([decided, open])
      .map(({ taskId }) => taskId),
    ['open'],
  );
  assert.is(policy(11).reason(decided), 'no further test can change who wins');
  assert.is(policy(11, { exact: false }).nextRound([decided, open])[0]!.taskId, 'decided');
  assert.equal(policy(30).nextRound([{ ...decided, requested: 17 }]), [], 'nor beyond what it can have');
});

scaling('stops a problem that is sure enough', () => {
  const sure = problem('sure', 12, { kept: 95 });
  const chance = certainty(sure.standing!);
  assert.ok(chance > 0.9 && chance < 1);
  assert.equal(policy(16, { enough: chance - 0.001 }).nextRound([sure]), []);
  assert.match(policy(16, { enough: chance - 0.001 }).reason(sure), /sure enough: 0\.9/);
  assert.is(policy(16, { enough: chance }).nextRound([sure]).length, 1);
  assert.ok(certainty(standing({ votes: 1, passed: 1, kept: 95 })) < chance, 'one test is no proof');
});

scaling.run();
