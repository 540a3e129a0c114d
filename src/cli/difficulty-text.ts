import type { Fit } from '../difficulty/fit.js';
import type { Facts } from '../page/document.js';
import type { Run } from '../run.js';
import type { Flags } from './flags/flags.js';

/** A trained probe for readers, and how it did on problems that it never met. */
export function trainedText(
  problems: number,
  { epochs, loss }: { epochs: number; loss: number },
  fit: Fit | null,
): string {
  const lines = [
    `probe      trained on ${problems} problems: ${epochs} epochs, loss ${loss.toFixed(3)} nats`,
  ];
  if (fit !== null) {
    const { correlation, error, errorOfMean, lossOfMean, leastLoss, bins } = fit;
    lines.push(
      `held out   loss ${fit.loss.toFixed(3)} nats (the mean rate ${lossOfMean.toFixed(3)}, at least ${leastLoss.toFixed(3)})`,
      `           mean error ${error.toFixed(3)} (the mean rate ${errorOfMean.toFixed(3)}), rank correlation ${correlation.toFixed(2)}`,
      ...bins.map(
        ({ problems, predicted, actual }) =>
          `           ${problems} problems: predicted ${predicted.toFixed(2)}, actual ${actual.toFixed(2)}`,
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** What the page says of where its figures come from. */
export function trainingFacts(
  { problems, labels, matrix, width, folds, seed }: Flags,
  { model }: Run,
): Facts {
  return [
    ['model', model.description.name ?? model.identity],
    ['problems', problems.join(', ')],
    ['pass rates', labels?.join(', ') ?? matrix],
    ['hidden units', String(width)],
    ['folds', String(folds)],
    ['seed', String(seed)],
  ];
}
