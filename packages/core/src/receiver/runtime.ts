/** What the rooms of one receiver share: its settings, its records, and what it has under way. */
import type { Authenticator } from "../contract/authenticator.ts";
import type { Records } from "../contract/backend.ts";
import type { Warning } from "../contract/warning.ts";
import type { Route } from "../decoding/path.ts";
import type { Cancellation } from "../lib/cancellation.ts";
import type { MaybePromise } from "../lib/maybe-promise.ts";
import type { Follow } from "./follow.ts";
import type { Observation } from "./observe.ts";
import type { EventResult } from "./outcome.ts";
import type { Settings } from "./settings.ts";
import type { Tasks } from "./tasks.ts";
import type { Pauses } from "./pauses.ts";
import type { Tell } from "./tell.ts";
import type { TermsByType } from "./terms.ts";

/** One receiver from the inside. */
export interface Runtime extends Settings {
  readonly authenticators: readonly Authenticator[];
  /** The event types that the provider lists. */
  readonly types: readonly string[];
  /** What a path under the mount means; `undefined`: nothing of ours. */
  readonly route: (path: string) => Route | undefined;
  readonly records: GuardedRecords;
  /** Does the backend outlive this process? */
  readonly durable: boolean;
  /** What the provider grants an event of this type. */
  readonly terms: TermsByType;
  /** How long a delivery waits whose event is not known yet: ms from its head. */
  readonly longestWaitMs: number;
  /** A token that nobody else has, in whatever process. */
  newToken(): string;
  /** What `idle` and `close` wait for. */
  readonly tasks: Tasks;
  /** Events that a delivery is being handled for here, by key. */
  readonly running: Map<string, RunningEvent>;
  /** Replies that go out here and acknowledge an event, by its key. */
  readonly replies: Map<string, OutgoingReply>;
  /** Who waits for an entity here: by its key, what resolves once all who came until now have left. */
  readonly entityQueues: Map<string, Promise<void>>;
  /** Who hears of every observation, beside the option `observe`. */
  readonly watchers: Set<{ readonly listener: (record: Observation) => void }>;
  /** Has a delivery, a run or a post followed; `undefined`: nobody follows. */
  readonly follow: Follow | undefined;
  /** What is paused, as far as this process knows. */
  readonly pauses: Pauses;
  /** How many handlers run here, and how many callbacks are being posted. */
  readonly underWay: { runs: number; posts: number };
  /** Deliveries and bytes in the receiver's hands. */
  readonly inFlight: { deliveries: number; bytes: number };
  /** New deliveries are refused from now on. */
  isClosing: boolean;
  /** Aborts what still runs when `close` has waited long enough. */
  readonly shutdown: Cancellation;
  /** Tells the developer what went wrong. */
  readonly tell: Tell;
  /** Passes a warning on: once a code, or once a code and what it is about. */
  readonly warnOnce: (code: Warning["code"], message: string, about?: string) => void;
}

/** What of a receiver the records need: all there is of one that is opened without a provider. */
export type RecordAccess = Pick<
  Runtime,
  "name" | "records" | "clock" | "shutdown" | "newToken" | "tasks" | "tell" | "warn" | "retentionMs"
> &
  Pick<Runtime, "types" | "pauses" | "underWay">;

/** A reply on its way out. */
export interface OutgoingReply {
  /** Resolves when it has gone, or when its provider waits no longer. */
  readonly gone: Promise<unknown>;
  /** How long that may take: ms since the epoch. */
  readonly until: number;
}

/** An event that is being handled here, and the deliveries that wait for its reply. */
export interface RunningEvent {
  /** What they are told. */
  readonly reply: Promise<EventResult>;
  /** How many wait beside the first. */
  joined: number;
}

/** Records whose verbs answer in time, what is in their contract, or throw `backend_away`. */
export type GuardedRecords = {
  readonly [Verb in "claim" | "take" | "save" | "get" | "list" | "stats" | "causes" | "erase"]: (
    ...args: Parameters<Records[Verb]>
  ) => MaybePromise<Awaited<ReturnType<Records[Verb]>>>;
} & Pick<Records<any>, "work" | "close"> &
  Required<Pick<Records<any>, "run">>;
