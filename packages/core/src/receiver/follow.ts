/** Following what a receiver does, by an instrument whose errors fail nothing. */
import type { Begun, Following, Instrument, Instrumented } from "./instrument.ts";
import type { Observation } from "./observe.ts";
import type { Settings } from "./settings.ts";
import type { Tell } from "./tell.ts";
import { Thrown } from "./thrown.ts";

/** Something begins; `undefined`: nobody follows it. */
export type Follow = (begun: Pick<Begun, "kind" | "trace" | "host">) => Followed | undefined;

/** What is followed. */
export interface Followed {
  readonly trace: string | undefined;
  /** Calls `work`, and gives what it gives. */
  within<Value>(work: () => Value): Value;
  end(observation: Observation | undefined): void;
}

/** Whose instrument it is. */
export interface FollowOptions {
  readonly receiver: string;
  readonly provider: string;
  readonly tell: Tell;
}

/** How a receiver has its work followed; `undefined`: it has no instrument, and spends nothing on one. */
export function createFollow(
  instrument: Instrument | undefined,
  { receiver, provider, tell }: FollowOptions,
): Follow | undefined {
  if (!instrument) return undefined;
  const tried = trying(tell);
  return (begun) => {
    const following = tried(() => instrument.start({ receiver, provider, ...begun }));
    return following && followed(following, tried);
  };
}

/** Calls `work`, followed or not. */
export function within<Value>(followed: Followed | undefined, work: () => Value): Value {
  return followed ? followed.within(work) : work();
}

/** Shows the receiver to the instrument. Returns what is to be called when the receiver has closed. */
export function attach(
  { instrument, provider, tell }: Pick<Settings, "instrument" | "provider"> & { readonly tell: Tell },
  { name, watch, records }: Omit<Instrumented, "provider">,
): () => void {
  const tried = trying(tell);
  const detach = tried(() => instrument?.attach?.({ name, provider: provider.name, watch, records }));
  return () => tried(() => detach?.());
}

function followed(following: Following, tried: Trying): Followed {
  return {
    trace: asTrace(tried(() => following.trace)),
    within: (work) => once(work, (call) => tried(() => following.within(call))),
    end: (observation) => tried(() => following.end(observation)),
  };
}

/** Calls `work` exactly once, whatever becomes of the `call` that is handed out, and ends as `work` ends. */
function once<Value>(work: () => Value, handOut: (call: () => void) => void): Value {
  let ended: { readonly value: Value } | { readonly error: unknown } | undefined;
  const call = () => {
    try {
      ended ??= { value: work() };
    } catch (error) {
      ended = { error };
    }
  };
  handOut(call);
  if (!ended) call();
  const end = ended!;
  if ("error" in end) throw end.error;
  return end.value;
}

/** The longest text that is stored with an event: characters. */
const longest = 1_024;

function asTrace(text: unknown): string | undefined {
  return typeof text === "string" && text.length <= longest ? text : undefined;
}

/** Calls what the instrument has; `undefined` where that throws, which is told. */
type Trying = <Value>(call: () => Value) => Value | undefined;

function trying(tell: Tell): Trying {
  return (call) => {
    try {
      return call();
    } catch (cause) {
      tell(new Thrown("instrument", cause), { stage: "observe" });
      return undefined;
    }
  };
}
