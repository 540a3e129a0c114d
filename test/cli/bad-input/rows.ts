import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture } from '../../root.js';
import { lines, temporaryFolder } from '../../temporary.js';
import { coderm } from '../coderm.js';

// What a user can get wrong: each row is a command, its exit code, and the one sentence that it says.

export const temporary = temporaryFolder();
export const MODEL = fixture('random.gguf');

/** What every folder has; a row may write over it. */
export const FILES: Record<string, string | Buffer> = {
  'p.jsonl': lines({ task_id: 'a', question: 'Write add(a, b).', entry_point: 'add' }),
  's.jsonl': lines({ task_id: 'a', solution: 'def add(a, b):\n    return a + b\n' }),
  'u.jsonl': lines({
    task_id: 'a',
    unit_tests: [
      'import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(add(1, 2), 3)\n',
    ],
  }),
};
export const EXECUTE = [
  'execute',
  '--solutions',
  's.jsonl',
  '--unit-tests',
  'u.jsonl',
  '--cache',
  'c.sqlite',
];
export const inputs = (problems = 'p.jsonl', solutions = 's.jsonl') => [
  '--problems',
  problems,
  '--solutions',
  solutions,
];
export const rerank = (...more: string[]) => [
  ...['rerank', ...inputs(), '--model', MODEL, '--gpu', 'cpu', '--tests', '1', '--max-tokens', '4'],
  ...['--cache', 'c.sqlite', ...more],
];
export const execute = (...more: string[]) => [...EXECUTE, ...more];

export interface Row {
  name: string;
  args: readonly string[];
  code: 0 | 2 | 4 | 5;
  says: RegExp;
  files?: Record<string, string | Buffer>;
  env?: Record<string, string>;
  /** A command to run under; null: refused here, skipped. */
  under?: string[] | null;
  prepare?: (folder: string) => void;
}

export const row = (
  name: string,
  args: readonly string[],
  code: Row['code'],
  says: RegExp,
  more: Partial<Row> = {},
): Row => ({
  name,
  args,
  code,
  says,
  ...more,
});
/** The row's file in the place of the problems (`p`), solutions (`s`) or unit tests (`u`). */
export const badFile = (name: string, which: 'p' | 's' | 'u', content: string | Buffer, says: RegExp): Row =>
  row(name, which === 'u' ? EXECUTE : rerank(), 2, says, { files: { [`${which}.jsonl`]: content } });

// Two at a time, from the first test on: most of a row's time is the start of Node.
const lanes = [Promise.resolve(), Promise.resolve()];
let rows = 0;

/** A test for each row. */
export function checkRows(test: ReturnType<typeof suite>, table: readonly Row[]): void {
  for (const one of table) {
    if (one.under === null) continue; // said by withMounts
    const at = rows++;
    const lane = at % lanes.length;
    const checked = lanes[lane]!.then(() => check(one, join(temporary.path, String(at))));
    lanes[lane] = checked.catch(() => {});
    test(one.name, () => checked);
  }
}

async function check(
  { args, code, says, files = {}, env = {}, under = [], prepare }: Row,
  folder: string,
): Promise<void> {
  for (const [name, content] of Object.entries({ ...FILES, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  prepare?.(folder);
  const ended = await coderm(args, { cwd: folder, env, under: under! });
  assert.match(ended.stderr, says);
  assert.is(ended.code, code, ended.stderr);
  assert.not.match(ended.stderr, /^\s+at |defect of coderm/m);
  assert.is(ended.stdout, '');
  // What commander says has its advice on a second line; everything else is one sentence on one line.
  if (code !== 0 && !/^(error|Usage): /.test(ended.stderr)) {
    const said = ended.stderr.split('\n').filter((line) => line.startsWith('coderm: ') && says.test(line));
    assert.is(said.length, 1, ended.stderr);
    assert.is(ended.stderr.trimEnd().split('\n').at(-1), said[0]);
  }
  const left = readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.partial'));
  assert.equal(left, []);
  const candidates = Buffer.from(files['s.jsonl'] ?? FILES['s.jsonl']!);
  assert.ok(readFileSync(join(folder, 's.jsonl')).equals(candidates), 'a refused file is left as it was');
}
