import { Command } from 'commander';
import { Spool } from '../cache/spool.js';
import { ExitCode } from '../error.js';
import { makeManifest } from '../manifest.js';
import { openCandidates } from '../open-tasks.js';
import { scorerNamed } from '../rank/scorers.js';
import { rankingLine } from '../report.js';
import { rankTasks } from '../stages/rank.js';
import type { VotedTask } from '../stages/vote.js';
import { openStoredMatrices, type StoredMatrices } from '../stored-matrix.js';
import { emptyTally, type Tally } from '../tally.js';
import type { Flags } from './flags/flags.js';
import { addReport, checkSummary } from './flags/output.js';
import { addScoring } from './flags/scoring.js';
import { LinesFile } from './lines-file.js';
import { repeatable } from './replay.js';
import { scoredPageRunOf, withReport } from './report.js';
import type { ReportFile } from './report-file.js';
import { printSummary, scoreText } from './summary.js';

export function scoreCommand(): Command {
  const command = new Command('score');
  addScoring(command);
  addReport(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm execute --solutions candidates.jsonl --unit-tests unit_tests.jsonl --out matrix.jsonl
  coderm score --matrix matrix.jsonl --scorer codet --out ranked.jsonl
The lines are those of coderm rerank; of a problem's unit tests only those with a line are known, so its tests that
were requested, generated and kept are one number. \`solution\` is null unless --solutions is given.`,
  );
  return repeatable(command, (flags) => {
    checkSummary(flags);
    return withReport(flags, inputsOf(flags), (page) => score(flags, page));
  });
}

/** Programs of a task by solId. */
type Solutions = Record<number, string>;

function inputsOf({ matrix, solutions = [], problems = [] }: Flags): string[] {
  return [matrix, ...solutions, ...problems];
}

async function score(flags: Flags, page: ReportFile | null): Promise<number> {
  const { matrix, solutions = [], problems = [], scorer, abstainBelow = 0, out = null } = flags;
  const inputs = inputsOf(flags);
  const stored = await openStoredMatrices(matrix);
  const texts = new Spool<Solutions>();
  try {
    if (solutions.length > 0) await collect(texts, solutions, problems);
    const lines = new LinesFile(out, inputs);
    try {
      const tally = emptyTally();
      const tasks = votedTasks(stored, texts, tally);
      for await (const ranked of rankTasks(tasks, { scorer: scorerNamed(scorer), abstainBelow }, { tally })) {
        page?.add(ranked);
        lines.write(rankingLine(ranked));
      }
      await lines.complete((output) => makeManifest('score', { ...flags }, inputs, null, output));
      page?.complete(scoredPageRunOf(flags, tally));
      process.stderr.write(scoreText(tally));
      const { problems, candidates, separated, abstained, validity } = tally;
      if (flags.json) printSummary({ problems, candidates, separated, abstained, validity });
      return ExitCode.done;
    } finally {
      lines.abandon();
    }
  } finally {
    texts.close();
    stored.close();
  }
}

async function collect(
  texts: Spool<Solutions>,
  solutions: readonly string[],
  problems: readonly string[],
): Promise<void> {
  const tasks = await openCandidates({ solutions, problems });
  try {
    for (const { taskId, candidates } of tasks) {
      texts.add(taskId, Object.fromEntries(candidates.map(({ solId, solution }) => [solId, solution])));
    }
  } finally {
    tasks.close();
  }
}

function* votedTasks(stored: StoredMatrices, texts: Spool<Solutions>, tally: Tally): Generator<VotedTask> {
  for (const { taskId, matrix, flaky, passOnStub } of stored) {
    tally.problems += 1;
    tally.candidates += matrix.solIds.length;
    const kept = matrix.utIds.length + flaky.length;
    yield {
      taskId,
      failure: null,
      matrix,
      standing: null,
      flaky,
      ...(passOnStub ? { passOnStub } : {}),
      solutions: texts.read(taskId).next().value ?? null,
      texts: null,
      tests: { requested: kept, generated: kept, kept, dropped: {} },
      tokens: 0,
    };
  }
}
