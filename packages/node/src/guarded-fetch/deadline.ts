/** One signal for all that ends an exchange: its time, its caller, or that it is over. */

/** An exchange's end. */
export interface Deadline {
  /** Aborts at the end, with its reason. */
  readonly signal: AbortSignal;
  /** Ends it now. */
  readonly end: () => void;
}

/** Starts the clock of an exchange that may take `withinMs`, and ends earlier when the caller's signal aborts. */
export function startDeadline(caller: AbortSignal, withinMs: number): Deadline {
  const aborter = new AbortController();
  const end = (reason?: unknown): void => {
    clearTimeout(timer);
    caller.removeEventListener("abort", onAbort);
    aborter.abort(reason);
  };
  const onAbort = (): void => end(caller.reason);
  const timer = setTimeout(() => end(new Error(`not done within ${withinMs} ms`)), withinMs).unref();
  caller.addEventListener("abort", onAbort);
  if (caller.aborted) onAbort();
  return { signal: aborter.signal, end: () => end() };
}
