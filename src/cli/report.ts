import { basename } from 'node:path';
import type { Run } from '../run.js';
import type { Tally } from '../tally.js';
import type { Flags } from './flags/flags.js';
import { PageFile } from './page-file.js';
import type { ReportFile } from './report-file.js';

/** Opens the page that --report names, if it does, and takes an unfinished one away in the end. */
export async function withReport<T>(
  { report, out }: Pick<Flags, 'report' | 'out'>,
  inputs: readonly string[],
  work: (page: ReportFile | null) => Promise<T>,
): Promise<T> {
  if (report === undefined) return work(null);
  // Loaded only here: the plot library takes longer to start than any other command.
  const { ReportFile } = await import('./report-file.js');
  const page = new ReportFile(report, { inputs, out: out ?? null });
  try {
    return await work(page);
  } finally {
    page.abandon();
  }
}

/** The same for a page that is made at once, when everything is known. */
export async function withPage<T>(
  path: string | undefined,
  files: ConstructorParameters<typeof PageFile>[1],
  work: (page: PageFile | null) => Promise<T>,
): Promise<T> {
  if (path === undefined) return work(null);
  const page = new PageFile(path, files);
  try {
    return await work(page);
  } finally {
    page.abandon();
  }
}

/** What the page of `rerank` says of the run. */
export function pageRunOf(flags: Flags, run: Run, command = 'coderm rerank') {
  const { model, sandbox, limits, isolation, jail, generation } = run;
  const { temperature, topP, topK, minP } = generation.sampler;
  return {
    ...ended(command, run.tally),
    scorer: flags.scorer,
    facts: [
      ['model', model.description.name ?? basename(model.description.path)],
      ['sha256', model.description.sha256 ?? 'not known: the model is at an endpoint'],
      ['backend', `${model.stamp.backend}, ${model.stamp.device}`],
      ['generator', model.generatorName],
      [
        'sampler',
        `temperature ${temperature}, top-p ${topP}, top-k ${topK}, min-p ${minP}, seed ${generation.seed}`,
      ],
      ['scorer', flags.scorer],
      ['problems', flags.problems.join(', ')],
      ['candidates', flags.solutions.join(', ') || 'written by the policy model'],
      ['tests', `${flags.tests} a problem`],
      ['Python', sandbox.interpreter.version],
      ['jail', `${jail}, isolation ${isolation}`],
      ['limits', `${limits.cpuMs} ms CPU, ${limits.wallMs} ms wall, ${limits.memoryMiB} MiB a cell`],
    ] as const,
  };
}

/** What the page of `score` says of the run. */
export function scoredPageRunOf({ matrix, scorer, solutions = [] }: Flags, tally: Tally) {
  return {
    ...ended('coderm score', tally),
    scorer,
    facts: [
      ['matrix', matrix],
      ['candidates', solutions.join(', ') || 'not given: no programs are shown'],
      ['scorer', scorer],
    ] as const,
  };
}

function ended(command: string, tally: Tally) {
  return { ...endedNow(command), tally };
}

/** What a page begins with. */
export function endedNow(command: string) {
  return { command, finished: new Date().toISOString() };
}
