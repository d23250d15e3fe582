/** The border between the receiver and a backend: one record an event, one time in it, and the verbs on it. */
import type { MaybePromise } from "../lib/maybe-promise.ts";
import type { Warning } from "./warning.ts";

/**
 * Where records live. **The record is the job**: an event has one record, and no job beside it that could disagree. Each
 * record has one time, `until`, on the engine's clock:
 *
 * | answer | work | until | the record is |
 * |---|---|---|---|
 * | –   | –   | later | held: a delivery is being handled (until = end of the lease) |
 * | –   | –   | past  | free: released, or its process died |
 * | any | run, post | later | held by a worker or by the handler that goes on, or waiting for its next attempt |
 * | any | run, post | past  | due: some worker takes it |
 * | any | dead | later | a dead letter (until = end of `keepDead`) |
 * | any | dead | past  | forgotten |
 * | any | paused | – | paused: it waits until somebody takes it early, or gives it another kind |
 * | set | –   | later | settled, remembered (until = end of the retention) |
 * | set | –   | past  | forgotten |
 *
 * **Verbs.** Each is one atomic statement. It returns its value, or a promise of the value, and throws or rejects when
 * the engine is away. Times are durations in ms, never instants: only the engine's clock counts. Keys are opaque digests,
 * the other strings JSON text.
 *
 * **How long a verb may take.** The receiver gives a verb up after its `backendWithin` (2 s unless the user says
 * otherwise) and answers the provider 503. An engine that is away should therefore reject within 1.5 s, and must work
 * again by itself once it is back. A verb that was given up may still be carried out: the same claim or the same save
 * comes again, and has to be a repeat.
 *
 * **Dead letters.** Work of kind `"dead"` is work that nobody does: no worker takes it, and `due` does not list it. The save
 * that gives a record this kind is its death, and the engine keeps the time of it: `diedAt`. A person may still take the
 * record, early and by its key. From then on its work is of kind `"run"`, so that it is due again where its taker dies.
 *
 * **Paused work.** Work of kind `"paused"` is work that nobody does for now: no worker takes it, and `due` does not list it. A
 * person may take the record, early and by its key, as with a dead letter.
 *
 * **Kept events.** A settled record may keep what was handled, for a time of its own (`kept`, `keptForMs`), which ends with
 * the record at the latest. A person may take it early: its work is then what was kept, of kind `"run"`. It stays kept for its
 * time, whoever takes the record. Once its time is past the text is gone: no verb shows it, and the sweep removes it.
 *
 * **What people look for.** A claim says what its record is {@link About}; such a record is *listed*: `list`, `stats` and
 * `causes` see it. A record that was claimed without (an entity's, or one of the receiver itself) is not. When it was claimed
 * first, or afresh, is when it `arrivedAt`.
 *
 * **How long a record is kept.** A record with work of kind run, post or paused is kept until its work is done. A settled record and
 * a dead letter are kept until `until`. A free record is kept, with its attempts and its note, until `until` has been past for the *linger*: a week,
 * or the longest retention that a settled record of the receiver was given, whichever is longer. After that a record may
 * be swept at any time. `createLinger` and `createSweep` of `@answerback/core/backend` do both.
 */
export interface Backend<Db = never> {
  /**
   * Does an acknowledged event outlive this process? If not, the receiver keeps a provider that retries waiting, and does
   * not acknowledge early.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.11 any.11}
   */
  readonly durable: boolean;
  /**
   * What tells the records apart from all others, without a credential: texts and numbers, such as the engine, its host and
   * port, the database and the prefix; and a client or a pool of the user's, where one was handed in. The receivers of one
   * process refuse a name that is open at the same address, on whatever backend object. Default: the backend object.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.10 any.10}
   */
  readonly address?: readonly unknown[] | undefined;
  /**
   * Opens the records of one receiver. A name is open once at a time.
   *
   * @param receiver The receiver's name, which scopes every key.
   * @throws OptionError `taken` for a name that is open. Rejects when the engine is away; then the name is not open.
   */
  open(receiver: string, options?: OpenOptions): Promise<Records<Db>>;
  /** The names of the receivers whose records are here, in their order. Absent: nobody can ask. */
  receivers?(): Promise<string[]>;
  /** Closes the connection or the file. May be called twice. */
  close(): Promise<void>;
}

