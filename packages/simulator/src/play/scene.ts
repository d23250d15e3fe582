/** What the events of one scenario share: the clock, the journal, the callbackUrls, and how it all is played. */
import {
  aClock,
  aFunction,
  objectWith,
  OptionError,
  optional,
  readOptions,
  withDefault,
} from "@answerback/core/provider";
import type { CallbackUse } from "../callbacks/post.ts";
import type { CallbackUrls } from "../callbacks/urls.ts";
import { callbackUrls } from "../callbacks/urls.ts";
import type { Clock } from "../lib/clock.ts";
import { isDriven, virtualClock } from "../lib/clock.ts";
import { ms } from "../lib/numbers.ts";
import type { Behaviours } from "../protocols/index.ts";
import { behaviours, protocolsOf } from "../protocols/index.ts";
import type { AnyDelivery, Protocol } from "../protocols/protocol.ts";
import type { Pace } from "./drive.ts";
import type { FaultPlan } from "./faults.ts";
import type { CallbackEntry, JournalEntry } from "./journal.ts";

/** How a scenario is played. */
export interface PlayOptions extends Behaviours {
  /** The clock of the providers. Default: that of `callbacks`, else a new `virtualClock()`. With `realClock` everything takes its time. */
  readonly clock?: Clock;
  /** The addresses of deliveries, whose transport the receiver has. Default: new ones, which only inline callbacks reach. */
  readonly callbacks?: CallbackUrls;
  /** What goes wrong with the attempts. Default: nothing. */
  readonly faults?: FaultPlan;
  /** From one event to the next: ms. Default 1,000. */
  readonly everyMs?: number;
  /** How long to wait for a callback after the last attempt: ms. Default 600,000, in real time 1,000. */
  readonly callbackWithinMs?: number;
  /** How long a receiver may be silent in real time before a virtual clock jumps on: ms. Default 40. */
  readonly quietMs?: number;
  /** Called with every entry of the journal as it is written. */
  readonly observe?: (entry: JournalEntry) => void;
}

/** What the events of one scenario share. */
export interface Scene extends Pace {
  /** Where the receiver listens. */
  readonly url: URL;
  /** The clock of the providers. */
  readonly clock: Clock;
  /** What was concluded so far. */
  readonly journal: readonly JournalEntry[];
  /** How a delivery is sent: as it says itself, or as its provider does. */
  protocolOf(delivery: AnyDelivery): Protocol;
  /** The addresses of deliveries. */
  readonly callbacks: CallbackUrls;
  /** What goes wrong with the attempts. */
  readonly faults: FaultPlan;
  /** From one event to the next: ms. */
  readonly everyMs: number;
  /** How long to wait for a callback after the last attempt: ms. */
  readonly callbackWithinMs: number;
  /** ms from the beginning of the scenario until `at`. Default: until now. */
  sinceMs(at?: number): number;
  /** Waits for something that the receiver owes, so that the clock does not jump over it too soon. */
  owe<T>(work: Promise<T>): Promise<T>;
  /** Writes an entry into the journal. */
  note(entry: JournalEntry): void;
}

const known = {
  ...behaviours,
  clock: optional(aClock),
  callbacks: optional(objectWith<CallbackUrls>("what callbackUrls() returns", "transport", "subscribe")),
  faults: withDefault(aFunction, () => undefined),
  everyMs: withDefault(ms, 1_000),
  callbackWithinMs: optional(ms),
  quietMs: withDefault(ms, 40),
  observe: optional(aFunction),
};

/** A scene that begins now. Throws an OptionError for a mistake in the options. */
export function sceneOf(url: URL, options: PlayOptions): Scene {
  const given = readOptions("play", options, known);
  const clock = given.clock ?? given.callbacks?.clock ?? virtualClock();
  const began = clock.now();
  const protocols: Readonly<Record<string, Protocol>> = protocolsOf(options);
  const journal: JournalEntry[] = [];
  let activity = 0;
  let owed = 0;
  return {
    url,
    clock,
    journal,
    protocolOf: (delivery) => delivery.protocol ?? protocols[delivery.provider] ?? unknown(delivery),
    callbacks: given.callbacks ?? callbackUrls({ clock }),
    faults: given.faults,
    everyMs: given.everyMs,
    callbackWithinMs: given.callbackWithinMs ?? (isDriven(clock) ? 600_000 : 1_000),
    quietMs: given.quietMs,
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
      given.observe?.(entry);
    },
  };
}

/** The entry of a callback. */
export function callbackEntry({ at, url, ...use }: CallbackUse, scene: Scene): CallbackEntry {
  const { provider = "upsales", event = "unknown", id = "" } = scene.callbacks.deliveryOf(url) ?? {};
  return { kind: "callback", atMs: scene.sinceMs(at), provider, event, id, ...use };
}

function unknown({ provider }: AnyDelivery): never {
  const cure = `no provider ${JSON.stringify(provider)} is known; make its deliveries with simulate({ … }).delivery({ … })`;
  throw new OptionError("play: step", "unknown", cure);
}
