import { cellRateKey, responseLengthKey, tokenRateKey } from './cache/keys.js';
import { describeHost } from './manifest.js';
import type { ExecutionRun, Run } from './run.js';

/** What earlier runs of this kind on this machine achieved; null where there was none. */
export interface Rates {
  /** Generated tokens a second, of all lanes together. */
  tokensPerSecond: number | null;
  /** Tokens of one response. */
  tokensPerResponse: number | null;
  /** Executed cells a second. */
  cellsPerSecond: number | null;
}

/** A shorter run says more of starting than of running. */
const SHORTEST_SECONDS = 1;

/** Keeps what this run achieved, for the next one's plan. */
export function rememberRates(run: ExecutionRun | Run): void {
  const { tally, cache } = run;
  const { generate, execute } = tally.seconds;
  if (execute >= SHORTEST_SECONDS) cache.storeRate(cellsKey(run), tally.cells.executed, execute);
  if (!('model' in run) || tally.samples.generated === 0) return;
  cache.storeRate(responseKey(run), tally.tokensGenerated, tally.samples.generated);
  if (generate >= SHORTEST_SECONDS) cache.storeRate(tokensKey(run), tally.tokensGenerated, generate);
}

export function knownRates(run: Run): Rates {
  const rate = (key: string) => run.cache.rate(key) ?? null;
  return {
    tokensPerSecond: rate(tokensKey(run)),
    tokensPerResponse: rate(responseKey(run)),
    cellsPerSecond: rate(cellsKey(run)),
  };
}

const tokensKey = ({ model }: Run) => tokenRateKey(describeHost(), model);

const responseKey = ({ model, generation }: Run) => responseLengthKey(model.identity, generation.sampler);

function cellsKey({ sandbox, isolation, jail }: ExecutionRun): string {
  const { workers, interpreter } = sandbox;
  const { fingerprint } = interpreter;
  return cellRateKey(describeHost(), { workers, interpreter: fingerprint, isolation, jail });
}
