import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launcherPath } from '../../src/sandbox/addon.js';
import type { CellResult } from '../../src/sandbox/decide.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { TESTED_JAILS, type TestedJail } from './jails.js';
import { testPython } from './python.js';
import { type Answer, ARGUMENTS, SYSTEM_CALLS } from './system-calls.js';

const calls = suite('system calls');

/** Beyond every number that Linux has. */
const BEYOND = 2048;
const X32 = 0x40000000;
const ARCHITECTURES = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
const own = process.arch as keyof typeof ARCHITECTURES;

type Step = readonly [code: number, jumpTrue: number, jumpFalse: number, value: number];

function filterOf(jail: TestedJail): Step[] {
  const printed = execFileSync(launcherPath(true), ['--filter', jail], { encoding: 'utf8' });
  return printed
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number) as unknown as Step);
}

/** Runs a filter as the kernel does. @returns the action */
function evaluate(
  filter: readonly Step[],
  number: number,
  args: readonly number[],
  architecture: number,
): number {
  let value = 0;
  for (let at = 0; ; at++) {
    const [code, jumpTrue, jumpFalse, k] = filter[at]!;
    const jump = (condition: boolean) => {
      at += condition ? jumpTrue : jumpFalse;
    };
    if (code === 0x20)
      value =
        k === 0 ? number : k === 4 ? architecture : halfOf(args[Math.floor((k - 16) / 8)] ?? 0, k % 8 === 4);
    else if (code === 0x54) value = (value & k) >>> 0;
    else if (code === 0x05) at += k;
    else if (code === 0x15) jump(value === k);
    else if (code === 0x35) jump(value >= k);
    else if (code === 0x45) jump((value & k) !== 0);
    else if (code === 0x06) return k;
    else throw new Error(`the filter has an instruction ${code}`);
  }
}

const halfOf = (argument: number, high: boolean) =>
  high ? Math.floor(argument / 2 ** 32) : argument % 2 ** 32;

const ERRORS = new Map(Object.entries(constants.errno).map(([name, number]) => [number as number, name]));

function answer(
  filter: readonly Step[],
  number: number,
  args: readonly number[] = [],
  architecture = ARCHITECTURES[own],
) {
  const action = evaluate(filter, number, args, architecture);
  if (action === 0x7fff0000) return 'let';
  if (action === 0x7fc00000) return 'launcher';
  if (action === 0x7fc00001) return 'told';
  if (action === 0x00050000) return 'nothing';
  return action >>> 16 === 5 ? (ERRORS.get(action & 0xffff) ?? action) : action;
}

const numberOf = (name: string) => SYSTEM_CALLS.find((call) => call.name === name)![own];

for (const architecture of ['x64', 'arm64'] as const) {
  calls(`the table names every call of ${architecture} once`, () => {
    const numbers = SYSTEM_CALLS.flatMap((call) => call[architecture] ?? []).sort((a, b) => a - b);
    assert.is(new Set(numbers).size, numbers.length, 'a number stands twice');
    const range = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i);
    // Linux has left out the numbers between.
    const given = architecture === 'x64' ? range(0, 336) : [...range(0, 243), ...range(260, 294)];
    const linux = [...given, ...range(424, 470)];
    assert.equal(
      linux.filter((number) => !numbers.includes(number)),
      [],
      'the table lacks a call',
    );
    assert.is(numbers.length, linux.length);
  });
}

