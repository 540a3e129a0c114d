import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { networkFileSystem, networkWarning } from '../src/cache/place.js';
import { shardOf, withOwnFiles } from '../src/cli/flags/shard.js';
import { openTasks } from '../src/open-tasks.js';
import { inShard, shardFile } from '../src/shard.js';
import { lines, temporaryFolder } from './temporary.js';

const sharding = suite('shard');
const folder = temporaryFolder();

const ids = Array.from({ length: 1000 }, (_, at) => `HumanEval/${at}`);

sharding('every task is in one shard of N, and the shards are about as large', () => {
  for (let count = 1; count <= 17; count += 1) {
    const sizes = Array.from({ length: count }, (_, index) =>
      ids.filter((id) => inShard(id, { index, count })),
    );
    assert.equal(sizes.flat().sort(), [...ids].sort());
    const even = ids.length / count;
    for (const { length } of sizes)
      assert.ok(Math.abs(length - even) < 6 * Math.sqrt(even), `${length} of ${even}`);
  }
});

sharding('the rule does not change: a requeued shard meets its own tasks again', () => {
  const places = ['HumanEval/0', 'HumanEval/1', 'é', ''].map((id) =>
    [4, 16].map((count) => ids.findIndex((_, index) => inShard(id, { index, count }))),
  );
  assert.equal(places, [
    [3, 15],
    [2, 2],
    [3, 3],
    [0, 12],
  ]);
});

sharding('each shard has files of its own, whose names sort as the shards do', () => {
  assert.is(shardFile('out/ranked.jsonl', { index: 3, count: 16 }), 'out/ranked.shard-03-of-16.jsonl');
  assert.is(shardFile('/a.b/cache.sqlite', { index: 0, count: 4 }), '/a.b/cache.shard-0-of-4.sqlite');
  assert.is(shardFile('ranked', { index: 10, count: 11 }), 'ranked.shard-10-of-11');
  const shard = { index: 1, count: 2 };
  assert.equal(withOwnFiles({ cache: 'c.sqlite', out: 'r.jsonl', shard }), {
    cache: 'c.shard-1-of-2.sqlite',
    out: 'r.shard-1-of-2.jsonl',
    shard,
  });
  assert.is(withOwnFiles({ cache: 'c', out: '/dev/null', shard }).out, '/dev/null');
  assert.equal(withOwnFiles({ cache: 'c', out: 'r' }), { cache: 'c', out: 'r' });
});

const slurm = (id: number, min: number, count: number, more = {}) => ({
  SLURM_ARRAY_TASK_ID: `${id}`,
  SLURM_ARRAY_TASK_MIN: `${min}`,
  SLURM_ARRAY_TASK_COUNT: `${count}`,
  ...more,
});
const known: [string, string, Record<string, string>, [number, number]][] = [
  ['by hand', '3/16', {}, [3, 16]],
  ['a Slurm array from 0', 'auto', slurm(2, 0, 4), [2, 4]],
  ['a Slurm array from 10', 'auto', slurm(13, 10, 4), [3, 4]],
  ['a Slurm array with steps', 'auto', slurm(6, 0, 4, { SLURM_ARRAY_TASK_STEP: '2' }), [3, 4]],
  ['an indexed job of Kubernetes', 'auto', { JOB_COMPLETION_INDEX: '1', JOB_COMPLETIONS: '3' }, [1, 3]],
];
for (const [name, text, env, [index, count]] of known) {
  sharding(`read: ${name}`, () => assert.equal(shardOf(text, env), { index, count }));
}

const refused: [string, string, Record<string, string>, RegExp][] = [
  ['beyond the last', '4/4', {}, /Expected I\/N with I from 0 to N - 1, .* got "4\/4"/],
  ['no shard', '0/0', {}, /got "0\/0"/],
  ['a word', 'all', {}, /got "all"/],
  ['no array', 'auto', {}, /got neither: give --shard I\/N/],
  ['an array with gaps', 'auto', slurm(9, 1, 3), /SLURM_ARRAY_TASK_ID=9/],
  ['Kubernetes without the count', 'auto', { JOB_COMPLETION_INDEX: '0' }, /got JOB_COMPLETION_INDEX=0/],
];
for (const [name, text, env, says] of refused) {
  sharding(`refused: ${name}`, () => assert.throws(() => shardOf(text, env), says));
}

sharding(
  'the tasks of the shards are those of the run, in its order; the limit counts all of them',
  async () => {
    const problems = [
      folder.write(
        'p.jsonl',
        lines(...ids.slice(0, 50).map((task_id) => ({ task_id, question: 'Write f(n).' }))),
      ),
    ];
    const solutions = [
      folder.write('s.jsonl', lines(...ids.slice(0, 50).map((task_id) => ({ task_id, solution: 'x' })))),
    ];
    for (const count of [1, 4, 17]) {
      const found: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const tasks = await openTasks({ problems, solutions, limit: 40, shard: { index, count } });
        const own = [...tasks].map(({ problem }) => problem.taskId);
        assert.equal(
          own,
          ids.slice(0, 40).filter((id) => inShard(id, { index, count })),
        );
        assert.is(tasks.counts.tasks + tasks.counts.tasksInOtherShards, 40);
        assert.is(tasks.counts.tasksOverLimit, 10);
        found.push(...own);
        tasks.close();
      }
      assert.equal(found.sort(), ids.slice(0, 40).sort());
    }
  },
);

sharding('file systems of several machines are known by their numbers', () => {
  const types = [0x6969, 0x0bd00bd0, 0xff534d42, 0xff534d42 | 0, 0x65735546];
  assert.equal(types.map(networkFileSystem), ['NFS', 'Lustre', 'CIFS', 'CIFS', 'FUSE']);
  const local = [0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630]; // ext4, XFS, Btrfs, tmpfs, overlay
  assert.equal(local.map(networkFileSystem), [null, null, null, null, null]);
  const warned = networkWarning(`${folder.path}/cache.sqlite`);
  assert.ok(warned === null || warned.includes('--cache'), String(warned));
});

sharding.run();
