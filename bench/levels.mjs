// Both levels of isolation on real sets: `candidate` must give the verdicts and observed values of `cell`, line by line.
// Prints how many cells were compared and which differ; ends with 1 where one does.
//
//   node bench/levels.mjs ../shared/data [SET …] [--every N] [--cpu-ms MS] [--python PATH] [--harness FOLDER] [--share]
//
// SETs are gpt35, canonical, difftrust, codet and mbpp (bench/sets.mjs). --every N takes each N-th candidate of a problem;
// without it as many as the set says, with 1 all of them. Cells that a limit of time ended at either level are executed
// again, alone, with four times as much; what then still differs is reported as `timed`, since a busy machine decides it.
// --harness names another checkout's native/sandbox/harness. --share only counts, in the jail, how many cells may share a process, and how many candidates are executed once.
import { parseArgs } from 'node:util';
import { Sandbox } from '../dist/src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../dist/src/verdict.js';
import { jobsOf, SETS } from './sets.mjs';
import { countShare } from './share.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: 'string' },
    'cpu-ms': { type: 'string', default: '2000' },
    python: { type: 'string' },
    harness: { type: 'string' },
    share: { type: 'boolean', default: false },
  },
});
const [folder, ...names] = positionals;
if (folder === undefined) throw new Error('expected the folder of the sets, such as ../shared/data');
const sets = SETS.filter(({ name }) => names.length === 0 || names.includes(name));
const cpuMs = Number(values['cpu-ms']);
const limits = { ...DEFAULT_LIMITS, cpuMs, wallMs: Math.max(DEFAULT_LIMITS.wallMs, 5 * cpuMs) };
const more = { ...limits, cpuMs: 4 * limits.cpuMs, wallMs: 4 * limits.wallMs };
const sandbox = await Sandbox.open({ python: values.python, harness: values.harness });

/** What of each cell must be equal; times are not. */
async function execute({ candidate, tests }, isolation, given) {
  const seen = [];
  await sandbox.execute({ candidate, tests, limits: given, isolation }, (cells) => {
    for (const { index, result } of cells) {
      const { verdict, detail, cases, observed } = result;
      // Which of its limits of time a cell meets first is a matter of the machine.
      seen[index] = JSON.stringify(verdict === 'timeout' ? [verdict] : [verdict, detail, cases, observed]);
    }
  });
  return seen;
}

const timedOut = (line) => line.startsWith('["timeout"');

async function compare(job, counts) {
  const [apart, shared] = [await execute(job, 'cell', limits), await execute(job, 'candidate', limits)];
  counts.candidates += 1;
  counts.cells += job.tests.length;
  for (const [at, test] of job.tests.entries()) {
    let [one, other] = [apart[at], shared[at]];
    const timed = timedOut(one) || timedOut(other);
    if (one === other) continue;
    if (timed) {
      const alone = { ...job, tests: [test] };
      [one, other] = [await execute(alone, 'cell', more), await execute(alone, 'candidate', more)].map(
        ([line]) => line,
      );
      counts.again += 1;
      if (one === other) continue;
    }
    counts[timed ? 'timed' : 'different'].push({
      task: job.task,
      candidate: job.at,
      test: at,
      cell: one,
      shared: other,
    });
  }
}

let failed = false;
for (const set of sets) {
  if (values.share) {
    process.stdout.write(
      `${set.name}: ${await countShare(jobsOf(set, folder, sandbox), sandbox, values.harness)}\n`,
    );
    continue;
  }
  const every = Number(values.every ?? set.every);
  const counts = { candidates: 0, cells: 0, again: 0, different: [], timed: [] };
  const jobs = (async function* () {
    for await (const { task, candidates, tests } of jobsOf(set, folder, sandbox)) {
      for (let at = 0; at < candidates.length; at += every)
        yield { task, at, candidate: candidates[at], tests };
    }
  })();
  const lane = async () => {
    for (let { value, done } = await jobs.next(); !done; { value, done } = await jobs.next())
      await compare(value, counts);
  };
  await Promise.all(Array.from({ length: 2 * sandbox.workers }, lane));
  const { different, timed, again } = counts;
  process.stdout.write(
    `${set.name}: ${counts.cells} cells of ${counts.candidates} candidates compared (every ${every}), ` +
      `${different.length} differ; ${again} compared again for a limit of time, ${timed.length} of them differ\n`,
  );
  for (const found of [...different, ...timed]) process.stdout.write(`  ${JSON.stringify(found)}\n`);
  failed ||= different.length > 0;
}
await sandbox.close();
process.exitCode = failed ? 1 : 0;