calls('the table has the numbers of the kernel headers', () => {
  const file = '/usr/include/x86_64-linux-gnu/asm/unistd_64.h';
  if (!existsSync(file)) return console.log(`skipped: this machine has no ${file}`);
  const headers = [...readFileSync(file, 'utf8').matchAll(/^#define __NR_(\w+)\s+(\d+)$/gm)];
  assert.ok(headers.length > 300);
  for (const [, name, number] of headers) {
    const call = SYSTEM_CALLS.find(({ x64 }) => x64 === Number(number));
    // Younger than this table: not let through, as the next test shows.
    if (Number(number) <= 470) assert.is(call?.name, name);
  }
});

calls('what reaches inodes, names or processes has its reason', () => {
  const without = SYSTEM_CALLS.filter(({ reach, why }) => !['own', 'kernel'].includes(reach) && why === '');
  assert.equal(
    without.map(({ name }) => name),
    [],
  );
});

for (const jail of TESTED_JAILS) {
  calls(`${jail}: every number meets what the table says`, () => {
    const filter = filterOf(jail);
    const known = new Map(SYSTEM_CALLS.map((call) => [call[own], call]));
    for (let number = 0; number < BEYOND; number++) {
      const call = known.get(number);
      const expected: Answer = call?.behind[jail] ?? 'ENOSYS';
      if (expected !== 'rules')
        assert.is(answer(filter, number), expected, `${call?.name ?? 'no call'} (${number})`);
    }
    for (const number of [X32, X32 + 1, X32 + 512, 2 ** 32 - 1]) assert.is(answer(filter, number), 'ENOSYS');
    const foreign = [0x40000003, own === 'x64' ? ARCHITECTURES.arm64 : ARCHITECTURES.x64];
    for (const architecture of foreign) assert.is(answer(filter, 0, [], architecture as never), 'ENOSYS');
  });

  calls(`${jail}: what depends on arguments meets what the table says`, () => {
    const filter = filterOf(jail);
    for (const [name, args, namespaces, landlock] of ARGUMENTS) {
      const expected = { namespaces, landlock }[jail];
      assert.is(answer(filter, numberOf(name)!, args), expected, `${name}(${args.join(', ')})`);
    }
    const ruled = SYSTEM_CALLS.filter((call) => call.behind[jail] === 'rules').map(({ name }) => name);
    const tried = new Set(ARGUMENTS.map(([name]) => name));
    assert.equal(ruled.sort(), [...tried].sort());
  });

  calls(`${jail}: the kernel refuses what the table refuses`, async () => {
    const refused = (expected: Answer) => expected === 'EPERM' || expected === 'ENOSYS';
    const rows: [number, number[], string][] = SYSTEM_CALLS.filter(
      (call) => call[own] !== null && refused(call.behind[jail]),
    ).map((call) => [call[own]!, [-1, -1, -1, -1, -1, -1], call.behind[jail]]);
    for (const [name, args, namespaces, landlock] of ARGUMENTS) {
      const expected = { namespaces, landlock }[jail];
      if (expected.startsWith('E')) rows.push([numberOf(name)!, args, expected]);
    }
    for (let number = 471; number < 600; number++) rows.push([number, [-1, -1, -1, -1, -1, -1], 'ENOSYS']);
    assert.ok(rows.length > 500);
    assert.equal(await differing(jail, rows), []);
  });
}

/** Makes the calls in a jail. @returns those which met something else */
async function differing(jail: TestedJail, rows: [number, number[], string][]): Promise<unknown> {
  const candidate = `
import ctypes, errno, json
def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    found = []
    for number, args, expected in json.loads(${JSON.stringify(JSON.stringify(rows))}):
        ctypes.set_errno(0)
        result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(arg) for arg in args])
        met = errno.errorcode.get(ctypes.get_errno()) if result == -1 else "let"
        if met != expected and {met, expected} != {"ENOTSUP", "EOPNOTSUPP"}:
            found.append([number, args[:3], expected, met])
    return json.dumps(found)`;
  const sandbox = await Sandbox.open({ python: testPython(), workers: 1, jail });
  const results: CellResult[] = [];
  try {
    const test = { code: 'assert False, "met " + attack()', cases: ['assert'] };
    const job = { candidate, tests: [test], limits: DEFAULT_LIMITS, isolation: 'cell' as const };
    await sandbox.execute(job, (cells) => results.push(...cells.map(({ result }) => result)));
  } finally {
    await sandbox.close();
  }
  const detail = results[0]?.detail ?? '';
  const met = /met (\[.*)/.exec(detail);
  assert.ok(met, `it ran: ${results[0]?.verdict} (${detail})`);
  return JSON.parse(met![1]!);
}

calls.run();
