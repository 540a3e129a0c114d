import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture, root } from '../../root.js';

const outcomes = suite('tools/gpu/outcomes');
// biome-ignore lint/suspicious/noExplicitAny: what a reader gives differs by its kind.
type Reader = (text: string) => any;
const { READERS } = (await import(join(root, 'tools', 'gpu', 'outcomes.mjs'))) as {
  READERS: Record<string, Reader>;
};
const recorded = (name: string) => readFileSync(fixture('gpu-call', name), 'utf8');

outcomes('bench tokens: a row for each engine, and what ran it', () => {
  const { rows, run } = READERS.tokens!(recorded('tokens.json'));
  assert.equal(
    rows.map((row: Record<string, unknown>) => [row.engine, row.pl, row.speed_tg]),
    [
      ['native', 2, 32.08703660016843],
      ['llama-batched-bench', 2, 12.282880888297946],
    ],
  );
  assert.is(run.model, 'twin-tiny-q4_k_m');
  assert.is(run.device, 'vulkan:llvmpipe (LLVM 15.0.6, 256 bits)');
  const noisy = READERS.tokens!(`a library's greeting\n${recorded('tokens.json')}{and its farewell}\n`);
  assert.is(noisy.rows.length, 2);
});

outcomes("llama-batched-bench's lines, as many as it wrote to their end", () => {
  const text = recorded('sweep.txt');
  const lanes = (of: string) => READERS.sweep!(of).rows.map(({ pl }: { pl: number }) => pl);
  assert.equal(lanes(text), [1, 2, 4]);
  assert.is(READERS.sweep!(text).rows[2].speed_tg, 2.654252);
  assert.equal(lanes(`main: n_kv_max = 768\n${text}\n{perf: 1}\n`), [1, 2, 4]);
  for (const cut of [1, 30, 200])
    assert.equal(lanes(text.trimEnd().slice(0, -cut)), [1, 2], `${cut} bytes cut`);
});

outcomes('the time split of a rerank', () => {
  const found = READERS.rerank!(recorded('rerank.json'));
  assert.equal([found.problems, found.tokensGenerated, found.kept, found.cells.executed], [2, 143, 4, 16]);
  assert.equal(Object.keys(found.seconds), ['generate', 'extract', 'execute', 'total']);
});

outcomes('the doctor: the jail that there is, the walls that are open, and why there is none', () => {
  const text = recorded('doctor.json');
  const good = READERS.doctor!(text);
  assert.equal([good.holds, good.jail, good.walls, good.open], [true, 'namespaces', 15, []]);
  const doctor = JSON.parse(text);
  doctor.walls[4].holds = false;
  const open = READERS.doctor!(JSON.stringify({ ...doctor, holds: false }));
  assert.equal([open.holds, open.open], [false, ['network']]);
  const none = { ...doctor, holds: false, jail: null, walls: [], problem: 'user namespaces are off' };
  const found = READERS.doctor!(JSON.stringify(none));
  assert.equal([found.jail, found.why, found.walls], [null, 'user namespaces are off', 0]);
});

outcomes('memory that ran out, and texts on several lanes', () => {
  const { asked, lanes, said } = READERS.memory!(recorded('memory.json'));
  assert.equal([asked, lanes], [4, 2]);
  assert.match(said[0], /goes on with 2 instead of 4 lanes/);
  const { rows } = READERS.texts!(recorded('texts.txt'));
  assert.equal(rows, [
    { lanes: 1, speed: 1, equalCold: 4, cold: 4, equalWarm: 4, warm: 4 },
    { lanes: 8, speed: 10, equalCold: 4, cold: 4, equalWarm: 4, warm: 4 },
  ]);
});

outcomes("nvidia-smi's line of each GPU", () => {
  const text = 'NVIDIA H100 80GB HBM3, 580.159.04, 81559, 4, 9.0\nNVIDIA A10, 580.159.04, 23028, 0\n';
  assert.equal(READERS.gpu!(text).gpus, [
    { name: 'NVIDIA H100 80GB HBM3', driver: '580.159.04', totalMiB: 81559, usedMiB: 4, capability: '9.0' },
    { name: 'NVIDIA A10', driver: '580.159.04', totalMiB: 23028, usedMiB: 0, capability: null },
  ]);
});

outcomes('what is broken or missing is an error, not a value', () => {
  const table: [kind: string, text: string][] = [
    ...Object.keys(READERS).map((kind): [string, string] => [kind, '']),
    ...Object.keys(READERS).map((kind): [string, string] => [kind, 'Segmentation fault\n']),
    ['gpu', "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n"],
    ['gpu', 'NVIDIA H100, 580, [N/A], [N/A]\n'],
    ['tokens', recorded('tokens.json').slice(0, -20)],
    ['tokens', '{"rows":[]}'],
    ['tokens', recorded('tokens.json').replaceAll('"speed_tg":', '"speed_tg":null,"was":')],
    ['sweep', recorded('sweep.txt').slice(0, 200)],
    ['sweep', '[1, 2]\nnull\n{"pl": 1}\n'],
    ['rerank', recorded('rerank.json').slice(0, 400)],
    ['rerank', '{"problems": 2, "tokens_generated": 3}'],
    ['memory', '{"asked": 4, "lanes": 2}'],
    ['texts', '8 lanes: 1 tokens/s; as on the first: 4 of'],
    ['doctor', '{"coderm":"0.1.0","holds":true'],
    ['twin', 'wrote twin.gguf\n'],
  ];
  for (const [kind, text] of table) {
    assert.throws(() => READERS[kind]!(text), /^(?!.*Cannot read)/, `${kind}: ${text.slice(0, 40)}`);
  }
});

outcomes.run();
