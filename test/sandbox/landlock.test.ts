import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CellResult } from '../../src/sandbox/decide.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { coderm } from '../cli/coderm.js';
import { listProcesses } from '../processes.js';
import { lines, temporaryFolder } from '../temporary.js';
import { TESTED_JAILS } from './jails.js';
import { listLaunchers, listWarm } from './mate.js';
import { testPython } from './python.js';

// No pid namespace ends a Landlock jail: its keeper does, whoever of the others is killed.

const landlock = suite('the end of a Landlock jail');
const check = TESTED_JAILS.includes('landlock') ? landlock : landlock.skip;
const marker = `coderm-orphan-${process.pid}`;

/** Leaves a process in a session of its own and never ends. */
const BUSY = `
import os, sys, time
def f():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, "-S", "-c", "import time; time.sleep(60)", "${marker}"])
        os._exit(0)
    os.wait()
    time.sleep(60)`;

function openSandbox(): Promise<Sandbox> {
  return Sandbox.open({ python: testPython(), workers: 1, jail: 'landlock' });
}

async function execute(sandbox: Sandbox, candidate: string, signal?: AbortSignal): Promise<CellResult[]> {
  const results: CellResult[] = [];
  const job = {
    candidate,
    tests: [{ code: 'assert f() == 4', cases: ['assert'] }],
    limits: { ...DEFAULT_LIMITS, wallMs: 60_000 },
    isolation: 'cell' as const,
  };
  await sandbox.execute(job, (cells) => results.push(...cells.map(({ result }) => result)), signal);
  return results;
}

function orphans(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker);
    } catch {
      return false;
    }
  });
}

/** The jail that was started last: ids, and its folder on the host. */
function jail(): { launcher: number; warm: number; keeper: number; folder: string } {
  const listed = listProcesses();
  const last = listLaunchers(listed).slice(-1);
  const launcher = last[0]!.pid;
  const warm = listWarm(listed, last)[0]!.pid;
  const keeper = listed.find(({ parent, name }) => parent === launcher && name === 'coderm-keeper')!.pid;
  return { launcher, warm, keeper, folder: readlinkSync(`/proc/${warm}/cwd`) };
}

async function until(condition: () => boolean): Promise<boolean> {
  for (const end = Date.now() + 120_000; Date.now() < end; ) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return condition();
}

const kills: [who: string, of: (ids: ReturnType<typeof jail>) => number[]][] = [
  ['the launcher', ({ launcher }) => [launcher]],
  ['the warm interpreter', ({ warm }) => [warm]],
  ['the keeper and the warm interpreter', ({ keeper, warm }) => [keeper, warm]],
];
for (const [who, of] of kills) {
  check(`kill -9 of ${who} leaves nothing behind`, async () => {
    const others = new Set(listLaunchers(listProcesses()).map(({ pid }) => pid)); // of suites before this one
    const sandbox = await openSandbox();
    const abort = new AbortController();
    try {
      const running = execute(sandbox, BUSY, abort.signal).catch(() => []);
      assert.ok(await until(() => orphans().length === 1));
      const ids = jail();
      assert.match(ids.folder, /^\/tmp\/coderm-[0-9a-v]{16}$/);
      const orphan = orphans()[0]!;
      for (const pid of of(ids)) process.kill(pid, 'SIGKILL');
      assert.ok(await until(() => !existsSync(ids.folder)), 'the folder is gone');
      // Without its keeper the orphan is left to the system, and here to us.
      if (of(ids).includes(ids.keeper)) process.kill(Number(orphan), 'SIGKILL');
      assert.ok(await until(() => !orphans().includes(orphan)), 'the orphan is gone');
      // The cell was our fault and is tried again; only then it can be cancelled.
      assert.ok(await until(() => orphans().length === 1));
      abort.abort();
      await running;
      const [next] = await execute(sandbox, 'def f():\n    return 4');
      assert.is(next?.verdict, 'pass', 'and the next one is served');
    } finally {
      await sandbox.close();
    }
    assert.ok(await until(() => listLaunchers(listProcesses()).every(({ pid }) => others.has(pid))));
    assert.equal(orphans(), []);
  });
}

