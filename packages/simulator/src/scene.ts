/** What the events of one scenario share: the clock, the journal, the callbackUrls, and how it all is played. */
import type { CallbackUrls, CallbackUse } from "./callback-urls.ts";
import { callbackUrls } from "./callback-urls.ts";
import type { Clock, Pace } from "./clock.ts";
import { virtualClock } from "./clock.ts";
import type { ProviderName, RawDelivery } from "./deliveries/delivery.ts";
import type { FaultPlan } from "./faults.ts";
import type { CallbackEntry, JournalEntry } from "./journal.ts";
import type { Behaviours } from "./protocols/index.ts";
import { protocols } from "./protocols/index.ts";
import type { Protocol } from "./protocols/protocol.ts";

/** How a scenario is played. */
export interface PlayOptions extends Behaviours {
  /** Default: that of `callbacks`, else a new `virtualClock()`. With `realClock` everything takes its time. */
  readonly clock?: Clock;
  /** Upsales' callbackUrls, whose transport the receiver has. Default: new ones, which only inline callbacks reach. */
  readonly callbacks?: CallbackUrls;
  /** What goes wrong with the attempts. Default: nothing. */
  readonly faults?: FaultPlan;
  /** From one event to the next: ms. Default 1,000. */
  readonly everyMs?: number;
  /** How long an unused callbackUrl is waited for: ms. Default 600,000, in real time 1,000. */
  readonly callbackWithinMs?: number;
  /** How long a receiver may be silent in real time before a virtual clock jumps on: ms. Default 40. */
  readonly quietMs?: number;
  /** Called with every line as it is written. */
  readonly observe?: (entry: JournalEntry) => void;
}

/** What the events of one scenario share. */
export interface Scene extends Pace {
  readonly url: URL;
  readonly clock: Clock;
  readonly journal: readonly JournalEntry[];
  readonly protocols: Readonly<Record<ProviderName, Protocol>>;
  readonly callbacks: CallbackUrls;
  readonly faults: FaultPlan;
  readonly everyMs: number;
  readonly callbackWithinMs: number;
  /** Whom each callbackUrl belongs to. */
  readonly urls: Map<string, RawDelivery>;
  /** ms since the scenario began. */
  sinceMs(at?: number): number;
  /** Waits for something that the receiver owes. */
  owe<T>(work: Promise<T>): Promise<T>;
  note(entry: JournalEntry): void;
}

/** A scene that begins now. */
export function sceneOf(url: URL, options: PlayOptions): Scene {
  const clock = options.clock ?? options.callbacks?.clock ?? virtualClock();
  const began = clock.now();
  const journal: JournalEntry[] = [];
  let activity = 0;
  let owed = 0;
  return {
    url,
    clock,
    journal,
    protocols: protocols(options),
    callbacks: options.callbacks ?? callbackUrls({ clock }),
    faults: options.faults ?? (() => undefined),
    everyMs: options.everyMs ?? 1_000,
    callbackWithinMs: options.callbackWithinMs ?? ("tick" in clock ? 600_000 : 1_000),
    quietMs: options.quietMs ?? 40,
    urls: new Map(),
    sinceMs: (at = clock.now()) => at - began,
    activity: () => activity,
    owed: () => owed > 0,
    async owe(work) {
      owed++;
      activity++;
      return work.finally(() => {
        owed--;
        activity++;
      });
    },
    note(entry) {
      activity++;
      journal.push(entry);
      options.observe?.(entry);
    },
  };
}

/** The line of a callback. */
export function callbackEntry({ at, url, ...use }: CallbackUse, scene: Scene): CallbackEntry {
  const { event = "unknown", id = "" } = scene.urls.get(url) ?? {};
  return { kind: "callback", atMs: scene.sinceMs(at), provider: "upsales", event, id, ...use };
}
