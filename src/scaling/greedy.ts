/** One problem that can get tests. */
export interface Account {
  /** Tests that it has. */
  tests: number;
  /** Tests that it can have at most. */
  most: number;
}

/**
 * Hands out `total` tests one at a time, each where the next one is worth most (`worth(at, tests)`: of one more on top
 * of `tests`). Of equal worth, the problem with fewer tests gets it, then the first. Where a problem's worth never
 * rises with its tests, no other allocation is worth more (a matroid: Edmonds 1971; paper 4.2).
 * O(total · log problems). @returns the tests that each has afterwards; their sum is less where all are full.
 */
export function greedy(
  accounts: readonly Account[],
  total: number,
  worth: (at: number, tests: number) => number,
): number[] {
  const tests = accounts.map((account) => account.tests);
  const next = tests.map((held, at) => (held < accounts[at]!.most ? worth(at, held) : Number.NaN));
  const before = (a: number, b: number): boolean =>
    next[a] !== next[b] ? next[a]! > next[b]! : tests[a] !== tests[b] ? tests[a]! < tests[b]! : a < b;
  const heap: number[] = [];
  for (const at of tests.keys()) if (tests[at]! < accounts[at]!.most) raise(heap, at, before);
  for (let left = total; left > 0 && heap.length > 0; left--) {
    const at = heap[0]!;
    tests[at]! += 1;
    if (tests[at]! < accounts[at]!.most) next[at] = worth(at, tests[at]!);
    else {
      const last = heap.pop()!;
      if (heap.length === 0) break;
      heap[0] = last;
    }
    sink(heap, before);
  }
  return tests;
}

type Before = (a: number, b: number) => boolean;

/** Puts `at` at the end of a binary heap, and moves it up to its place. */
function raise(heap: number[], at: number, before: Before): void {
  let place = heap.push(at) - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!before(at, heap[parent]!)) break;
    heap[place] = heap[parent]!;
    place = parent;
  }
  heap[place] = at;
}

/** Moves the first of a binary heap down to its place. */
function sink(heap: number[], before: Before): void {
  const first = heap[0]!;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
    if (!before(heap[child]!, first)) break;
    heap[place] = heap[child]!;
    place = child;
  }
  heap[place] = first;
}
