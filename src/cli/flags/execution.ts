import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { JAILS, type Jail } from '../../sandbox/jail.js';
import { ISOLATIONS, type Isolation } from '../../sandbox/job.js';
import { DEFAULT_LIMITS, type Limits } from '../../verdict.js';
import { type Given, option, whole } from '../option.js';

/** Who executes, and how many at one time. */
export function addWorkers(command: Command): Command {
  return command
    .addOption(option('--python <path>', 'Python that executes candidates').default('python3'))
    .addOption(
      option('--workers <n>', 'cells at one time')
        .argParser(whole(1, 1024))
        .default(availableParallelism(), 'one a core'),
    );
}

/** Which walls untrusted code runs behind. */
export function addJail(command: Command): Command {
  return command.addOption(
    option(
      '--jail <which>',
      'namespaces; landlock: where the machine refuses those (Linux 6.12 or newer); seatbelt: macOS, not yet run on hardware',
    )
      .choices([...JAILS])
      .default('namespaces'),
  );
}

export function addExecution(command: Command): Command {
  const { cpuMs, wallMs, memoryMiB, outputKiB, processes, tmpMiB } = DEFAULT_LIMITS;
  return addJail(addWorkers(command))
    .addOption(
      option(
        '--isolation <level>',
        'candidate: its tests share a process where none can be noticed; cell: each its own',
      )
        .choices([...ISOLATIONS])
        .default('candidate'),
    )
    .addOption(
      option(
        '--recheck <k>',
        'run cells that candidates differ on k times more, under other hash seeds; tests that change lose their vote',
      )
        .argParser(whole(0, 100))
        .default(0),
    )
    .addOption(
      option(
        '--stub',
        'run each unit test also on a program that does nothing: what passes there is vacuous',
      ),
    )
    .addOption(
      option('--limits <set>', "paper: the authors' 1 s of CPU and 2 s of wall time")
        .choices(['default', 'paper'])
        .default('default'),
    )
    .addOption(option('--cpu-ms <ms>', 'CPU time of a cell').argParser(whole(10)).default(cpuMs))
    .addOption(option('--wall-ms <ms>', 'time on the clock of a cell').argParser(whole(10)).default(wallMs))
    .addOption(
      option('--memory-mib <MiB>', 'memory of a cell, all processes').argParser(whole(32)).default(memoryMiB),
    )
    .addOption(option('--output-kib <KiB>', 'output of a cell').argParser(whole(1)).default(outputKiB))
    .addOption(
      option('--processes <n>', 'processes and threads of a cell').argParser(whole(1)).default(processes),
    )
    .addOption(option('--tmp-mib <MiB>', "a cell's writable /tmp").argParser(whole(1)).default(tmpMiB))
    .addOption(option('--no-dedup', 'execute equal cells each on its own, for measuring'));
}

export interface ExecutionFlags {
  python: string;
  workers: number;
  isolation: Isolation;
  jail: Jail;
  recheck?: number;
  stub?: boolean;
  limits: 'default' | 'paper';
  cpuMs: number;
  wallMs: number;
  memoryMib: number;
  outputKib: number;
  processes: number;
  tmpMib: number;
  dedup: boolean;
}

/** The limits of a cell. A single limit that was given overrides the chosen set. */
export function limitsOf(flags: ExecutionFlags, given: Given): Limits {
  const paper = flags.limits === 'paper';
  return {
    cpuMs: paper && !given('cpuMs') ? 1000 : flags.cpuMs,
    wallMs: paper && !given('wallMs') ? 2000 : flags.wallMs,
    memoryMiB: flags.memoryMib,
    outputKiB: flags.outputKib,
    processes: flags.processes,
    tmpMiB: flags.tmpMib,
  };
}
