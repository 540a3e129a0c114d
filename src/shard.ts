import { createHash } from 'node:crypto';
import { format, parse } from 'node:path';

/** One part of a run's tasks: `index` of `count`, from 0. */
export interface Shard {
  index: number;
  count: number;
}

/**
 * Whether a task belongs to the shard. It depends on the task's id and on the number of shards alone, so that adding
 * problems moves none.
 *
 * Rule (never to be changed: a requeued shard must meet its own tasks again): the first six bytes, big-endian, of the
 * SHA-256 of the id in UTF-8, modulo the number of shards.
 */
export function inShard(taskId: string, { index, count }: Shard): boolean {
  return createHash('sha256').update(taskId).digest().readUIntBE(0, 6) % count === index;
}

/** The file of one shard: `out/ranked.jsonl` is `out/ranked.shard-03-of-16.jsonl`. Names sort as the shards do. */
export function shardFile(path: string, { index, count }: Shard): string {
  const { dir, name, ext } = parse(path);
  const place = String(index).padStart(String(count - 1).length, '0');
  return format({ dir, name: `${name}.shard-${place}-of-${count}`, ext });
}
