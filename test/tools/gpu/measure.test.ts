import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture, root } from '../../root.js';
import { temporaryFolder } from '../../temporary.js';

const measure = suite('tools/gpu/measure');
const temporary = temporaryFolder();
const tools = join(root, 'tools', 'gpu');

/** In the place of the engine's command line: it answers with what a real one was recorded to say, or not at all. */
const STUB = `
import { readFileSync } from 'node:fs';
const [command] = process.argv.slice(2);
const said = (name) => process.stdout.write(readFileSync(process.env.RECORDED + '/' + name, 'utf8'));
// Until whoever started it is gone.
if (command === process.env.HANGS) setInterval(() => process.ppid === 1 && process.exit(), 500);
else if (command === 'bench') said('tokens.json');
else if (command === 'doctor') {
  if (process.env.NO_JAIL) console.log('{"holds":false,"jail":null,"problem":"user namespaces are off"}');
  else said('doctor.json');
  process.exitCode = process.env.NO_JAIL ? 4 : 0;
} else if (command === 'rerank') said('rerank.json');
`;

const engine = join(temporary.path, 'engine');
temporary.write('engine/dist/src/cli/main.js', STUB);
temporary.write('engine/package.json', '{"type":"module"}');
temporary.write('engine/bench/same-text.mjs', "console.log('nothing to say'); process.exitCode = 7;");
temporary.write('engine/tools/gpu/out-of-memory.mjs', '// says nothing');
temporary.write(
  'engine/pack.json',
  JSON.stringify({
    ...{ gpu: 'vulkan', version: '0.1.0', commit: 'abc', batchedBench: 'bench', modelName: 'm' },
    ...{ model: '../m.gguf', problems: '../p.jsonl', candidates: '../c.jsonl' },
  }),
);
for (const name of ['make_twin.py']) cpSync(join(tools, name), join(engine, 'tools', 'gpu', name));
mkdirSync(join(engine, 'test', 'fixtures'), { recursive: true });
cpSync(fixture('make_random_gguf.py'), join(engine, 'test', 'fixtures', 'make_random_gguf.py'));

let number = 0;

