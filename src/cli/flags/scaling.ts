import type { Command } from 'commander';
import { option, real, whole } from '../option.js';

/** How a budget of unit tests is shared out. */
const SCALINGS = ['equal', 'difficulty', 'sequential'] as const;
export type ScalingName = (typeof SCALINGS)[number];

/** What sequential and difficulty go by, simulated or real. */
export function addSpending(command: Command): Command {
  return command
    .addOption(
      option(
        '--rates <file>',
        'difficulty: pass rates of the problems, lines {task_id, rate} as difficulty predict writes',
      ),
    )
    .addOption(
      option('--b-min <n>', 'unit tests that every problem gets; the paper has 0')
        .argParser(whole(0))
        .default(1),
    )
    .addOption(
      option(
        '--stop-above <p>',
        'sequential: no further test where the winner is right with a greater chance than p (default: never)',
      ).argParser(real(0, 1)),
    );
}

export function addScaling(command: Command): Command {
  return addSpending(
    command
      .addOption(
        option(
          '--budget <n>',
          'unit tests a problem on average, shared out by --scaling; --tests is then the most of one problem',
        ).argParser(real(0.01, 100_000)),
      )
      .addOption(
        option(
          '--scaling <policy>',
          'who gets how many: equal; difficulty, by pass rates (needs --rates); sequential, by how votes stand',
        )
          .choices([...SCALINGS])
          .default('equal'),
      ),
  );
}

export interface ScalingFlags {
  budget?: number;
  scaling: ScalingName;
  bMin: number;
  stopAbove?: number;
  rates?: string;
}
