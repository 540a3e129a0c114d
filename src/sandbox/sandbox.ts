import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { SandboxError, SandboxFault } from '../error.js';
import { DEFAULT_LIMITS, type Limits } from '../verdict.js';
import type { Ready } from './addon.js';
import { HARNESS, HARNESS_IN_JAIL, type HarnessHashes, harnessHashes } from './harness.js';
import { findInterpreter, type Interpreter } from './interpreter.js';
import type { Jail } from './jail.js';
import type { AnalysisJob, CellAnswer, CellJob, WorkerAnswer, WorkerSetup } from './job.js';
import { Launcher, RunFault } from './launcher.js';
import type { ProbeMemory } from './remembered-probe.js';
import { runScript, type ScriptJob } from './script.js';

/** Parsing is our own work on untrusted text, many texts at once: more time than a cell. */
const ANALYSIS_LIMITS: Limits = { ...DEFAULT_LIMITS, cpuMs: 20_000, wallMs: 60_000 };

export interface SandboxOptions {
  /** Name or path of the Python that executes candidates; default `python3`. */
  python?: string | undefined;
  /** Where it is remembered what that Python says of itself; default: nowhere. */
  memory?: ProbeMemory | undefined;
  /** Cells at one time; default one a core. */
  workers?: number | undefined;
  /** What the walls are made of; default namespaces, also on macOS, which has none: its jail must be asked for. There is no falling back from one to the other. */
  jail?: Jail | undefined;
  /** Tests only: walls to leave out, and another folder of harness scripts. */
  guardsOff?: string[] | undefined;
  harness?: string | undefined;
}

/**
 * The pool of jailed workers. Opening it finds the interpreter; threads and launchers start with the first job,
 * so a run whose cells are all cached starts none.
 */
export class Sandbox {
  private pool: Piscina | null = null;
  /** This machine has a jail: some job was answered. */
  private served = false;
  /** Jobs that were sent and have not ended. */
  private jobs = 0;
  /** Whoever waits until there is none. */
  private readonly idle: (() => void)[] = [];
  private readonly reseeded = new Map<number, Sandbox>();
  /** Settled when a job may begin: not while one runs that must be alone. */
  private gate: Promise<void> = Promise.resolve();

  private constructor(
    readonly interpreter: Interpreter,
    /** Parts of the keys of what is parsed and of what is executed. */
    readonly harness: HarnessHashes,
    readonly workers: number,
    readonly jail: Jail,
    private readonly setup: WorkerSetup,
    /** PYTHONHASHSEED of every cell; it also seeds `random`. */
    readonly hashSeed = 0,
  ) {}

  /** @throws SandboxError if no usable Python is found. */
  static async open(options: SandboxOptions = {}): Promise<Sandbox> {
    const interpreter = await findInterpreter(options.python, options.memory);
    const harness = options.harness ?? HARNESS;
    const guardsOff = options.guardsOff ?? [];
    const jail = options.jail ?? 'namespaces';
    // Behind Landlock or Seatbelt, and without the wall around files, there is no root of its own to show the harness in.
    const ownRoot = jail === 'namespaces' && !guardsOff.includes('files');
    const shown = ownRoot ? HARNESS_IN_JAIL : harness;
    const setup: WorkerSetup = {
      launcher: {
        interpreter: interpreter.executable,
        arguments: ['-B', '-s', '-S'],
        // The folder of a jail without a root of its own has a name, which the launcher makes.
        environment: [
          ...(jail === 'namespaces' ? [...ENVIRONMENT, 'HOME=/tmp'] : ENVIRONMENT),
          hashSeedVariable(0),
        ],
        script: `${shown}/runner/warm.py`,
        jail,
        binds: [...interpreter.binds, { source: harness, target: shown }],
        guardsOff,
      },
      paths: interpreter.paths,
      testBuild: guardsOff.length > 0,
    };
    const workers = options.workers ?? availableParallelism();
    return new Sandbox(interpreter, harnessHashes(harness), workers, jail, setup);
  }

  /**
   * Builds one jail and says which walls this machine gives.
   * @throws SandboxError where it gives none.
   */
  async describe(): Promise<Pick<Ready, 'jail' | 'resources' | 'user'>> {
    const launcher = new Launcher(this.setup.launcher, this.setup.testBuild);
    try {
      const { jail, resources, user } = await launcher.start();
      return { jail, resources, user };
    } catch (error) {
      throw error instanceof RunFault
        ? new SandboxError(`the sandbox does not start: ${error.message}.`)
        : error;
    } finally {
      launcher.close();
    }
  }

  /**
   * Executes one candidate against its unit tests; `onCells` gets the results of each child as soon as it has ended.
   * After an abort the running cell is ended and the promise is fulfilled: cells without a call were not run.
   * @throws SandboxFault when it met a fault of ours twice, SandboxError where there is no jail at all.
   */
  async execute(job: CellJob, onCells: (cells: CellAnswer[]) => void, signal?: AbortSignal): Promise<void> {
    const { workers } = this;
    let beside = false;
    await this.send(
      { kind: 'cells', job },
      (answer) => {
        beside ||= workers > 1 && this.jobs > 1;
        if (answer.kind !== 'cells') return;
        onCells(answer.cells.map((cell) => ({ ...cell, crowdedOut: cell.crowdedOut === true && beside })));
      },
      signal,
    );
  }

