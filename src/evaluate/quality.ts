/** Candidates that a test (or all tests together) accepted and rejected, by what they truly are. */
export interface Confusion {
  /** Right and accepted, wrong and accepted, and so on. */
  truePositive: number;
  falsePositive: number;
  trueNegative: number;
  falseNegative: number;
}

export function noConfusion(): Confusion {
  return { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
}

/** Counts one candidate. */
export function tell(confusion: Confusion, accepted: boolean, right: boolean): void {
  if (accepted) confusion[right ? 'truePositive' : 'falsePositive'] += 1;
  else confusion[right ? 'falseNegative' : 'trueNegative'] += 1;
}

/**
 * Quality of unit tests, each 0 to 1, or null where it divides by nothing. `far` and `frr` are what the paper calls so
 * (Appendix D): the share of wrong candidates among the accepted, and of right ones among the rejected. The textbook's
 * rates have other names: `false_positive_rate` is the share of the wrong ones that was accepted, `false_negative_rate`
 * of the right ones that was rejected.
 */
export function qualityOf({ truePositive, falsePositive, trueNegative, falseNegative }: Confusion) {
  const share = (part: number, all: number) => (all === 0 ? null : part / all);
  const accepted = truePositive + falsePositive;
  const rejected = trueNegative + falseNegative;
  return {
    acc: share(truePositive + trueNegative, accepted + rejected),
    f1: share(2 * truePositive, 2 * truePositive + falsePositive + falseNegative),
    far: share(falsePositive, accepted),
    frr: share(falseNegative, rejected),
    false_positive_rate: share(falsePositive, falsePositive + trueNegative),
    false_negative_rate: share(falseNegative, falseNegative + truePositive),
  };
}
