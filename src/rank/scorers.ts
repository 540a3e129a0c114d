import { InputError } from '../error.js';
import { acesC } from './aces-c.js';
import { acesO } from './aces-o.js';
import { auto } from './auto.js';
import { b4 } from './b4.js';
import { codet } from './codet.js';
import { consensus } from './consensus.js';
import { dawidSkene } from './dawid-skene.js';
import { majority } from './majority.js';
import { mbr } from './mbr.js';
import { passRate } from './pass-rate.js';
import type { Scorer } from './scorer.js';

export const SCORERS: readonly Scorer[] = [
  auto,
  consensus,
  majority,
  passRate,
  codet,
  mbr,
  b4,
  acesC,
  acesO,
  dawidSkene,
];

export function scorerNamed(name: string): Scorer {
  const scorer = SCORERS.find((known) => known.name === name);
  if (scorer) return scorer;
  const names = SCORERS.map((known) => known.name).join(', ');
  throw new InputError(`expected the name of a scorer (${names}), got ${JSON.stringify(name)}`);
}

/** @throws InputError if pruning would change the scorer's result. */
export function checkPrunable(scorer: Scorer): void {
  if (!scorer.needsWholeMatrix) return;
  const names = SCORERS.filter((known) => !known.needsWholeMatrix).map((known) => known.name);
  throw new InputError(
    `--prune leaves out cells, and the scorer ${scorer.name} needs the whole matrix: expected --scorer ` +
      `${names.join(' or ')} with --prune, or no --prune.`,
  );
}
