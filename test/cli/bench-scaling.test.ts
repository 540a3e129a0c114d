import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// The tables of bench scorers and bench scaling, as a user meets them: Markdown, JSON, and --help that names each column.
const tables = suite('cli: tables of bench scorers and bench scaling');
const temporary = temporaryFolder();

const ROWS: Record<string, string[]> = {
  a: ['1111', '1101', '0001'],
  b: ['0111', '1011', '0000'],
  c: ['11', '11'],
};
temporary.write(
  'm.jsonl',
  lines(
    ...Object.entries(ROWS).flatMap(([task_id, rows]) =>
      rows.flatMap((row, sol_id) =>
        [...row].map((sign, ut_id) => ({ task_id, sol_id, ut_id, result: sign === '1' ? 'pass' : 'fail' })),
      ),
    ),
  ),
);
temporary.write(
  'l.jsonl',
  lines(
    ...Object.entries({ a: '100', b: '010', c: '10' }).flatMap(([task_id, signs]) =>
      [...signs].map((sign, sol_id) => ({ task_id, sol_id, passed: sign === '1' })),
    ),
  ),
);
temporary.write('rates.jsonl', lines(...['a', 'b', 'c'].map((task_id) => ({ task_id, rate: 0.4 }))));

const FILES = ['--matrices', 'm.jsonl', '--labels', 'l.jsonl', '--pairing', 'mine', '--rounds', '2'];
const SCALING = ['bench', 'scaling', ...FILES, '--budgets', '1,2', '--rates', 'rates.jsonl'];

async function printed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await coderm(args, { cwd: temporary.path });
  assert.is(code, 0, stderr);
  return stdout;
}

/** The rows of each Markdown table, its head first. */
function tablesOf(text: string): string[][][] {
  return text
    .split(/\n\n+/)
    .filter((block) => block.startsWith('| '))
    .map((block) =>
      block
        .trim()
        .split('\n')
        .map((row) => row.slice(2, -2).split(' | ')),
    );
}

tables(
  'bench scaling: a row a budget, the same figures in JSON, and --help says what each column is',
  async () => {
    const [budgets, stopping] = tablesOf(await printed(...SCALING));
    const { pairings } = JSON.parse(await printed(...SCALING, '--json'));
    const percent = (share: number) => (100 * share).toFixed(1);
    assert.equal(
      budgets!
        .slice(2)
        .map(([budget, , equal, , , , , , , hindsight]) => [budget, equal!.split(' ')[0], hindsight]),
      pairings[0].budgets.map((one: { budget: number; equal: { mean: number }; hindsight: number }) => [
        String(one.budget),
        percent(one.equal.mean),
        percent(one.hindsight),
      ]),
    );
    assert.is(stopping!.length, 2 + 2);
    const help = await printed('bench', 'scaling', '--help');
    const columns = [...budgets![0]!, ...stopping![0]!].map((name) => name.replace(/ \(.*/, ''));
    for (const name of columns.filter((one) => !['difference', 'saved'].includes(one))) {
      assert.match(help, new RegExp(`^  ${name} {2,}\\w|^  ${name} \\w`, 'm'));
    }
    assert.match(help, /each difference is to the column "equal"/);
  },
);

tables('bench scorers: a row a scorer, a column a number of tests, and --help says so', async () => {
  const scorers = ['bench', 'scorers', ...FILES, '--draw', '1'];
  const [table] = tablesOf(await printed(...scorers));
  assert.equal(table![0], ['scorer', 'all tests', '1 tests']);
  const { pairings } = JSON.parse(await printed(...scorers, '--json'));
  assert.is(
    table!.length - 2,
    new Set(pairings[0].scorers.map((one: { scorer: string }) => one.scorer)).size,
  );
  const help = await printed('bench', 'scorers', '--help');
  assert.match(help, /Rows: the scorers of coderm score\. Columns: "all tests", and for each --draw/);
});

tables.run();
