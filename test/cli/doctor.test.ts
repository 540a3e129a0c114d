import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ATTACKS } from '../../src/doctor/attacks.js';
import type { Diagnosis } from '../../src/doctor/doctor.js';
import { testPython } from '../sandbox/python.js';
import { temporaryFolder } from '../temporary.js';
import { coderm, withoutUserNamespaces } from './coderm.js';

const doctor = suite(`cli: doctor (as ${process.getuid?.() === 0 ? 'root' : 'an ordinary user'})`);
const cwd = temporaryFolder().path;
const arguments_ = ['doctor', '--python', testPython(), '--workers', '2'];

doctor('all walls hold on this machine, and each says what carries it', async () => {
  const { code, stdout, stderr } = await coderm([...arguments_, '--json'], { cwd });
  const found = JSON.parse(stdout) as Diagnosis & { coderm: string };
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
  assert.is(found.jail.user, process.getuid?.() === 0 ? 'root' : 'user');
  assert.equal([found.problem, found.refusal], [null, null]);
  assert.ok(found.host.landlockAbi !== null && found.host.landlockAbi >= 0);
  const { cellsPerSecond, workers, loopCpuMs, slowness, forkMs } = found.speed!;
  assert.is(workers, 2);
  for (const value of [cellsPerSecond, loopCpuMs, slowness, forkMs]) assert.ok(value > 0, String(value));
});

doctor('for a reader', async () => {
  const { code, stdout, stderr } = await coderm(arguments_, { cwd });
  assert.is(code, 0, stderr);
  assert.match(stdout, /^yes +network +seccomp, network namespace +EPERM$/m);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(
    lines.filter((line) => line.length > 80),
    [],
  );
  assert.match(lines.at(-1)!, /^Next: /);
});

const refused = withoutUserNamespaces();
if (refused) {
  doctor('no jail: the cause, the fix, exit 4', async () => {
    const { code, stdout } = await coderm([...arguments_, '--json'], { cwd, under: refused });
    const found = JSON.parse(stdout) as Diagnosis;
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
