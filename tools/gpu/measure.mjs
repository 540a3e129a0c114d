// Runs the steps one after the other until all are done, the deadline has come or a signal says stop, and prints the
// table of what there is. measure.sh starts it, on the machine that has the GPU, with the Node that was carried there.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FINDINGS, READERS } from './outcomes.mjs';
import { Results, readResults } from './results.mjs';
import { SCALES } from './scales.mjs';
import { stepsOf } from './steps.mjs';
import { stepText, tableText } from './table.mjs';

/** Bytes of a step's output that are kept. */
const KEPT = 1 << 20;
/** Milliseconds that a killed step has to end; a process that left its group could hold its output open for ever. */
const GRACE = 2000;
/** Seconds before the deadline in which no step is started any more. */
const LAST_START = 5;

const { values: given } = parseArgs({
  options: {
    engine: { type: 'string' },
    work: { type: 'string' },
    out: { type: 'string' },
    scale: { type: 'string', default: 'full' },
    deadline: { type: 'string', default: '540' },
    started: { type: 'string', default: String(Date.now()) },
    table: { type: 'boolean', default: false },
  },
});
const path = join(given.out, 'results.jsonl');

if (given.table) {
  process.stdout.write(tableText(readResults(path)));
  process.exit(0);
}

const started = Number(given.started);
const deadline = started + 1000 * Number(given.deadline);
const pack = JSON.parse(readFileSync(join(given.engine, 'pack.json'), 'utf8'));
const env = { ...process.env, CODERM_GPU: pack.gpu, NO_COLOR: '1' };
mkdirSync(given.work, { recursive: true });
mkdirSync(given.out, { recursive: true });
const results = new Results(path);
/** Steps that have ended: their status by name. */
const ended = new Map();
/** What stops each step that runs. */
const running = new Set();
let stopping = false;

function elapsed() {
  return Math.round((Date.now() - started) / 100) / 10;
}

/** Ends a step with all that it started. */
function kill(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {} // it has ended meanwhile
}

/** Runs one command; what it printed, and how it ended. */
function run({ command, limit }) {
  const [program, ...args] = command;
  const seconds = Math.min(limit, (deadline - Date.now()) / 1000);
  const begun = Date.now();
  const child = spawn(program, args, {
    env,
    cwd: given.work,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, late] = ['', '', false];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout = (stdout + text).slice(-KEPT);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr = (stderr + text).slice(-KEPT);
  });
  return new Promise((done) => {
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, 1000 * seconds);
    const stop = () => {
      kill(child);
      setTimeout(() => end(null, 'SIGKILL', null), GRACE);
    };
    running.add(stop);
    const end = (code, signal, error) => {
      clearTimeout(timer);
      if (!running.delete(stop)) return;
      const cut = stopping || (late && seconds < limit);
      done({ code, signal, error, stdout, stderr, late, cut, seconds: (Date.now() - begun) / 1000 });
    };
    child.once('error', (error) => end(null, null, error.message));
    child.once('close', (code, signal) => end(code, signal, null));
  });
}

function record(step, status, seconds, values, said) {
  const { name, kind, command, about = {} } = step;
  const line = { step: name, kind, status, seconds, at: elapsed(), command, about, values, said };
  ended.set(name, status);
  results.add(line);
  console.log(`${String(Math.round(line.at)).padStart(4)} s  ${stepText(line)}`);
}

/** The lines that say what was wrong, or the last ones. */
function complaint(stderr) {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => /error|abort|expected|fault/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-3).join('; ').slice(0, 1000);
}

async function runStep(step) {
  const { code, signal, error, stdout, stderr, late, cut, seconds } = await run(step);
  const good = code === 0 || (FINDINGS[step.kind] ?? []).includes(code);
  let said = error ?? (good ? null : complaint(stderr));
  let values = null;
  try {
    values = READERS[step.kind](stdout);
  } catch (reason) {
    if (good) said = reason.message;
  }
  let status = good && values !== null ? 'ok' : 'failed';
  if (cut) status = 'cut';
  else if (late) status = 'slow';
  if (status === 'failed') said ||= signal === null ? `it ended with ${code}` : `it was ended by ${signal}`;
  record(step, status, Math.round(seconds * 10) / 10, values, said);
}

/** Why a step is not run, or null: what it needs did not come about. */
function obstacle({ after = [], kind }, doctor) {
  const missing = after.find((name) => ended.get(name) !== 'ok');
  if (missing !== undefined) return `'${missing}' did not work`;
  if (kind === 'rerank' && doctor?.jail === null) return 'there is no jail here';
  return null;
}

async function measure() {
  const background = new Map();
  const doctor = () => readResults(path).lines.find(({ kind }) => kind === 'doctor')?.values ?? null;
  const { commit, gpu, version } = pack;
  const about = { commit, gpu, version, scale: given.scale, deadline: Number(given.deadline) };
  const host = { cpu: cpus()[0]?.model ?? null, cores: cpus().length };
  results.add({
    step: 'call',
    kind: 'call',
    status: 'ok',
    date: new Date(started).toISOString(),
    about,
    values: host,
  });
  for (const step of stepsOf(given, SCALES[given.scale], pack)) {
    for (const name of step.after ?? []) await background.get(name);
    if (stopping || deadline - Date.now() < 1000 * LAST_START) break;
    const why = obstacle(step, doctor());
    if (why !== null) record(step, 'skipped', 0, null, why);
    else if (step.background) background.set(step.name, runStep(step));
    else await runStep(step);
  }
  await Promise.all(background.values());
}

/** Prints and keeps the table. */
function finish() {
  results.close();
  const text = tableText(readResults(path));
  writeFileSync(join(given.out, 'table.md'), text);
  process.stdout.write(`\n${text}`);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.once(signal, () => {
    stopping = true;
    process.exitCode = 143;
    for (const stop of running) stop();
  });
}
await measure();
finish();
process.exit();
