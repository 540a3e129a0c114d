import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'srun', 'scontrol'];
const NODES = ['n1', 'n2'] as const;
export type NodeName = (typeof NODES)[number];

/** Why there can be no Slurm here, or null. */
export function noSlurm(): string | null {
  const missing = PROGRAMS.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  if (missing.length > 0) return `${missing.join(', ')} (packages slurmctld, slurmd, slurm-client, munge)`;
  if (process.getuid?.() !== 0) return 'root, who starts jobs as other users';
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  // Slurm's daemons bind to what getaddrinfo finds with AI_ADDRCONFIG, which does not count loopback.
  return addresses.some(({ internal }) => !internal) ? null : 'a network address beside loopback';
}

/** A Slurm of two emulated nodes on this machine, with everything in one folder. */
export class Slurm {
  private readonly mark = randomBytes(8).toString('hex');
  private readonly daemons = new Map<string, ChildProcess>();

  private constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async start(folder: string): Promise<Slurm> {
    mkdirSync(join(folder, 'state'), { recursive: true, mode: 0o755 });
    writeFileSync(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });
    // Ports of this process's own: several of these may run beside each other.
    const port = 20_000 + (process.pid % 10_000) * 4;
    writeFileSync(join(folder, 'slurm.conf'), configuration(folder, port));
    const slurm = new Slurm(folder, { ...process.env, SLURM_CONF: join(folder, 'slurm.conf') });
    const files = ['socket', 'pid-file', 'log-file', 'seed-file'].map(
      (name) => `--${name}=${folder}/munge.${name}`,
    );
    try {
      slurm.daemon('munged', ['--foreground', '--force', `--key-file=${folder}/munge.key`, ...files]);
      await until(
        'munged',
        async () => spawnSync('munge', ['-n', `--socket=${folder}/munge.socket`]).status === 0,
      );
      slurm.daemon('slurmctld', ['-D']);
      for (const node of NODES) slurm.startNode(node);
      await slurm.idle();
      return slurm;
    } catch (error) {
      await slurm.stop(); // a daemon that is left would hold the tests open
      throw error;
    }
  }

  /** Waits until both nodes are there and have nothing to do. */
  async idle(): Promise<void> {
    await until('two idle nodes', async () => {
      const states = await this.call('sinfo', ['-h', '-N', '-o', '%T']).catch(() => '');
      return states.trim().split('\n').join(' ') === 'idle idle';
    });
  }

  startNode(node: NodeName): void {
    this.daemon(node, ['-D', '-N', node]);
  }

  /** Ends a node's daemon and all that it runs, as a power cut does. */
  async cutPower(node: NodeName): Promise<void> {
    const marked = processes().filter(({ environ }) => environ.includes(`${this.markOf(node)}\0`));
    const below = (pid: number): number[] => [
      pid,
      ...processes().flatMap((one) => (one.ppid === pid ? below(one.pid) : [])),
    ];
    for (const pid of new Set(marked.flatMap(({ pid }) => below(pid)))) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {} // it has ended with another one
    }
  }

  /** Submits a script. @returns the job's id */
  async submit(script: string, args: readonly string[], env: Record<string, string>): Promise<string> {
    const out = join(this.folder, 'job-%A_%a.log');
    return (await this.call('sbatch', ['--parsable', `--output=${out}`, ...args, script], env)).trim();
  }

  /** States of the job's array tasks, such as `COMPLETED`. */
  async states(job: string): Promise<string[]> {
    const shown = await this.call('scontrol', ['-o', 'show', 'job', job]);
    return [...shown.matchAll(/ JobState=(\S+)/g)].map(([, state]) => state!);
  }

  call(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const options = { env: { ...this.environment, ...env } };
    return promisify(execFile)(command, args, options).then(({ stdout }) => stdout);
  }

  /** Waits for the end of the job. Fails, with the jobs' words, where a task did not end well. */
  async done(job: string): Promise<void> {
    await until(`the end of job ${job}`, async () => {
      const states = await this.states(job);
      const lost = states.find((state) => ['FAILED', 'CANCELLED', 'TIMEOUT', 'NODE_FAIL'].includes(state));
      if (lost !== undefined) throw new Error(`a task of job ${job} is ${lost}:\n${this.words()}`);
      return states.every((state) => state === 'COMPLETED');
    });
  }

  /** What jobs and daemons said last. */
  words(): string {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.log'))
      .map((name) => `--- ${name}\n${readFileSync(join(this.folder, name), 'utf8').slice(-1500)}`)
      .join('\n');
  }

  async stop(): Promise<void> {
    for (const node of NODES) await this.cutPower(node);
    for (const daemon of this.daemons.values()) daemon.kill('SIGKILL');
  }

  private markOf(node: string): string {
    return `CODERM_TEST_DAEMON=${this.mark}-${node}`;
  }

  private daemon(name: string, args: readonly string[]): void {
    const log = openSync(join(this.folder, `${name}.out.log`), 'a');
    const [variable, value] = this.markOf(name).split('=');
    const program = (NODES as readonly string[]).includes(name) ? 'slurmd' : name;
    const child = spawn(program, args, {
      env: { ...this.environment, [variable!]: value },
      stdio: ['ignore', log, log],
      detached: true,
    });
    child.once('error', () => {}); // who waits for it says so
    closeSync(log);
    this.daemons.set(name, child);
  }
}

function configuration(folder: string, port: number): string {
  const host = hostname().split('.')[0];
  const lines = [
    'ClusterName=coderm',
    `SlurmctldHost=${host}(127.0.0.1)`,
    `SlurmctldPort=${port}`,
    'AuthType=auth/munge',
    // A requeued task waits as long as a credential of its first run lives.
    `AuthInfo=socket=${folder}/munge.socket,cred_expire=5`,
    'SlurmUser=root',
    'SlurmdUser=root',
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'MpiDefault=none',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_Core',
    // A requeued task is looked at by the schedulers that come around, not by the one that a submission wakes.
    'SchedulerParameters=sched_interval=2,bf_interval=2',
    // What waits for a task that failed ends too, and with it the wait of the test.
    'DependencyParameters=kill_invalid_depend',
    'ReturnToService=2',
    'SlurmdTimeout=6',
    'KillWait=10',
    'MinJobAge=600',
    `StateSaveLocation=${folder}/state`,
    `SlurmdSpoolDir=${folder}/spool.%n`,
    `SlurmctldPidFile=${folder}/slurmctld.pid`,
    `SlurmdPidFile=${folder}/slurmd.%n.pid`,
    `SlurmctldLogFile=${folder}/slurmctld.log`,
    `SlurmdLogFile=${folder}/slurmd.%n.log`,
    ...NODES.map(
      (node, at) => `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port + 1 + at} CPUs=2`,
    ),
    `PartitionName=all Nodes=${NODES.join(',')} Default=YES MaxTime=INFINITE State=UP`,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function processes(): { pid: number; ppid: number; environ: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return [{ pid: Number(name), ppid, environ: readFileSync(`/proc/${name}/environ`, 'utf8') }];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

/** Far more than a wait takes, but where all candidates of the CodeT set were asked for. */
const LONGEST_MS = process.env.CODERM_TEST_CANDIDATES === undefined ? 240_000 : 4 * 3_600_000;

/** Asks again and again until it is so. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const start = Date.now(); Date.now() - start < LONGEST_MS; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`waited ${LONGEST_MS / 1000} s in vain for ${what}`);
}
