import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// Responses that yield no unit test: what exactly was wrong with each is shown wherever their number is.
const dropped = suite('cli: why responses are dropped');
const folder = temporaryFolder();
folder.write('p.jsonl', lines({ task_id: 'a', question: 'Write f(n).', entry_point: 'f' }));
folder.write('s.jsonl', lines({ task_id: 'a', solutions: ['def f(n):\n    return n\n'] }));
// The model with random weights goes on with nonsense: the class that is begun here cannot be parsed.
folder.write(
  'prefix.txt',
  '```python\nimport unittest\n\nclass TestF(unittest.TestCase):\n    def test(self:\n',
);

const FLAGS = [
  ...['--problems', 'p.jsonl', '--solutions', 's.jsonl', '--model', fixture('random.gguf'), '--gpu', 'cpu'],
  ...['--max-tokens', '8', '--tests', '3', '--response-prefix', 'prefix.txt', '--json'],
];

interface Dropped {
  reason: string;
  detail: string;
}

dropped("generate's lines and the summary say what was wrong", async () => {
  const { code, stdout, stderr } = await coderm(['generate', ...FLAGS, '--out', 'u.jsonl'], {
    cwd: folder.path,
  });
  assert.is(code, 0, stderr);
  const line = JSON.parse(readFileSync(join(folder.path, 'u.jsonl'), 'utf8')) as {
    unit_tests: string[];
    dropped: Record<string, number>;
    drops: (Dropped & { ut_id: number })[];
  };
  assert.equal(line.unit_tests, []);
  assert.equal(line.dropped, { syntax_error: 3 });
  assert.equal(
    line.drops.map(({ ut_id, reason }) => [ut_id, reason]),
    [0, 1, 2].map((utId) => [utId, 'syntax_error']),
  );
  for (const { detail } of line.drops) assert.ok(detail.length > 10, detail);
  const { responses } = JSON.parse(stdout) as { responses: { why: (Dropped & { count: number })[] } };
  assert.is(
    responses.why.reduce((sum, { count }) => sum + count, 0),
    3,
  );
  const details = new Set(line.drops.map(({ detail }) => detail));
  assert.equal(new Set(responses.why.map(({ detail }) => detail)), details);
});

dropped("the page shows it with the response's text", async () => {
  const { code, stderr } = await coderm(['rerank', ...FLAGS, '--out', 'r.jsonl', '--report', 'page.html'], {
    cwd: folder.path,
  });
  assert.is(code, 0, stderr);
  const page = readFileSync(join(folder.path, 'page.html'), 'utf8');
  assert.match(page, /Dropped response 0: syntax_error \([^<]{10,}\)<\/summary>/);
});

dropped.run();
