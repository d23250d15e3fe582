/** Values that are there already, or on their way: what is there is not waited for. */

/** A value, or the promise of one. */
export type Soon<Value> = Value | Promise<Value>;

/** Is it on its way? Whatever `await` would wait for is. */
export function isComing<Value>(value: Soon<Value>): value is Promise<Value> {
  return typeof (value as Promise<Value> | undefined | null)?.then === "function";
}

/** What comes of the value: at once if it is there. */
export function after<Value, Next>(value: Soon<Value>, step: (value: Value) => Soon<Next>): Soon<Next> {
  return isComing(value) ? Promise.resolve(value).then(step) : step(value);
}

/** What `make` comes to; what it throws, or its promise rejects with, goes to `failed`. */
export function rescue<Value>(make: () => Soon<Value>, failed: (error: unknown) => Soon<Value>): Soon<Value> {
  try {
    const value = make();
    return isComing(value) ? Promise.resolve(value).then(undefined, failed) : value;
  } catch (error) {
    return failed(error);
  }
}
