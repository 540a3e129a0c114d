import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { availableParallelism, getPriority, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ATTACK_TEST } from '../../src/doctor/attacks.js';
import { SandboxError } from '../../src/error.js';
import type { CellResult } from '../../src/sandbox/decide.js';
import type { Jail } from '../../src/sandbox/jail.js';
import { ISOLATIONS, type Isolation } from '../../src/sandbox/job.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { listProcesses } from '../processes.js';
import { BEHIND_LANDLOCK } from './behind-landlock.js';
import { copyHarness, type HarnessEdit } from './edited-harness.js';
import { ESCAPES, type Escape, type MarkedCanary } from './escapes.js';
import { TESTED_JAILS, type TestedJail } from './jails.js';
import { listLaunchers, listWarm, type Mate, startMate } from './mate.js';
import { testPython } from './python.js';

// Every row runs twice: without the one wall that it names, where the attack must work (a row whose attack never
// worked proves nothing), and with all walls, where it must fail in exactly the way that the row says.

const escapes = suite(`escapes (as ${process.getuid?.() === 0 ? 'root' : 'an ordinary user'})`);

/** A candidate that comes after the attack; what the attack could have spoilt for it, it looks at. */
const NEXT = `
import os, resource
def attack():
    assert os.getcwd() == os.environ["HOME"] and os.listdir() == [], "the next cell starts in an empty folder"
    assert os.nice(0) == ${getPriority()} and len(os.sched_getaffinity(0)) == ${availableParallelism()}
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (128, 128)
    return "worked"`;

const KEEPS_FILES: HarnessEdit = [
  'warm.py',
  '        for name in os.listdir(TMP):\n',
  '        for name in []:\n',
];

/** Guards that are no wall of the launcher but lines of the harness: a copy without them stands in. */
const HARNESS_WITHOUT: Record<string, HarnessEdit[]> = {
  machinery: [
    [
      'machinery.py',
      '        found = []\n        for owner, names',
      '        return []\n        for owner, names',
    ],
    ['cell.py', 'self.means = candidate.means', 'self.means = None'],
    ['checks.py', '    elif _looking[0] or not plain:\n', '    elif False:\n'],
    ['checks.py', '    if _looking[0] and issubclass(', '    if False and issubclass('],
  ],
  recursion: [['cell.py', 'RECURSION_LIMIT = sys.getrecursionlimit()', 'RECURSION_LIMIT = 100_000']],
  // The usual runner: candidate and test as one script, and exit code 0 is a pass.
  evidence: [
    ['warm.py', '    parts.install()\n    checks.watch()\n', ''],
    [
      'cell.py',
      '    child = Child(',
      `    import io, unittest
    script = {}
    exec(job["candidate"] + job["tests"][0]["code"], script)
    suite = unittest.TestLoader().loadTestsFromTestCase(script["TestAttack"])
    leave(0 if unittest.TextTestRunner(stream=io.StringIO()).run(suite).wasSuccessful() else 1)
    child = Child(`,
    ],
  ],
  'own-process': [],
  clearing: [KEEPS_FILES],
};

/** Without the wall around files the folder that is emptied after each child would be /tmp of the host. */
const HARNESS_BESIDE: Record<string, HarnessEdit[]> = { files: [KEEPS_FILES] };

let folder: string;
let server: Server;
let victim: ChildProcess;
let canary: MarkedCanary;
let walled: Record<TestedJail, Sandbox>;

escapes.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'coderm-escape-'));
  chmodSync(folder, 0o755);
  server = createServer((socket) => void socket.pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  victim = spawn('sleep', ['600']);
  const secret = `secret-${process.pid}`;
  const secretFile = join(folder, 'secret');
  writeFileSync(secretFile, secret, { mode: 0o644 });
  const address = server.address();
  canary = {
    secretFile,
    secret,
    port: typeof address === 'object' && address ? address.port : 0,
    pid: victim.pid!,
    hostName: hostname(),
    shown: '/coderm/drop',
    marker: `coderm-marker-${process.pid}`,
    device: [statSync('/dev/null').dev, statSync('/dev/null').ino],
  };
  walled = { namespaces: await open('namespaces'), landlock: await open('landlock', 'landlock') };
});

