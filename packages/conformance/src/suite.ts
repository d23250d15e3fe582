/** What laws are written with: a store for each law, holders, a clock to move, and tolerance for a clock that runs. */
import type { Backend, Records } from "@answerback/core/backend";
import { holderOf, type Holder } from "./holder.ts";
import type { ConformanceOptions, Expectation, Subject, TestApi } from "./options.ts";

/** A minute: ms. The suite tells no shorter times apart, as no clock drifts that far. */
export const minute = 60_000;
/** An hour: ms. */
export const hour: number = 60 * minute;
/** A day: ms. */
export const day: number = 24 * hour;
/** A month: ms. */
export const month: number = 30 * day;

/** What one law has to work with. */
export interface Scene {
  readonly backend: Backend;
  /** The records of one receiver on it. */
  readonly records: Records;
  /** A holder for that record, under a fresh token, with a lease of a minute unless said otherwise. */
  readonly holder: (key: string, leaseMs?: number) => Holder;
  /** Moves the engine's clock on. */
  readonly advance: (ms: number) => Promise<void>;
  /** Moves on to the last instant at which a deadline `ms` from now is certainly not reached. */
  readonly advanceToJustBefore: (ms: number) => Promise<void>;
  /** Moves on from that instant to the deadline. */
  readonly advanceTheRest: () => Promise<void>;
  /** Another client on the same store; closed after the law. */
  readonly second: () => Promise<Backend>;
  /** The store as the next process finds it; closed after the law. */
  readonly reopen: () => Promise<Backend>;
  /** Takes the engine away, and resolves to the function that brings it back. */
  readonly outage: () => Promise<() => Promise<void>>;
}

/** The options that some laws need and not every backend gives. */
export type Offer = "second" | "reopen" | "outage" | "due" | "receivers";

/** Defines a law: a sentence about the contract, and the proof of it. */
export type Law = (title: string, body: (scene: Scene) => Promise<void>) => void;

/** The functions that laws are written with. */
export interface Suite {
  readonly driftMs: number;
  /** Is the option given? */
  readonly offers: (offer: Offer) => boolean;
  readonly describe: (theme: string, body: () => void) => void;
  readonly law: Law;
  /** Laws whose proofs need an option: they are skipped where it is not given. */
  readonly lawWith: (needs: Offer) => Law;
  readonly expect: (actual: unknown) => Expectation;
  /** Expects that many ms, less what the clock may have run on. */
  readonly expectMs: (actual: unknown, ms: number) => void;
}

/** The functions of the suite, made from those of the test runner. */
export function suiteOf<S extends Subject>(options: ConformanceOptions<S>, api: TestApi): Suite {
  const { driftMs = 0 } = options;
  const law: Law = (title, body) => void api.test(title, () => onStage(options, body));
  return {
    driftMs,
    offers: (offer) => options[offer] !== undefined,
    describe: (theme, body) => void api.describe(theme, body),
    law,
    lawWith(needs) {
      if (options[needs]) return law;
      return (title) =>
        void api.test.skip(`${title} (the backend under test offers no ${needs}())`, async () => {});
    },
    expect: (actual) => api.expect(actual),
    expectMs(actual, ms) {
      api.expect(actual).toBeLessThanOrEqual(ms);
      api.expect(actual).toBeGreaterThanOrEqual(ms - driftMs);
    },
  };
}

async function onStage<S extends Subject>(
  options: ConformanceOptions<S>,
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  const subject = await options.create();
  // no law uses the transaction of a handler, so the type of its `db` does not matter
  const clients: Backend[] = [subject.backend as Backend];
  try {
    await body(await sceneOf(options, subject, clients));
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await subject.destroy?.();
  }
}

async function sceneOf<S extends Subject>(
  options: ConformanceOptions<S>,
  subject: S,
  clients: Backend[],
): Promise<Scene> {
  const { driftMs = 0, second, reopen, outage } = options;
  const backend = clients[0]!;
  const records = await backend.open("receiver");
  // a law that calls it is skipped where the option is absent
  const another = (open: typeof second) => async () => {
    const client = (await open!(subject)) as Backend;
    clients.push(client);
    return client;
  };
  return {
    backend,
    records,
    holder: (key, leaseMs) => holderOf(records, key, leaseMs),
    advance: (ms) => subject.advance(ms),
    advanceToJustBefore: (ms) => subject.advance(ms - 1 - driftMs),
    advanceTheRest: () => subject.advance(1 + driftMs),
    second: another(second),
    reopen: another(reopen),
    outage: () => outage!(subject),
  };
}
