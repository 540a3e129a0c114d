import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CACHE_PARTS, defaultCachePath } from '../cache/database.js';
import { InputError } from '../error.js';
import { LABELS, type Label } from '../evaluate/labels.js';
import { GPU_CHOICES } from '../model/backend.js';
import { GENERATOR_CHOICES, type GeneratorChoice, PAPER_SAMPLER } from '../model/generator.js';
import { SCORERS } from '../rank/scorer.js';
import { ISOLATIONS, type Isolation, JAILS, type Jail } from '../sandbox/job.js';
import { DEFAULT_LIMITS, type Limits } from '../verdict.js';
import { TOKEN_OUTPUTS, type TokenOutput } from './bench-tokens-text.js';

// Every flag is defined once, here, with its unit, its default and its environment variable, and commands pick.

/** `--task-id` is `CODERM_TASK_ID` in the environment. */
export function environmentName(long: string): string {
  return `CODERM_${long.replace(/^--/, '').toUpperCase().replaceAll('-', '_')}`;
}

function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(environmentName(made.long ?? flags));
}

const requiredOptions = new WeakSet<Option>();

/** Commander's own mandatory options are checked before a configuration file is read. */
function required(flags: string, description: string): Option {
  const made = option(flags, `${description} (required)`);
  requiredOptions.add(made);
  return made;
}

/** @throws InputError for the first required flag that nothing gave. */
export function checkRequired(command: Command): void {
  for (const made of command.options) {
    if (!requiredOptions.has(made) || command.getOptionValue(made.attributeName()) !== undefined) continue;
    const { flags, description } = made;
    throw new InputError(
      `${nameOf(command)} needs ${flags}: expected ${description.replace(' (required)', '')}, got none; ` +
        'coderm --help says where flags may come from.',
    );
  }
}

/** As the user writes it: `coderm cache clear`. */
function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

/** Whether a flag was given at all, on the command line, in the environment or in a configuration file. */
export type Given = (name: keyof Flags) => boolean;

export function givenFlags(command: Command): Given {
  return (name) => !['default', undefined].includes(command.getOptionValueSource(name));
}

/** Commander takes any value of an environment variable for true, "0" included. */
export function checkBooleans(command: Command): void {
  for (const made of command.options) {
    const name = made.attributeName();
    const boolean = made.isBoolean() || made.negate;
    if (!boolean || made.envVar === undefined || command.getOptionValueSource(name) !== 'env') continue;
    const text = process.env[made.envVar] ?? '';
    if (!['', '0', '1', 'false', 'true'].includes(text)) {
      throw new InputError(`${made.envVar}: expected true or false, got ${JSON.stringify(text)}.`);
    }
    const on = text === '1' || text === 'true';
    command.setOptionValueWithSource(name, on !== made.negate, 'env'); // on: --no-dedup makes dedup false
  }
}

