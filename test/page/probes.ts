import { fitOf } from '../../src/difficulty/fit.js';
import { probePage } from '../../src/page/difficulty.js';

/** The page of a probe with predictions of problems that it never met. */
export function fullProbe(): string {
  const heldOut = Array.from({ length: 20 }, (_, at) => ({ predicted: at / 20, rate: (at % 7) / 6 }));
  return probePage(
    {
      command: 'coderm difficulty train',
      finished: '2026-01-02T03:04:05.000Z',
      facts: [['folds', '5']],
    },
    { problems: 20, epochs: 31, loss: 0.5, fit: fitOf(heldOut), heldOut },
  );
}
