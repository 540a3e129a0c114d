/**
 * What the output of a step says, by its kind: an object of values for the table. A step that was ended half-way may
 * have said part of it; what is not there is not in the values. Throws where there is nothing to read.
 */
export const READERS = { gpu, twin, tokens, sweep, doctor, rerank, memory, texts };

/** Exit codes that say what was found and not that the step failed. */
export const FINDINGS = { doctor: [4], texts: [1], memory: [1, 3] };

/** nvidia-smi's line of each GPU: name, driver, MiB in all, MiB in use, compute capability. */
function gpu(text) {
  const gpus = linesOf(text).map((line) => {
    const fields = line.split(',').map((field) => field.trim());
    if (fields.length < 4 || !/^\d+$/.test(fields[2]))
      throw new Error(`expected nvidia-smi's line of a GPU, got '${line}'`);
    const [name, driver, total, used, capability = null] = fields;
    return { name, driver, totalMiB: Number(total), usedMiB: Number(used), capability };
  });
  if (gpus.length === 0) throw new Error('nvidia-smi named no GPU');
  return { gpus };
}

function twin(text) {
  const found = /^wrote .*, ([\d.]+) GB$/m.exec(text);
  if (found === null) throw new Error('expected what make_twin.py prints at its end');
  return { gigabytes: Number(found[1]) };
}

const ROW = ['engine', 'pp', 'tg', 'pl', 't_pp', 't_tg', 't_sampling', 't_first', 'speed_pp', 'speed_tg'];
const RUN = ['model', 'quantisation', 'backend', 'device', 'driver', 'build', 'threads', 'cpu', 'cores'];

/** `coderm bench tokens --json` */
function tokens(text) {
  const { rows } = objectOf(text);
  if (!Array.isArray(rows) || rows.length === 0) throw new Error('expected rows of coderm bench tokens');
  for (const row of rows) numbers(row, ['pl', 'speed_pp', 'speed_tg']);
  return { rows: rows.map((row) => pick(row, ROW)), run: pick(rows[0], RUN) };
}

/** llama-batched-bench's jsonl: a line a shape, in the order in which they were measured. */
function sweep(text) {
  const rows = linesOf(text)
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .flatMap((line) => {
      const row = parsed(line);
      return row !== null && 'speed_tg' in row ? [row] : [];
    });
  if (rows.length === 0) throw new Error('expected lines of llama-batched-bench');
  for (const row of rows) numbers(row, ['pl', 'speed_pp', 'speed_tg']);
  return { rows: rows.map((row) => pick(row, ['pp', 'tg', 'pl', 't_pp', 't_tg', 'speed_pp', 'speed_tg'])) };
}

/** `coderm doctor --json` */
function doctor(text) {
  const { holds, jail, refusal, problem, walls = [] } = objectOf(text);
  return {
    holds: holds === true,
    jail: jail?.jail ?? null,
    walls: walls.length,
    open: walls.filter((wall) => wall.holds === false).map((wall) => wall.wall),
    why: asText(refusal ?? problem ?? null),
  };
}

/** The summary of `coderm rerank --json` */
function rerank(text) {
  const found = objectOf(text);
  const {
    problems,
    candidates,
    samples,
    tokens_generated: tokensGenerated,
    responses,
    cells,
    seconds,
  } = found;
  numbers({ ...found, ...seconds }, ['problems', 'tokens_generated', 'generate', 'total']);
  return { problems, candidates, samples, tokensGenerated, kept: responses?.kept ?? null, cells, seconds };
}

/** What out-of-memory.mjs prints. */
function memory(text) {
  const found = objectOf(text);
  numbers(found, ['asked', 'lanes', 'decoded']);
  return pick(found, ['asked', 'lanes', 'cells', 'said', 'decoded']);
}

/** What bench/same-text.mjs prints, a line for each number of lanes. */
function texts(text) {
  const form =
    /^(\d+) lanes?: (\d+) tokens\/s; as on the first: (\d+) of (\d+) at temperature 0, (\d+) of (\d+) at 0\.8$/;
  const rows = linesOf(text).flatMap((line) => {
    const found = form.exec(line);
    if (found === null) return [];
    const [lanes, speed, equalCold, cold, equalWarm, warm] = found.slice(1).map(Number);
    return [{ lanes, speed, equalCold, cold, equalWarm, warm }];
  });
  if (rows.length === 0) throw new Error('expected lines of bench/same-text.mjs');
  return { rows };
}

function linesOf(text) {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** The last line that is a JSON object: what a program says on its way may stand before it. */
function objectOf(text) {
  for (const line of linesOf(text).reverse()) {
    const value = parsed(line);
    if (value !== null) return value;
  }
  throw new Error('expected a JSON object, and there is none');
}

function parsed(line) {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function numbers(values, names) {
  for (const name of names) {
    if (typeof values[name] !== 'number')
      throw new Error(`expected a number as ${name}, got ${values[name]}`);
  }
}

function pick(values, names) {
  return Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));
}

function asText(value) {
  return value === null || typeof value === 'string' ? value : JSON.stringify(value);
}
