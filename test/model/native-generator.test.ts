import { suite } from 'uvu';
import { NativeGenerator } from '../../src/model/native-generator.js';
import { silent } from '../../src/progress.js';
import { addCases, Bench, openRandom } from './generator-cases.js';

const generator = suite('native generator');
let bench: Bench;
generator.before(async () => {
  const model = await openRandom(true);
  bench = new Bench(
    model,
    (options) =>
      new NativeGenerator({
        info: model.info,
        backend: 'cpu',
        gpuLayers: null,
        threads: 1,
        deterministic: false,
        detokenize: (tokens, before) => model.detokenize(tokens, before),
        progress: silent,
        ...options,
      }),
  );
});
generator.after(async () => {
  await bench?.model.close();
});

addCases(generator, () => bench);

generator.run();
