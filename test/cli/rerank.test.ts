import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm, type Ended } from './coderm.js';

// The whole flow as a user runs it, on the model with random weights: it writes nonsense, so every answer is started
// with a whole test class in a closed block.
const rerankTest = suite('cli: rerank');
const temporary = temporaryFolder();
const folder = temporary.path;
const MODEL = fixture('random.gguf');

const PREFIX = `\`\`\`python
import unittest

class Test{EntryPoint}(unittest.TestCase):
    def test_positive(self):
        self.assertGreater({entry_point}(2, 1), 0)

    def test_whole(self):
        self.assertIsInstance({entry_point}(2, 1), int)
\`\`\`
`;
const HOSTILE = 'def sub(a, b):\n    return a - b  # \u001b[2J\u009b31m\u202e\u2066\u007f\n';
const ADD = [
  'def add(a, b):\n    return a + b\n',
  'def add(a, b):\n    return (a + b)  # the same program\n',
  'def add(a, b):\n    return -a - b\n',
  'def add(a, b):\n    raise ValueError(a)\n',
  'def add(a, b):\n    while True:\n        pass\n',
  'import os\ndef add(a, b):\n    os.abort()\n',
  'def add(a, b)\n    return a\n',
];
const SUB = [HOSTILE, 'def sub(a, b):\n    return b - a\n'];
/** Distinct programs of each problem: the second of ADD is its first. */
const DISTINCT = ADD.length - 1 + SUB.length;

temporary.write('prefix.txt', PREFIX);
temporary.write(
  'p.jsonl',
  lines(
    { task_id: 't/add', question: 'Write add(a, b).', entry_point: 'add' },
    { task_id: 'nobody', question: 'Nobody tried.' },
    { task_id: 7, question: 'Write sub(a, b).', entry_point: 'sub' },
  ),
);
temporary.write(
  's.jsonl',
  lines(
    { task_id: '7', solution: SUB[0] },
    { task_id: 't/add', solutions: ADD },
    { task_id: 7, solution: SUB[1] },
    { task_id: 'other', solution: 'x' },
  ),
);

const INPUTS = ['--problems', 'p.jsonl', '--solutions', 's.jsonl'];
const GENERATION = [
  ...['--model', MODEL, '--gpu', 'cpu', '--max-tokens', '24', '--response-prefix', 'prefix.txt'],
  ...['--cpu-ms', '300'],
];
const FLAGS = [...INPUTS, ...GENERATION];

interface Summary {
  skipped: Record<string, number>;
  problems: number;
  candidates: number;
  samples: { requested: number; generated: number; cached: number; failed: number };
  responses: { kept: number; dropped: Record<string, number> };
  cells: { total: number; executed: number; cached: number; deduplicated: number; pruned: number };
  verdicts: Record<string, number>;
  separated: number;
}

const run = (args: readonly string[], env: Record<string, string> = {}) => coderm(args, { cwd: folder, env });

/** Runs to a clean end. */
async function done(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const ended = await run(args, env);
  assert.is(ended.code, 0, ended.stderr);
  return ended;
}

/** `coderm COMMAND ARGS --out OUT --json`: its summary and its lines. */
async function results(out: string, command: string, ...args: string[]) {
  const { stdout } = await done([command, ...FLAGS, '--tests', '3', ...args, '--out', out, '--json']);
  return { summary: JSON.parse(stdout) as Summary, lines: read(out), bytes: readFileSync(join(folder, out)) };
}

