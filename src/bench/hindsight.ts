/**
 * What the best fixed budgets reach if each problem's accuracy curve is known: `curves[i][b]` is the accuracy of problem
 * i with b tests. For each total the greatest Σ_i curves[i][b_i] over budgets with Σ b_i ≤ total, divided by the number of
 * problems: a ceiling for every way to choose budgets beforehand. Exact, by dynamic programming over problems.
 */
export function bestFixedBudgets(
  curves: readonly (readonly number[])[],
  totals: readonly number[],
): number[] {
  const most = totals.reduce((a, b) => Math.max(a, b), 0);
  let best = new Float64Array(most + 1); // by tests spent at most
  for (const curve of curves) {
    const next = new Float64Array(most + 1);
    for (let total = 0; total <= most; total++) {
      let value = Number.NEGATIVE_INFINITY;
      const tests = Math.min(total, curve.length - 1);
      for (let own = 0; own <= tests; own++) value = Math.max(value, best[total - own]! + curve[own]!);
      next[total] = value;
    }
    best = next;
  }
  return totals.map((total) => best[total]! / Math.max(1, curves.length));
}
