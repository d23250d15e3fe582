/** This turn of the event loop: most of what a delivery waits for is there before it is over, and needs no timer. */

/** The real one: a test that fakes it must not keep deadlines from beginning, also not after it. */
const { setImmediate } = globalThis;

/** A call that waits until this turn is over. */
interface Waiting {
  /** `undefined`: it was cancelled. */
  then: (() => void) | undefined;
}

/** What is called once this turn is over; `undefined`: nobody has asked in this turn. */
let waiting: Waiting[] | undefined;

/**
 * Calls `then` once this turn of the event loop is over. Any number of callers share one immediate.
 *
 * @returns A function that cancels the call.
 */
export function afterThisTurn(then: () => void): () => void {
  if (!waiting) setImmediate(endTurn);
  const call: Waiting = { then };
  (waiting ??= []).push(call);
  return () => (call.then = undefined);
}

function endTurn(): void {
  const over = waiting!;
  waiting = undefined;
  for (const { then } of over) then?.();
}
