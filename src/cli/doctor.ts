import { Command } from 'commander';
import { account } from '../doctor/account.js';
import { examine } from '../doctor/doctor.js';
import { ExitCode } from '../error.js';
import { packageVersion } from '../manifest.js';
import { addJail, addWorkers } from './flags/execution.js';
import type { Flags } from './flags/flags.js';
import { printable } from './printable.js';
import { stderrProgress } from './progress-bar.js';
import { printSummary } from './summary.js';

export function doctorCommand(signal: AbortSignal): Command {
  const command = new Command('doctor');
  addJail(addWorkers(command)).option('--json', 'print JSON');
  command.addHelpText(
    'after',
    `
It takes some seconds. Exit code: 0 all walls hold, 4 there is no jail or a wall does not hold.`,
  );
  return command.action(async () => {
    const { python, workers, jail, json } = command.opts<Flags>();
    const found = await examine({ python, workers, jail }, stderrProgress(), signal);
    const version = packageVersion();
    if (json) printSummary({ coderm: version, ...found });
    else process.stdout.write(printable(account(found, version)));
    process.exitCode = found.holds ? ExitCode.done : ExitCode.sandboxUnavailable;
  });
}
