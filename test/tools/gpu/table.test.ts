import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture, root } from '../../root.js';
import { temporaryFolder } from '../../temporary.js';

const table = suite('tools/gpu/table');
const temporary = temporaryFolder();
const tool = (name: string) => import(join(root, 'tools', 'gpu', name));
interface Read {
  lines: { step: string; kind: string }[];
  broken: number;
}
const { readResults } = (await tool('results.mjs')) as { readResults: (path: string) => Read };
const { tableText } = (await tool('table.mjs')) as { tableText: (read: unknown) => string };
const RECORDED = readFileSync(fixture('gpu-call', 'results.jsonl'), 'utf8');

function tableOf(text: string): string {
  return tableText(readResults(temporary.write('results.jsonl', text)));
}

/** Cells of the rows whose first cell is this. */
function rowsOf(text: string, first: string): string[][] {
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows.filter(([name]) => name === first);
}

table('the recorded call: every kind of step is in the table', () => {
  const text = tableOf(RECORDED);
  assert.match(text, /^- GPU: vulkan:llvmpipe/m);
  assert.equal(
    rowsOf(text, 'twin-tiny-q4_k_m').map(([, lanes, ours, , peer, ratio]) => [lanes, ours, peer, ratio]),
    [
      ['2', '16.9', '10.5', '1.619'],
      ['4', '34.9', '17.3', '2.013'],
    ],
  );
  assert.equal(rowsOf(text, 'twin-tiny-q4_k_m, deterministic')[0]?.slice(1, 6), [
    '4',
    '2.59',
    '0 %',
    '–',
    '–',
  ]);
  assert.equal(rowsOf(text, '4')[0], ['4', '32', '4', '28.4', '7.10']);
  assert.equal(rowsOf(text, 'tiny-ut')[1], ['tiny-ut', 'no', '2', '4 of 4', '4 of 4', '3']);
  assert.match(text, /^- rerank, .*generate 85\.6, extract 0\.07, execute 0\.63\)/m);
  assert.match(text, /^- out of memory: asked for 4 lanes, went on with 2, decoded 256 tokens/m);
  assert.match(text, /^ {2}- said: the generator goes on with 2 instead of 4 lanes/m);
  assert.match(text, /^- doctor: namespaces, holds, 15 walls$/m);
  assert.match(text, /^- steps: 12 done; not done or not whole:$/m);
  assert.match(text, /^ {2}- texts tiny-ut --deterministic \(120\.3 s\): slow$/m);
});

table('with any first part of the file, cut anywhere, the table has what that part has', () => {
  const figures = (text: string) => text.split('\n').filter((line) => /^\| twin/.test(line)).length;
  let most = 0;
  for (let bytes = 0; bytes <= RECORDED.length; bytes += 97) {
    const part = RECORDED.slice(0, bytes);
    const whole = part.slice(0, part.lastIndexOf('\n') + 1);
    const measured = whole.match(/"kind":"tokens","status":"ok"/g)?.length ?? 0;
    const text = tableOf(part);
    assert.is(figures(text), measured, `${bytes} bytes`);
    assert.is(/broken line/.test(text), !part.endsWith('\n') && part !== '', `${bytes} bytes`);
    most = Math.max(most, measured);
  }
  assert.is(most, 4);
});

table('rounds become medians, and the ratio is the median of their ratios', () => {
  const row = (engine: string, speed_tg: number) => ({
    engine,
    pl: 8,
    speed_pp: 100,
    speed_tg,
    t_tg: 2,
    t_sampling: 0.5,
  });
  const round = (ours: number, peer: number) => ({
    ...{ step: 'tokens', kind: 'tokens', status: 'ok', seconds: 1, about: { deterministic: false } },
    values: { rows: [row('native', ours), row('llama-batched-bench', peer)], run: { model: 'm' } },
  });
  const lines = [round(100, 100), round(300, 150), round(200, 160)].map(
    (line) => `${JSON.stringify(line)}\n`,
  );
  assert.equal(rowsOf(tableOf(lines.join('')), 'm')[0], [
    ...['m', '8', '200', '25 %', '150', '1.250', '100', '100', '3'],
  ]);
  assert.is(rowsOf(tableOf(lines.slice(0, 2).join('')), 'm')[0]?.[5], '1.500');
});

table('a real GPU is named as nvidia-smi names it', () => {
  const gpus = [
    { name: 'NVIDIA H100 80GB HBM3', driver: '580.1', totalMiB: 81559, usedMiB: 4, capability: '9.0' },
  ];
  const line = {
    step: 'gpu',
    kind: 'gpu',
    status: 'ok',
    seconds: 0.1,
    values: { gpus },
    about: {},
    said: null,
  };
  assert.match(
    tableOf(`${JSON.stringify(line)}\n`),
    /^- GPU: NVIDIA H100 80GB HBM3, 81559 MiB, compute capability 9\.0, driver 580\.1$/m,
  );
});

table('a results file that is empty, missing or nonsense still gives a table', () => {
  for (const text of ['', 'nonsense\n', '{"kind":"tokens"}\n', 'null\n', '[]\n']) {
    assert.match(tableOf(text), /steps: 0 done/, text);
  }
  assert.match(tableText(readResults(join(temporary.path, 'absent'))), /steps: 0 done/);
});

table.run();
