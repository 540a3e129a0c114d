import { Command } from 'commander';

type MakeCommand = (stop: AbortSignal) => Command;

interface Row {
  name: string;
  /** What `coderm --help` says of it. */
  summary: string;
  load: () => Promise<MakeCommand>;
}

/** Every command, in the order of --help. Each is loaded when it is asked for: all of them take half a second. */
const COMMANDS: readonly Row[] = [
  {
    name: 'demo',
    summary:
      'see it work: a tiny model that comes with the package writes unit tests for twelve problems, and picks among 20 ' +
      'candidates of each; no GPU, no download, no network, under a minute on two cores',
    load: async () => (await import('./demo.js')).demoCommand,
  },
  {
    name: 'rerank',
    summary:
      'generate unit tests for each problem, execute every candidate against them, and rank the candidates',
    load: async () => (await import('./rerank.js')).rerankCommand,
  },
  {
    name: 'solve',
    summary:
      'let a policy model write candidates for each problem, then rerank them: best of N on one machine',
    load: async () => (await import('./solve.js')).solveCommand,
  },
  {
    name: 'generate',
    summary: "write unit tests for each problem, in CodeRM's form",
    load: async () => (await import('./generate.js')).generateCommand,
  },
  {
    name: 'execute',
    summary: 'execute candidates against given unit tests; one line a cell of the execution matrix',
    load: async () => (await import('./execute.js')).executeCommand,
  },
  {
    name: 'score',
    summary: 'rank the candidates of a stored execution matrix again, by any scorer; nothing is executed',
    load: async () => (await import('./score.js')).scoreCommand,
  },
  {
    name: 'evaluate',
    summary:
      'how often a ranking chose a right candidate, and how far its tests and its confidence can be believed',
    load: async () => (await import('./evaluate.js')).evaluateCommand,
  },
  {
    name: 'preferences',
    summary:
      'pairs of a chosen and a rejected candidate, from a ranking, as trainers of preferences read them',
    load: async () => (await import('./preferences.js')).preferencesCommand,
  },
  {
    name: 'prompt',
    summary: 'print the prompt of one problem as the model gets it: text and token ids',
    load: async () => (await import('./prompt.js')).promptCommand,
  },
  {
    name: 'difficulty',
    summary: "a problem's pass rate from the reward model's hidden state, for --scaling difficulty",
    load: async () => (await import('./difficulty.js')).difficultyCommand,
  },
  {
    name: 'bench',
    summary: 'measure this machine and this engine',
    load: async () => (await import('./bench/bench.js')).benchCommand,
  },
  {
    name: 'cache',
    summary: 'look at, merge, thin out or clear what is kept of earlier runs',
    load: async () => (await import('./cache.js')).cacheCommand,
  },
  {
    name: 'models',
    summary: 'list, describe, check and bring models; only `models pull` opens a socket',
    load: async () => (await import('./models/models.js')).modelsCommand,
  },
  {
    name: 'doctor',
    summary: "attack this machine's own jail, say what holds and what carries it, and measure its speed",
    load: async () => (await import('./doctor.js')).doctorCommand,
  },
];

/**
 * The program's commands as far as these arguments need them: the one that they name, with all that it has; of the others,
 * or if they name none, what help and errors show.
 */
export async function commandsFor(args: readonly string[], stop: AbortSignal): Promise<Command[]> {
  const name = args[0] === 'help' ? args[1] : args[0];
  const one = COMMANDS.find((row) => row.name === name);
  if (one && args[0] !== 'help') return [await loaded(one, stop)];
  const commands: Command[] = [];
  for (const row of COMMANDS) {
    commands.push(row === one ? await loaded(row, stop) : new Command(row.name).description(row.summary));
  }
  return commands;
}

/** Every command with all that it has. */
export function allCommands(stop: AbortSignal): Promise<Command[]> {
  return Promise.all(COMMANDS.map((row) => loaded(row, stop)));
}

async function loaded({ summary, load }: Row, stop: AbortSignal): Promise<Command> {
  return (await load())(stop).description(summary);
}

/** A command and the commands under it. */
export function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
