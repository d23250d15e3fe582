/** Verbs of an engine that is this very process: promises to everybody, done within the call for who knows. */
import type { Soon } from "./soon.ts";

const withinTheCall = new WeakMap<object, (...given: any) => unknown>();

/** The verb as a promise, which {@link soonest} sees through. */
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
