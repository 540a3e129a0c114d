import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allCommands, commandsFor, withSubcommands } from '../../src/cli/commands.js';
import { FLAG_NAMES } from '../../src/cli/flags/names.js';

const commands = suite('cli: commands');
const { signal } = new AbortController();

commands('the names of flags that a configuration file may hold are those of all commands', async () => {
  const all = (await allCommands(signal)).flatMap(withSubcommands);
  const names = all.flatMap(({ options }) => options).flatMap(({ long }) => long?.slice(2) ?? []);
  assert.equal([...FLAG_NAMES].sort(), [...new Set(names)].sort());
});

commands('help loads no command, a command only itself', async () => {
  const all = await commandsFor([], signal);
  assert.ok(all.length > 10);
  assert.equal(
    all.filter(({ options }) => options.length > 0),
    [],
  );
  for (const one of all) assert.ok(one.description().length > 20, one.name());
  const [score, ...others] = await commandsFor(['score', '--help'], signal);
  assert.equal(others, []);
  assert.ok(score!.options.length > 3);
  const asked = await commandsFor(['help', 'score'], signal);
  assert.equal(
    asked.filter(({ options }) => options.length > 0).map((one) => one.name()),
    ['score'],
  );
});

commands.run();
