import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../root.js';

const MAIN = join(root, 'dist', 'src', 'cli', 'main.js');

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
}

export interface Surroundings {
  cwd: string;
  env?: Record<string, string>;
  /** A command that runs the one after it, such as `unshare -m`. */
  under?: readonly string[];
  /** The main file of another copy of the package. */
  main?: string;
}

/** What a user's environment does not have; uvu sets FORCE_COLOR, of which Node warns where NO_COLOR is set too. */
const NOT_INHERITED = /^(CODERM_.*|CI|FORCE_COLOR)$/;

/** llama.cpp's threads spin while they wait for each other; the random model is too small to gain from a second one. */
const ONE_THREAD = { CODERM_THREADS: '1' };

/** Starts `coderm ARGS` as a user would: a process of its own, its default cache in `cwd`. */
export function start(
  args: readonly string[],
  { cwd, env = {}, under = [], main = MAIN }: Surroundings,
): Started {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
  const [command, ...rest] = [...under, process.execPath, main, ...args];
  const child = spawn(command!, rest, {
    cwd,
    env: { ...Object.fromEntries(inherited), ...ONE_THREAD, XDG_CACHE_HOME: join(cwd, 'xdg'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const read = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      read[name] += text;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...read }));
  });
  return { child, ended };
}

export function coderm(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  return start(args, surroundings).ended;
}

/**
 * Runs `setup` (shell) in a mount namespace of its own, then the command as the same user. Null, with the reason
 * said, where this machine refuses; in CI that is a failure.
 */
export function withMounts(setup: string): string[] | null {
  if (process.getuid?.() === 0) return inNamespaces(['-m'], setup, []);
  // Who mounts without being root is root of a user namespace; the command is an ordinary user of one below it.
  return inNamespaces(['-r', '-m'], setup, ['unshare', '-U', '--map-user=1000', '--map-group=1000']);
}

/** The same in a user namespace in which nobody may make another. */
export function withoutUserNamespaces(): string[] | null {
  return inNamespaces(['-U', '-r'], 'echo 0 > /proc/sys/user/max_user_namespaces', []);
}

/** The same with no network but a loopback that is down. */
export function withoutNetwork(): string[] | null {
  return inNamespaces(process.getuid?.() === 0 ? ['-n'] : ['-r', '-n'], 'true', []);
}

function inNamespaces(flags: string[], setup: string, before: string[]): string[] | null {
  const under = (work: string) => ['unshare', ...flags, 'sh', '-c', `${work} && exec "$@"`, 'sh', ...before];
  const [command, ...rest] = under('true');
  if (spawnSync(command!, [...rest, 'true']).status === 0) return under(setup);
  if (process.env.CI) throw new Error(`unshare ${flags.join(' ')} is refused on this machine`);
  process.stderr.write(`  skipped: needs unshare ${flags.join(' ')}, which this machine refuses\n`);
  return null;
}