escapes.after(async () => {
  for (const jail of TESTED_JAILS) await walled?.[jail].close();
  victim?.kill('SIGKILL');
  for (const mate of mates) endMate(mate);
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A sandbox with a harness of its own, which holds a folder that everybody may write where the host lets them. */
function open(name: string, jail: Jail = 'namespaces', guard?: string): Promise<Sandbox> {
  const harness = join(folder, `harness-${name}`);
  copyHarness(harness, HARNESS_WITHOUT[guard ?? ''] ?? HARNESS_BESIDE[guard ?? ''] ?? []);
  mkdirSync(join(harness, 'drop'), { recursive: true });
  chmodSync(join(harness, 'drop'), 0o777);
  const guardsOff = guard === undefined || guard in HARNESS_WITHOUT ? [] : [guard];
  return Sandbox.open({ python: testPython(), workers: 1, harness, guardsOff, jail });
}

async function run(
  sandbox: Sandbox,
  candidate: string,
  limits: Escape['limits'] = {},
  isolation: Isolation = 'cell',
): Promise<CellResult> {
  const results: CellResult[] = [];
  const job = {
    candidate,
    tests: [ATTACK_TEST],
    limits: { ...DEFAULT_LIMITS, ...limits },
    isolation,
  };
  await sandbox.execute(job, (cells) => results.push(...cells.map((cell) => cell.result)));
  assert.is(results.length, 1, 'the cell was answered once');
  return results[0]!;
}

/** Process ids of the host whose command line holds the marker. */
function marked(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(canary.marker);
    } catch {
      return false;
    }
  });
}

/** Processes below the warm interpreters: what a child left behind. */
function leftBehind(): string[] {
  const listed = listProcesses();
  const launchers = listLaunchers(listed);
  const warm = listWarm(listed, launchers);
  const extra = warm.length > launchers.length ? warm : [];
  return [...extra, ...listWarm(listed, warm)].map(({ name, pid }) => `${name} ${pid}`);
}

/** What the attack finds in this sandbox, whose harness lies in the folder of this name. */
async function plant(attack: Escape, jail: Jail, sandbox: Sandbox, name: string): Promise<MarkedCanary> {
  const shown = jail === 'landlock' ? join(folder, `harness-${name}`, 'drop') : canary.shown;
  if (!attack.onMate) return { ...canary, shown };
  const mate = await mateOf(sandbox);
  const owned = join(folder, `harness-${name}`, 'owned');
  writeFileSync(owned, 'theirs');
  if (process.getuid?.() === 0) chownSync(owned, mate.user, mate.user);
  return { ...canary, shown, mate, pid: mate.pid };
}

/** A process of the user that this sandbox's jail runs as: that of the launcher which was started last. */
async function mateOf(sandbox: Sandbox): Promise<Mate> {
  await run(sandbox, NEXT);
  const listed = listProcesses();
  const launchers = listLaunchers(listed);
  const launcher = launcherOf.get(sandbox) ?? launchers.at(-1)!.pid;
  launcherOf.set(sandbox, launcher);
  const { user } = listWarm(listed, launchers).find(({ parent }) => parent === launcher)!;
  const mate = await startMate(join(folder, `mate-${mates.length}`), user);
  mates.push(mate);
  return mate;
}

const launcherOf = new Map<Sandbox, number>();
const mates: Mate[] = [];

for (const jail of TESTED_JAILS) {
  for (const row of ESCAPES) {
    const difference = jail === 'landlock' ? BEHIND_LANDLOCK[row.name] : {};
    const { guard = row.guard, ...other } = difference ?? {};
    const attack = { ...row, ...other };
    escapes(`${jail}: ${attack.name} [guard: ${guard ?? 'none'}]`, async () => {
      if (guard !== null) await worksWithout({ ...attack, guard }, jail);
      for (const isolation of ISOLATIONS) await failsBehind(attack, jail, isolation);
    });
  }
}

