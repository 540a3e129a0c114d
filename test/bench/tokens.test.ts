import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prefillApart } from '../../src/bench/tokens.js';
import { InputError } from '../../src/error.js';
import { refusal } from '../refusal.js';

const tokens = suite('bench/tokens');
const SHAPE = { pp: 20, tg: 4, pl: 2 };

/** Answers with these seconds, in turn; `asked` are the decode steps that were asked for. */
function clockOf(...times: number[]) {
  const asked: number[] = [];
  const clock = async (steps: number) => {
    asked.push(steps);
    return { seconds: times[asked.length - 1]!, first: 0, tokens: 0 };
  };
  return { asked, clock };
}

tokens('a prefill that took less than the whole is taken at once', async () => {
  const { asked, clock } = clockOf(1, 3);
  const { t_pp, whole } = await prefillApart(clock, SHAPE);
  assert.equal([t_pp, whole.seconds, asked], [1, 3, [0, 4]]);
});

tokens('a disturbed prefill is measured again, and the shorter one counts', async () => {
  const { asked, clock } = clockOf(5, 3, 1, 2);
  const { t_pp, whole } = await prefillApart(clock, SHAPE);
  assert.equal([t_pp, whole.seconds, asked], [1, 2, [0, 4, 0, 4]]);
  const shorter = clockOf(2, 1.9, 9, 2.1);
  assert.is((await prefillApart(shorter.clock, SHAPE)).t_pp, 2);
});

tokens('decoding that is lost in the noise is no speed', () => {
  const { clock } = clockOf(...Array.from({ length: 10 }, () => 1));
  return refusal(prefillApart(clock, SHAPE), InputError, /got --tokens 4: name more/);
});

tokens.run();
