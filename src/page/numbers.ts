// Numbers as the page writes them.

/** 12345 → 12,345 */
export function grouped(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 candidate`, `2 candidates`. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** Scores have up to ten digits; a reader compares the first four. */
export function score(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export function seconds(value: number): string {
  if (value < 90) return `${value.toFixed(1)} s`;
  const minutes = Math.round(value / 60);
  return minutes < 90 ? `${minutes} min` : `${(value / 3600).toFixed(1)} h`;
}

/** Amount per second; null where no time was spent. */
export function rate(amount: number, spent: number): string | null {
  return spent > 0 ? grouped(Math.round(amount / spent)) : null;
}
