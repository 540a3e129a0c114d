// Which of llama.cpp's CPU kernels change with the number of rows (tokens) of a decode step: for weights of each type
// that people use, made from one set of random ones, and for each CPU variant of the library that this processor runs.
// Ends with 1 if rows differ in spite of the idle ones that the engine adds (src/model/native/step-rows.ts).
//
//   node bench/row-kernels.mjs [--types q4_k_m,q8_0] [--rows 17] [--prompt 40] [--threads 2] [--variants all|chosen]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readGguf } from '../dist/src/model/gguf/gguf.js';
import { findLibrary } from '../dist/src/model/native/library.js';
import { filledRows, stepRows } from '../dist/src/model/native/step-rows.js';
import { packageRoot } from '../dist/src/package-root.js';
import { cpuVariants, withVariant } from './cpu-variants.mjs';

const { values: flags } = parseArgs({
  options: {
    types: {
      type: 'string',
      default: 'f32,f16,bf16,q8_0,q4_0,q4_1,q5_0,q4_k_m,q5_k_m,q6_k,q3_k_m,q2_k,iq4_nl,iq4_xs,iq3_s',
    },
    rows: { type: 'string', default: '17' },
    prompt: { type: 'string', default: '40' },
    threads: { type: 'string', default: '2' },
    variants: { type: 'string', default: 'all' },
  },
});
const { folder, release } = findLibrary('cpu');
const work = mkdtempSync(join(tmpdir(), 'coderm-rows-'));

function compileProbe() {
  const native = join(packageRoot, 'native', 'generator');
  const sources = ['runtime.cc', 'llama_library.cc', 'log.cc'].map((name) => join(native, name));
  const probe = join(work, 'probe');
  const headers = ['-I', native, '-I', join(packageRoot, 'build', 'llama.cpp', release)];
  const source = join(packageRoot, 'bench', 'row-kernels', 'probe.cc');
  execFileSync('c++', ['-std=c++17', '-O1', ...headers, source, ...sources, '-ldl', '-o', probe]);
  return probe;
}

/** The random model in one type. */
function modelOf(name, options, type) {
  const fixtures = join(packageRoot, 'test', 'fixtures');
  const [whole, out] = [join(work, `${name}.gguf`), join(work, `${name}.${type}.gguf`)];
  execFileSync('python3', [
    join(fixtures, 'make_random_gguf.py'),
    '--type',
    'f32',
    '--wide',
    ...options,
    whole,
  ]);
  if (type === 'f32') return whole;
  execFileSync('python3', [join(fixtures, 'quantise.py'), folder, whole, out, type]);
  return out;
}

/** Letters of the rows, by their number; null where the processor cannot run this variant. */
function lettersOf(probe, libraries, model) {
  const { status, stdout } = spawnSync(probe, [libraries, model, flags.prompt, flags.rows, flags.threads], {
    encoding: 'utf8',
  });
  if (status !== 0) return null;
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[1]);
}

/** `1: A, 2: BB, …`, without the numbers at which nothing new is seen. */
function seen(letters) {
  const shown = letters.flatMap((text, at) => {
    const before = at === 0 ? '' : letters[at - 1];
    return at < 5 || text[0] !== before[0] || text.at(-1) !== before.at(-1) ? [`${at + 1}: ${text}`] : [];
  });
  return new Set(letters.join('')).size === 1 ? 'all rows the same' : shown.slice(0, 8).join(', ');
}

try {
  const probe = compileProbe();
  console.log(`llama.cpp ${release}, ${flags.threads} threads, a prompt of ${flags.prompt} tokens`);
  console.log('| weights | variants | rows: results | rows of a step | those rows |');
  console.log('| --- | --- | --- | --- | --- |');
  const variants = flags.variants === 'all' ? cpuVariants(folder) : [null];
  for (const [name, ...options] of [['llama'], ['gemma3', '--window', '64']]) {
    for (const type of flags.types.split(',')) {
      const model = modelOf(name, options, type);
      const rows = stepRows(await readGguf(model));
      const byResult = new Map();
      for (const variant of variants) {
        const probed = (libraries) => lettersOf(probe, libraries, model);
        const letters = variant === null ? probed(folder) : await withVariant(folder, variant, probed);
        if (letters === null) continue;
        const filled = letters.filter((_, at) => filledRows(rows, at + 1) === at + 1);
        const same = new Set(filled.join('')).size === 1;
        if (!same) process.exitCode = 1;
        const result = `${seen(letters)} | ${rows.least} or more, by ${rows.multiple} | ${same ? 'same' : 'DIFFERENT'}`;
        byResult.set(result, [...(byResult.get(result) ?? []), variant ?? 'the chosen one']);
      }
      for (const [result, names] of byResult)
        console.log(`| ${name} ${type} | ${names.join(', ')} | ${result} |`);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