  /** The same, when all other jobs have ended and before any further one begins. */
  async executeAlone(
    job: CellJob,
    onCells: (cells: CellAnswer[]) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const before = this.gate;
    let open = () => {};
    this.gate = new Promise((resolve) => {
      open = resolve;
    });
    try {
      await before;
      while (this.jobs > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
      const onAnswer = (answer: WorkerAnswer) => {
        if (answer.kind === 'cells') onCells(answer.cells);
      };
      await this.run({ kind: 'cells', job }, onAnswer, signal);
    } finally {
      open();
    }
  }

  /**
   * Parses untrusted Python text, in the jail. `request` is the harness's (analyze.py says its forms).
   * @returns the answer, or the reason why the text ended the parser
   */
  async analyze(request: unknown, signal?: AbortSignal): Promise<{ answer: unknown } | { unparsed: string }> {
    let result: { answer: unknown } | { unparsed: string } = { unparsed: 'cancelled' };
    await this.send(
      { kind: 'analysis', job: { request, limits: ANALYSIS_LIMITS } },
      (answer) => {
        if (answer.kind !== 'analysis') return;
        result = 'text' in answer ? { answer: JSON.parse(answer.text) } : { unparsed: answer.ended };
      },
      signal,
    );
    return result;
  }

  /** Runs a script of ours that is no part of the harness, in a jail of its own (script.ts). */
  runScript(job: ScriptJob, signal?: AbortSignal): Promise<{ answer: unknown } | { ended: string }> {
    return runScript(this.setup, job, signal);
  }

  /**
   * The same sandbox under another hash seed, which also seeds `random`: for verdicts that must not depend on either.
   * It is closed with this one.
   */
  withHashSeed(seed: number): Sandbox {
    const known = this.reseeded.get(seed);
    if (known) return known;
    const { launcher } = this.setup;
    const others = launcher.environment.filter((variable) => variable !== hashSeedVariable(this.hashSeed));
    const environment = [...others, hashSeedVariable(seed)];
    const setup = { ...this.setup, launcher: { ...launcher, environment } };
    const made = new Sandbox(this.interpreter, this.harness, this.workers, this.jail, setup, seed);
    this.reseeded.set(seed, made);
    return made;
  }

  async close(): Promise<void> {
    for (const sandbox of this.reseeded.values()) await sandbox.close();
    await this.pool?.destroy();
    this.pool = null;
  }

  private async send(
    task: SentTask,
    onAnswer: (answer: WorkerAnswer) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    for (let gate: Promise<void> | null = null; gate !== this.gate; ) {
      gate = this.gate;
      await gate;
    }
    this.jobs += 1;
    try {
      await this.run(task, onAnswer, signal);
    } finally {
      this.jobs -= 1;
      if (this.jobs === 0) for (const wake of this.idle.splice(0)) wake();
    }
  }

  private async run(
    task: SentTask,
    onAnswer: (answer: WorkerAnswer) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    if (signal?.aborted) return;
    this.pool ??= this.start();
    const { port1, port2 } = new MessageChannel();
    const cancel = () => port1.postMessage('cancel');
    if (signal) {
      setMaxListeners(0, signal); // as many jobs wait as there are candidates
      signal.addEventListener('abort', cancel, { once: true });
    }
    const drained = new Promise<void>((resolve) => port1.once('close', resolve));
    let refused: string | null = null;
    port1.on('message', (answer: WorkerAnswer) => {
      if (answer.kind === 'refused') refused = answer.reason;
      else {
        this.served = true;
        onAnswer(answer);
      }
    });
    try {
      await this.pool.run({ ...task, port: port2 }, { transferList: [port2 as MessagePort] });
      await drained;
      if (refused !== null) throw this.served ? new SandboxFault(refused) : new SandboxError(refused);
    } catch (error) {
      port1.close();
      throw error instanceof SandboxError ? error : failedTwice(error as Error);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  private start(): Piscina {
    return new Piscina({
      filename: new URL('./worker.js', import.meta.url).href,
      minThreads: this.workers,
      maxThreads: this.workers,
      concurrentTasksPerWorker: 2, // worker.ts says why
      workerData: this.setup,
      // An idle worker must hear a cancel and the end of its launcher, so it may not sleep on an atomic.
      atomics: 'disabled',
    });
  }
}

type SentTask = { kind: 'cells'; job: CellJob } | { kind: 'analysis'; job: AnalysisJob };

/** Hash order is fixed so that a verdict can be repeated. */
const hashSeedVariable = (seed: number): string => `PYTHONHASHSEED=${seed}`;

/** What else a candidate finds in os.environ. */
const ENVIRONMENT = [
  'PATH=/usr/bin:/bin',
  'USER=nobody',
  'LOGNAME=nobody',
  'LANG=C.UTF-8',
  'LC_ALL=C.UTF-8',
  'TZ=UTC',
  'PYTHONDONTWRITEBYTECODE=1',
  'PYTHONIOENCODING=utf-8',
  // One thread: a numeric library that asks for all cores would be charged for them.
  'OMP_NUM_THREADS=1',
  'OPENBLAS_NUM_THREADS=1',
];

function failedTwice(error: Error): SandboxFault {
  return new SandboxFault(
    `the sandbox failed twice at one run (${error.message}); start the command again: what is done is kept.`,
    { cause: error },
  );
}
