// Turns free generations of assert tests, {task_id, generations: [text]}, into {task_id, unit_tests: [assert]}: each assert
// that names the problem's function is a unit test, equal ones stay as often as they were written.
//   node bench/scorers/asserts.mjs generations.jsonl problems.jsonl[.gz] > unit_tests.jsonl
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const [generations, problems] = process.argv.slice(2).map(linesOf);
const entryPoints = new Map(problems.map(({ task_id, entry_point }) => [task_id, entry_point]));
const STOPS = /\n(?:class|def|#|if|print|```|\n)/;

for (const { task_id, generations: texts } of generations) {
  const unit_tests = texts
    .flatMap((text) => text.split(/(?<=^|\n)assert /).slice(1))
    .map((part) => `assert ${part.split(STOPS)[0]}`.trimEnd())
    .filter((code) => code.includes(entryPoints.get(task_id)));
  process.stdout.write(`${JSON.stringify({ task_id, unit_tests })}\n`);
}

function linesOf(path) {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
