/** The border between the receiver and a backend: one record an event, one time in it, and the verbs on it. */
import type { MaybePromise } from "./maybe-promise.ts";

/**
 * Where records live. **The record is the job**: there is no second copy, no job beside it, no delayed job to move.
 * Each record has one time, `until`, on the engine's clock:
 *
 * | answer | work | until | the record is |
 * |---|---|---|---|
 * | –   | –   | later | held: a delivery is being handled (until = lease end) |
 * | –   | –   | past  | free: released, or its process died |
 * | any | set | later | held by a worker or by the handler that goes on, or waiting for its next attempt |
 * | any | set | past  | due: some worker takes it |
 * | any | set | never | a dead letter |
 * | set | –   | later | settled, remembered (until = end of retention) |
 * | set | –   | past  | forgotten, swept later |
 *
 * Every verb is one atomic statement that rejects when the engine is away. Times are durations in ms, never instants:
 * only the engine's clock is asked. Keys are opaque digests, the other strings JSON text.
 */
export interface Backend<Db = never> {
  /** Does an acknowledged event outlive this process? Without it the receiver keeps providers waiting (any.11). */
  readonly durable: boolean;
  /** The records of one receiver; its name scopes every key. One open at a time a name. */
  open(receiver: string): Promise<Records<Db>>;
  /** Closes the connection or file. May be called twice. */
  close(): Promise<void>;
}

/**
 * The records of one receiver. `Db`: what a handler gets to write with, where its writes can join the settling.
 *
 * A verb may return its value or the promise of it, and may throw where another backend rejects: an engine that is this
 * very process answers at once. Await every verb inside a `try`, and both are the same.
 */
export interface Records<Db = never> {
  /**
   * A delivery asks for the event. What is free or forgotten is claimed (and counts an attempt, a forgotten one
   * afresh); the same token again is the same claim. What is settled, accepted or dead gives its answer. Of what is
   * held (or has work but no answer) it gives the ms that are left.
   */
  claim(key: string, hold: HoldToken): MaybePromise<Claimed>;
  /**
   * A worker asks for what has been due longest, or for `from.key` if that is due; it counts an attempt. `early` is for
   * people: it also takes what waits for its time or is dead, never what is held.
   */
  take(
    hold: HoldToken,
    from?: { readonly key: string; readonly early?: boolean },
  ): MaybePromise<Taken | undefined>;
  /**
   * The holder writes one durable step. The same step again is a repeat and changes nothing more; false: the record is
   * no longer this token's, or a later step came first, and nothing changed.
   */
  save(key: string, hold: HoldToken, change: Change): MaybePromise<boolean>;
  /** One record, for people; `undefined` where there is none or it was forgotten. */
  get(key: string): MaybePromise<Entry | undefined>;
  /** The dead letters, in the order of their keys, after `after`. */
  dead(page: { readonly limit: number; readonly after?: string | undefined }): MaybePromise<Entry[]>;
  /**
   * Hands due records to `each`, at most `slots` at a time, until stopped: here, or in any process that works. How a
   * worker learns of one is the backend's affair; most use `pump`.
   */
  work(worker: Worker): () => Promise<void>;
  /**
   * The handler's own writes and the saves that end its run, together or not at all: a transaction that `handle` gets,
   * that goes on until it resolves, and that ends with the saves it resolves to. False: one of the records is no
   * longer its token's. Rejects with what `handle` rejected with. Nothing of it is left in either case. Where it
   * rejects otherwise, nobody knows; `get` does.
   */
  run?(handle: (db: Db) => Promise<readonly Saving[]>): Promise<boolean>;
  /** What is due, longest first, and not taken by it: for who carries keys to workers elsewhere. */
  due?(limit: number): MaybePromise<Due[]>;
  /** Lets the name go; the backend stays open. May be called twice. */
  close(): Promise<void>;
}

/** One save of `run`. */
export interface Saving {
  readonly key: string;
  readonly hold: HoldToken;
  readonly change: Change;
}

/** A record that is due. */
export interface Due {
  readonly key: string;
  /** Tells this time of being due from the last: another `until`, another text. */
  readonly since: string;
}

/** Who holds a record: a token, fresh for each claim and take and good until the next one wins. */
export interface HoldToken {
  readonly token: string;
  /** The number of this save, counted from 1 by the holder; 0 for the claim or take itself. */
  readonly step: number;
  /** How long the hold lasts without a save: ms. */
  readonly leaseMs: number;
}

/** What a claim came to. */
export type Claimed =
  | { readonly state: "claimed"; readonly attempts: number; readonly note: string | null }
  | { readonly state: "held"; readonly forMs: number }
  | { readonly state: "settled"; readonly answer: string };

/** What a save changes; what is absent stays. */
export interface Change {
  /** `until` = the engine's now + this many ms; `null`: never. */
  readonly forMs?: number | null | undefined;
  /** What every duplicate gets from now on. */
  readonly answer?: string | undefined;
  /** What is left to do; `null`: nothing. */
  readonly work?: string | null | undefined;
  /** Counts on from here. */
  readonly attempts?: number | undefined;
  /** One line kept with the record: the last error, the version of an entity. */
  readonly note?: string | null | undefined;
  /** Ends the hold before `until`: the record waits, and nobody has it. */
  readonly held?: false | undefined;
}

/** A due record in the hands of a worker. */
export interface Taken {
  readonly key: string;
  /** This attempt included. */
  readonly attempts: number;
  readonly work: string;
  readonly answer: string | null;
  readonly note: string | null;
}

/** A record as people see it. */
export interface Entry {
  readonly key: string;
  readonly attempts: number;
  readonly work: string | null;
  readonly answer: string | null;
  readonly note: string | null;
  /** ms until `until`, negative when past; `null`: never. */
  readonly forMs: number | null;
  /** Does somebody hold it? */
  readonly held: boolean;
}

/** Who works what is due. */
export interface Worker {
  readonly leaseMs: number;
  /** How many records may be in its hands at once. */
  readonly slots: number;
  /** Works one record. Never rejects. */
  each(taken: Taken, token: string): Promise<void>;
  /** Told of each take for it that is on its way: what it brings is not in `each` yet, and nobody is idle. */
  taking?(take: Promise<unknown>): void;
}
