/**
 * Does `work` on up to `most` items at a time and yields the results in the items' order. An item is asked for when
 * there is room for it, so a slow consumer slows the work down. After a failure, or when the consumer stops, no further
 * item is begun, the signal tells those under way that nobody wants them, and their end is waited for.
 */
export async function* overlapped<T, R>(
  items: Iterable<T>,
  most: number,
  work: (item: T, unwanted: AbortSignal) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  const ended = new AbortController();
  try {
    for (const item of items) {
      const begun = work(item, ended.signal);
      begun.catch(() => {}); // told when its turn comes
      underWay.push(begun);
      if (underWay.length >= most) {
        yield await underWay[0]!;
        underWay.shift();
      }
    }
    while (underWay.length > 0) {
      yield await underWay[0]!;
      underWay.shift();
    }
  } finally {
    ended.abort();
    await Promise.allSettled(underWay);
  }
}

/** The items in groups of `size`, the last one shorter. An item is asked for when its group is. */
export function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
