/** The results of a call as Markdown, for docs/results.md, and as a line a step while it runs. */

/** One line on what a step found. */
export function stepText({ step, kind, status, seconds, values, said }) {
  const found = values === null ? '' : (SHORT[kind]?.(values) ?? '');
  const why = status === 'ok' ? '' : `${status}${said ? `: ${said}` : ''}`;
  return [`${step} (${seconds.toFixed(1)} s)`, [found, why].filter(Boolean).join('; ')].join(': ');
}

const SHORT = {
  gpu: ({ gpus }) => gpus.map(({ name, driver }) => `${name}, driver ${driver}`).join('; '),
  twin: ({ gigabytes }) => `${gigabytes} GB`,
  tokens: ({ rows }) =>
    rows.map(({ engine, pl, speed_tg }) => `${engine} ${fixed(speed_tg)} tokens/s on ${pl}`).join(', '),
  sweep: ({ rows }) => rows.map(({ pl, speed_tg }) => `${fixed(speed_tg)} tokens/s on ${pl}`).join(', '),
  doctor: ({ holds, jail, why }) =>
    jail === null ? `no jail: ${why}` : `${jail}, ${holds ? 'holds' : 'does not hold'}`,
  rerank: ({ seconds, tokensGenerated }) => `${tokensGenerated} tokens, ${fixed(seconds.total)} s`,
  memory: ({ asked, lanes, decoded }) =>
    `asked for ${asked} lanes, went on with ${lanes}, decoded ${decoded} tokens`,
  texts: ({ rows }) => rows.map(textsRow).join('; '),
};

