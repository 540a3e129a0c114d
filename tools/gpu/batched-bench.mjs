// Builds llama.cpp's own benchmark, llama-batched-bench, against the libraries that node-llama-cpp ships for a backend,
// and prints where it is: only its few lines are compiled, all that it measures is in the libraries. It has to lie
// beside them, since llama.cpp looks for its backends there; so they are linked into its folder.
//
//   node tools/gpu/batched-bench.mjs cpu|vulkan|cuda
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromSource, llamaRelease, stop } from '../../scripts/llama-source.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** What the benchmark includes, and itself. */
const PARTS = ['common', 'include', 'ggml/include', 'tools/batched-bench', 'vendor'];

/** The folder of a backend's libraries. */
export function librariesOf(backend) {
  const name = `${process.platform}-${process.arch}${backend === 'cpu' ? '' : `-${backend}`}`;
  const folder = join(root, 'node_modules', '@node-llama-cpp', name, 'bins', name);
  if (!existsSync(folder))
    stop(`expected llama.cpp's libraries for ${backend} in ${folder}, which is missing. Run: npm install`);
  return folder;
}

/** Compiles the benchmark for a backend, which takes seconds; its path. */
export function batchedBench(backend) {
  const libraries = librariesOf(backend);
  const folder = join(root, 'build', 'batched-bench', llamaRelease(), backend);
  const program = join(folder, 'llama-batched-bench');
  const source = fromSource('llama.cpp-source', (made, git) => {
    const tar = join(made, 'source.tar');
    git('archive', '--output', tar, 'HEAD', ...PARTS);
    run('tar', '-xf', tar, '-C', made);
    rmSync(tar);
  });
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(libraries).filter((name) => /^lib.*\.so$/.test(name));
  for (const name of names)
    if (!existsSync(join(folder, name))) symlinkSync(join(libraries, name), join(folder, name));
  const linked = names.filter((name) =>
    /^lib(llama|ggml)(\.[\w.]+)?\.so$|^lib(llama-common|ggml-base)\.so$/.test(name),
  );
  const compiled = `${program}-${process.pid}`;
  run(
    process.env.CXX ?? 'c++',
    ...['-O2', '-std=c++17', '-o', compiled],
    ...PARTS.map((part) => `-I${join(source, part)}`),
    join(root, 'tools', 'gpu', 'batched_bench_main.cc'),
    join(source, 'tools', 'batched-bench', 'batched-bench.cpp'),
    ...linked.map((name) => join(libraries, name)),
    '-Wl,-rpath,$ORIGIN',
  );
  renameSync(compiled, program);
  return program;
}

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) stop(`expected ${command} to work, but ${error?.message ?? `it ended with ${status}`}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const backend = process.argv[2] ?? '';
  if (!['cpu', 'vulkan', 'cuda'].includes(backend))
    stop(`expected a backend, cpu, vulkan or cuda, got '${backend}': node tools/gpu/batched-bench.mjs cuda`);
  console.log(batchedBench(backend));
}
