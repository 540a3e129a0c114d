import { join } from 'node:path';

/**
 * The steps of a measurement, in order of worth: what comes first is there when time runs out. Each is one command; its
 * kind says how its output is read (outcomes.mjs). A step may not start before the steps named in `after` have ended
 * well; one in the background runs beside those that follow it.
 */

/**
 * @param place folders: `engine` (the unpacked engine), `work` (a scratch folder)
 * @param scale one of SCALES
 * @param pack what was packed: the GPU's backend, and files of the rerank by name, relative to `engine`
 */
export function stepsOf(place, scale, pack) {
  const { engine, work } = place;
  const { gpu } = pack;
  const node = process.execPath;
  const coderm = (...args) => [node, join(engine, 'dist', 'src', 'cli', 'main.js'), ...args];
  const peer = join(engine, pack.batchedBench);
  const twinFile = ({ shape, type }) => join(work, `twin-${shape}-${type}.gguf`);
  const twin = (which, background = false) => ({
    name: `twin ${which.shape} ${which.type}`,
    kind: 'twin',
    command: [
      ...['python3', join(engine, 'tools', 'gpu', 'make_twin.py')],
      ...['--shape', which.shape, '--type', which.type, twinFile(which)],
    ],
    limit: 240,
    background,
  });
  const tokens = (which, lanes, round, ...flags) => ({
    name: ['tokens', which.shape, which.type, `${lanes} lanes`, ...flags, `round ${round}`].join(' '),
    kind: 'tokens',
    command: coderm(
      ...['bench', 'tokens', '--model', twinFile(which), '--gpu', gpu, '--lanes', String(lanes)],
      ...['--prompt', String(scale.prompt), '--tokens', String(scale.tokens), '--rounds', '1'],
      ...(flags.length > 0 ? flags : ['--compare-batched-bench', peer]),
      '--json',
    ),
    about: { round, deterministic: flags.includes('--deterministic') },
    limit: 150,
    after: [`twin ${which.shape} ${which.type}`],
  });
  const round = (number) => scale.lanes.map((lanes) => tokens(scale.twin, lanes, number));
  const twinReady = [`twin ${scale.twin.shape} ${scale.twin.type}`];
  const [model, problems, candidates] = ['model', 'problems', 'candidates'].map((name) =>
    join(engine, pack[name]),
  );
  const texts = (file, name, flags, after = []) => ({
    name: ['texts', name, ...flags].join(' '),
    kind: 'texts',
    command: [
      ...[node, join(engine, 'bench', 'same-text.mjs'), file, problems, '--gpu', gpu],
      ...['--problems', String(scale.texts.problems), '--tokens', String(scale.texts.tokens)],
      ...['--lanes', scale.texts.lanes.join(','), ...flags],
    ],
    about: { model: name, deterministic: flags.length > 0 },
    limit: 120,
    after,
  });
  const most = Math.max(...scale.lanes);
  return [
    {
      name: 'gpu',
      kind: 'gpu',
      command: [
        ...['nvidia-smi', '--query-gpu=name,driver_version,memory.total,memory.used,compute_cap'],
        '--format=csv,noheader,nounits',
      ],
      limit: 20,
    },
    twin(scale.first),
    twin(scale.twin, true),
    // Kernels that the library does not have for this very GPU are compiled here, once for all later steps.
    { ...tokens(scale.first, scale.lanes[0], 1), limit: 300 },
    ...round(1),
    { name: 'doctor', kind: 'doctor', command: coderm('doctor', '--json'), limit: 60 },
    {
      name: 'rerank',
      kind: 'rerank',
      command: coderm(
        ...['rerank', '--problems', problems, '--solutions', candidates, '--model', model, '--gpu', gpu],
        ...['--limit', String(scale.rerank.problems), '--candidates', String(scale.rerank.candidates)],
        ...['--tests', String(scale.rerank.tests)],
        ...(scale.rerank.maxTokens === null ? [] : ['--max-tokens', String(scale.rerank.maxTokens)]),
        ...[
          '--cache',
          join(work, `rerank-${Date.now()}.sqlite`),
          '--out',
          join(work, 'ranked.jsonl'),
          '--json',
        ],
      ),
      about: { model: pack.modelName },
      limit: 180,
    },
    {
      name: 'out of memory',
      kind: 'memory',
      command: [
        ...[node, join(engine, 'tools', 'gpu', 'out-of-memory.mjs'), twinFile(scale.twin)],
        ...[String(scale.memory.lanes), String(scale.memory.tokens), gpu],
      ],
      limit: 90,
      after: twinReady,
    },
    texts(model, pack.modelName, []),
    texts(model, pack.modelName, ['--deterministic']),
    {
      name: 'sweep of llama-batched-bench',
      kind: 'sweep',
      command: [
        ...[peer, '-m', twinFile(scale.twin), '-npp', String(scale.prompt), '-ntg', String(scale.tokens)],
        ...['-npl', [...scale.lanes].sort((a, b) => a - b).join(','), '-pps', '-kvu', '-ngl', '99'],
        ...['-c', String(scale.prompt + most * scale.tokens + 256), '--output-format', 'jsonl'],
      ],
      limit: 120,
      after: twinReady,
    },
    twin(scale.other, true),
    tokens(scale.twin, most, 1, '--deterministic'),
    ...round(2),
    ...scale.otherLanes.map((lanes) => tokens(scale.other, lanes, 1)),
    texts(twinFile(scale.twin), `twin ${scale.twin.shape}`, [], twinReady),
    texts(twinFile(scale.twin), `twin ${scale.twin.shape}`, ['--deterministic'], twinReady),
    ...Array.from({ length: scale.rounds - 2 }, (_, index) => round(index + 3)).flat(),
  ];
}
