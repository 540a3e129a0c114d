import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// What --help shows: flags with their defaults and environment variables.

const help = suite('cli: help');
const temporary = temporaryFolder();

const commands: [string[], RegExp[]][] = [
  [[], [/Exit codes: 0 done/, /CODERM_TOP_P/]],
  [
    ['rerank'],
    [
      /--tests <n>.*\(default: 100, env: CODERM_TESTS\)/,
      /--cpu-ms <ms>.*\(default: 1000/,
      /--problems <file>.*\(required\)/,
      /--prune .*env: CODERM_PRUNE/,
    ],
  ],
  [['generate'], [/--max-tokens <n>.*\(default: 2048/, /--temperature <t>.*\(default: 0\.8/]],
  [['execute'], [/--no-dedup/, /--wall-ms <ms>.*\(default: 5000/, /--memory-mib <MiB>.*\(default: 512/]],
  [['prompt'], [/--prompt-compat <how>.*default: "none"/]],
  [['cache'], [/info/, /clear/]],
  [['cache', 'info'], [/--cache <file>.*default: ".*cache\.sqlite"/]],
  [['cache', 'clear'], [/--cache <file>/]],
  [['models'], [/list/, /verify/, /import/, /only `models pull` opens a socket/]],
  [['models', 'info'], [/--lanes <list>.*\(default: 1,8,32/]],
  [
    ['models', 'pull'],
    [/--offline/, /HF_ENDPOINT/],
  ],
  [['bench'], [/prune/]],
  [['bench', 'prune'], [/--matrix <file>.*\(required\)/]],
];
for (const [command, shows] of commands) {
  help(`${['coderm', ...command].join(' ')} --help`, async () => {
    const { code, stdout, stderr } = await coderm([...command, '--help'], { cwd: temporary.path });
    assert.is(code, 0);
    assert.is(stderr, '');
    for (const pattern of shows) assert.match(stdout.replace(/\s+/g, ' '), pattern);
  });
}

help.run();