/** What a receiver gives the backend that it opens. */
export interface OpenOptions {
  /** Gets what the developer should know of the engine. Default: `process.emitWarning`, with `warning.code`. */
  readonly warn?: ((warning: Warning) => void) | undefined;
}

/**
 * The records of one receiver. `Db` is the type of what a handler writes with, on a backend where its writes can commit
 * with the settling.
 */
export interface Records<Db = never> {
  /**
   * A delivery asks for its event. A free or forgotten record is claimed, which counts an attempt; a forgotten record
   * starts afresh. The same token again is the same claim. A settled, accepted or dead record gives its answer. A held
   * record, or a record with work and no answer, gives the ms that are left.
   *
   * @param about What people find the record by; a free record that is listed keeps what it has, and gets an id where it has
   *   none, as after `erase`. Absent: one that is not listed yet stays so.
   */
  claim(key: string, lease: LeaseToken, about?: About): MaybePromise<Claimed>;
  /**
   * A worker asks for a due record, which counts an attempt.
   *
   * @param which Default: the record that has been due longest.
   * @returns The record, held under the token; `undefined`: no such record is due.
   */
  take(lease: LeaseToken, which?: TakeOptions): MaybePromise<Taken | undefined>;
  /**
   * The holder writes one durable change. The same sequence number again is a repeat: it changes nothing.
   *
   * @returns `true`: the change is stored, now or before. `false`: the record is no longer this token's, or a save with a
   *   higher number came first; this save changed nothing.
   */
  save(key: string, lease: LeaseToken, change: Change): MaybePromise<boolean>;
  /**
   * Reads one record.
   *
   * @returns The record; `undefined`: there is none, or it was forgotten.
   */
  get(key: string): MaybePromise<Entry | undefined>;
  /**
   * Lists records, the newest first: by the time when they arrived; dead letters, where they are asked for, by the time when
   * they died; those of one ms by their keys, the last first. What a page costs does not grow with what is kept: where many
   * records have to be passed over that were not asked for, it ends early, and says where the next one begins.
   */
  list(page: ListOptions): MaybePromise<Listing>;
  /**
   * Counts the listed records by their states.
   *
   * @param upTo A count goes no further, and neither does what it costs: of records without an answer the newest so many are
   *   looked at, and of those whose work is not due the next so many.
   */
  stats(upTo: number): MaybePromise<RecordStats>;
  /**
   * Groups dead letters by their notes and names, the most frequent group first.
   *
   * @param limit How many dead letters are looked at, the newest first.
   */
  causes(limit: number): MaybePromise<Cause[]>;
  /**
   * Takes away what a record says of its subject: its id, its note, its work and what it kept; its answer becomes
   * `erased.answer`. A record that had work is then settled for `erased.forMs`; a settled one stays so for as long as it
   * was to. A free one stays free, without an answer. Whoever held it before cannot save it any more.
   *
   * @returns `true`: nothing of it is left, or there was no such record. `false`: somebody holds it, and nothing changed.
   */
  erase(key: string, erased: Erased): MaybePromise<boolean>;
  /**
   * Hands due records to `worker.each` until stopped, of each kind as many at a time as `worker.slots` says: in this
   * process, or in any process that works. Most backends use `createPoller`.
   *
   * @returns The function that stops it, and resolves when the records in hand are worked.
   */
  work(worker: Worker): () => Promise<void>;
  /**
   * Commits a handler's own writes and the saves that end its run together, or neither. Absent: the backend has no
   * transaction that a handler can join.
   *
   * @param handle Gets the transaction, which goes on until `handle` resolves, and ends with the saves that it resolves
   *   to.
   * @returns `true`: all is committed. `false`: one of the records is no longer its token's, and nothing is left. Rejects
   *   with what `handle` rejected with, and nothing is left; with any other error all may be committed, or nothing: `get`
   *   tells.
   */
  run?(handle: (db: Db) => Promise<readonly Saving[]>): Promise<boolean>;
  /**
   * Lists due records, those that have been due longest first, and takes none of them: for a carrier. Absent: no carrier
   * can hand out the work of this backend.
   *
   * @param limit How many at most.
   */
  due?(limit: number): MaybePromise<Due[]>;
  /** Closes the records and frees the name; the backend stays open. May be called twice. */
  close(): Promise<void>;
}

