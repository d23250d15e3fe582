/** Values that are there already, or on their way: what is there is not waited for, since a wait costs as much as a step. */

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

const withinTheCall = new WeakMap<object, (...given: any) => unknown>();

/** A verb of an engine that is this very process: a promise to everybody, but {@link soonest} knows better. */
export function promised<Given extends unknown[], Value>(
  verb: (...given: Given) => Value,
): (...given: Given) => Promise<Value> {
  const promising = async (...given: Given) => verb(...given);
  withinTheCall.set(promising, verb);
  return promising;
}

/** Calls the verb of `self`, to be done within the call if it can be. Whoever wraps or replaces a verb is called instead of it. */
export function soonest<Self, Given extends unknown[], Value>(
  self: Self,
  verb: (this: Self, ...given: Given) => Promise<Value>,
  ...given: Given
): Soon<Value> {
  const within = withinTheCall.get(verb) as ((...given: Given) => Value) | undefined;
  return within ? within(...given) : verb.apply(self, given);
}
