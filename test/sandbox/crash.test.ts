import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ISOLATIONS, type Isolation } from '../../src/sandbox/job.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/verdict.js';
import { listProcesses } from '../processes.js';
import { TESTED_JAILS } from './jails.js';
import { listLaunchers, listWarm } from './mate.js';
import { testPython } from './python.js';
import { PRELUDE, SELF_MADE_ENDS, type SelfMadeEnd } from './self-made-ends.js';

// No text can end a run: whatever a candidate or a unit test does to its process, its cell gets one verdict, which is the same
// each time, and the worker serves the next job.

const LIMITS: Limits = { ...DEFAULT_LIMITS, cpuMs: 300, wallMs: 1500 };
const HONEST = 'def f(n):\n    return n\n';
/** The rows in which the text chooses the signal, and anybody could have sent it. */
const CHOSEN_SIGNAL = /^SIG(TERM to its group|USR1 to itself|INT from a thread|KILL (?!to its parent))/;
const indented = (text: string) => text.replace(/^(?=.)/gm, '    ');

async function verdictsOf(
  sandbox: Sandbox,
  isolation: Isolation,
  candidate: string,
  tests: string[],
  limits = LIMITS,
): Promise<string[]> {
  const verdicts: string[] = [];
  const job = { candidate, tests: tests.map((code) => ({ code, cases: ['assert'] })), limits, isolation };
  await sandbox.execute(job, (cells) => {
    for (const { index, result } of cells) verdicts[index] = result.verdict;
  });
  return verdicts;
}

/** The candidate does it when it is called, then the unit test does it while it loads; each beside a test that does not. */
function cellsOf({ body, test = 'assert f(1) == 1' }: SelfMadeEnd): [candidate: string, unitTest: string][] {
  const doing = (name: string) => `${PRELUDE}def ${name}(n):\n${indented(body)}\n    return n\n`;
  return [
    [doing('f'), test],
    [HONEST, `${doing('g')}f = g\n${test}`],
  ];
}

for (const jail of TESTED_JAILS) {
  const crash = suite(`self-made ends: ${jail}`);
  let sandbox: Sandbox;
  crash.before(async () => {
    sandbox = await Sandbox.open({ python: testPython(), workers: 1, jail });
  });
  crash.after(() => sandbox?.close());

  for (const end of SELF_MADE_ENDS) {
    crash(end.name, async () => {
      for (const isolation of ISOLATIONS) {
        for (const [place, [candidate, unitTest]] of cellsOf(end).entries()) {
          const who = `${isolation}, by the ${['candidate', 'unit test'][place]}`;
          const limits = {
            ...LIMITS,
            cpuMs: end.cpuMs ?? LIMITS.cpuMs,
            wallMs: end.cpuMs ? 20_000 : LIMITS.wallMs,
          };
          const tests = [unitTest, 'assert f is not None'];
          const found = await verdictsOf(sandbox, isolation, candidate, tests, limits);
          assert.equal(found, [end.verdict, 'pass'], who);
        }
        assert.equal(await verdictsOf(sandbox, isolation, HONEST, ['assert f(1) == 1']), ['pass']);
      }
    });
  }

  // Of each of these calls the filter tells; else its signal would be taken for somebody else's, and be tried 25 times.
  const own = SELF_MADE_ENDS.filter(({ name, verdict }) => verdict === 'crash' && CHOSEN_SIGNAL.test(name));
  crash(`a late end takes no more than twice the time on the clock: ${own.length} ways`, async () => {
    const many = await Sandbox.open({ python: testPython(), workers: own.length, jail });
    try {
      const start = performance.now();
      const ends = own.map(async ({ name, body }) => {
        const candidate = `${PRELUDE}def f(n):\n    time.sleep(1.6)\n${indented(body)}\n`;
        const limits = { ...LIMITS, wallMs: 3000 };
        const found = await verdictsOf(many, 'candidate', candidate, ['assert f(1) == 1'], limits);
        assert.equal(found, ['crash'], name);
        assert.ok(performance.now() - start < 25_000, `${name}: 25 tries would take 40 s`);
      });
      await Promise.all(ends);
    } finally {
      await many.close();
    }
  });

  crash('who sends itself signals, and takes them, goes on', async () => {
    const candidate = `${PRELUDE}def f(n):
    seen = []
    signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
    os.kill(os.getpid(), signal.SIGUSR1)
    child = os.fork()
    if child == 0:
        time.sleep(60)
    os.kill(child, signal.SIGTERM)
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    return len(seen) if os.WTERMSIG(os.waitpid(child, 0)[1]) == 15 else 0
`;
    for (const isolation of ISOLATIONS) {
      assert.equal(await verdictsOf(sandbox, isolation, candidate, ['assert f(1) == 1']), ['pass']);
    }
  });

  crash(
    'who is killed by somebody else runs again, more often than who could have done it itself',
    async () => {
      for (const isolation of ISOLATIONS) {
        const killed = new Set<number>();
        const kill = setInterval(() => {
          const listed = listProcesses();
          const [warm] = listWarm(listed, listLaunchers(listed).slice(-1));
          const child = listed.find(({ parent }) => parent === warm?.pid);
          if (!child || killed.has(child.pid) || killed.size === 8) return;
          killed.add(child.pid);
          try {
            process.kill(child.pid, 'SIGKILL');
          } catch {} // it has just ended
        }, 50);
        try {
          const candidate = 'import time\ndef f(n):\n    time.sleep(1)\n    return n\n';
          const limits = { ...LIMITS, wallMs: 30_000 };
          assert.equal(await verdictsOf(sandbox, isolation, candidate, ['assert f(1) == 1'], limits), [
            'pass',
          ]);
          assert.is(killed.size, 8);
        } finally {
          clearInterval(kill);
        }
      }
    },
  );

  crash('texts that are too large for a job, and for the warm interpreter', async () => {
    for (const isolation of ISOLATIONS) {
      const large = `${HONEST}# ${'x'.repeat(17 << 20)}`;
      assert.equal(await verdictsOf(sandbox, isolation, large, ['assert f(1) == 1']), ['pass']);
      // More than the interpreter itself could hold.
      const larger = `${HONEST}# ${'x'.repeat(60 << 20)}`;
      const limits = { ...LIMITS, memoryMiB: 64 };
      assert.equal(await verdictsOf(sandbox, isolation, larger, ['assert f(1) == 1'], limits), ['crash']);
    }
    // More than a frame may hold.
    const largest = `${HONEST}# ${'\u2030'.repeat(86 << 20)}`;
    assert.equal(await verdictsOf(sandbox, 'cell', largest, ['assert f(1) == 1']), ['memory']);
  });

  crash.run();
}
