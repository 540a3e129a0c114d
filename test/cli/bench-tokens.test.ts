import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TokenRow } from '../../src/bench/tokens.js';
import { fixture } from '../root.js';
import { temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

const bench = suite('cli: bench tokens');
const temporary = temporaryFolder();
const MODEL = fixture('random.gguf');
const SHAPE = ['--gpu', 'cpu', '--prompt', '20', '--tokens', '4', '--rounds', '2'];

/** Prints what llama-batched-bench prints, with the flags that it got. */
const peer = temporary.write(
  'batched-bench',
  `#!/bin/sh\necho main: warming up >&2\necho '{"pp": 20, "tg": 4, "pl": 2, "t_pp": 0.5, "t_tg": 0.25}'\necho "$@" >> ${temporary.path}/given\n`,
);
const broken = temporary.write('broken', '#!/bin/sh\necho no such model >&2\nexit 3\n');
for (const file of [peer, broken]) chmodSync(file, 0o755);

const run = (flags: string[]) => coderm(['bench', 'tokens', ...flags], { cwd: temporary.path });

const near = (value: number, wanted: number) => Math.abs(value / wanted - 1) < 1e-9;

bench('one row a shape and engine, under the peer’s names, side by side with it', async () => {
  const flags = ['--model', MODEL, ...SHAPE, '--lanes', '1,2', '--output', 'jsonl'];
  const { code, stdout } = await run([...flags, '--compare-batched-bench', peer]);
  assert.is(code, 0);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TokenRow & { device: string });
  assert.equal(
    rows.map(({ engine, pl }) => [engine, pl]),
    [
      ['native', 1],
      ['llama-batched-bench', 1],
      ['native', 2],
      ['llama-batched-bench', 2],
    ],
  );
  for (const row of rows) {
    assert.is(row.n_kv, 20 + row.pl * 4);
    assert.ok(near(row.speed_tg, (row.pl * 4) / row.t_tg));
    assert.ok(near(row.speed_pp, 20 / row.t_pp));
    assert.is(row.device, 'cpu');
    const own = row.engine === 'native';
    assert.is(row.t_sampling !== null && row.t_first !== null, own);
    if (own) assert.ok(row.t_pp > 0 && row.t_tg > 0 && row.t_sampling! > 0 && row.t_sampling! < row.t_tg);
    if (!own) assert.is(row.times_batched_bench, 1);
  }
  const given = readFileSync(join(temporary.path, 'given'), 'utf8').trim().split('\n');
  assert.is(given.length, 4); // two rounds of two shapes
  assert.match(given[0]!, /-npp 20 -ntg 4 -npl 1 .*-pps -kvu/);
});

bench('one JSON object, of the generator that is named', async () => {
  const flags = ['--model', MODEL, ...SHAPE, '--rounds', '1', '--lanes', '2', '--json'];
  for (const generator of ['native', 'node-llama-cpp']) {
    const { code, stdout, stderr } = await run([...flags, '--generator', generator]);
    assert.is(code, 0, stderr);
    const { rows } = JSON.parse(stdout) as { rows: (TokenRow & { backend: string })[] };
    assert.equal(
      rows.map(({ engine, pl, pp, tg, backend }) => [engine, pl, pp, tg, backend]),
      [[generator, 2, 20, 4, 'cpu']],
    );
    assert.ok(rows[0]!.speed_pp > 0 && rows[0]!.speed_tg > 0);
  }
});

bench('a peer that does not run, and a shape beyond the context, are told in one sentence', async () => {
  const flags = ['--model', MODEL, ...SHAPE];
  const failed = await run([...flags, '--lanes', '1', '--compare-batched-bench', broken]);
  assert.is(failed.code, 2);
  assert.match(failed.stderr, /--compare-batched-bench: .*broken did not run: no such model\n$/);
  const long = await run([...flags, '--tokens', '100000']);
  assert.is(long.code, 2);
  assert.match(long.stderr, /within the model's context of \d+ tokens, got 20 \+ 100000/);
});

bench.run();
