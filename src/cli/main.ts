#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { CodermError } from '../error.js';
import { packageVersion } from '../manifest.js';
import { commandsFor, withSubcommands } from './commands.js';
import { applyConfig } from './config.js';
import { unwritable } from './lines-file.js';
import { checkBooleans, checkRequired } from './option.js';
import { printable, printableMessage } from './printable.js';
import { Interrupt } from './signals.js';

const interrupt = new Interrupt();

const program = new Command('coderm')
  .description(
    'Picks the right program out of many: a local GGUF model writes unit tests, a native sandbox executes every ' +
      'candidate against every test, and the candidate that tests and other candidates speak for wins.',
  )
  .version(packageVersion())
  .showHelpAfterError('(coderm COMMAND --help shows every flag)')
  .addHelpText(
    'after',
    `
Flags come from the command line, else from the environment (CODERM_TOP_P for --top-p), else from the nearest
coderm.config.json upward ({"top-p": 0.9}).
Exit codes: 0 done, 2 bad usage or input, 3 some problems failed, 4 no sandbox, 5 no model or GPU, 130/143 stopped, 75 stopped by
a scheduler (SIGUSR1, SIGUSR2): run it again, and it continues.`,
  );

for (const command of await commandsFor(process.argv.slice(2), interrupt.signal)) program.addCommand(command);

for (const command of withSubcommands(program)) {
  command.exitOverride().configureOutput({ outputError: (text, write) => write(printable(text)) });
}
program.hook('preAction', (_, command) => {
  checkBooleans(command);
  applyConfig(command);
  if (command.getOptionValue('replay') === undefined) checkRequired(command); // a manifest has all flags
});

// A reader that has seen enough closes the pipe; any other failure of a standard stream ends the run too.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    process.exit(exitCodeOf(unwritable('standard output', error)));
  });
}

try {
  await program.parseAsync();
  process.exitCode = interrupt.exitCode ?? process.exitCode; // stopped, with a result all the same
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Says what went wrong, in one sentence where it was foreseen, and returns the exit code. */
function exitCodeOf(error: unknown): number {
  if (interrupt.exitCode !== null) return interrupt.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said it
  if (error instanceof CodermError) {
    process.stderr.write(`coderm: ${printableMessage(error.message)}\n`);
    return error.exitCode;
  }
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0; // the reader of our output has seen enough
  const text = process.env.CODERM_DEBUG ? (error as Error).stack : (error as Error).message;
  process.stderr.write(
    `coderm: this is a defect of coderm, please report it: ${printableMessage(String(text))}\n`,
  );
  return 1;
}
