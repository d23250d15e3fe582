/** This turn of the event loop: most of what a delivery waits for is there before it is over, and needs no timer. */

/** The real one: a test that fakes it must not keep deadlines from beginning, also not after it. */
const { setImmediate } = globalThis;

/** What is called once this turn is over; `undefined`: nobody has asked in this turn. */
let waiting: Set<() => void> | undefined;

/**
 * Calls `then` once this turn of the event loop is over. Any number of callers share one immediate.
 *
 * @returns A function that cancels the call.
 */
export function afterThisTurn(then: () => void): () => void {
  if (!waiting) setImmediate(endTurn);
  const turn = (waiting ??= new Set());
  turn.add(then);
  return () => void turn.delete(then);
}

function endTurn(): void {
  const over = waiting!;
  waiting = undefined;
  for (const then of over) then();
}
