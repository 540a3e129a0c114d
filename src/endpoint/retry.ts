/** First wait before a request is sent again (milliseconds); it doubles up to LONGEST_MS. */
const SHORTEST_MS = 500;
const LONGEST_MS = 30_000;
/** A server that asks for a longer wait than this is not waited for. */
export const LONGEST_WAIT_MS = 15 * 60_000;

/** Whether the same request may be answered later. */
export function worthAnother(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/**
 * How long to wait before the next try, in milliseconds.
 * @param failures tries that failed so far, at least 1
 * @param retryAfter the header: seconds or an HTTP date; null where there is none
 * @param now milliseconds since 1970
 * @param chance from 0 to 1: those who were turned away together do not come back together
 */
export function waitMs(failures: number, retryAfter: string | null, now: number, chance: number): number {
  const asked = retryAfter === null ? null : askedMs(retryAfter.trim(), now);
  if (asked !== null) return asked + chance * (asked / 4 + SHORTEST_MS / 2);
  const longest = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** (failures - 1));
  return longest / 2 + (chance * longest) / 2;
}

function askedMs(header: string, now: number): number | null {
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
