/** A backend whose verbs are steps: what a process does between them is what a kill may cut off. */
import type { Backend, MaybePromise, Records } from "@answerback/core/backend";
import type { Opened } from "./places.ts";

type Step = (name: string) => void;

/** What is open, with a step before and after each verb, and the way to the records behind them. */
export interface Watched extends Opened {
  /** The records of a receiver, without steps. */
  opened(receiver: string): Promise<Records<any>>;
}

/** Watches what a receiver asks of a place. */
export function watched(place: Opened, step: Step): Watched {
  const { backend } = place;
  const receivers = new Map<string, Promise<Records<any>>>();

  async function open(name: string): Promise<Records<any>> {
    const opening = backend.open(name);
    receivers.set(name, opening);
    return stepping(name, await opening, step);
  }

  return {
    ...place,
    backend: { ...backend, open } satisfies Backend<any>,
    opened: async (receiver) => receivers.get(receiver)!,
  };
}

function stepping(name: string, records: Records<any>, step: Step): Records<any> {
  const around = async <Value>(verb: string, call: () => MaybePromise<Value>): Promise<Value> => {
    step(`${name}: before ${verb}`);
    const value = await call();
    step(`${name}: after ${verb}`);
    return value;
  };
  return {
    ...records,
    claim: (...args) => around("the claim", () => records.claim(...args)),
    save: (key, lease, change) => around(`save ${lease.sequence}`, () => records.save(key, lease, change)),
    work: (worker) =>
      records.work({
        ...worker,
        each: (taken, token) => (step(`${name}: after a take`), worker.each(taken, token)),
      }),
    ...(records.run && { run: running(name, records.run, step) }),
  };
}

function running(
  name: string,
  run: NonNullable<Records<any>["run"]>,
  step: Step,
): NonNullable<Records<any>["run"]> {
  return async (handle) => {
    const ours = await run(async (db) => {
      const savings = await handle(db);
      step(`${name}: before the saves`);
      return savings;
    });
    step(`${name}: after the commit`);
    return ours;
  };
}