function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}, got ${JSON.stringify(text)}.`);
  };
}

function wholeList(least: number, most: number) {
  const one = whole(least, most);
  return (text: string): number[] => text.split(',').map(one);
}

function real(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `Expected a number from ${least} to ${most}, got ${JSON.stringify(text)}.`,
    );
  };
}

const files = (text: string, before: string[] | undefined): string[] => [...(before ?? []), text];

export function addInputs(command: Command): Command {
  return command
    .addOption(
      required('--problems <file>', 'problems, JSON Lines, gzip accepted (repeatable)').argParser(files),
    )
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

/** The model and where it runs. */
export function addDecoding(command: Command): Command {
  return command
    .addOption(required('--model <gguf>', 'reward model: path of a GGUF file or a name of `coderm models`'))
    .addOption(
      option('--gpu <which>', 'where the model runs')
        .choices([...GPU_CHOICES])
        .default('auto'),
    )
    .addOption(option('--gpu-layers <n>', 'layers on the GPU (default: all)').argParser(whole(0)))
    .addOption(
      option(
        '--threads <n>',
        'threads that decode; leave out cores that are busy (default: one a core)',
      ).argParser(whole(1, 1024)),
    )
    .addOption(
      option(
        '--deterministic',
        'decode steps of one shape only: no text depends on --parallel or on what runs beside it, on a GPU too',
      ),
    );
}

export function addModel(command: Command): Command {
  return addDecoding(command)
    .addOption(
      option(
        '--context <tokens>',
        "tokens of prompt and response together (default: the model's own)",
      ).argParser(whole(64)),
    )
    .addOption(
      option(
        '--parallel <lanes>',
        'responses decoded at one time (default: 8 on a CPU, what fits on a GPU)',
      ).argParser(whole(1, 256)),
    )
    .addOption(
      option('--generator <which>', "who decodes: our own loop over llama.cpp's library, or node-llama-cpp's")
        .choices([...GENERATOR_CHOICES])
        .default('native'),
    );
}

export function addGeneration(command: Command): Command {
  const { temperature, topP, topK, minP, maxTokens } = PAPER_SAMPLER;
  const own = `(default: ${maxTokens}, or what the registry says of a small model)`;
  return command
    .addOption(option('--tests <n>', 'unit tests a problem').argParser(whole(1, 100_000)).default(100))
    .addOption(
      option('--seed <n>', 'run seed; every sample has its own, made from it').argParser(whole(0)).default(0),
    )
    .addOption(
      option('--temperature <t>', 'sampling temperature; 0 is greedy')
        .argParser(real(0, 10))
        .default(temperature),
    )
    .addOption(option('--top-p <p>', 'nucleus mass; 1 is off').argParser(real(0.0001, 1)).default(topP))
    .addOption(option('--top-k <k>', 'most likely tokens kept; 0 is off').argParser(whole(0)).default(topK))
    .addOption(
      option('--min-p <p>', 'least share of the likeliest token; 0 is off')
        .argParser(real(0, 1))
        .default(minP),
    )
    .addOption(option('--max-tokens <n>', `tokens of one response at most ${own}`).argParser(whole(1)))
    .addOption(
      option(
        '--response-prefix <text|file>',
        'start of every answer; {entry_point} and {EntryPoint} are filled in',
      ),
    )
    .addOption(
      option('--prompt-compat <how>', "paper: as the authors' code (no generation prompt, BOS doubled)")
        .choices(['none', 'paper'])
        .default('none'),
    )
    .addOption(
      option('--extract <how>', "how responses are read; paper: the authors' rules")
        .choices(['salvage', 'paper'])
        .default('salvage'),
    );
}

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

function addScorerName(command: Command): Command {
  return command.addOption(
    option('--scorer <name>', 'how passed tests become scores')
      .choices(SCORERS.map(({ name }) => name))
      .default('auto'),
  );
}

export function addScorer(command: Command): Command {
  return addScorerName(command).addOption(
    option('--prune', 'leave out cells that cannot change who wins (needs --scorer majority)'),
  );
}

export function addAbstain(command: Command): Command {
  return command.addOption(
    option('--abstain-below <p>', 'select nothing where the confidence is below p')
      .argParser(real(0, 1))
      .default(0),
  );
}

export function addOutput(command: Command): Command {
  return command
    .addOption(
      option('--out <file>', 'write the lines here, and FILE.manifest.json beside it (default: stdout)'),
    )
    .addOption(option('--json', 'print one JSON object with the summary on stdout (needs --out)'));
}

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

export function addTokenBench(command: Command): Command {
  return command
    .addOption(
      option('--lanes <list>', 'samples decoded at one time, each measured')
        .argParser(wholeList(1, 254))
        .default([1, 2, 4, 8, 16, 32, 64, 128], '1,2,4,8,16,32,64,128'),
    )
    .addOption(option('--prompt-tokens <n>', 'length of the prompt').argParser(whole(1)).default(300))
    .addOption(option('--decode-tokens <n>', 'decode steps of each sample').argParser(whole(1)).default(128))
    .addOption(option('--rounds <n>', 'measurements of each').argParser(whole(1, 1000)).default(3))
    .addOption(
      option('--compare-batched-bench <file>', 'a llama-batched-bench, measured in turn at the same shapes'),
    )
    .addOption(option('--compare-node-llama-cpp', "node-llama-cpp's own way to decode, measured in turn"))
    .addOption(
      option('--output <form>', 'how the rows are printed')
        .choices([...TOKEN_OUTPUTS])
        .default('md'),
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

/** A stored matrix to rank again. */
export function addScoring(command: Command): Command {
  command
    .addOption(required('--matrix <file>', 'execution matrix: lines of coderm execute; gzip accepted'))
    .addOption(
      option('--solutions <file>', 'its candidates, to write the selected one (repeatable)').argParser(files),
    )
    .addOption(
      option('--problems <file>', 'problems that its candidates continue (repeatable)').argParser(files),
    );
  addScorerName(command);
  return addOutput(addAbstain(command));
}

/** A ranking and the labels of its candidates. */
export function addEvaluation(command: Command): Command {
  return command
    .addOption(required('--ranking <file>', 'lines of coderm rerank or score; gzip accepted'))
    .addOption(required('--labels <file>', 'labels of its candidates (repeatable)').argParser(files))
    .addOption(
      option('--label <which>', 'the label that counts: base or plus')
        .argParser(labelNames)
        .default(BASE_ONLY, 'base'),
    )
    .addOption(option('--csv', 'print the problems as CSV, a line each'))
    .addOption(option('--json', 'print one JSON object'));
}

/** Stored matrices of pairings of candidates and tests, and the labels of the candidates. */
export function addPairings(command: Command): Command {
  return command
    .addOption(
      required(
        '--matrices <file>',
        'execution matrix: lines of coderm execute; gzip accepted (repeatable)',
      ).argParser(files),
    )
    .addOption(required('--labels <file>', 'labels of its candidates (repeatable)').argParser(files))
    .addOption(option('--pairing <name>', 'what to call it (repeatable; default: the file)').argParser(files))
    .addOption(
      option('--label <which>', 'the label that counts: base or plus (repeatable)')
        .argParser(labelNames)
        .default(BASE_ONLY, 'base'),
    )
    .addOption(
      option(
        '--untested <how>',
        'labelled tasks without a line: skip, or count as problems of which no test was kept (repeatable)',
      )
        .argParser(untestedHow)
        .default(SKIP_ONLY, 'skip'),
    )
    .addOption(
      option('--draw <n,n,...>', 'measure also with so many of the tests, drawn at random')
        .argParser(wholeList(1, 100_000))
        .default([], 'all tests only'),
    )
    .addOption(option('--rounds <n>', 'draws of each number of tests').argParser(whole(1, 1000)).default(20))
    .addOption(option('--seed <n>', 'seed of the draws').argParser(whole(0)).default(0))
    .addOption(option('--json', 'print one JSON object'));
}

const BASE_ONLY: Label[] = ['base'];
const UNTESTED = ['skip', 'count'] as const;
const SKIP_ONLY: Untested[] = ['skip'];
type Untested = (typeof UNTESTED)[number];

/** A repeatable flag of which each value is one of a few; the first that is given replaces the default. */
function oneOf<T extends string>(known: readonly T[], instead: readonly T[]) {
  return (text: string, before: T[] | undefined): T[] => {
    const value = known.find((one) => one === text);
    if (value !== undefined) return [...(before === undefined || before === instead ? [] : before), value];
    throw new InvalidArgumentError(`Expected ${known.join(' or ')}, got ${JSON.stringify(text)}.`);
  };
}

const labelNames = oneOf(LABELS, BASE_ONLY);
const untestedHow = oneOf(UNTESTED, SKIP_ONLY);

export function addCache(command: Command): Command {
  return command.addOption(
    option('--cache <file>', 'SQLite file that keeps all results').default(defaultCachePath(process.env)),
  );
}

export const cachePart = (text: string) => {
  if ((CACHE_PARTS as string[]).includes(text)) return text;
  throw new InvalidArgumentError(`Expected one of ${CACHE_PARTS.join(', ')}, got ${JSON.stringify(text)}.`);
};

/** @throws InputError where the summary would be mixed with the lines. */
export function checkSummary({ json, out }: Pick<Flags, 'json' | 'out'>): void {
  if (!json || out !== undefined) return;
  throw new InputError(
    '--json prints the summary on stdout, where the lines would go: expected --out FILE with it.',
  );
}

/** The values of the flags above, as commander names them. */
export interface Flags {
  problems: string[];
  solutions: string[];
  unitTests: string[];
  limit?: number;
  candidates?: number;
  model: string;
  gpu: (typeof GPU_CHOICES)[number];
  gpuLayers?: number;
  context?: number;
  parallel?: number;
  threads?: number;
  generator?: GeneratorChoice;
  deterministic?: boolean;
  tests: number;
  seed: number;
  temperature: number;
  topP: number;
  topK: number;
  minP: number;
  maxTokens?: number;
  responsePrefix?: string;
  promptCompat: 'none' | 'paper';
  extract: 'salvage' | 'paper';
  python: string;
  workers: number;
  isolation: Isolation;
  jail: Jail;
  recheck?: number;
  limits: 'default' | 'paper';
  cpuMs: number;
  wallMs: number;
  memoryMib: number;
  outputKib: number;
  processes: number;
  tmpMib: number;
  dedup: boolean;
  scorer: string;
  prune?: boolean;
  dryRun?: boolean;
  abstainBelow?: number;
  out?: string;
  json?: boolean;
  cache: string;
  cells: number;
  rounds: number;
  authors?: string;
  lanes: number[];
  promptTokens: number;
  decodeTokens: number;
  compareBatchedBench?: string;
  compareNodeLlamaCpp?: boolean;
  output: TokenOutput;
  matrix: string;
  matrices: string[];
  labels: string[];
  pairing?: string[];
  ranking: string;
  csv?: boolean;
  label: Label[];
  untested: Untested[];
  draw: number[];
}

/** The limits of a cell. A single limit that was given overrides the chosen set. */
export function limitsOf(flags: Flags, given: Given): Limits {
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
