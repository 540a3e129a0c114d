import type { Command } from 'commander';
import { files, option, required, whole } from '../option.js';

/** Problems alone. */
export function addProblems(command: Command): Command {
  return command.addOption(
    required('--problems <file>', 'problems, JSON Lines, gzip accepted (repeatable)').argParser(files),
  );
}

export function addInputs(command: Command): Command {
  return addProblems(command)
    .addOption(
      required('--solutions <file>', 'candidates, JSON Lines, gzip accepted (repeatable)').argParser(files),
    )
    .addOption(
      option('--limit <n>', 'problems at most; only those with candidates count').argParser(whole(1)),
    )
    .addOption(
      option('--candidates <n>', 'candidates a problem at most, the first ones').argParser(whole(1)),
    );
}

export function addUnitTests(command: Command): Command {
  return command
    .addOption(
      required('--unit-tests <file>', 'given unit tests, JSON Lines, gzip accepted (repeatable)').argParser(
        files,
      ),
    )
    .addOption(
      required('--solutions <file>', 'candidates, JSON Lines, gzip accepted (repeatable)').argParser(files),
    )
    .addOption(
      option('--problems <file>', 'problems; only files joined by prompt need them (repeatable)').argParser(
        files,
      ),
    )
    .addOption(option('--limit <n>', 'tasks at most').argParser(whole(1)))
    .addOption(option('--candidates <n>', 'candidates a task at most, the first ones').argParser(whole(1)));
}

export interface InputFlags {
  problems: string[];
  solutions: string[];
  unitTests: string[];
  limit?: number;
  candidates?: number;
}
