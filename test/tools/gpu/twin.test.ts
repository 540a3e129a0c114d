import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readGguf } from '../../../src/model/gguf/gguf.js';
import { quantisationName } from '../../../src/model/llama/quantisation.js';
import { coderm } from '../../cli/coderm.js';
import { root } from '../../root.js';
import { temporaryFolder } from '../../temporary.js';

const twins = suite('tools/gpu/make_twin');
const temporary = temporaryFolder();
const tool = (name: string) => join(root, 'tools', 'gpu', name);

function make(name: string, ...options: string[]): string {
  const path = join(temporary.path, name);
  execFileSync('python3', ['-B', tool('make_twin.py'), path, ...options]);
  return path;
}

twins('is a whole model of its shape, the same on every run', async () => {
  const path = make('tiny.gguf', '--shape', 'tiny');
  const info = await readGguf(path);
  assert.is(info.contextTokens, 131072);
  assert.is(info.vocabulary.tokens.length, 4096);
  assert.is(new Set(info.vocabulary.tokens).size, 4096);
  assert.is(await quantisationName(info), 'Q4_K_M');
  assert.ok(readFileSync(path).equals(readFileSync(make('again.gguf', '--shape', 'tiny'))));
  assert.not(
    readFileSync(path).equals(readFileSync(make('other.gguf', '--shape', 'tiny', '--type', 'q4_k'))),
  );
});

twins("the 8B's has that model's tokens, and Q4_K_M the size that it has there", () => {
  const script = `import sys; sys.path.insert(0, sys.argv[1]); import make_twin as t
shape, count = t.SHAPES["8b"]
print(len(set(t.vocabulary(count)[0])), t.plan(shape, count, "q4_k_m")[2], t.plan(shape, count, "q8_0")[2])`;
  const text = execFileSync('python3', ['-B', '-c', script, join(root, 'tools', 'gpu')], {
    encoding: 'utf8',
  });
  // Llama-3.1-8B: 4.92 GB as Q4_K_M and 8.54 GB as Q8_0, of which some MB are the vocabulary.
  const [tokens, mixed, eight] = text.split(' ').map(Number);
  assert.is(tokens, 128256);
  assert.ok(mixed! > 4.9e9 && mixed! < 4.93e9, text);
  assert.ok(eight! > 8.5e9 && eight! < 8.55e9, text);
});

twins("runs, also under llama.cpp's own benchmark, which is built from the bundle", async () => {
  for (const type of ['q4_k_m', 'q8_0', 'q6_k']) {
    const model = make(`${type}.gguf`, '--type', type);
    const built = spawnSync(process.execPath, [tool('batched-bench.mjs'), 'cpu'], { encoding: 'utf8' });
    assert.is(built.status, 0, built.stderr);
    assert.ok(statSync(built.stdout.trim()).mode & 0o111);
    const shape = ['--lanes', '2', '--prompt', '16', '--tokens', '4', '--rounds', '1'];
    const { code, stdout, stderr } = await coderm(
      [
        'bench',
        'tokens',
        '--model',
        model,
        '--gpu',
        'cpu',
        ...shape,
        '--compare-batched-bench',
        built.stdout.trim(),
        '--json',
      ],
      { cwd: temporary.path },
    );
    assert.is(code, 0, stderr);
    const { rows } = JSON.parse(stdout);
    assert.equal(
      rows.map(({ engine }: { engine: string }) => engine),
      ['native', 'llama-batched-bench'],
    );
    for (const { speed_tg } of rows) assert.ok(speed_tg > 0);
  }
});

twins('the benchmark of an unknown backend is refused in a sentence', () => {
  const { status, stderr } = spawnSync(process.execPath, [tool('batched-bench.mjs'), 'metal'], {
    encoding: 'utf8',
  });
  assert.is(status, 1);
  assert.match(stderr, /^coderm: expected a backend, cpu, vulkan or cuda, got 'metal'.*\n$/);
});

twins.run();
