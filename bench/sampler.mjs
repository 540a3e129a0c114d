// Microseconds to draw one token from 128,256 logits (Llama-3's vocabulary), by the native sampler with each of its
// kernels and by one that sorts, in the same run. Both kinds of logits: nearly even ones, as random weights give, whose
// nucleus is most of the vocabulary, and peaked ones, as a trained model gives. One thread. Needs `npm run build`.
//
//   node bench/sampler.mjs
import { loadGeneratorAddon } from '../dist/src/model/native/addon.js';

const VOCABULARY = 128_256;
const ROUNDS = 7; // the middle one is printed
const addon = loadGeneratorAddon();

const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
const even = Float32Array.from({ length: VOCABULARY }, () => 0.5 * normal());
const peaked = Float32Array.from({ length: VOCABULARY }, () => 2 * normal());
for (let rank = 0; rank < 5; rank++) peaked[(rank * 25_013 + 77) % VOCABULARY] = 17 - rank;

/** The plain way: sort the whole vocabulary (natively: typed arrays of numbers), walk down to top-p, draw. */
function drawBySorting(logits, { temperature, topP }) {
  // One number holds the order and the id: the logit's distance from the greatest, and behind it the id.
  const greatest = logits.reduce((a, b) => Math.max(a, b));
  const keys = Float64Array.from(
    logits,
    (logit, id) => Math.round((greatest - logit) * 1e7) * VOCABULARY + id,
  );
  keys.sort();
  const weights = new Float64Array(VOCABULARY);
  let mass = 0;
  for (let rank = 0; rank < VOCABULARY; rank++) {
    weights[rank] = Math.exp((logits[keys[rank] % VOCABULARY] - greatest) / temperature);
    mass += weights[rank];
  }
  let kept = 0;
  let nucleus = 0;
  while (nucleus < topP * mass && kept < VOCABULARY) nucleus += weights[kept++];
  let target = Math.random() * nucleus;
  let rank = 0;
  while (rank < kept - 1 && target >= weights[rank]) target -= weights[rank++];
  return keys[rank] % VOCABULARY;
}

/** Middle of several rounds, in microseconds a draw. `work` draws `count` tokens. */
function microseconds(count, work) {
  work(count);
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    work(count);
    return ((performance.now() - start) * 1000) / count;
  });
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
}

console.log('logits  settings       kernels    µs a draw   sorting: µs   ratio');
for (const [name, logits] of Object.entries({ even, peaked })) {
  for (const [label, change] of [
    ['top-p 0.95', { topP: 0.95 }],
    ['top-k 40', { topK: 40 }],
    ['temperature', {}],
  ]) {
    const settings = { temperature: 0.8, topP: 1, topK: 0, minP: 0, ...change };
    const sorting =
      change.topP &&
      microseconds(3, (n) => {
        for (let i = 0; i < n; i++) drawBySorting(logits, settings);
      });
    for (const kernels of addon.samplerKernels) {
      const ours = microseconds(500, (n) => addon.drawTokens(logits, settings, 1n, n, kernels));
      const cells = [name.padEnd(7), label.padEnd(14), kernels.padEnd(8), ours.toFixed(1).padStart(11)];
      if (sorting) cells.push(sorting.toFixed(0).padStart(13), `${(sorting / ours).toFixed(0)}x`.padStart(7));
      console.log(cells.join(' '));
    }
  }
}
