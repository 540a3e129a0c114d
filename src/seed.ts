import { createHash } from 'node:crypto';

/** llama.cpp reads this seed as "draw one at random"; a sample must never get it. */
const RANDOM_SEED = 0xffffffff;

/**
 * The seed of one sample: an unsigned 32-bit number that depends on the run's seed, the problem and
 * the sample's index and on nothing else, so sample 7 is the same whether 8 or 100 are asked for and
 * whichever problems run beside it.
 *
 * Rule (part of the cache's meaning, never to be changed): the first four bytes, little-endian, of the
 * SHA-256 of the UTF-8 text `<run seed>\0<task id>\0<index>`, both numbers in decimal; 0xFFFFFFFF
 * becomes 0xFFFFFFFE.
 */
export function sampleSeed(runSeed: number, taskId: string, index: number): number {
  const digest = createHash('sha256').update(`${runSeed}\0${taskId}\0${index}`).digest();
  const seed = digest.readUInt32LE(0);
  return seed === RANDOM_SEED ? RANDOM_SEED - 1 : seed;
}
