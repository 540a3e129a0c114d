import { suite } from 'uvu';
import { checkRows, EXECUTE, execute, inputs, MODEL, type Row, rerank, row } from './rows.js';

const badInput = suite('cli: bad input, flags and settings');

const badFlags: Row[] = [
  row('no command', [], 2, /Usage: coderm/),
  row('a command that is not there', ['rernk'], 2, /unknown command 'rernk'\n\(Did you mean rerank\?\)/),
  row(
    'a command of models that is not there',
    ['models', 'pul', 'x'],
    2,
    /expected one of list, .*pull, .*got "pul"/,
  ),
  row('a flag that is not there', execute('--mem-mib', '3'), 2, /unknown option '--mem-mib'/),
  row(
    'a near miss of a flag',
    rerank('--temprature', '1'),
    2,
    /unknown option '--temprature'\n\(Did you mean --temperature\?\)/,
  ),
  row('a flag without its value', [...EXECUTE, '--workers'], 2, /--workers <n>' argument missing/),
  row('an argument too many', execute('x'), 2, /too many arguments/),
  row(
    'no --problems',
    ['rerank', '--solutions', 's.jsonl', '--model', MODEL],
    2,
    /coderm rerank needs --problems <file>/,
  ),
  row('no --model', ['generate', ...inputs()], 2, /coderm generate needs --model <gguf>/),
  row(
    'no --unit-tests',
    ['execute', '--solutions', 's.jsonl'],
    2,
    /coderm execute needs --unit-tests <file>/,
  ),
  row(
    '--tests 0',
    rerank('--tests', '0'),
    2,
    /'--tests <n>' argument '0' is invalid\. Expected a whole number from 1 to 100000, got "0"/,
  ),
  row('--seed empty', rerank('--seed', ''), 2, /Expected a whole number of at least 0, got ""/),
  row('--seed 1.5', rerank('--seed', '1.5'), 2, /Expected a whole number/),
  row('--top-p 0', rerank('--top-p', '0'), 2, /Expected a number from 0\.0001 to 1, got "0"/),
  row('--temperature hot', rerank('--temperature', 'hot'), 2, /Expected a number from 0 to 10, got "hot"/),
  row('--cpu-ms -1', execute('--cpu-ms', '-1'), 2, /Expected a whole number of at least 10, got "-1"/),
  row(
    '--memory-mib 1GB',
    execute('--memory-mib', '1GB'),
    2,
    /Expected a whole number of at least 32, got "1GB"/,
  ),
  row('--limits other', execute('--limits', 'other'), 2, /Allowed choices are default, paper/),
  row('--prune with the scorer that learns', rerank('--prune'), 2, /--scorer majority with --prune/),
  row('--scorer other', rerank('--scorer', 'other'), 2, /Allowed choices are auto, consensus, majority/),
  row('--gpu other', rerank('--gpu', 'rocm'), 2, /Allowed choices are auto, cuda, metal, vulkan, cpu/),
  row('--extract other', rerank('--extract', 'all'), 2, /Allowed choices are salvage, paper/),
  row(
    '--response-prefix a folder',
    rerank('--response-prefix', '.'),
    2,
    /--response-prefix: .*\. cannot be read \(EISDIR\)/,
  ),
  row(
    'a task that is not there',
    ['prompt', 'b', ...inputs(), '--model', MODEL],
    2,
    /no problem with candidates has the task id "b"/,
  ),
  row(
    'cache clear of nothing known',
    ['cache', 'clear', 'all'],
    2,
    /Expected one of models, prompts, samples, analyses, cells/,
  ),
];

const config = (value: unknown) => ({
  'coderm.config.json': typeof value === 'string' ? value : JSON.stringify(value),
});
const badSettings: Row[] = [
  row(
    'a configuration with an unknown key',
    EXECUTE,
    2,
    /coderm\.config\.json: expected a flag's name, got "cpu_ms"/,
    { files: config({ cpu_ms: 1000 }) },
  ),
  row('a configuration with a wrong type', EXECUTE, 2, /expected a string or a number for cpu-ms, got true/, {
    files: config({ 'cpu-ms': true }),
  }),
  row(
    'a configuration with a bad number',
    EXECUTE,
    2,
    /cpu-ms: Expected a whole number of at least 10, got "1"/,
    { files: config({ 'cpu-ms': 1 }) },
  ),
  row('a configuration with a bad choice', EXECUTE, 2, /limits: Allowed choices are default, paper/, {
    files: config({ limits: 'x' }),
  }),
  row('a configuration with a bad boolean', EXECUTE, 2, /expected true or false for json, got "yes"/, {
    files: config({ json: 'yes' }),
  }),
  row(
    'a configuration that is no JSON',
    EXECUTE,
    2,
    /coderm\.config\.json: expected a JSON object of flags \(/,
    { files: config('{') },
  ),
  row('a configuration that is an array', EXECUTE, 2, /expected a JSON object of flags, got \[\]/, {
    files: config([]),
  }),
  row('a configuration for cache info', ['cache', 'info'], 2, /s\.jsonl is not a cache/, {
    files: config({ cache: 's.jsonl' }),
  }),
  row(
    'a bad number in the environment',
    EXECUTE,
    2,
    /CODERM_WORKERS.*Expected a whole number from 1 to 1024, got "many"/,
    { env: { CODERM_WORKERS: 'many' } },
  ),
  row('a bad choice in the environment', EXECUTE, 2, /CODERM_LIMITS.*Allowed choices/, {
    env: { CODERM_LIMITS: 'strict' },
  }),
  row('a bad boolean in the environment', EXECUTE, 2, /CODERM_JSON: expected true or false, got "yes"/, {
    env: { CODERM_JSON: 'yes' },
  }),
  row('a bad --no-… in the environment', EXECUTE, 2, /CODERM_NO_DEDUP: expected true or false, got "yes"/, {
    env: { CODERM_NO_DEDUP: 'yes' },
  }),
  row('a bad --no-… in the configuration', EXECUTE, 2, /expected true or false for no-dedup, got 1/, {
    files: config({ 'no-dedup': 1 }),
  }),
];

checkRows(badInput, badFlags);
checkRows(badInput, badSettings);

badInput.run();
