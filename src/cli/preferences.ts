import { Command } from 'commander';
import { Spool } from '../cache/spool.js';
import { ExitCode, InputError } from '../error.js';
import { readRankings } from '../evaluate/rankings.js';
import { makeManifest } from '../manifest.js';
import { openTasks } from '../open-tasks.js';
import { preferenceLine, preferencesOf } from '../preference.js';
import { behaviourOf } from '../rank/behaviour.js';
import { solutionPrompt } from '../solution-prompt.js';
import { openStoredMatrices } from '../stored-matrix.js';
import type { Flags } from './flags/flags.js';
import { checkSummary } from './flags/output.js';
import { addPreferences } from './flags/preferences.js';
import { LinesFile } from './lines-file.js';
import { repeatable } from './replay.js';
import { printSummary } from './summary.js';

export function preferencesCommand(): Command {
  const command = new Command('preferences');
  addPreferences(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm preferences --ranking ranked.jsonl --problems HumanEval.jsonl.gz --solutions candidates.jsonl \\
    --matrix matrix.jsonl --pairs 4 --out preferences.jsonl
Each output line: {prompt, chosen, rejected}, TRL's preference format. The prompt is the one that asks for a solution.
The rejected candidate ranks lower, passes fewer votes by --margin, and behaves otherwise than all others of its problem.`,
  );
  return repeatable(command, preferences);
}

/** What is kept of a task until its line of the ranking comes. */
interface Texts {
  prompt: string;
  /** By solId. */
  programs: Record<number, string>;
}

/** By solId: candidates that showed the same on every unit test have the same. */
type Behaviours = Record<number, string>;

async function preferences(flags: Flags): Promise<number> {
  checkSummary(flags);
  const { ranking, problems, solutions, out = null } = flags;
  const { matrix }: Partial<Flags> = flags;
  const inputs = [ranking, ...problems, ...solutions, ...(matrix === undefined ? [] : [matrix])];
  const texts = new Spool<Texts>();
  const behaviours = matrix === undefined ? null : new Spool<Behaviours>();
  try {
    await collectTexts(texts, flags);
    if (matrix !== undefined) await collectBehaviours(behaviours!, matrix);
    const lines = new LinesFile(out, inputs);
    try {
      const counts = await writePairs(lines, texts, behaviours, flags);
      await lines.complete((output) => makeManifest('preferences', { ...flags }, inputs, null, output));
      process.stderr.write(
        `problems   ${counts.problems}, ${counts.problems_with_pairs} with pairs\npairs      ${counts.pairs}\n`,
      );
      if (flags.json) printSummary(counts);
      return ExitCode.done;
    } finally {
      lines.abandon();
    }
  } finally {
    texts.close();
    behaviours?.close();
  }
}

async function collectTexts(texts: Spool<Texts>, { problems, solutions }: Flags): Promise<void> {
  const tasks = await openTasks({ problems, solutions });
  try {
    for (const { problem, candidates } of tasks) {
      const programs = Object.fromEntries(candidates.map(({ solId, solution }) => [solId, solution]));
      texts.add(problem.taskId, { prompt: solutionPrompt(problem), programs });
    }
  } finally {
    tasks.close();
  }
}

async function collectBehaviours(behaviours: Spool<Behaviours>, file: string): Promise<void> {
  const stored = await openStoredMatrices(file);
  try {
    for (const { taskId, matrix } of stored) {
      const rows = behaviourOf(matrix);
      behaviours.add(
        taskId,
        Object.fromEntries(matrix.solIds.map((solId, row) => [solId, JSON.stringify(rows[row])])),
      );
    }
  } finally {
    stored.close();
  }
}

async function writePairs(
  lines: LinesFile,
  texts: Spool<Texts>,
  behaviours: Spool<Behaviours> | null,
  flags: Flags,
) {
  const { ranking, margin, pairs, minConfidence, seed, form } = flags;
  const counts = { problems: 0, problems_with_pairs: 0, pairs: 0 };
  for await (const line of readRankings(ranking)) {
    counts.problems += 1;
    const behaviour = behaviours?.read(line.taskId).next().value ?? null;
    const found = preferencesOf(line, behaviour, { margin, pairs, minConfidence, seed });
    if (found.length === 0) continue;
    counts.problems_with_pairs += 1;
    const task: Texts | undefined = texts.read(line.taskId).next().value;
    for (const { chosen, rejected } of found) {
      const [good, bad] = [task?.programs[chosen], task?.programs[rejected]];
      if (!task || good === undefined || bad === undefined)
        throw missing(flags, line.taskId, chosen, rejected);
      counts.pairs += 1;
      lines.write(preferenceLine(task.prompt, good, bad, form));
    }
  }
  return counts;
}

function missing({ ranking }: Flags, taskId: string, chosen: number, rejected: number): InputError {
  return new InputError(
    `${ranking} ranks candidates ${chosen} and ${rejected} of task ${JSON.stringify(taskId)}, and --problems and ` +
      '--solutions do not have them: expected the files that were ranked.',
  );
}
