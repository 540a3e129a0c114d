// The sets of ../shared/data as jobs of the sandbox, for what is measured on all of them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Cache } from '../dist/src/cache/database.js';
import { openExecutionTasks } from '../dist/src/open-tasks.js';
import { Parser } from '../dist/src/parser.js';
import { parseExecutionTask } from '../dist/src/stages/given.js';
import { emptyTally } from '../dist/src/tally.js';

const PROBLEMS = 'codet_codegen16b/HumanEval_for_code_generation.jsonl';
const CODEGEN = 'codet_codegen16b/HumanEval_codegen16B_temp0.8_topp0.95_num100_max300_code_solution.jsonl';
const ASSERTS = 'codet_codegen16b/HumanEval_codegen16B_temp0.8_topp0.95_num100_max300_test_case.jsonl';
const GEMINI = 'gemini_unittest/methods.jsonl';

/** `every`: which candidates of each problem a comparison takes, unless it is told otherwise. */
export const SETS = [
  { name: 'gpt35', solutions: ['gpt35_humaneval/candidates.jsonl'], unitTests: [GEMINI], every: 5 },
  { name: 'canonical', solutions: ['gemini_unittest/canonical.jsonl'], unitTests: [GEMINI], every: 1 },
  {
    name: 'difftrust',
    solutions: ['llama31_8b_t06', 'gpt35_t1', 'ministral_8b_t1'].map(
      (name) => `difftrust_humaneval/${name}.jsonl.gz`,
    ),
    unitTests: [GEMINI],
    every: 5,
  },
  { name: 'codet', problems: [PROBLEMS], solutions: [CODEGEN], unitTests: [ASSERTS], every: 10 },
  { name: 'mbpp', mbpp: 'mbpp/MbppPlus.jsonl.gz', every: 1 },
];

/** Yields {task, candidates, tests: [{code, cases}]} for each task; parsed in the jail, equal candidates once. */
export async function* jobsOf(set, folder, sandbox) {
  if (set.mbpp) return yield* mbppJobs(join(folder, set.mbpp));
  const paths = (names = []) => names.map((name) => join(folder, name));
  const { problems, solutions, unitTests } = set;
  const own = mkdtempSync(join(tmpdir(), 'coderm-sets-'));
  const cache = Cache.open(join(own, 'cache.sqlite'));
  const parser = new Parser(sandbox, cache, new AbortController().signal);
  try {
    for (const path of paths(solutions)) {
      const tasks = await openExecutionTasks({
        ...{ problems: paths(problems), solutions: [path], unitTests: paths(unitTests) },
        ...{ limit: null, candidates: null, shard: null },
      });
      for await (const task of tasks) {
        const parsed = await parseExecutionTask({ ...task, candidates: [] }, { parser, tally: emptyTally() });
        const candidates = [...new Set(task.candidates.map(({ program }) => program))];
        yield {
          task: task.taskId,
          candidates,
          tests: parsed.unitTests.map(({ code, cases }) => ({ code, cases })),
        };
      }
      tasks.close();
    }
  } finally {
    cache.close();
    rmSync(own, { recursive: true, force: true });
  }
}

/** The reference solutions of MBPP+, and the asserts that came with the questions. */
function* mbppJobs(path) {
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')) {
    const { task_id: id, code, test_imports: imports, test_list: asserts } = JSON.parse(line);
    const tests = asserts.map((text) => ({ code: [...imports, text].join('\n'), cases: ['assert'] }));
    yield { task: `MBPP/${id}`, candidates: [code], tests };
  }
}