async function failsBehind(attack: Escape, jail: TestedJail, isolation: Isolation): Promise<void> {
  const planted = await plant(attack, jail, walled[jail], jail);
  const { verdict, detail } = await run(walled[jail], attack.candidate(planted), attack.limits, isolation);
  assert.is(verdict, attack.walled.verdict, `with all walls, ${isolation}: ${verdict} (${detail})`);
  assert.match(detail ?? '', attack.walled.detail);

  assert.equal(marked(), [], 'a process is left');
  assert.equal(leftBehind(), [], 'a process is left');
  assert.equal(readdirSync(join(folder, `harness-${jail}`, 'drop')), [], 'a file is left');
  if (planted.mate) assert.ok(endMate(planted.mate), 'the process of the user lives');
  const next = await run(walled[jail], NEXT, {}, isolation);
  assert.is(next.verdict, 'pass', `the worker serves the next job: ${next.detail}`);
}

/** Whether it was still there. */
function endMate({ child }: Mate): boolean {
  const lives = child.exitCode === null && child.signalCode === null;
  child.kill('SIGKILL');
  return lives;
}

// The same as a row of the table does with a signal that hurts nobody; after it, so that its wall is known to stand.
for (const jail of TESTED_JAILS) {
  escapes(`${jail}: kill(-1, SIGKILL) ends nobody but its own`, async () => {
    const mate = await mateOf(walled[jail]);
    const kill = 'import os\ndef attack():\n    os.kill(-1, 9)\n    return "worked"';
    await run(walled[jail], kill);
    assert.ok(endMate(mate), 'the process of the user lives');
    assert.is(victim.exitCode ?? victim.signalCode, null);
    const next = await run(walled[jail], NEXT);
    assert.is(next.verdict, 'pass', `the worker serves the next job: ${next.detail}`);
  });
}

/** The attack where its wall is missing; some walls are not a switch but a way of running. */
async function runWithout(
  guard: string,
  opened: Sandbox,
  candidate: string,
  limits: Escape['limits'],
): Promise<{ verdict: string; detail: string | null }> {
  switch (guard) {
    case 'evidence': {
      // What the exit code alone says; a candidate that is merely wrong shows that it does say something.
      const believed = (result: CellResult) => (result.detail?.includes('exit code 0') ? 'pass' : 'fail');
      const wrong = await run(opened, 'def attack():\n    return "wrong"');
      assert.is(believed(wrong), 'fail', `a wrong candidate: ${wrong.verdict} (${wrong.detail})`);
      const result = await run(opened, candidate, limits);
      return { verdict: believed(result), detail: result.detail };
    }
    case 'own-process':
      // A neighbour without fault, in the attacker's process.
      return run(opened, `${candidate}\nattack()\ndef attack():\n    return "worked"`, limits);
    case 'clearing': {
      const result = await run(opened, candidate, limits);
      const next = await run(opened, NEXT);
      assert.is(next.verdict, 'fail', 'the next one finds the files');
      return result;
    }
    default:
      return run(opened, candidate, limits).catch((error: Error) => {
        assert.instance(error, SandboxError);
        return { verdict: 'fault', detail: error.message };
      });
  }
}

async function worksWithout(attack: Escape & { guard: string }, jail: Jail): Promise<void> {
  const name = `without-${jail}-${ESCAPES.findIndex((row) => row.name === attack.name)}`;
  const opened = await open(name, jail, attack.guard);
  try {
    const planted = await plant(attack, jail, opened, name);
    const candidate = attack.candidate(planted);
    const { verdict, detail } = await runWithout(attack.guard, opened, candidate, attack.limits);
    assert.is(
      verdict,
      attack.open ?? 'pass',
      `without the wall the attack must work: ${verdict} (${detail})`,
    );
    if (attack.name.startsWith('writes outside')) {
      assert.ok(existsSync(join(folder, `harness-${name}`, 'drop', 'written')), 'nothing was written');
    }
    if (attack.name.includes('grandchild')) {
      // On a busy machine it may still be on its way to the exec that gives it its mark.
      for (let tries = 0; tries < 3000 && marked().length === 0; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.ok(marked().length > 0, 'the grandchild did not outlive its cell');
      for (const pid of marked()) process.kill(Number(pid), 'SIGKILL');
    }
    if (planted.mate) endMate(planted.mate);
  } finally {
    await opened.close();
  }
}

escapes.run();
