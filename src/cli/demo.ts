import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { demoInputs, demoModel, runDemo } from '../demo/demo.js';
import { accuracyCurve } from '../demo/report.js';
import { ExitCode } from '../error.js';
import { scorerNamed } from '../rank/scorers.js';
import { demoText } from './demo-text.js';
import { withRun } from './engine.js';
import { addDemo, demoDefaults } from './flags/demo.js';
import type { Flags } from './flags/flags.js';
import { type Given, givenFlags } from './option.js';
import { printable } from './printable.js';
import { pageRunOf, withReport } from './report.js';
import { printSummary } from './summary.js';

export function demoCommand(signal: AbortSignal): Command {
  const command = new Command('demo');
  addDemo(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm demo
  coderm demo --tests 64 --seed 1 --report demo.html
The problems are the first twelve of a draw that training never saw (models/tiny-ut/README.md). Everything is computed
anew each time: tests are sampled, cells executed in the sandbox. The hidden tests that say which candidates are right
are executed after the choice, and the model never sees them.`,
  );
  return command.action(async () => {
    const flags = command.opts<Flags>();
    const folder = mkdtempSync(join(tmpdir(), 'coderm-demo-'));
    try {
      const files = { ...demoInputs, model: demoModel, cache: join(folder, 'cache.sqlite') };
      await demo({ ...demoDefaults(), ...flags, ...files }, givenFlags(command), signal);
      process.exitCode = ExitCode.done;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

function demo(flags: Flags, given: Given, signal: AbortSignal): Promise<void> {
  return withReport(flags, [], (page) =>
    withRun(flags, given, signal, async (run) => {
      const { report, ranked } = await runDemo(run, flags.tests, scorerNamed(flags.scorer));
      for (const [at, one] of ranked.entries()) page?.add(one, report.problems[at]!.chosenRight === 1);
      page?.complete({
        ...pageRunOf(flags, run, 'coderm demo'),
        accuracy: accuracyCurve(report, flags.tests),
      });
      if (flags.json) printSummary({ ...report });
      else process.stdout.write(printable(demoText(report)));
    }),
  );
}