/** Which record is taken. Default: the record that has been due longest. */
export interface TakeOptions {
  /** The record with this key, if it is due. */
  readonly key?: string | undefined;
  /**
   * With `key`: also if it waits for its time, is paused or a dead letter, or is settled and its event is kept; never if it
   * is held. A state: only if it is just that (`"settled"`: and kept), so that a record that changed meanwhile is left alone.
   * For people.
   */
  readonly early?: boolean | "dead" | "paused" | "waiting" | "settled" | undefined;
  /** Without `key`: only a record with work of this kind. */
  readonly kind?: WorkKind | undefined;
}

/** The two kinds of work, each with its own slots: an event to run a handler for, and a callback to post. */
export type WorkKind = "run" | "post";

/** A save as an argument, for `run`. */
export interface Saving {
  /** The key of the record. */
  readonly key: string;
  /** The lease of its holder, with the number of this save. */
  readonly lease: LeaseToken;
  /** What the save changes. */
  readonly change: Change;
}

/** A record that is due. */
export interface Due {
  /** The key of the record. */
  readonly key: string;
  /** A text that is another one each time that the record becomes due, such as its `until`. */
  readonly since: string;
  /** The kind of its work. */
  readonly kind: WorkKind;
}

/** A holder's lease on a record, as the verbs take it. */
export interface LeaseToken {
  /** Names the holder: fresh for each claim and take, and good until another claim or take of the record wins. */
  readonly token: string;
  /** The number of this save, counted from 1 by the holder; 0 for the claim or take itself. */
  readonly sequence: number;
  /** How long the lease lasts without a save: ms. */
  readonly leaseMs: number;
}

/** What a claim came to. */
export type Claimed =
  | {
      /** The record is the caller's. */
      readonly state: "claimed";
      /** How often the event was claimed or taken, this time included. */
      readonly attempts: number;
      /** The note that the last holder left, as JSON text. */
      readonly note: string | null;
    }
  | {
      /** Another holder has the record. */
      readonly state: "held";
      /** What is left of its lease, or of the time until it is due: ms; 0 where that is past. */
      readonly forMs: number;
    }
  | {
      /** The event has an answer. */
      readonly state: "settled";
      /** What duplicates get, as JSON text. */
      readonly answer: string;
    };

