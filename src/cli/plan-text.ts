import type { MemoryNeed } from '../model/llama/memory.js';
import type { Plan } from '../stages/plan.js';

/** What `--dry-run` prints: a line for each thing that a run costs, and with `budgets` one for each problem. */
export function planText(
  plan: Plan,
  budgets: boolean,
  written: 'responses' | 'solutions' = 'responses',
): string {
  const { problems, candidates, prompts, samples, tokens, cells, lanes, memory, rates, seconds } = plan;
  const missing = samples.requested - samples.cached;
  const expected = tokens.expected === null ? '' : `, about ${number(tokens.expected)} by earlier ones`;
  const lines: [string, string][] = [
    ['problems', `${problems}, with ${number(candidates)} candidates`],
    [
      'prompts',
      prompts === null
        ? 'counted by the endpoint'
        : `${number(prompts.tokens)} tokens to prefill, the longest ${number(prompts.longest)}`,
    ],
    [written, `${number(samples.requested)} (${number(samples.cached)} cached, ${number(missing)} to write)`],
    ['tokens', `${number(tokens.most)} to write at most${expected}`],
    ['cells', `${number(cells)} at most; equal ones are executed once`],
    ['memory', memoryText(memory, lanes)],
    ['time', timeText(seconds, rates)],
  ];
  const each = budgets ? plan.budgets : [];
  return [
    ...lines.map(([name, text]) => `${name.padEnd(11)}${text}\n`),
    ...each.map(({ task_id, tests, why }) => `${task_id}  ${number(tests)} unit tests: ${why}\n`),
  ].join('');
}

function memoryText(memory: MemoryNeed | null, lanes: number): string {
  if (memory === null) return `the endpoint's, for ${lanes} requests at a time`;
  const { device, gpu, ram } = memory;
  const { weights, context, free, total } = gpu ?? ram;
  const where = gpu ? `on ${device}` : 'of this machine';
  const short =
    weights + context > free ? '; it does not fit: fewer lanes are tried, or pass --parallel' : '';
  return `${gib(weights)} weights + ${gib(context)} for ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}, of ${gib(free)} free (${gib(total)} in all) ${where}${short}`;
}

function timeText(
  { generate, execute }: Plan['seconds'],
  { tokensPerSecond, cellsPerSecond }: Plan['rates'],
): string {
  const part = (name: string, time: number | null, rate: number | null, unit: string) =>
    time === null || rate === null
      ? `${name}: no earlier run to tell from`
      : `${name} ${duration(time)} at ${number(Math.round(rate))} ${unit}`;
  return `${part('generate', generate, tokensPerSecond, 'tokens/s')}, ${part('execute at most', execute, cellsPerSecond, 'cells/s')}`;
}

function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 100 * 60 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** An amount of memory, for a reader. */
export function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 2 : 1)} GiB`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