/** The whole table. */
export function tableText({ lines, broken }) {
  const of = (kind) => lines.filter((line) => line.kind === kind && line.values !== null);
  const parts = [
    aboutCall(lines, of),
    speedTable(of('tokens')),
    sweepTable(of('sweep')),
    textsTable(of('texts')),
    rerankText(of('rerank')) + memoryText(of('memory')) + jailText(of('doctor')) + wantingText(lines, broken),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function aboutCall(lines, of) {
  const call = lines.find(({ kind }) => kind === 'call');
  const gpus = of('gpu').flatMap(({ values }) => values.gpus);
  const run = of('tokens')[0]?.values.run ?? {};
  const cards = gpus.map(
    ({ name, driver, totalMiB, capability }) =>
      `${name}, ${totalMiB} MiB${capability ? `, compute capability ${capability}` : ''}, driver ${driver}`,
  );
  const facts = [
    ['GPU', cards.join('; ') || run.device || 'not known: nvidia-smi said nothing'],
    ['host', call && [call.values.cpu, `${call.values.cores} cores`].filter(Boolean).join(', ')],
    ['runtime', run.build],
    ['engine', call && `${call.about.version}, commit ${call.about.commit}, ${call.about.scale} scale`],
    ['date', call?.date.slice(0, 10)],
    ['first start', firstStart(of('tokens'))],
  ];
  return facts
    .filter(([, value]) => value)
    .map(([name, value]) => `- ${name}: ${value}\n`)
    .join('');
}

/** The first run on a GPU that the library has no finished kernels for compiles them. */
function firstStart([first]) {
  return first === undefined ? null : `${fixed(first.seconds)} s for ${first.step}`;
}

/** A line for each model and number of lanes; over several rounds medians, and the median of the rounds' ratios. */
function speedTable(steps) {
  const groups = new Map();
  for (const { values, about } of steps) {
    const ours = values.rows.find(({ engine }) => engine === 'native');
    if (ours === undefined) continue;
    const model = `${values.run.model}${about.deterministic ? ', deterministic' : ''}`;
    const key = JSON.stringify([model, ours.pl]);
    const peer = values.rows.find(({ engine }) => engine === 'llama-batched-bench') ?? null;
    const group = groups.get(key) ?? { model, lanes: ours.pl, rounds: [] };
    group.rounds.push({ ours, peer });
    groups.set(key, group);
  }
  const rows = [...groups.values()].sort((a, b) => a.model.localeCompare(b.model) || a.lanes - b.lanes);
  const cells = rows.map(({ model, lanes, rounds }) => {
    const both = rounds.filter(({ peer }) => peer !== null);
    const sampled = rounds.map(({ ours }) => (ours.t_sampling ?? null) && ours.t_sampling / ours.t_tg);
    return [
      model,
      lanes,
      fixed(middle(rounds.map(({ ours }) => ours.speed_tg))),
      percent(middle(sampled)),
      fixed(middle(both.map(({ peer }) => peer.speed_tg))),
      ratio(middle(both.map(({ ours, peer }) => ours.speed_tg / peer.speed_tg))),
      fixed(middle(rounds.map(({ ours }) => ours.speed_pp))),
      fixed(middle(both.map(({ peer }) => peer.speed_pp))),
      rounds.length,
    ];
  });
  const head = ['model', 'lanes', 'ours, tokens/s', 'of it sampling', 'llama-batched-bench', 'ratio'];
  return table([...head, 'our prefill', 'its prefill', 'rounds'], cells, 1);
}

function sweepTable(steps) {
  const rows = steps.flatMap(({ values }) => values.rows);
  const cells = rows.map(({ pl, pp, tg, speed_pp, speed_tg }) => [
    pl,
    pp,
    tg,
    fixed(speed_pp),
    fixed(speed_tg),
  ]);
  return table(
    ['llama-batched-bench alone, lanes', 'prompt', 'tokens', 'prefill, tokens/s', 'tokens/s'],
    cells,
    0,
  );
}

function rerankText(steps) {
  return steps
    .map(
      ({
        values: { problems, candidates, samples, tokensGenerated, kept, cells, seconds },
        about: { model },
      }) => {
        const rate = seconds.generate > 0 ? `, ${fixed(tokensGenerated / seconds.generate)} tokens/s` : '';
        return (
          `- rerank, ${model}: ${problems} problems, ${candidates} candidates, ${samples?.generated} responses of ` +
          `${tokensGenerated} tokens, ${kept} tests kept, ${cells?.executed} of ${cells?.total} cells executed; ` +
          `${fixed(seconds.total)} s (generate ${fixed(seconds.generate)}, extract ${fixed(seconds.extract ?? 0)}, ` +
          `execute ${fixed(seconds.execute ?? 0)})${rate}\n`
        );
      },
    )
    .join('');
}

function textsTable(steps) {
  const cells = steps.flatMap(({ values, about }) =>
    values.rows.map(({ lanes, speed, equalCold, cold, equalWarm, warm }) => [
      about.model,
      about.deterministic ? 'yes' : 'no',
      lanes,
      `${equalCold} of ${cold}`,
      `${equalWarm} of ${warm}`,
      speed,
    ]),
  );
  const head = ['texts of', 'deterministic', 'lanes', 'as on the first lanes at 0', 'at 0.8', 'tokens/s'];
  return table(head, cells, 2);
}

function textsRow({ lanes, equalCold, cold, equalWarm, warm, speed }) {
  return `${lanes} ${lanes === 1 ? 'lane' : 'lanes'} ${equalCold + equalWarm} of ${cold + warm} equal, ${speed} tokens/s`;
}

function memoryText(steps) {
  return steps
    .map(({ values }) => {
      const said = (values.said ?? []).map((text) => `  - said: ${text}\n`).join('');
      return `- out of memory: ${SHORT.memory(values)} (${values.cells} cells)\n${said}`;
    })
    .join('');
}

function jailText(steps) {
  return steps
    .map(({ values }) => {
      const open = values.open.length > 0 ? `; open: ${values.open.join(', ')}` : '';
      return `- doctor: ${SHORT.doctor(values)}, ${values.walls} walls${open}\n`;
    })
    .join('');
}

/** What did not work, so that a table with gaps says why. */
function wantingText(lines, broken) {
  const wanting = lines.filter(({ status }) => status !== 'ok').map((line) => `  - ${stepText(line)}\n`);
  if (broken > 0) wanting.push(`  - ${broken} broken line${broken > 1 ? 's' : ''} in the results file\n`);
  const steps = lines.filter(({ kind }) => kind !== 'call');
  const done = steps.filter(({ status }) => status === 'ok').length;
  return `- steps: ${done} done${wanting.length === 0 ? '\n' : `; not done or not whole:\n${wanting.join('')}`}`;
}

/** Columns from `numeric` on are aligned to the right. */
function table(head, rows, numeric) {
  if (rows.length === 0) return '';
  const texts = [head, ...rows.map((row) => row.map((cell) => String(cell ?? '–')))];
  const widths = head.map((_, at) => Math.max(3, ...texts.map((row) => row[at].length)));
  const line = (row) =>
    `| ${row.map((cell, at) => (at < numeric ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |\n`;
  const rule = `| ${widths.map((width, at) => (at < numeric ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |\n`;
  return `${line(texts[0])}${rule}${texts.slice(1).map(line).join('')}`;
}

/** The median of those that are numbers; null where there is none. */
function middle(values) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function fixed(value) {
  if (value === null || value === undefined) return null;
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function percent(value) {
  return value === null ? null : `${(100 * value).toFixed(0)} %`;
}

function ratio(value) {
  return value === null ? null : value.toFixed(3);
}