/**
 * What a save changes; what is absent stays. The receiver says everything with it:
 *
 * | the receiver says | it saves |
 * |---|---|
 * | renew | `{ forMs: lease }` |
 * | accept: acknowledged, and the handler goes on | `{ answer, work: event, kind: "run", attempts: 1, forMs: lease }`: if the process dies, the event is due when the lease ends |
 * | defer: acknowledged, and not begun | `{ answer, work: event, kind: "run", attempts: 0, forMs: 0 }`; where it may post, `forMs: grace`, and `{ forMs: 0 }` once the acknowledgement has gone |
 * | settle | `{ answer, work: null, forMs: retention }`; once accepted, without `answer`, unless nobody knows whether the acceptance was stored |
 * | settle with a callback beside the reply | `{ answer, work: callback, kind: "post", attempts: 0, forMs: grace }`, then `{ forMs: 0 }` once the reply has gone |
 * | a partial answer | `{ work: { event, uses: n + 1 }, kind: "run", forMs: lease }`, then it posts as the holder |
 * | settle with an inline callback | `{ answer, work: callback, kind: "post", attempts: 1, forMs: grace }`: the inline answer counts as attempt 1 |
 * | it was sent fully · perhaps · not at all | `{ work: null, forMs: retention }` · `{ forMs: 0 }` · `{ attempts: 0, forMs: 0 }` |
 * | late result with a callback | `{ work: callback, kind: "post", attempts: 1, forMs: lease }`, then it posts as the holder |
 * | settle, where the option `keep` is given | as above, with `{ kept: event, keptForMs: keep }` |
 * | release | `{ note: error, forMs: 0 }` |
 * | again later | `{ note, forMs: backoff, held: false }`, of an event also `work` and `kind`, with the number of its runs that have ended |
 * | give back an attempt that surely did nothing | `{ attempts: n - 1, forMs, held: false }`, so a post with `attempts` above 1 means that an earlier use may have arrived |
 * | dead letter | `{ kind: "dead", note, forMs: keepDead }`; before there was an answer also `answer` and `work` |
 * | dead letter with `whenDead` | `{ work: { callback, event }, kind: "post", attempts: 1, forMs: lease }`, then it posts, then `{ work: { event, spent: true }, kind: "dead", note, forMs: keepDead }` |
 * | `later()` · `receiver.answer` | `{ answer, work: event, forMs: rest of the address's time, held: false }`, and once more with `replied` when the acknowledgement has gone · `take` by key, early; then as a late result. Without `receiver.answer` the record becomes due, and a dead letter |
 * | retry · discard a dead letter | `take` by key, early; then `{ work, kind, attempts: 0, forMs: 0 }`, of a callback with the attempts that it had · `{ work: null, forMs: retention }` |
 * | pause: the event is acknowledged, and waits · resume | `{ answer, work: event, kind: "paused", attempts: 0 }` · `take` by key, early; then `{ attempts: n - 1, forMs: 0 }` |
 * | replay a settled event that is kept | `take` by key, early; then `{ work: { event, spent: true }, attempts: 0, forMs: 0 }` |
 * | erase | `erase` |
 * | a callback of an event that has no record | `claim` under the digest of the address, then as above; not claimed: the callback is dropped with a warning |
 * | one entity at a time | `claim` under the entity's digest, compare `note`, run, then `{ note: version, forMs: 0 }` |
 */
export interface Change {
  /** `until` becomes the engine's now + this many ms. */
  readonly forMs?: number | undefined;
  /** What every duplicate gets from now on, as JSON text. */
  readonly answer?: string | undefined;
  /** What is left to do, as JSON text; `null`: nothing. */
  readonly work?: string | null | undefined;
  /**
   * The kind of the work; `"dead"`: nobody does it, and `diedAt` becomes the engine's now; `"paused"`: nobody does it for
   * now. Default, where `work` is given: `"run"`.
   */
  readonly kind?: WorkKind | "dead" | "paused" | undefined;
  /** The number of attempts so far: the next claim or take counts on from it. */
  readonly attempts?: number | undefined;
  /** JSON text kept with the record: the last error, or the version of an entity; `null`: none. */
  readonly note?: string | null | undefined;
  /** Ends the lease before `until`: the record waits, and has no holder. */
  readonly held?: false | undefined;
  /** What was handled, as JSON text, kept for `keptForMs`; `null`: nothing any more. */
  readonly kept?: string | null | undefined;
  /** With `kept`: how long, in ms. The record may be forgotten before. */
  readonly keptForMs?: number | undefined;
}

/** A record that a worker took. */
export interface Taken {
  /** The key of the record. */
  readonly key: string;
  /** How often the event was claimed or taken, this time included. */
  readonly attempts: number;
  /** What is to be done, as JSON text. */
  readonly work: string;
  /** The kind of that work. */
  readonly kind: WorkKind;
  /** What duplicates get, as JSON text; `null`: none, as the event was not acknowledged yet. */
  readonly answer: string | null;
  /** The last error, as JSON text; `null`: none. */
  readonly note: string | null;
}

/** What people find a record by. */
export interface About {
  /** The event's type, or the provider's own name for it, as JSON text of at most 1,000 characters; `null`: it has none. */
  readonly name: string | null;
  /** The provider's own id of what the event is about, as JSON text of at most 1,000 characters; `null`: nobody knows. */
  readonly id: string | null;
}

