// What `npm test` says of itself: at the start how long it will take and what it skips, at the end what took longest.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Where a run notes how long each file took, for the next one. */
const TIMES = join('build', 'test-seconds.json');
/** What a file takes on average, where no run has noted it (18 minutes of one free core, over 70 files). */
const USUAL_SECONDS = 16;
const LONGEST = 8;

/** Seconds of each file, by earlier runs on this machine. */
function earlierTimes(root) {
  try {
    return JSON.parse(readFileSync(join(root, TIMES), 'utf8'));
  } catch {
    return {}; // none yet
  }
}

/** @param skipped [{what, why}], or null where nobody has looked */
export function announce(files, lanes, root, skipped) {
  const times = earlierTimes(root);
  const known = files.filter((file) => times[file] !== undefined).length;
  const seconds = files.reduce((sum, file) => sum + (times[file] ?? USUAL_SECONDS), 0) / lanes;
  const from = known === files.length ? 'as it was here before' : 'where the machine is free';
  console.log(`${files.length} test files, ${lanes} at a time: about ${duration(seconds)}, ${from}`);
  const load = loadavg()[0];
  if (load > lanes) {
    console.log(
      `the load is ${load.toFixed(1)} already: it may take ${Math.ceil(1 + load / lanes)} times as long`,
    );
  }
  for (const { what, why } of skipped) console.log(`skipped: ${what}, since ${why}`);
}

/** Says which files took longest, and notes the times of all for the next run. `took`: file -> seconds. */
export function conclude(took, root) {
  const longest = Object.entries(took).sort(([, a], [, b]) => b - a);
  if (longest.length > 1) console.log('  Longest:');
  if (longest.length > 1) {
    for (const [file, seconds] of longest.slice(0, LONGEST)) {
      console.log(`    ${duration(seconds).padStart(10)}  ${file}`);
    }
  }
  const file = join(root, TIMES);
  const earlier = earlierTimes(root);
  // Half of what it was: a busy machine, once, must not say for long what is usual.
  const usual = Object.entries(took).map(([name, s]) => [name, Math.ceil((s + (earlier[name] ?? s)) / 2)]);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ ...earlier, ...Object.fromEntries(usual) }, null, 1)}\n`);
  } catch (error) {
    console.log(`the times of this run are not kept (${error.code})`);
  }
}

/** What uvu says at the end of a file, or null, and all that stands before it. */
export function readTotals(output) {
  const end = output.lastIndexOf('\n  Total:');
  if (end < 0) return { shown: output, totals: null };
  const totals = { Total: 0, Passed: 0, Skipped: 0 };
  for (const [, name, count] of stripVTControlCharacters(output.slice(end)).matchAll(/^ +(\w+): +(\d+)$/gm)) {
    if (name in totals) totals[name] = Number(count);
  }
  return { shown: output.slice(0, end), totals };
}

/** What is wrong with a file that ended with this exit code and these totals, or null. */
export function wrongWith(code, totals) {
  if (totals === null) return `ended without a total (exit ${code})`;
  const { Total, Passed } = totals;
  // uvu drops the error of a hook, and its exit code is that of a suite which passed.
  if (code === 0 && Passed < Total) return `${Total - Passed} of ${Total} tests did not run: a hook threw`;
  if (Total === 0) return 'it has no test';
  return code === 0 ? null : Passed < Total ? `${Total - Passed} of ${Total} tests` : `exit ${code}`;
}

function duration(seconds) {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return `${Math.ceil(seconds / 60)} min`;
}
