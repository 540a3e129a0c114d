import type { Command } from 'commander';

type MakeCommand = (stop: AbortSignal) => Command;

/** Every command, in the order of --help. Each is loaded when it is asked for: all of them take half a second. */
const loaders = new Map<string, () => Promise<MakeCommand>>([
  ['demo', async () => (await import('./demo.js')).demoCommand],
  ['rerank', async () => (await import('./rerank.js')).rerankCommand],
  ['solve', async () => (await import('./solve.js')).solveCommand],
  ['generate', async () => (await import('./generate.js')).generateCommand],
  ['execute', async () => (await import('./execute.js')).executeCommand],
  ['score', async () => (await import('./score.js')).scoreCommand],
  ['evaluate', async () => (await import('./evaluate.js')).evaluateCommand],
  ['preferences', async () => (await import('./preferences.js')).preferencesCommand],
  ['prompt', async () => (await import('./prompt.js')).promptCommand],
  ['difficulty', async () => (await import('./difficulty.js')).difficultyCommand],
  ['bench', async () => (await import('./bench/bench.js')).benchCommand],
  ['cache', async () => (await import('./cache.js')).cacheCommand],
  ['models', async () => (await import('./models/models.js')).modelsCommand],
  ['doctor', async () => (await import('./doctor.js')).doctorCommand],
]);

/** The command of this name alone, or, where no command has it, all of them: help and errors name them all. */
export async function loadCommands(name: string | undefined, stop: AbortSignal): Promise<Command[]> {
  const one = loaders.get(name ?? '');
  const commands: Command[] = [];
  for (const load of one ? [one] : loaders.values()) commands.push((await load())(stop));
  return commands;
}

/** A command and the commands under it. */
export function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** The long flags of every command, without dashes: what a configuration file may hold. */
export async function everyFlag(): Promise<ReadonlySet<string>> {
  const commands = await loadCommands(undefined, new AbortController().signal);
  const flags = commands.flatMap(withSubcommands).flatMap(({ options }) => options);
  return new Set(flags.flatMap(({ long }) => long?.slice(2) ?? []));
}