// biome-ignore lint/suspicious/noExplicitAny: lines of several forms, compared field by field
function read(file: string): any[] {
  return readFileSync(join(folder, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
let first: Awaited<ReturnType<typeof results>>;

rerankTest('the output is the contract, and the summary counts what was done', async () => {
  first = await results('r.jsonl', 'rerank', '--cache', 'c.sqlite');
  assert.equal(
    first.lines.map(({ task_id }) => task_id),
    ['t/add', '7'],
  );
  for (const line of first.lines) {
    assert.equal(Object.keys(line), [
      'task_id',
      'selected',
      'solution',
      'ranking',
      'tied',
      'scorer',
      'confidence',
      'runner_up',
      'decided_by',
      'tests',
      'tokens',
    ]);
    assert.equal(line.tests, {
      requested: 3,
      generated: 3,
      kept: 3,
      dropped: {},
      vacuous: { all_pass: 0, all_fail: 0 },
    });
    assert.is(line.scorer, 'auto');
    assert.ok(line.tokens > 0 && line.tokens <= 72);
  }
  const [add, sub] = first.lines;
  const rows = (line: { ranking: { sol_id: number; passed: number; total: number }[] }) =>
    line.ranking.map(({ sol_id, passed, total }) => [sol_id, passed, total]);
  assert.equal(
    rows(add),
    [0, 1, 2, 3, 4, 5, 6].map((sol_id) => [sol_id, sol_id < 2 ? 3 : 0, 3]),
  );
  assert.equal([add.selected, add.solution, add.tied], [0, ADD[0], [0, 1]]);
  assert.equal(rows(sub), [
    [0, 3, 3],
    [1, 0, 3],
  ]);
  assert.equal([sub.selected, sub.solution, sub.tied], [0, SUB[0], []]);

  const { skipped, samples, cells, responses, verdicts } = first.summary;
  assert.is(skipped.problems_without_candidates, 1);
  assert.is(skipped.candidates_without_problem, 1);
  assert.equal([first.summary.problems, first.summary.candidates, first.summary.separated], [2, 9, 2]);
  assert.equal(samples, { requested: 6, generated: 6, cached: 0, failed: 0 });
  assert.equal(responses, { kept: 6, dropped: {}, why: [] });
  assert.equal(cells, {
    total: 27,
    executed: DISTINCT,
    cached: 0,
    deduplicated: 27 - DISTINCT,
    rechecked: 0,
    pruned: 0,
  });
  assert.equal(verdicts, { pass: 9, fail: 6, error: 6, timeout: 3, crash: 3 });
});

rerankTest('the manifest has the hashes, and a replay says that nothing differs', async () => {
  const manifest = JSON.parse(readFileSync(join(folder, 'r.jsonl.manifest.json'), 'utf8'));
  for (const { path, sha256: hash } of manifest.inputs) assert.is(hash, sha256(join(folder, path)), path);
  assert.equal(
    manifest.inputs.map(({ path }: { path: string }) => path),
    ['p.jsonl', 's.jsonl', 'prefix.txt'],
  );
  assert.is(manifest.output.sha256, sha256(join(folder, 'r.jsonl')));
  assert.is(manifest.output.bytes, first.bytes.length);
  assert.is(manifest.model.sha256, sha256(MODEL));
  assert.equal([manifest.command, manifest.flags.tests, manifest.sandbox.limits.cpu_ms], ['rerank', 3, 300]);

  // From its cache, and once more from nothing.
  for (const cache of [[], ['--cache', 'replay.sqlite']]) {
    const { stdout } = await done(['rerank', '--replay', 'r.jsonl.manifest.json', ...cache]);
    assert.is(stdout, 'nothing differs\n');
  }
  const changed = { ...manifest, output: { ...manifest.output, sha256: 'other' } };
  temporary.write('changed.json', JSON.stringify(changed));
  const { code, stdout } = await run(['rerank', '--replay', 'changed.json']);
  assert.is(code, 3);
  assert.match(stdout, /^output: was "other", is "[0-9a-f]{64}"\n$/);
});

rerankTest('--report shows the texts that were read and written, as text', async () => {
  const again = ['rerank', ...FLAGS, '--tests', '3', '--cache', 'c.sqlite', '--out', 'paged.jsonl'];
  await done([...again, '--report', 'page.html']);
  const page = readFileSync(join(folder, 'page.html'), 'utf8');
  assert.equal(readFileSync(join(folder, 'paged.jsonl')), first.bytes);
  assert.match(page, /Unit test 0<\/summary>\n<pre [^>]*><code>import unittest/);
  assert.match(page, /# ␛\[2J⟨U\+009B⟩31m⟨U\+202E⟩⟨U\+2066⟩␡/); // HOSTILE, the winner of 7
  assert.match(page, /The problem<\/summary>\n<pre [^>]*><code>Write add\(a, b\)\./);
  assert.match(page, /<dt>model<\/dt><dd>random\.gguf<\/dd>/);
  // A replay compares results: it writes no page.
  rmSync(join(folder, 'page.html'));
  await done(['rerank', '--replay', 'paged.jsonl.manifest.json']);
  assert.not.ok(existsSync(join(folder, 'page.html')));
});

rerankTest('a replay keeps the limits of --limits paper', async () => {
  const args = ['rerank', ...INPUTS, ...GENERATION.slice(0, -2), '--tests', '1', '--limits', 'paper'];
  await done([...args, '--cache', 'c.sqlite', '--out', 'paper.jsonl']);
  const { limits } = JSON.parse(readFileSync(join(folder, 'paper.jsonl.manifest.json'), 'utf8')).sandbox;
  assert.equal([limits.cpu_ms, limits.wall_ms], [1000, 2000]);
  const { stdout } = await done(['rerank', '--replay', 'paper.jsonl.manifest.json']);
  assert.is(stdout, 'nothing differs\n');
});

rerankTest('a second run computes nothing, and its output is the same bytes', async () => {
  const again = await results('again.jsonl', 'rerank', '--cache', 'c.sqlite');
  assert.ok(again.bytes.equals(first.bytes));
  assert.equal(again.summary.samples, { requested: 6, generated: 0, cached: 6, failed: 0 });
  assert.equal(again.summary.cells, {
    total: 27,
    executed: 0,
    cached: DISTINCT,
    deduplicated: 27 - DISTINCT,
    rechecked: 0,
    pruned: 0,
  });
  const { stdout } = await done(['rerank', ...FLAGS, '--tests', '3', '--cache', 'c.sqlite']);
  assert.is(stdout, first.bytes.toString());
});

rerankTest('more tests: only the new samples are generated, and the old unit tests stay', async () => {
  const before = await results('u3.jsonl', 'generate', '--cache', 'c.sqlite');
  assert.equal(before.summary.samples.generated, 0);
  const { summary } = await results('r5.jsonl', 'rerank', '--tests', '5', '--cache', 'c.sqlite');
  assert.equal(summary.samples, { requested: 10, generated: 4, cached: 6, failed: 0 });
  assert.is(summary.cells.executed, 0); // the answers differ in what follows their equal test
  const after = await results('u5.jsonl', 'generate', '--tests', '5', '--cache', 'c.sqlite');
  for (const [at, line] of before.lines.entries()) {
    assert.equal(Object.keys(line), ['task_id', 'unit_tests', 'ut_ids', 'dropped']);
    assert.equal(line.ut_ids, [0, 1, 2]);
    assert.equal(after.lines[at].unit_tests.slice(0, 3), line.unit_tests);
    assert.is(after.lines[at].unit_tests.length, 5);
  }
});

rerankTest('more candidates: nothing is generated, and only new cells are executed', async () => {
  const few = await results('n1.jsonl', 'rerank', '--candidates', '1', '--cache', 'grow.sqlite');
  assert.equal([few.summary.candidates, few.summary.cells.executed], [2, 2]);
  assert.is(few.summary.skipped.candidates_over_limit, 7);
  const all = await results('n7.jsonl', 'rerank', '--cache', 'grow.sqlite');
  assert.is(all.summary.samples.generated, 0);
  assert.is(all.summary.cells.executed, DISTINCT - 2);
  assert.ok(all.bytes.equals(first.bytes)); // computed in another order, in another cache
});

rerankTest('--limit counts problems that have candidates', async () => {
  const { lines: kept, summary } = await results('l.jsonl', 'rerank', '--limit', '1', '--cache', 'c.sqlite');
  // What the scorer learnt over the run is another number; everything else is the same.
  const withoutScores = (line: (typeof kept)[number]) => ({
    ...line,
    ranking: line.ranking.map(({ score: _, ...rest }: { score: number }) => rest),
  });
  assert.equal(kept.map(withoutScores), first.lines.slice(0, 1).map(withoutScores));
  assert.is(summary.skipped.tasks_over_limit, 1);
});

rerankTest("--extract paper: equal texts vote once, as the authors'", async () => {
  const paper = await results('ex.jsonl', 'rerank', '--extract', 'paper', '--cache', 'c.sqlite');
  for (const { tests } of paper.lines) assert.equal([tests.kept, tests.dropped], [1, { duplicate: 2 }]);
  assert.equal(paper.summary.responses.dropped, { duplicate: 4 });
});

rerankTest('prompt: text and token ids; --prompt-compat paper leaves the generation prompt out', async () => {
  const prompt = async (...more: string[]) => {
    const { stdout } = await done(['prompt', 't/add', ...FLAGS, '--cache', 'c.sqlite', ...more]);
    return stdout;
  };
  const { task_id, text, tokens, prefix } = JSON.parse(await prompt('--json'));
  assert.is(task_id, 't/add');
  assert.ok(text.includes(`### question\nWrite add(a, b).\n\n### code solution\n${ADD[0]}`));
  assert.ok(text.endsWith(`<|im_start|>assistant\n${prefix}`));
  assert.ok(prefix.includes('class TestAdd(') && prefix.includes('add(2, 1)'));
  assert.ok((await prompt()).endsWith(`\n\n${tokens.length} tokens: ${tokens.join(' ')}\n`));
  const paper = JSON.parse(await prompt('--json', '--prompt-compat', 'paper'));
  assert.not.ok(paper.text.includes('<|im_start|>assistant'));
  assert.not.equal(paper.tokens, tokens);
});

rerankTest("generate's lines given to execute have the verdicts of rerank", async () => {
  await results('u.jsonl', 'generate', '--cache', 'c.sqlite');
  const args = ['execute', '--solutions', 's.jsonl', '--unit-tests', 'u.jsonl', '--cpu-ms', '300'];
  const { stdout } = await done([...args, '--cache', 'x.sqlite', '--out', 'm.jsonl', '--json']);
  const { verdicts, cells } = JSON.parse(stdout) as Summary;
  assert.equal(verdicts, first.summary.verdicts);
  assert.is(cells.executed, DISTINCT);
  const matrix = read('m.jsonl');
  assert.is(matrix.length, 27);
  for (const line of matrix) {
    assert.equal(Object.keys(line), [
      ...['task_id', 'sol_id', 'ut_id', 'result', 'details', 'verdict', 'detail'],
      ...['cpu_ms', 'wall_ms', 'cases', 'observed', 'isolation', 'jail'],
    ]);
    assert.is(line.result, line.verdict === 'pass' ? 'pass' : 'fail');
  }
  const cell = matrix.find((line) => line.task_id === 't/add' && line.sol_id === 2 && line.ut_id === 1);
  assert.equal(cell.details, { total_num: 2, pass_num: 1, fail_num: 1, error_num: 0 });
  // In rerank's own cache every cell is known, and has the times of the run that filled it.
  const cached = await done([...args, '--cache', 'c.sqlite', '--out', 'm2.jsonl', '--json']);
  assert.is((JSON.parse(cached.stdout) as Summary).cells.executed, 0);
  const replayed = await done(['execute', '--replay', 'm.jsonl.manifest.json']);
  assert.is(replayed.stdout, 'nothing differs\n');
});

rerankTest('flag before environment before configuration', async () => {
  const cwd = join(folder, 'project', 'deep');
  mkdirSync(cwd, { recursive: true });
  const settings = {
    tests: 1,
    'response-prefix': 'prefix.txt',
    problems: 'none.jsonl',
    cache: 'wrong.sqlite',
  };
  writeFileSync(join(folder, 'project', 'coderm.config.json'), JSON.stringify(settings));
  for (const file of ['p.jsonl', 's.jsonl', 'prefix.txt'])
    writeFileSync(join(cwd, file), readFileSync(join(folder, file)));
  const cache = join(folder, 'c.sqlite');
  const args = [
    'rerank',
    '--solutions',
    's.jsonl',
    ...GENERATION.slice(0, 6),
    '--cpu-ms',
    '300',
    '--out',
    'o',
    '--json',
  ];
  const requested = async (env: Record<string, string>, ...flags: string[]) => {
    const { code, stdout, stderr } = await coderm([...args, ...flags], { cwd, env });
    assert.is(code, 0, stderr);
    const { samples, responses } = JSON.parse(stdout) as Summary;
    assert.is(responses.kept, samples.requested); // the configuration's prefix is in use
    return samples.requested / 2;
  };
  const env = { CODERM_PROBLEMS: 'p.jsonl', CODERM_CACHE: cache };
  assert.is(await requested(env), 1);
  assert.is(await requested({ ...env, CODERM_TESTS: '2' }), 2);
  assert.is(await requested({ ...env, CODERM_TESTS: '2' }, '--tests', '3'), 3);
  assert.is(
    await requested({ CODERM_PROBLEMS: 'none.jsonl', CODERM_CACHE: cache }, ...INPUTS.slice(0, 2)),
    1,
  );
  const { stderr, code } = await coderm(args, { cwd });
  assert.is(code, 2);
  assert.match(stderr, /none\.jsonl does not exist/);
});

rerankTest('control characters of a candidate never reach the terminal, and no text is changed', async () => {
  const { stdout, stderr } = await done(['rerank', ...FLAGS, '--tests', '3', '--cache', 'c.sqlite']);
  const prompt = await done(['prompt', '7', ...FLAGS, '--cache', 'c.sqlite']);
  for (const text of [stdout, stderr, prompt.stdout, prompt.stderr])
    assert.not.match(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  assert.is(JSON.parse(stdout.trimEnd().split('\n')[1]!).solution, HOSTILE);
});

rerankTest('a device as --out is written, not replaced', async () => {
  await done(['rerank', ...FLAGS, '--tests', '3', '--cache', 'c.sqlite', '--out', '/dev/null']);
  assert.ok(statSync('/dev/null').isCharacterDevice());
});

rerankTest('--dry-run says what a run would cost, and begins none of it', async () => {
  const flags = ['rerank', ...FLAGS, '--tests', '3', '--cache', 'plan.sqlite', '--dry-run'];
  const plan = async () => JSON.parse((await done([...flags, '--json'])).stdout);
  const before = await plan();
  assert.equal([before.problems, before.candidates, before.cells], [2, 9, 27]);
  assert.equal(before.samples, { requested: 6, cached: 0 });
  assert.equal(before.tokens, { most: 6 * 24, expected: null });
  assert.equal(before.seconds, { generate: null, execute: null });
  assert.ok(before.prompts.longest > 50 && before.memory.ram.weights > 0 && before.memory.ram.context > 0);
  const held = JSON.parse((await done(['cache', 'info', '--json', '--cache', 'plan.sqlite'])).stdout);
  assert.equal([held.samples, held.cells], [0, 0]);
  await results('planned.jsonl', 'rerank', '--cache', 'plan.sqlite');
  const after = await plan();
  assert.equal([after.samples, after.tokens.most], [{ requested: 6, cached: 6 }, 0]);
  assert.ok(after.rates.tokens_per_response > 0);
  assert.match((await done(flags)).stdout, /^problems +2, with 9 candidates\n(.*\n)*memory +.*for 8 lanes/);
});

rerankTest('cache info and cache clear', async () => {
  const info = async (file: string) =>
    JSON.parse((await done(['cache', 'info', '--json', '--cache', file])).stdout);
  const before = await info('c.sqlite');
  assert.ok(before.samples >= 10 && before.cells >= DISTINCT && before.analyses > 0 && before.prompts >= 2);
  assert.equal([before.models, before.integrity], [1, []]);
  assert.match((await done(['cache', 'info', '--cache', 'c.sqlite'])).stdout, /integrity +sound/);
  assert.match(
    (await done(['cache', 'clear', 'cells', '--cache', 'c.sqlite'])).stdout,
    /^cells +\d+ deleted\n$/,
  );
  assert.equal({ ...(await info('c.sqlite')), bytes: 0 }, { ...before, cells: 0, bytes: 0 });
  const again = await results('cleared.jsonl', 'rerank', '--cache', 'c.sqlite');
  assert.equal([again.summary.samples.generated, again.summary.cells.executed], [0, DISTINCT]);
  assert.ok(again.bytes.equals(first.bytes));
  await done(['cache', 'clear', '--cache', 'c.sqlite']);
  assert.is((await info('c.sqlite')).samples, 0);
  assert.equal([(await info('none.sqlite')).samples, (await info('none.sqlite')).integrity], [0, []]);
});

rerankTest.run();