/** What a record is, in the words of the table. One that was forgotten is none. */
export type ListedState = "held" | "free" | "due" | "waiting" | "paused" | "dead" | "settled";

/** A record as `get` and `list` show it. */
export interface Entry {
  /** The key of the record. */
  readonly key: string;
  /** What it is. */
  readonly state: ListedState;
  /** How often the event was claimed or taken, less the attempts that were given back. */
  readonly attempts: number;
  /** What is left to do, as JSON text; `null`: nothing. */
  readonly work: string | null;
  /** What duplicates get, as JSON text; `null`: none yet. */
  readonly answer: string | null;
  /** The last error, or an entity's version, as JSON text; `null`: none. */
  readonly note: string | null;
  /** ms until `until`, negative when past. Without meaning for paused work. */
  readonly forMs: number;
  /** When the record became a dead letter, on the engine's clock: whole ms since the epoch; `null`: it is none. */
  readonly diedAt: number | null;
  /** When it was claimed first, or afresh, on the engine's clock: whole ms since the epoch; `null`: it is not listed. */
  readonly arrivedAt: number | null;
  /** The name that its claim gave; `null`: none. */
  readonly name: string | null;
  /** The id that its claim gave; `null`: none, or it was erased. */
  readonly id: string | null;
  /** What was handled, as JSON text, while it is kept; `null`: it is not. */
  readonly kept: string | null;
}

/** Which records are listed, and where the page begins. */
export interface ListOptions {
  /** How many at most. */
  readonly limit: number;
  /** The {@link Listing.next} of the page before. Absent: from the newest on. */
  readonly after?: Place | undefined;
  /** Only records in this state. */
  readonly state?: ListedState | undefined;
  /** Only records with this name, as a claim gives it. */
  readonly name?: string | undefined;
  /** Only records with this id, as a claim gives it. */
  readonly id?: string | undefined;
  /** Only records that arrived (of dead letters: died) at this time or later: ms since the epoch, on the engine's clock. */
  readonly since?: number | undefined;
}

/** A page of records. */
export interface Listing {
  /** The records, the newest first. There may be fewer than asked for, and none, though there are more pages. */
  readonly entries: readonly Entry[];
  /** Where the next page begins; `null`: there is none. The record that stood there need not be there any more. */
  readonly next: Place | null;
}

/** A place in the order of a list. */
export interface Place {
  /** When the record there arrived, or died: ms since the epoch. */
  readonly at: number;
  /** The key of the record there. */
  readonly key: string;
}

/** How many records there are. */
export interface RecordStats {
  /** How many in each state. One that equals what was asked for may be more. */
  readonly counts: Readonly<Record<ListedState, number>>;
  /** How long what has been due longest has been due: ms; 0 where nothing is due. */
  readonly dueForMs: number;
}

/** Why so many dead letters died. */
export interface Cause {
  /** The error, as it was saved; `null`: none. */
  readonly note: string | null;
  /** The name of the records, as their claims gave it; `null`: none. */
  readonly name: string | null;
  /** How many there are. */
  readonly count: number;
}

/** What is left of a record that is erased. */
export interface Erased {
  /** What duplicates get from now on, as JSON text. */
  readonly answer: string;
  /** How long a record that had work is remembered: ms. */
  readonly forMs: number;
}

/** The part of a receiver that works due records. */
export interface Worker {
  /** How long the lease of a take lasts without a save: ms. */
  readonly leaseMs: number;
  /** How many records of each kind it works at a time. */
  readonly slots: Readonly<Record<WorkKind, number>>;
  /**
   * Works one record. Never rejects.
   *
   * @param token The token under which the record was taken.
   */
  each(taken: Taken, token: string): Promise<void>;
  /**
   * Hears of each question to the engine that is under way, so that the receiver is not idle while a record comes that has
   * not reached `each` yet. It rejects where the engine is away, which the receiver tells.
   */
  taking?(take: Promise<unknown>): void;
}
