import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Isolation } from '../../src/sandbox/job.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { TESTED_JAILS } from './jails.js';
import { ALIKE, DEFINITIONS, type Pair, TOLD, UNTOLD } from './observed-types.js';
import { testPython } from './python.js';

// Digests of values of the standard library. Each value is made in two warm interpreters, with other hash seeds, addresses,
// levels of isolation and jails, and its digest must be the same in both.

const types = suite('digests of the standard library');
const AT_ONCE = 40; // a cell has 64 digests of its own

let sandbox: Sandbox;
let other: Sandbox;
let digests: Map<string, string>;
let unsteady: string[];

types.before(async () => {
  sandbox = await Sandbox.open({ python: testPython(), workers: 1 });
  other = await Sandbox.open({ python: testPython(), workers: 1, jail: TESTED_JAILS.at(-1)! });
  const values = [
    ...new Set(
      [...TOLD, ...UNTOLD, ...ALIKE].filter(isThere).flatMap(([one, other]) => [one, other] as const),
    ),
  ];
  const [first, second] = await Promise.all([
    digestsOf(values, sandbox, 'cell'),
    digestsOf(values, other.withHashSeed(7), 'candidate'),
  ]);
  unsteady = values.filter((value) => first.get(value) !== second.get(value));
  digests = first;
});
types.after(async () => {
  await sandbox?.close();
  await other?.close();
});

function isThere([, , since]: Pair): boolean {
  const minor = (version: string) => Number(version.split('.')[1]);
  return since === undefined || minor(since) <= minor(sandbox.interpreter.version);
}

async function digestsOf(
  values: readonly string[],
  within: Sandbox,
  isolation: Isolation,
): Promise<Map<string, string>> {
  const functions = values.map((value, at) => `def value_${at}(): return ${value}\n`);
  const parts = Array.from({ length: Math.ceil(values.length / AT_ONCE) }, (_, part) =>
    values.slice(part * AT_ONCE, (part + 1) * AT_ONCE).map((_, at) => part * AT_ONCE + at),
  );
  const tests = parts.map((part) => ({
    code: part.map((at) => `VALUE = value_${at}()\nassert VALUE is not None or ${at}`).join('\n'),
    cases: ['assert'],
  }));
  const found = new Map<string, string>();
  const job = { candidate: DEFINITIONS + functions.join(''), tests, limits: DEFAULT_LIMITS };
  await within.execute({ ...job, isolation }, (cells) => {
    for (const { index, result } of cells) {
      assert.is(result.verdict, 'pass', result.detail ?? '');
      assert.is(result.observed.length, parts[index]!.length);
      for (const [place, at] of parts[index]!.entries()) found.set(values[at]!, result.observed[place]!);
    }
  });
  return found;
}

/** The rows of a table whose digests are not as they should be, with their digests. */
function wrong(table: readonly Pair[], isRight: (one: string, other: string) => boolean): string[] {
  return table.filter(isThere).flatMap(([one, other]) => {
    const found = [digests.get(one)!, digests.get(other)!] as const;
    return isRight(...found) ? [] : [`${one} beside ${other}: ${found.join(' ')}`];
  });
}

const isTold = (digest: string) => /^[0-9a-f]{12}$/.test(digest);
const isUntold = (digest: string) => /^\?[0-9a-f]{12}$/.test(digest);

types('values that differ have digests that differ', () => {
  assert.equal(
    wrong(TOLD, (one, other) => isTold(one) && isTold(other) && one !== other),
    [],
  );
});

types('values of which nobody can tell whether they differ are marked', () => {
  assert.equal(
    wrong(UNTOLD, (one, other) => isUntold(one) && isUntold(other)),
    [],
  );
});

types('values that are equal have digests that are equal', () => {
  assert.equal(
    wrong(ALIKE, (one, other) => isTold(one) && one === other),
    [],
  );
});

types('values have the same digest in every run', () => {
  assert.equal(unsteady, []);
});

types.run();
