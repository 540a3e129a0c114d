import type { Command } from 'commander';
import { TOKEN_OUTPUTS, type TokenOutput } from '../bench/tokens-text.js';
import { files, option, required, whole, wholeList } from '../option.js';

export function addSandboxBench(command: Command): Command {
  return command
    .addOption(
      option('--cells <n>', 'cells at most, of evenly spread tasks with 20 candidates or more')
        .argParser(whole(1))
        .default(5200),
    )
    .addOption(option('--rounds <n>', 'measurements of each level').argParser(whole(1, 1000)).default(3))
    .addOption(
      option('--authors <file>', "the CodeRM authors' docker_source/main.py, measured beside the others"),
    )
    .addOption(option('--json', 'print one JSON object'));
}

/** How many samples at one time, after a prompt of which length. */
export function addShape(command: Command, lanes: number[]): Command {
  return command
    .addOption(
      option('--lanes <list>', 'samples decoded at one time, a row for each')
        .argParser(wholeList(1, 254))
        .default(lanes, lanes.join(',')),
    )
    .addOption(option('--prompt <n>', 'length of the prompt').argParser(whole(1)).default(300));
}

export function addTokenBench(command: Command): Command {
  return addShape(command, [1, 2, 4, 8, 16, 32, 64, 128])
    .addOption(option('--tokens <n>', 'decode steps of each sample').argParser(whole(1)).default(128))
    .addOption(option('--rounds <n>', 'measurements of each').argParser(whole(1, 1000)).default(3))
    .addOption(
      option('--compare-batched-bench <file>', 'a llama-batched-bench, measured in turn at the same shapes'),
    )
    .addOption(option('--compare-node-llama-cpp', "node-llama-cpp's own way to decode, measured in turn"))
    .addOption(
      option('--output <form>', 'how the rows are printed')
        .choices([...TOKEN_OUTPUTS])
        .default('md'),
    )
    .addOption(option('--json', 'print one JSON object instead'));
}

/** Budgets that are simulated on stored matrices. */
export function addBudgets(command: Command): Command {
  return command
    .addOption(
      option('--solutions <file>', 'candidates of each matrix, in the same order (repeatable)').argParser(
        files,
      ),
    )
    .addOption(
      option('--problems <file>', 'problems that the candidates continue (repeatable)').argParser(files),
    )
    .addOption(
      option('--budgets <n,n,...>', 'average unit tests a problem, each simulated')
        .argParser(wholeList(1, 100_000))
        .default([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], '2,3,...,16'),
    )
    .addOption(option('--rounds <n>', 'orders of the stored tests').argParser(whole(1, 10_000)).default(100))
    .addOption(
      option('--test-tokens <n>', 'tokens of one unit test, to say what stopping saves')
        .argParser(whole(1))
        .default(300),
    );
}

/** A recorded matrix, and the files that it came from. */
export function addMatrix(command: Command): Command {
  return command
    .addOption(
      required('--matrix <file>', "execution matrix: lines of coderm execute, or CodeT's; gzip accepted"),
    )
    .addOption(
      option('--problems <file>', 'problems that its candidates continue (repeatable)').argParser(files),
    )
    .addOption(option('--solutions <file>', 'candidates of its lines (repeatable)').argParser(files))
    .addOption(option('--unit-tests <file>', 'unit tests of its lines (repeatable)').argParser(files))
    .addOption(option('--candidates <n>', 'candidates a task at most, the first ones').argParser(whole(1)))
    .addOption(option('--json', 'print one JSON object'));
}

export interface BenchFlags {
  cells: number;
  rounds: number;
  authors?: string;
  lanes: number[];
  prompt: number;
  tokens: number;
  compareBatchedBench?: string;
  compareNodeLlamaCpp?: boolean;
  output: TokenOutput;
  budgets: number[];
  testTokens: number;
}
