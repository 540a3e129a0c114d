import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { camelCase } from '../../src/cli/snake-case.js';
import { ATTACKS } from '../../src/doctor/attacks.js';
import type { Diagnosis } from '../../src/doctor/doctor.js';
import { TESTED_JAILS, type TestedJail } from '../sandbox/jails.js';
import { testPython } from '../sandbox/python.js';
import { temporaryFolder } from '../temporary.js';
import { coderm, withoutUserNamespaces } from './coderm.js';

const doctor = suite(`cli: doctor (as ${process.getuid?.() === 0 ? 'root' : 'an ordinary user'})`);
const cwd = temporaryFolder().path;
/** What carries something in every such jail. */
const CARRIERS: Record<TestedJail, RegExp[]> = {
  namespaces: [/mount namespace/, /pid namespace/, /network namespace/, /seccomp/, /rlimits/, /supervisor/],
  landlock: [
    /Landlock ABI \d+, files/,
    /Landlock ABI \d+, signals/,
    /seccomp, Landlock/,
    /rlimits/,
    /supervisor/,
  ],
};

const arguments_ = ['doctor', '--python', testPython(), '--workers', '2'];

for (const jail of TESTED_JAILS) {
  doctor(`${jail}: all walls hold on this machine, and each says what carries it`, () => allHold(jail));
}

async function allHold(jail: TestedJail): Promise<void> {
  const { code, stdout, stderr } = await coderm([...arguments_, '--jail', jail, '--json'], { cwd });
  const found = camelCase(JSON.parse(stdout)) as Diagnosis & { coderm: string };
  assert.equal(
    found.walls.filter(({ holds }) => !holds),
    [],
  );
  assert.is(code, 0, stderr);
  assert.equal(
    found.walls.map(({ attack }) => attack),
    ATTACKS.map(({ name }) => name),
  );
  for (const { carriedBy, wall } of found.walls) {
    const columns = `holds  ${wall.padEnd(23)}${carriedBy.padEnd(28)}verdict timeout`;
    assert.ok(wall.length < 23 && carriedBy.length < 28 && columns.length <= 80, columns);
  }
  assert.ok(found.holds && found.jail && found.python && found.coderm);
  assert.is(found.jail.jail, jail);
  assert.is(found.jail.landlockAbi, jail === 'landlock' ? found.host.landlockAbi : null);
  const carried = found.walls.map(({ carriedBy }) => carriedBy).join('; ');
  for (const feature of CARRIERS[jail]) assert.match(carried, feature);
  assert.is(/namespace/.test(carried), jail === 'namespaces');
  assert.is(found.jail.user, process.getuid?.() === 0 ? 'root' : 'user');
  assert.equal([found.problem, found.refusal], [null, null]);
  assert.ok(found.host.landlockAbi !== null && found.host.landlockAbi >= 0);
  const { cellsPerSecond, workers, loopCpuMs, slowness, forkMs } = found.speed!;
  assert.is(workers, 2);
  for (const value of [cellsPerSecond, loopCpuMs, slowness, forkMs]) assert.ok(value > 0, String(value));
}

const ROWS: Record<TestedJail, RegExp> = {
  namespaces: /^yes +network +seccomp, network namespace +EPERM$/m,
  landlock: /^yes +files of the host +Landlock ABI \d+, files +EACCES$/m,
};

for (const jail of TESTED_JAILS) doctor(`${jail}: for a reader`, () => readable(jail));

async function readable(jail: TestedJail): Promise<void> {
  const { code, stdout, stderr } = await coderm([...arguments_, '--jail', jail], { cwd });
  assert.is(code, 0, stderr);
  assert.match(stdout, ROWS[jail]);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(
    lines.filter((line) => line.length > 80),
    [],
  );
  assert.match(lines.at(-1)!, /^Next: /);
}

doctor('a kernel without Landlock: the cause, the fix, exit 4', async () => {
  const under = [testPython(), '-c', WITHOUT_LANDLOCK];
  const { code, stdout } = await coderm([...arguments_, '--jail', 'landlock', '--json'], { cwd, under });
  const found = camelCase(JSON.parse(stdout)) as Diagnosis;
  assert.is(code, 4);
  assert.equal([found.holds, found.jail, found.walls, found.host.landlockAbi], [false, null, [], 0]);
  assert.match(
    found.refusal!.cause,
    /needs Landlock ABI 6 \(Linux 6\.12 or newer\), and this kernel has none/,
  );
  assert.match(found.refusal!.fix, /--jail namespaces/);
});

doctor("macOS's jail is refused on Linux: exit 4", async () => {
  const { code, stdout } = await coderm([...arguments_, '--jail', 'seatbelt'], { cwd });
  assert.is(code, 4);
  assert.match(stdout.replace(/\s+/g, ' '), /'seatbelt' is one of macOS, and this is Linux/);
});

// A system call filter that answers for the kernel: landlock_create_ruleset (444) is not known to it.
const WITHOUT_LANDLOCK = `
import ctypes, os, struct, sys
code = b"".join(struct.pack("HBBI", *step) for step in
                ((0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x50000 | 38), (0x06, 0, 0, 0x7fff0000)))
steps = ctypes.create_string_buffer(code, len(code))
program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", 4, ctypes.addressof(steps)), 16)
libc = ctypes.CDLL(None)
if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, program, 0, 0) != 0:
    sys.exit("this machine takes no system call filter")
os.execvp(sys.argv[1], sys.argv[1:])`;

const refused = withoutUserNamespaces();
if (refused) {
  doctor('no jail: the cause, the fix, exit 4', async () => {
    const { code, stdout } = await coderm([...arguments_, '--json'], { cwd, under: refused });
    const found = camelCase(JSON.parse(stdout)) as Diagnosis;
    assert.is(code, 4);
    assert.equal([found.holds, found.jail, found.walls, found.speed], [false, null, [], null]);
    assert.equal(found.host.userNamespaces, { allowed: false, most: 0 });
    assert.match(found.refusal!.cause, /max_user_namespaces refuses user namespaces/);
    assert.match(found.refusal!.fix, /sudo sysctl user\.max_user_namespaces=10000/);
  });
}

doctor('no Python: exit 4', async () => {
  const { code, stdout } = await coderm(['doctor', '--python', 'no-such-python'], { cwd });
  assert.is(code, 4);
  assert.match(stdout, /'no-such-python' does not run/);
  assert.match(stdout, /\nNext: do that, and run coderm doctor again\.\n$/);
});

doctor.run();
