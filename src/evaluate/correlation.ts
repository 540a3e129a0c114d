/** Ranks from 1, the smallest value first; equal values share the mean of their ranks. */
export function averageRanks(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).sort((a, b) => values[a]! - values[b]!);
  const ranks = values.map(() => 0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1;
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/** Spearman's ρ: the correlation of the ranks. 0 where one side is constant (Scoring-Verifiers counts it so). */
export function spearman(a: readonly number[], b: readonly number[]): number {
  return pearson(averageRanks(a), averageRanks(b));
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  for (const [at, value] of a.entries()) {
    const [offA, offB] = [value - meanA, b[at]! - meanB];
    both += offA * offB;
    squareA += offA ** 2;
    squareB += offB ** 2;
  }
  return squareA === 0 || squareB === 0 ? 0 : both / Math.sqrt(squareA * squareB);
}

/** Kendall's τ-b: pairs in one order less pairs in the other, corrected for ties. 0 where one side is constant. */
export function kendall(a: readonly number[], b: readonly number[]): number {
  let [balance, untiedA, untiedB] = [0, 0, 0];
  for (let one = 0; one < a.length; one++) {
    for (let other = 0; other < one; other++) {
      const [orderA, orderB] = [Math.sign(a[one]! - a[other]!), Math.sign(b[one]! - b[other]!)];
      balance += orderA * orderB;
      untiedA += Math.abs(orderA);
      untiedB += Math.abs(orderB);
    }
  }
  return untiedA === 0 || untiedB === 0 ? 0 : balance / Math.sqrt(untiedA * untiedB);
}
