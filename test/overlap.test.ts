import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { batches, overlapped } from '../src/overlap.js';

const overlap = suite('overlap');

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

overlap(
  'results come in order, however long each takes, and no more than asked for run at a time',
  async () => {
    let running = 0;
    let most = 0;
    const work = async (ms: number) => {
      running += 1;
      most = Math.max(most, running);
      await sleep(ms);
      running -= 1;
      return ms;
    };
    const times = [30, 1, 20, 5, 1, 1, 10];
    assert.equal(await collect(overlapped(times, 3, work)), times);
    assert.is(most, 3);
    most = 0;
    assert.equal(await collect(overlapped(times, 1, work)), times);
    assert.is(most, 1);
  },
);

overlap('the second item is under way before the first one is done', async () => {
  const order: string[] = [];
  const work = async (name: string) => {
    order.push(`begin ${name}`);
    await sleep(1);
    order.push(`end ${name}`);
  };
  await collect(overlapped(['a', 'b'], 2, work));
  assert.equal(order, ['begin a', 'begin b', 'end a', 'end b']);
});

overlap('after a failure nothing is begun any more, and what is under way ends first', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const unwanted: number[] = [];
  const work = async (at: number, signal: AbortSignal) => {
    begun.push(at);
    if (at === 1) throw new Error('the second one');
    signal.addEventListener('abort', () => unwanted.push(at));
    await sleep(20);
    ended.push(at);
    return at;
  };
  try {
    await collect(overlapped([0, 1, 2, 3, 4, 5], 3, work));
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'the second one');
  }
  assert.equal(begun, [0, 1, 2, 3]);
  assert.equal(ended, [0, 2, 3]);
  assert.equal(unwanted, [0, 2, 3]);
});

overlap('a consumer that stops leaves nothing running', async () => {
  let running = 0;
  const work = async () => {
    running += 1;
    await sleep(5);
    running -= 1;
  };
  for await (const _ of overlapped([1, 2, 3, 4], 3, work)) break;
  assert.is(running, 0);
});

overlap('batches asks for an item when its group is asked for, and leaves none out', () => {
  const asked: number[] = [];
  function* items() {
    for (let at = 0; at < 5; at++) {
      asked.push(at);
      yield at;
    }
  }
  const groups = batches(items(), 2);
  assert.equal(groups.next().value, [0, 1]);
  assert.equal(asked, [0, 1]);
  assert.equal([...groups], [[2, 3], [4]]);
  assert.equal([...batches([], 2)], []);
});

overlap.run();
