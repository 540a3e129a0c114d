import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm, withoutNetwork } from './coderm.js';

const bundle = suite('cli: bundle');
const temporary = temporaryFolder();
const cwd = temporary.path;

bundle('this engine and a model, opened and run where there is no network', async () => {
  const under = withoutNetwork();
  if (under === null) return; // said
  const made = await coderm(['models', 'bundle', 'b.tar', fixture('random.gguf'), '--json'], { cwd });
  assert.is(made.code, 0, made.stderr);
  const { target, members } = JSON.parse(made.stdout);
  assert.is(target.platform, `${process.platform}-${process.arch}`);
  assert.equal(
    members.map(({ path }: { path: string }) => path),
    ['unbundle.mjs', 'engine.tgz', 'modules.tgz', 'models/random.gguf'],
  );

  // As on the other machine: Node and tar, nothing of this checkout or of the user.
  const env = { PATH: process.env.PATH ?? '', HOME: join(cwd, 'home') };
  const [command, ...before] = under as [string, ...string[]];
  const run = (...args: string[]) => spawnSync(command, [...before, ...args], { cwd, env, encoding: 'utf8' });
  execFileSync('tar', ['-xf', 'b.tar', 'unbundle.mjs'], { cwd });
  const opened = run(process.execPath, 'unbundle.mjs', 'b.tar', 'there');
  assert.is(opened.status, 0, opened.stderr);
  const found = readdirSync(join(cwd, 'there', 'lib', 'node_modules', '@node-llama-cpp'));
  assert.ok(found.length === 1, `only this CPU's libraries: ${found}`);
  for (const left of ['typescript', 'uvu', '@biomejs'])
    assert.not.ok(existsSync(join(cwd, 'there', 'lib', 'node_modules', left)), left);

  temporary.write('p.jsonl', lines({ task_id: 'a', question: 'Write add(a, b).', entry_point: 'add' }));
  temporary.write('s.jsonl', lines({ task_id: 'a', solution: 'def add(a, b):\n    return a + b\n' }));
  const inputs = ['--problems', 'p.jsonl', '--solutions', 's.jsonl', '--cache', 'c.sqlite'];
  const model = ['--model', 'random.gguf', '--gpu', 'cpu', '--tests', '1', '--max-tokens', '4'];
  const ranked = run(join(cwd, 'there', 'bin', 'coderm'), 'rerank', ...inputs, ...model, '--out', 'r.jsonl');
  assert.is(ranked.status, 0, ranked.stderr);
  assert.is(JSON.parse(readFileSync(join(cwd, 'r.jsonl'), 'utf8')).task_id, 'a');
  const verified = run(join(cwd, 'there', 'bin', 'coderm'), 'models', 'verify');
  assert.match(verified.stdout, /^sound +random\.gguf/);
});

bundle.run();
