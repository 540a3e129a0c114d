import type { Tally } from '../tally.js';

/** What a run has done so far, and what is under way. */
export interface Metrics {
  tally: Tally;
  /** Cells of the phase that goes on, which the tally gets at its end. */
  cellsUnderWay: number;
  /** Asked for and not yet done. */
  queue: { samples: number; cells: number };
  /** Seconds in which samples were generated, and cells executed. */
  seconds: { samples: number; cells: number };
  finished: boolean;
  /** Unix seconds. */
  now: number;
}

type Sample = [labels: Record<string, string>, value: number];

/** Prometheus' text exposition format, version 0.0.4: a family a paragraph. `labels` are on every line. */
export function metricsText(metrics: Metrics, labels: Record<string, string>): string {
  const { tally, queue, seconds } = metrics;
  const { cells } = tally;
  // What a policy model writes comes first, and counts the same way.
  const models = [
    { model: 'reward', ...tally },
    ...(tally.policy ? [{ model: 'policy', ...tally.policy }] : []),
  ];
  const sum = (of: (one: (typeof models)[number]) => number) => models.reduce((all, one) => all + of(one), 0);
  const executed = cells.executed + metrics.cellsUnderWay;
  const rate = (amount: number, over: number) => (over > 0 ? amount / over : 0);
  const families: [name: string, type: 'counter' | 'gauge', help: string, values: Sample[]][] = [
    ['coderm_problems_total', 'counter', 'Problems that are done.', [[{}, tally.problems]]],
    ['coderm_problems_failed_total', 'counter', 'Problems that failed.', [[{}, tally.failedProblems]]],
    [
      'coderm_samples_total',
      'counter',
      'Responses of each model, by where they came from.',
      models.flatMap(({ model, samples }): Sample[] => [
        [{ model, source: 'generated' }, samples.generated],
        [{ model, source: 'cache' }, samples.cached],
        [{ model, source: 'failed' }, samples.failed],
      ]),
    ],
    [
      'coderm_tokens_generated_total',
      'counter',
      'Tokens of generated responses.',
      models.map(({ model, tokensGenerated }) => [{ model }, tokensGenerated]),
    ],
    [
      'coderm_tokens_per_second',
      'gauge',
      'Generated tokens a second of generating.',
      [
        [
          {},
          rate(
            sum(({ tokensGenerated }) => tokensGenerated),
            seconds.samples,
          ),
        ],
      ],
    ],
    [
      'coderm_cells_total',
      'counter',
      'Cells of the execution matrix, by where their verdicts came from.',
      [
        [{ source: 'executed' }, executed],
        [{ source: 'cache' }, cells.cached],
        [{ source: 'equal' }, cells.deduplicated],
        [{ source: 'pruned' }, cells.pruned],
      ],
    ],
    [
      'coderm_cells_per_second',
      'gauge',
      'Executed cells a second of executing.',
      [[{}, rate(executed, seconds.cells)]],
    ],
    [
      'coderm_queue',
      'gauge',
      'What the problems under way still wait for.',
      [
        [{ of: 'samples' }, queue.samples],
        [{ of: 'cells' }, queue.cells],
      ],
    ],
    [
      'coderm_cache_hits_total',
      'counter',
      'Answers that the cache had.',
      [
        [{ of: 'samples' }, sum(({ samples }) => samples.cached)],
        [{ of: 'cells' }, cells.cached],
      ],
    ],
    ['coderm_finished', 'gauge', '1 when the run has come to its end.', [[{}, metrics.finished ? 1 : 0]]],
    ['coderm_updated_timestamp_seconds', 'gauge', 'When this was written.', [[{}, metrics.now]]],
  ];
  return families
    .map(([name, type, help, values]) => {
      const lines = values.map(([own, value]) => `${name}${labelText({ ...labels, ...own })} ${value}\n`);
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

function labelText(labels: Record<string, string>): string {
  const escaped = (value: string) =>
    value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
