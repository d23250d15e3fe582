/** What the rooms of one receiver share: its settings, its records, and what it has under way. */
import type { Alarm } from "../alarm.ts";
import type { Authenticator } from "../authenticators/authenticator.ts";
import type { Router } from "./delivery/route.ts";
import type { Telling } from "./event/answered.ts";
import type { Queues } from "./event/turn.ts";
import type { Settings } from "./settings.ts";
import type { GuardedRecords } from "./record/guarded-records.ts";
import type { Tasks } from "./tasks.ts";

/** One receiver from the inside. */
export interface Runtime extends Settings {
  readonly authenticators: readonly Authenticator[];
  readonly route: Router;
  /** How long a person's reply may take: ms. */
  readonly personWithinMs: number;
  /** Every verb with its deadline. */
  readonly records: GuardedRecords;
  /** Does the backend outlive this process? */
  readonly durable: boolean;
  /** A token that nobody else has, in whatever process. */
  newToken(): string;
  /** What `idle` and `close` wait for. */
  readonly tasks: Tasks;
  /** Events that a delivery is being handled for here, by key. */
  readonly running: Map<string, RunningEvent>;
  /** Who waits for an entity here. */
  readonly queues: Queues;
  /** Deliveries and bytes in the receiver's hands. */
  readonly inFlight: { deliveries: number; bytes: number };
  /** Runs and posts that workers have in hand. */
  readonly working: { runs: number; posts: number };
  /** New deliveries are refused from now on. */
  closing: boolean;
  /** Rings for what still runs when `close` has waited long enough. */
  readonly abandoned: Alarm;
  /** Says the same set-up warning once. */
  warnOnce(code: string, message: string): void;
}

/** An event in this process's hands, and the deliveries that wait for its answer. */
export interface RunningEvent {
  readonly telling: Telling;
  /** How many others wait. */
  joined: number;
}

/** How long a hold lasts without a renewal. A process that died is taken over after it. */
export const leaseMs = 60_000;