check('closing the sandbox leaves neither process nor folder', async () => {
  const sandbox = await openSandbox();
  assert.is((await execute(sandbox, 'def f():\n    return 4'))[0]?.verdict, 'pass');
  const { folder, warm, keeper } = jail();
  assert.ok(existsSync(folder));
  await sandbox.close();
  const gone = () => listProcesses().every(({ pid }) => pid !== warm && pid !== keeper);
  assert.ok(await until(() => gone() && !existsSync(folder)));
});

check('execute --jail landlock stamps it on every row', async () => {
  const folder = temporaryFolder();
  folder.write(
    's.jsonl',
    lines({ task_id: 't', solutions: ['def f():\n    return 4', 'def f():\n    return 5'] }),
  );
  folder.write('u.jsonl', lines({ task_id: 't', unit_tests: ['assert f() == 4'] }));
  const flags = ['--solutions', 's.jsonl', '--unit-tests', 'u.jsonl', '--cache', 'c.sqlite'];
  const run = async (...more: string[]) => {
    const ended = await coderm(['execute', ...flags, '--python', testPython(), ...more], {
      cwd: folder.path,
    });
    assert.is(ended.code, 0, ended.stderr);
    return ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ verdict, jail: stamped }) => `${verdict} ${stamped}`);
  };
  assert.equal(await run('--jail', 'landlock'), ['pass landlock', 'fail landlock']);
  // The rows of one jail do not answer for the other.
  assert.equal(await run(), ['pass namespaces', 'fail namespaces']);
  const manifest = ['--out', 'r.jsonl', '--jail', 'landlock'];
  await coderm(['execute', ...flags, '--python', testPython(), ...manifest], { cwd: folder.path });
  const { sandbox } = JSON.parse(readFileSync(join(folder.path, 'r.jsonl.manifest.json'), 'utf8'));
  assert.is(sandbox.jail, 'landlock');
});

/** Asks for the name here and in a program that it starts, with a wrong address, and in children killed as they ask. */
const ASKS = `
import os, platform, signal, subprocess, sys, uuid
def f():
    for _ in range(50):
        child = os.fork()
        while child == 0:
            os.uname()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    import ctypes
    assert ctypes.CDLL(None).uname(ctypes.c_void_p(1)) == -1
    program = "import os; print(os.uname().nodename)"
    started = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True)
    return platform.node(), started.stdout, platform.system()`;

// A container's root often lacks this right over other users' processes.
const UNDER: [who: string, under: string[]][] = [
  ['the launcher', []],
  ['a launcher without CAP_SYS_PTRACE', ['setpriv', '--bounding-set=-sys_ptrace']],
];
for (const [who, under] of UNDER) {
  const asRoot = under.length === 0 || process.getuid?.() === 0 ? check : landlock.skip;
  asRoot(`${who} answers uname with the name of the jail`, async () => {
    const folder = temporaryFolder();
    folder.write('s.jsonl', lines({ task_id: 't', solutions: [ASKS] }));
    const expected = 'assert f() == ("coderm-jail", "coderm-jail\\n", "Linux"), f()';
    folder.write('u.jsonl', lines({ task_id: 't', unit_tests: [expected] }));
    const flags = ['--solutions', 's.jsonl', '--unit-tests', 'u.jsonl', '--python', testPython()];
    const surroundings = { cwd: folder.path, under };
    const ended = await coderm(
      ['execute', ...flags, '--jail', 'landlock', '--wall-ms', '30000'],
      surroundings,
    );
    assert.is(ended.code, 0, ended.stderr);
    const { verdict, detail } = JSON.parse(ended.stdout);
    assert.is(verdict, 'pass', detail);
  });
}

landlock.run();
