/** A backend whose verbs are steps: what a process does between them is what a kill may cut off. */
import type { Backend, Change, MaybePromise, Records } from "@answerback/core/backend";
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
  // a lease is renewed when the process is slow enough: that is no step, and is not counted
  const renewed = new Map<string, number>();
  const renewals = (token: string) => renewed.get(token) ?? 0;
  return {
    ...records,
    claim: (...args) => around("the claim", () => records.claim(...args)),
    save(key, lease, change) {
      const save = () => records.save(key, lease, change);
      if (!isRenewal(change)) return around(`save ${lease.sequence - renewals(lease.token)}`, save);
      renewed.set(lease.token, renewals(lease.token) + 1);
      return save();
    },
    work: (worker) =>
      records.work({
        ...worker,
        each: (taken, token) => (step(`${name}: after a take`), worker.each(taken, token)),
      }),
    ...(records.run && { run: running(name, records.run, step) }),
  };
}

const isRenewal = ({ forMs, ...rest }: Change) => forMs !== 0 && Object.keys(rest).length === 0;

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