/** Starts a measurement with the stub; what it printed, its exit code or signal, and its folder. */
function begin(env: Record<string, string>, deadline: number) {
  number += 1;
  const out = join(temporary.path, `out-${number}`);
  const given = ['--engine', engine, '--work', join(temporary.path, `work-${number}`), '--out', out];
  const child = spawn(
    process.execPath,
    [join(tools, 'measure.mjs'), ...given, '--scale', 'rehearsal', '--deadline', String(deadline)],
    { env: { ...process.env, RECORDED: fixture('gpu-call'), ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const start = Date.now();
  const ended = new Promise<{ code: number | null; stdout: string; seconds: number }>((done) => {
    child.once('close', (code) => done({ code, stdout, seconds: (Date.now() - start) / 1000 }));
  });
  return { child, out, ended };
}

/** Statuses of the steps by their names. */
function statuses(out: string): Map<string, string> {
  const lines = readFileSync(join(out, 'results.jsonl'), 'utf8').trim().split('\n');
  return new Map(lines.map((line) => JSON.parse(line)).map(({ step, status }) => [step, status]));
}

/** Waits until the doctor, who comes after the first figures, was begun. */
async function untilFigures(child: ChildProcess, out: string): Promise<void> {
  const path = join(out, 'results.jsonl');
  const there = () =>
    existsSync(path) && /"step":"tokens tiny q4_k_m 4 lanes round 1"/.test(readFileSync(path, 'utf8'));
  while (!there()) {
    assert.is(child.exitCode, null, 'it ended before there were figures');
    await pause(50);
  }
}

const FIGURES = /^\| twin-tiny-q4_k_m +\| +2 \| +32\.1 \|/m;

measure('all steps are run, and those that fail do not stop the others', async () => {
  const { out, ended } = begin({}, 120);
  const { code, stdout } = await ended;
  assert.is(code, 0);
  assert.match(stdout, FIGURES);
  assert.is(readFileSync(join(out, 'table.md'), 'utf8'), stdout.slice(stdout.indexOf('- GPU:')));
  const found = statuses(out);
  assert.is(found.get('rerank'), 'ok');
  assert.is(found.get('texts m'), 'failed');
  assert.is(found.get('out of memory'), 'failed');
  assert.is(found.get('sweep of llama-batched-bench'), 'failed');
  assert.is(found.get('tokens tiny q4_k_m 4 lanes round 2'), 'ok');
});

measure('without a jail the rerank is left out, and the table says so', async () => {
  const { out, ended } = begin({ NO_JAIL: '1' }, 120);
  const { code, stdout } = await ended;
  assert.is(code, 0);
  assert.equal([statuses(out).get('doctor'), statuses(out).get('rerank')], ['ok', 'skipped']);
  assert.match(stdout, /doctor: no jail: user namespaces are off/);
  assert.match(stdout, /rerank \(0\.0 s\): skipped: there is no jail here/);
});

measure('a step that hangs: at the deadline the table has what there was', async () => {
  const { out, ended } = begin({ HANGS: 'doctor' }, 25);
  const { code, stdout, seconds } = await ended;
  assert.is(code, 0);
  assert.ok(seconds < 30, `${seconds} s`);
  assert.is(statuses(out).get('doctor'), 'cut');
  assert.match(stdout, FIGURES);
});

measure('told to stop half-way, it prints what it has', async () => {
  const { child, out, ended } = begin({ HANGS: 'doctor' }, 120);
  await untilFigures(child, out);
  child.kill('SIGTERM');
  const { code, stdout } = await ended;
  assert.is(code, 143);
  assert.match(stdout, FIGURES);
});

measure('killed half-way, what it has can still be printed', async () => {
  const { child, out, ended } = begin({ HANGS: 'doctor' }, 20);
  await untilFigures(child, out);
  child.kill('SIGKILL');
  assert.not.match((await ended).stdout, FIGURES);
  const { stdout } = spawnSync(process.execPath, [join(tools, 'measure.mjs'), '--table', '--out', out], {
    encoding: 'utf8',
  });
  assert.match(stdout, FIGURES);
});

/** Pieces of an archive with one file in it. */
function pieces(folder: string, sizes: number): string[] {
  mkdirSync(join(folder, 'engine'), { recursive: true });
  writeFileSync(join(folder, 'engine', 'file'), Buffer.alloc(3000, 'content '));
  const archive = spawnSync('bash', ['-c', 'tar -cf - engine | xz'], { cwd: folder }).stdout;
  spawnSync('rm', ['-r', join(folder, 'engine')]);
  const names: string[] = [];
  let list = '';
  for (let at = 0; at < archive.length; at += sizes) {
    const name = `engine-0${names.length + 1}`;
    const piece = archive.subarray(at, at + sizes);
    writeFileSync(join(folder, name), piece);
    list += `${createHash('sha256').update(piece).digest('hex')}  ${name}\n`;
    names.push(name);
  }
  writeFileSync(join(folder, 'pieces.sha256'), list);
  return names;
}

measure('pieces are checked, joined and unpacked; a missing one and a broken one are named', () => {
  const folder = join(temporary.path, 'pieces');
  const names = pieces(folder, 100);
  assert.ok(names.length >= 2, String(names));
  const unpack = (...args: string[]) =>
    spawnSync('python3', [join(tools, 'unpack.py'), ...args, folder], { encoding: 'utf8' });
  assert.is(unpack().status, 0);
  const there = join(folder, 'engine', 'file');
  assert.is(readFileSync(there).length, 3000);
  spawnSync('rm', ['-r', join(folder, 'engine'), join(folder, 'engine.unpacked')]);
  const second = readFileSync(join(folder, 'engine-02'));
  spawnSync('rm', [join(folder, 'engine-02')]);
  assert.is(unpack('--missing').stdout, 'engine-02\n');
  assert.match(unpack().stdout, /engine is left out, since engine-02 was not carried/);
  second[5] = second[5]! ^ 1;
  writeFileSync(join(folder, 'engine-02'), second);
  const broken = unpack();
  assert.is(broken.status, 1);
  assert.match(broken.stderr, /expected .*engine-02 as pack\.mjs wrote it/);
  assert.not(existsSync(there));
});

measure("CUDA's libraries are found wherever they lie, and those that are missing are named", () => {
  const names = [
    'libcudart.so.13',
    'libcublas.so.13',
    'libcublasLt.so.13',
    'libcuda.so.1',
    'libnvidia-ml.so.1',
  ];
  const bin = join(temporary.path, 'no-ldconfig');
  mkdirSync(bin);
  for (const name of ['awk', 'find', 'head', 'ln', 'mkdir']) symlinkSync(`/usr/bin/${name}`, join(bin, name));
  const tree = join(temporary.path, 'tree');
  for (const [at, name] of names.entries())
    temporary.write(`tree/${at % 2 ? 'site-packages/nvidia/cu13/lib' : 'driver'}/${name}`, name);
  temporary.write('tree/stubs/libcuda.so.1', 'a stub');
  const into = join(temporary.path, 'linked');
  const link = (env: Record<string, string>) => {
    const script = `. '${join(tools, 'cuda-libraries.sh')}'; link_cuda_libraries '${into}'`;
    return spawnSync('/bin/bash', ['-c', script], { encoding: 'utf8', env: { PATH: bin, ...env } });
  };
  const whole = link({ CODERM_LIBRARY_ROOTS: tree });
  assert.is(whole.status, 0, whole.stderr);
  for (const name of names) assert.is(readFileSync(join(into, name), 'utf8'), name);
  spawnSync('rm', ['-r', into, join(tree, 'site-packages')]);
  const { status, stderr } = link({ CODERM_LIBRARY_ROOTS: tree, LD_LIBRARY_PATH: join(tree, 'driver') });
  assert.is(status, 1);
  assert.match(stderr, /lacks libcublas\.so\.13 libcuda\.so\.1; what needs them/);
});

measure.run();
