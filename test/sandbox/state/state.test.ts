import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CellResult } from '../../../src/sandbox/decide.js';
import type { Isolation } from '../../../src/sandbox/job.js';
import { Sandbox } from '../../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../../src/verdict.js';
import { openCareless } from '../careless.js';
import { rowsBehind, TESTED_JAILS } from '../jails.js';
import { testPython } from '../python.js';
import { type StateProgram, stateKinds, statePrograms } from './programs.js';

// Programs that keep state in every way that the language has give the same at both isolations. A slice of them, one
// of each kind; CODERM_STATE_PROGRAMS=9 takes nine of each, over 2,500, and CODERM_STATE_SEED other shapes. Behind Landlock
// it is some of the kinds; CODERM_EVERY_JAIL=1 takes all.

const EACH = Number(process.env.CODERM_STATE_PROGRAMS ?? 1);
const SEED = Number(process.env.CODERM_STATE_SEED ?? 1);

/**
 * Kinds that reach no other cell even if nobody looks, since the harness calls nothing by a name that is in reach and a
 * unit test has builtins of its own (test/sandbox/forgery.test.ts); some are `tampered` at once.
 */
const OUT_OF_REACH: readonly string[] = [
  'a builtin',
  'a builtin by __builtins__',
  'a new builtin',
  'a profile function',
  'a trace function',
  'the class of an outcome',
  'the class of what assertRaises gives',
  'the function behind a context of subTest',
];

/** What fails behind Landlock: mimetypes finds a file of the host's there, and may not open it. */
const BEYOND_LANDLOCK: readonly string[] = ['mimetypes'];

/** What a reader of the results sees, but for times. */
type Seen = Pick<CellResult, 'verdict' | 'observed' | 'cases'>;

async function execute(
  among: Sandbox,
  isolation: Isolation,
  which: readonly StateProgram[],
): Promise<Seen[][]> {
  const seen: Seen[][] = which.map(() => []);
  await Promise.all(
    which.map(({ candidate, tests }, at) =>
      among.execute(
        { candidate, tests, limits: { ...DEFAULT_LIMITS, cpuMs: 5000, wallMs: 30_000 }, isolation },
        (cells) => {
          for (const { index, result } of cells) {
            const { verdict, observed, cases } = result;
            seen[at]![index] = { verdict, observed, cases };
          }
        },
      ),
    ),
  );
  return seen;
}

const inReach = ({ kind }: StateProgram) => !OUT_OF_REACH.includes(kind);
const titles = (which: readonly StateProgram[]) => which.map(({ kind, shape }) => `${kind} (${shape})`);

for (const jail of TESTED_JAILS) {
  const state = suite(`programs that keep state: ${jail}`);
  const kinds = rowsBehind(jail, stateKinds()).filter(
    ({ name }) => jail === 'namespaces' || !BEYOND_LANDLOCK.includes(name),
  );
  const ofKinds = (which: readonly StateProgram[]) =>
    which.filter(({ kind }) => kinds.some((one) => one.name === kind));
  const programs = ofKinds(statePrograms(EACH, SEED));
  let sandbox: Sandbox;

  state.before(async () => {
    sandbox = await Sandbox.open({ python: testPython(), jail });
  });
  state.after(() => sandbox?.close());

  state(`${programs.length} programs of ${kinds.length} kinds are equal at both levels`, async () => {
    if (jail === 'namespaces') assert.ok(kinds.length > 250, `there are ${kinds.length} kinds`);
    const apart = await execute(sandbox, 'cell', programs);
    const broken = programs.filter((one, at) => inReach(one) && apart[at]![1]?.verdict !== 'pass');
    assert.equal(titles(broken), [], 'alone, nothing is left behind');
    const shared = await execute(sandbox, 'candidate', programs);
    const different = programs.filter((_, at) => JSON.stringify(shared[at]) !== JSON.stringify(apart[at]));
    assert.equal(titles(different), []);
  });

  state('where nobody looks, each kind is left behind', async () => {
    const one = ofKinds(statePrograms(1, SEED, 'candidate'));
    const alone = await execute(sandbox, 'cell', one);
    const careless = await openCareless(undefined, jail);
    try {
      const seen = await execute(careless.sandbox, 'candidate', one);
      const unfelt = one.filter(
        (program, at) => inReach(program) && JSON.stringify(seen[at]![1]) === JSON.stringify(alone[at]![1]),
      );
      assert.equal(titles(unfelt), []);
    } finally {
      await careless.close();
    }
  });

  state.run();
}
