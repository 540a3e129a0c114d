import { getSystemErrorName } from 'node:util';
import { DEFAULT_LIMITS } from '../verdict.js';
import { REFERENCE_LOOP_CPU_MS, type Speed } from './calibrate.js';
import type { Diagnosis } from './doctor.js';
import { modelEntries } from './model-entries.js';

const WIDTH = 80;
const MARGIN = 11;

/** From here on a CPU limit is worth clearly less than on the reference. */
const SLOW = 3;

const OR_LANDLOCK = 'Or: this kernel has the jail without namespaces (coderm doctor --jail landlock).';

/** The diagnosis for a reader, at most 80 columns wide. Its last line says what to do next. */
export function account(found: Diagnosis, version: string): string {
  const parts = [
    [`coderm ${version} on this machine`],
    machine(found),
    found.walls.length > 0 ? table(found) : [],
    found.speed ? speed(found.speed) : [],
    ['models run on', ...modelEntries(found.models).map(([name, text]) => entry(name, text))],
    conclusion(found),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function machine({ host, python, jail }: Diagnosis): string[] {
  const { allowed, most } = host.userNamespaces;
  const cores = `${host.cores} ${host.cores === 1 ? 'core' : 'cores'}`;
  return [
    entry('kernel', `${host.kernel}, ${host.arch}`),
    entry('CPU', `${host.cpu}, ${cores}, ${host.memoryMiB} MiB`),
    entry('Node', host.node),
    entry('Python', python ? `${python.version}, ${python.executable}` : 'none that can be used'),
    entry('user', host.user === 'root' ? 'root (a candidate never is)' : 'an ordinary one'),
    entry(
      'userns',
      `${allowed ? 'allowed' : 'refused'} by the settings${most === null ? '' : `, ${most} at most`}`,
    ),
    entry('cgroup', `${host.cgroup}${jail?.resources === 'rlimits' ? ', not lent to this user' : ''}`),
    entry('Landlock', landlock(host.landlockAbi, jail !== null && jail.jail === 'landlock')),
    ...(host.container === null || jail ? [] : [entry('container', host.container)]),
    entry('jail', jail ? `${jail.jail}, counted by ${jail.resources}` : 'none'),
  ];
}

function landlock(abi: number | null, used: boolean): string {
  if (abi === null) return 'unknown';
  if (abi === 0) return 'none';
  return used ? `ABI ${abi}: files, TCP; scopes: signals, abstract sockets` : `ABI ${abi}`;
}

function table({ walls }: Diagnosis): string[] {
  const row = (...[holds, wall, carrier, met]: [string, string, string, string]) =>
    `${holds.padEnd(7)}${wall.padEnd(23)}${carrier.padEnd(28)}${met}`.trimEnd();
  return [
    row('holds', 'wall', 'carried by', 'an attack meets'),
    ...walls.map(({ holds, wall, carriedBy, verdict, detail }) =>
      row(holds ? 'yes' : 'NO', wall, carriedBy, holds ? met(verdict ?? '', detail) : ''),
    ),
  ];
}

/** The kernel's answer to an attack, or the verdict where a limit ended it. */
function met(verdict: string, detail: string): string {
  const errno = /\[Errno (\d+)\]/.exec(detail)?.[1];
  return errno === undefined ? `verdict ${verdict}` : getSystemErrorName(-Number(errno));
}

function speed({ cellsPerSecond, workers, loopCpuMs, forkMs }: Speed): string[] {
  return [
    entry('speed', `${cellsPerSecond} quick cells/s with ${workers} ${workers === 1 ? 'worker' : 'workers'}`),
    entry('loop', `${loopCpuMs} ms of CPU for a fixed Python loop (reference: ${REFERENCE_LOOP_CPU_MS} ms)`),
    entry('fork', `${forkMs} ms to fork, end and collect a process in the jail`),
  ];
}

function conclusion({ asked, problem, refusal, walls, speed }: Diagnosis): string[] {
  const where = asked === 'namespaces' ? 'on this machine' : `behind --jail ${asked} on this machine`;
  const none = `No candidate is executed ${where}:`;
  const again = 'Next: do that, and run coderm doctor again.';
  if (refusal) {
    const { failed, cause, fix, orLandlock } = refusal;
    const other = orLandlock ? [OR_LANDLOCK] : [];
    return [
      ...wrap(`${none} ${failed}.`),
      ...wrap(`Cause: ${cause}.`),
      ...wrap(`Fix: ${fix}`),
      ...other,
      again,
    ];
  }
  if (problem !== null) return [...wrap(`${none} ${problem}`), again];
  const open = walls.filter(({ holds }) => !holds);
  if (open.length > 0) {
    return [
      ...open.flatMap(({ attack, verdict, detail }) =>
        wrap(`"${attack}" met ${verdict ?? 'a fault of the sandbox'}: ${detail || 'nothing in its way'}.`),
      ),
      'Next: execute nothing here, and report it as SECURITY.md says.',
    ];
  }
  const said = `All ${walls.length} walls hold: candidates can be executed on this machine.`;
  const flags = asked === 'namespaces' ? [] : [`--jail ${asked}`];
  if (!speed || speed.slowness < SLOW)
    return [said, flags.length > 0 ? `Next: run with ${flags.join(' ')}` : 'Next: coderm rerank --help'];
  const fair = Math.ceil((DEFAULT_LIMITS.cpuMs * speed.slowness) / 100) * 100;
  return [
    said,
    'This Python is slow here: the default CPU limit may end what passes elsewhere.',
    `Next: run with ${[...flags, `--cpu-ms ${fair}`].join(' ')}`,
  ];
}

function entry(name: string, text: string): string {
  return wrap(text, WIDTH - MARGIN)
    .map((line, at) => `${(at === 0 ? name : '').padEnd(MARGIN)}${line}`)
    .join('\n');
}

/** Lines of whole words; a word that is longer than a line keeps one to itself. */
function wrap(text: string, width = WIDTH): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
