// Packs all that a measurement needs on a machine with a GPU but without Node, registry and network, into pieces that fit
// into its transfers: node, the engine with its production packages, llama.cpp's libraries for one kind of GPU,
// llama-batched-bench, a model and the problems of a rerank. README.md beside this says how they are carried.
//
//   node tools/gpu/pack.mjs [--gpu cuda|vulkan] [--piece-mb 60] [--level 6] [--out build/gpu-call]
//       [--model FILE.gguf --problems FILE --candidates FILE]      instead of the demo's
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { filesOf, installedPackages } from '../../dist/src/bundle/packages.js';
import { stop } from '../../scripts/llama-source.mjs';
import { batchedBench, librariesOf } from './batched-bench.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const DEMO = join(root, 'models', 'tiny-ut');
/** Source files that are needed beside what is built. */
const OWN =
  /^(package\.json|LICENSE|models\/|native\/sandbox\/harness\/|bench\/[\w-]+\.mjs$|tools\/|test\/fixtures\/make_random_gguf\.py$)/;
/** In packages: what only a build reads, and what only a compiler or a debugger does. */
const UNUSED =
  /\/gitRelease\.bundle$|^node_modules\/(cmake-js|node-addon-api|node-api-headers)\/|\.(d\.ts|map)$|\/better-sqlite3\/(deps|src)\//;

/** What is measured with, by what it is there for; gzip is known by its first bytes. */
const MEASURED = { model: 'model.gguf', problems: 'problems.jsonl', candidates: 'candidates.jsonl' };

const given = commandLine();
const { gpu, pieceBytes, level, out, model } = given;
if (!existsSync(join(root, 'dist', 'src', 'cli', 'main.js')) || !existsSync(join(root, 'build', 'Release')))
  stop('expected a built engine, and dist/ or build/ is missing. Run: npm install');
mkdirSync(dirname(out), { recursive: true });
const staging = mkdtempSync(`${out}-`);
try {
  const engine = join(staging, 'engine');
  addEngine(engine);
  addMeasured(join(staging, 'measured'));
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  const pieces = [
    ...pack('engine', level),
    ...pack('measured', 1), // weights do not get smaller
  ];
  writeFileSync(
    join(out, 'pieces.sha256'),
    pieces.map(({ sha256, name }) => `${sha256}  ${name}\n`).join(''),
  );
  for (const { name, bytes } of pieces) console.log(`${name} ${(bytes / 1e6).toFixed(1)} MB`);
  console.log(`packed for ${gpu} into ${relative(process.cwd(), out) || '.'}`);
} finally {
  rmSync(staging, { recursive: true, force: true });
}

function commandLine() {
  try {
    const { values } = parseArgs({
      options: {
        gpu: { type: 'string', default: 'cuda' },
        'piece-mb': { type: 'string', default: '60' },
        level: { type: 'string', default: '6' },
        out: { type: 'string', default: join(root, 'build', 'gpu-call') },
        model: { type: 'string', default: join(DEMO, 'tiny-ut.gguf') },
        problems: { type: 'string', default: join(DEMO, 'demo', 'problems.jsonl') },
        candidates: { type: 'string', default: join(DEMO, 'demo', 'candidates.jsonl') },
      },
    });
    if (!['cuda', 'vulkan'].includes(values.gpu))
      throw new Error(`expected cuda or vulkan as --gpu, got '${values.gpu}'`);
    if (!/^[0-9]$/.test(values.level))
      throw new Error(`expected a level of xz, 0 to 9, as --level, got '${values.level}'`);
    const megabytes = Number(values['piece-mb']);
    if (!(megabytes >= 1))
      throw new Error(`expected megabytes, 1 or more, as --piece-mb, got '${values['piece-mb']}'`);
    for (const name of ['model', 'problems', 'candidates'])
      if (!existsSync(values[name]))
        throw new Error(`expected a file as --${name}, and ${values[name]} is missing`);
    return { ...values, out: resolve(values.out), pieceBytes: Math.floor(megabytes * 1e6) };
  } catch (error) {
    stop(`${error.message}; see the first lines of tools/gpu/pack.mjs.`);
  }
}

/** Lays the engine out as it will lie there, and what is measured with it beside it. */
function addEngine(engine) {
  for (const name of git('ls-files', '-co', '--exclude-standard', '-z')
    .split('\0')
    .filter((file) => OWN.test(file)))
    copy(join(root, name), join(engine, name));
  const { packages } = installedPackages(root, true);
  const kept = packages.filter(
    (folder) => !folder.includes('@node-llama-cpp/') || folder.endsWith(`-${gpu}`),
  );
  const modules = kept.flatMap((folder) => filesOf(root, folder)).filter((file) => !UNUSED.test(file));
  const built = [...filesOf(root, 'dist/src'), ...filesOf(root, 'build/Release')].filter(
    (file) => !/\.(d\.ts|map)$/.test(file),
  );
  for (const name of [...modules, ...built]) copy(join(root, name), join(engine, name));
  copy(process.execPath, join(engine, 'bin', 'node'));
  const bench = join(relative(root, librariesOf(gpu)), 'llama-batched-bench');
  copy(batchedBench(gpu), join(engine, bench));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const commit =
    git('rev-parse', '--short', 'HEAD').trim() + (git('status', '--porcelain') === '' ? '' : ' and changes');
  const about = {
    ...{ gpu, version, commit, batchedBench: bench, modelName: basename(model, '.gguf') },
    ...Object.fromEntries(Object.entries(MEASURED).map(([name, file]) => [name, `../measured/${file}`])),
  };
  writeFileSync(join(engine, 'pack.json'), `${JSON.stringify(about, null, 2)}\n`);
}

function addMeasured(folder) {
  for (const [name, file] of Object.entries(MEASURED)) copy(given[name], join(folder, file));
}

/** Compresses a folder of the staging folder and cuts it into pieces. */
function pack(folder, level) {
  const whole = join(staging, `${folder}.tar.xz`);
  const tar = `tar -C "$1" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - "$2" | xz -${level} -T0 >"$3"`;
  const shell = ['-c', `set -o pipefail; ${tar}`, 'pack', staging, folder, whole];
  if (spawnSync('bash', shell, { stdio: ['ignore', 'inherit', 'inherit'] }).status !== 0)
    stop(
      'expected bash, GNU tar and xz to pack with, and they failed. Install with: apt-get install tar xz-utils',
    );
  const fd = openSync(whole, 'r');
  const pieces = [];
  for (let at = 0; at < statSync(whole).size; at += pieceBytes) {
    const buffer = Buffer.alloc(Math.min(pieceBytes, statSync(whole).size - at));
    readSync(fd, buffer, 0, buffer.length, at);
    const name = `${folder}-${String(pieces.length + 1).padStart(2, '0')}`;
    writeFileSync(join(out, name), buffer);
    pieces.push({ name, bytes: buffer.length, sha256: createHash('sha256').update(buffer).digest('hex') });
  }
  closeSync(fd);
  return pieces;
}

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function git(...args) {
  return spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' }).stdout ?? '';
}
