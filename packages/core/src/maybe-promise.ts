/** A value that is there already, or the promise of one: what is there need not be waited for. */

/** A value, or the promise of one. `await` takes both; {@link isPromise} tells them apart where waiting a turn costs too much. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Would `await` wait for the value? True for any object with a `then`, whoever made it. */
export function isPromise<Value>(value: MaybePromise<Value>): value is Promise<Value> {
  return typeof (value as Promise<Value> | undefined | null)?.then === "function";
}
