/** Backends that misbehave on demand, two processes on one set of records, and clocks that count what waits. */
import { memory } from "@answerback/core";
import {
  createPoller,
  type Backend,
  type Change,
  type LeaseToken,
  type MaybePromise,
  type Records,
  type Worker,
} from "@answerback/core/backend";
import { frameworkNamed } from "../support/frameworks.ts";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";

/** The newest of each family: what these suites say does not depend on the framework. */
export const two = [frameworkNamed("Express 5"), frameworkNamed("Koa 3")];

export type Verb = "open" | "claim" | "take" | "save";
/** `lost`: does the work, and its answer never arrives. */
export type Fault = "throws" | "hangs" | "garbage" | "lost";

/** A backend with faults, and a log of what was saved. */
export interface FaultyBackend extends Backend {
  readonly faults: { [One in Verb]?: Fault | undefined };
  readonly saves: { readonly lease: LeaseToken; readonly change: Change; readonly at: number }[];
  /** Resolves when the verb is called next. */
  next(verb: Verb): Promise<void>;
  /** Calls to `save` wait for this, if there is one. */
  slow?: Promise<void> | undefined;
  /** So do their answers. */
  slowAnswer?: Promise<void> | undefined;
}

/** A durable backend in memory that fails as `faults` says. */
export function faulty(clock: ManualClock, inner: Backend = memory({ clock })): FaultyBackend {
  const waiting: { verb: Verb; resolve: () => void }[] = [];
  const backend: FaultyBackend = {
    durable: true,
    faults: {},
    saves: [],
    next: (verb) => new Promise((resolve) => void waiting.push({ verb, resolve })),
    open: (name) => meet("open", async () => wrapped(await inner.open(name))),
    close: () => inner.close(),
  };

  async function meet<Value>(verb: Verb, work: () => MaybePromise<Value>): Promise<Value> {
    for (const one of waiting.filter((each) => each.verb === verb)) one.resolve();
    const fault = backend.faults[verb];
    if (fault === "throws") throw new Error("connection refused");
    if (fault === "hangs") return new Promise(() => {});
    if (fault === "garbage") return { state: "what?" } as Value;
    const value = await work();
    if (fault === "lost") throw new Error("connection reset");
    return value;
  }

  function wrapped(records: Records): Records {
    const take: Records["take"] = (lease, from) => meet("take", () => records.take(lease, from));
    return {
      ...records,
      take,
      claim: (...args) => meet("claim", () => records.claim(...args)),
      async save(key, lease, change) {
        backend.saves.push({ lease, change, at: clock.now() });
        const { slow, slowAnswer } = backend;
        await slow;
        const saved = await meet("save", () => records.save(key, lease, change));
        await slowAnswer;
        return saved;
      },
      work: (worker: Worker) => createPoller(take, { clock }).start(worker),
    };
  }

  return backend;
}

/** Two processes: two backend objects over the same records. */
export function twoProcesses(clock: ManualClock): [FaultyBackend, FaultyBackend] {
  const store = memory({ clock });
  const opened = new Map<string, Promise<Records>>();
  const process = (): Backend => ({
    durable: true,
    async open(name) {
      const records = opened.get(name) ?? store.open(name);
      opened.set(name, records);
      return { ...(await records), close: async () => {} };
    },
    close: async () => {},
  });
  return [faulty(clock, process()), faulty(clock, process())];
}

/** A manual clock that says how many timers wait. */
export function countingClock(): ManualClock & { readonly waiting: () => number } {
  const clock = manualClock();
  let waiting = 0;
  return {
    ...clock,
    waiting: () => waiting,
    after(ms, call) {
      let over = false;
      const end = () => {
        if (!over) waiting -= 1;
        over = true;
      };
      waiting += 1;
      const callOff = clock.after(ms, () => (end(), call()));
      return () => (end(), callOff());
    },
  };
}

/** One set of records behind two backend objects, as two processes have them. */
export function asTwo(inner: Backend): readonly [Backend, Backend] {
  const opened = inner.open("shared");
  const one = (): Backend => ({
    durable: true,
    open: async () => ({ ...(await opened), close: async () => {} }),
    close: async () => {},
  });
  return [one(), one()];
}
