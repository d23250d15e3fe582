/** Values that may be there already: code that finds one there goes on without waiting. */

/** A value, or the promise of one. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Is it a promise? Everything that `await` waits for counts as one. */
export function isPromise<Value>(value: MaybePromise<Value>): value is Promise<Value> {
  return typeof (value as Promise<Value> | undefined | null)?.then === "function";
}
