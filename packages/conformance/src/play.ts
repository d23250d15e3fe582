/** Plays a history of verbs on a backend and on the model, and says where the two first differ. */
import { randomUUID } from "node:crypto";
import {
  systemClock,
  type About,
  type Change,
  type Entry,
  type LeaseToken,
  type ListOptions,
  type MaybePromise,
  type Records,
  type WorkKind,
} from "@answerback/core/backend";
import { Model, type Verbs } from "./model.ts";
import { allOf } from "./pages.ts";
import { minute } from "./suite.ts";

/** One line of a history: a holder does something to a record. Plain data, so that it can be generated, shrunk, printed. */
export type Command =
  | {
      /** `"claim again"` repeats the holder's last claim or take of the record; `"take early"` is for people. */
      readonly verb: "claim" | "claim again" | "take" | "take early";
      /** The number of the holder. */
      readonly who: number;
      /** The key of the record. */
      readonly key: string;
      /** What a claim says that the record is about; absent: nothing. */
      readonly about?: About | undefined;
    }
  | {
      /** Saves under the next sequence number, under the last one again, or under the one before. */
      readonly verb: "save" | "save again" | "save late";
      /** The number of the holder. */
      readonly who: number;
      /** The key of the record. */
      readonly key: string;
      /** What the save changes. */
      readonly change: Change;
    }
  | {
      readonly verb: "take any";
      /** The number of the holder. */
      readonly who: number;
      /** Work of this kind alone. */
      readonly kind?: WorkKind | undefined;
    }
  | {
      readonly verb: "get";
      /** The key of the record. */
      readonly key: string;
    }
  | {
      readonly verb: "erase";
      /** The key of the record. */
      readonly key: string;
    }
  | ({
      /** All pages are read, one after the other. */
      readonly verb: "list";
    } & Pick<ListOptions, "limit" | "state" | "name" | "id">)
  | { readonly verb: "stats" }
  | {
      readonly verb: "wait";
      /** Whole minutes, while every duration in a change is half a minute off: so the drift of a clock decides nothing. */
      readonly minutes: number;
    };

/** Where a backend left the contract. */
export interface Difference {
  /** The command on which backend and model differ. */
  readonly command: Command;
  /** What the model answered. */
  readonly expected: unknown;
  /** What the backend answered. */
  readonly actual: unknown;
}

/** Where a history is played. */
export interface Stage {
  /** The records of a receiver, without any record yet. */
  readonly records: Records;
  /** Moves the engine's clock on by so many ms. */
  advance(ms: number): Promise<void>;
  /** How far the engine's clock may run on by itself during one verb: ms. Default 0: it stands still. */
  readonly driftMs?: number;
}

/** Half a minute off every whole minute; see `wait`. */
const leaseMs = 1.5 * minute;
const erased = { answer: '"erased"', forMs: 2.5 * minute };

/**
 * Plays a history, to its end or to the first difference.
 *
 * @returns The first difference; `undefined`: there is none.
 */
export async function play(history: readonly Command[], stage: Stage): Promise<Difference | undefined> {
  const { records, advance, driftMs = 0 } = stage;
  const model = new Model();
  const leases: Leases = new Map();
  let lookedAt = systemClock.now();

  for (const command of history) {
    const ms = command.verb === "wait" ? command.minutes * minute : 1;
    await advance(ms);
    // where the engine's clock runs on, so does the model's, however slow the machine is
    const now = systemClock.now();
    model.now += ms + (driftMs > 0 ? now - lookedAt : 0);
    lookedAt = now;
    const call = callOf(command, leases);
    const [expected, actual] = [await call(model), await call(records)];
    if (!isSame(expected, actual, driftMs)) return { command, expected, actual };
  }
  return undefined;
}

/** The last lease of each holder on each record. */
type Leases = Map<string, LeaseToken>;

/** The command as a call, which the model and the backend get with the same arguments. */
function callOf(command: Command, leases: Leases): (verbs: Verbs) => MaybePromise<unknown> {
  if (command.verb === "wait") return async () => undefined;
  if (command.verb === "get")
    return async (verbs) => {
      const entry = await verbs.get(command.key);
      return entry && timeless(entry);
    };
  if (command.verb === "erase") return (verbs) => verbs.erase(command.key, erased);
  if (command.verb === "stats") return async (verbs) => (await verbs.stats(100)).counts;
  if (command.verb === "list") {
    const { verb: _, ...asked } = command;
    return async (verbs) => (await allOf({ records: verbs }, asked)).map(timeless);
  }
  const fresh: LeaseToken = { token: randomUUID(), sequence: 0, leaseMs };
  if (command.verb !== "take any") return callOnKey(command, fresh, leases);
  return async (verbs) => {
    const taken = await verbs.take(fresh, { kind: command.kind });
    if (taken) leases.set(`${command.who} ${taken.key}`, fresh);
    return taken;
  };
}

/** Whether it is dead, and is listed, not since when: each has its own clock, so that only their order is compared. */
function timeless(entry: Entry): unknown {
  return { ...entry, diedAt: entry.diedAt !== null, arrivedAt: entry.arrivedAt !== null };
}

function callOnKey(
  command: Extract<Command, { who: number; key: string }>,
  fresh: LeaseToken,
  leases: Leases,
): (verbs: Verbs) => MaybePromise<unknown> {
  const { key, verb } = command;
  const mine = `${command.who} ${key}`;
  const last = leases.get(mine) ?? fresh;
  if (verb === "claim again") return (verbs) => verbs.claim(key, { ...last, sequence: 0 }, command.about);
  if ("change" in command) {
    const sequence = last.sequence + { save: 1, "save again": 0, "save late": -1 }[command.verb];
    // 0 is the number of the claim itself: no save has it
    if (sequence < 1) return async () => undefined;
    if (verb === "save") leases.set(mine, { ...last, sequence });
    return (verbs) => verbs.save(key, { ...last, sequence }, command.change);
  }
  leases.set(mine, fresh);
  if (verb === "claim") return (verbs) => verbs.claim(key, fresh, command.about);
  return (verbs) => verbs.take(fresh, { key, early: verb === "take early" });
}

/** Are they equal, but for the ms that the clock of one may have run on between the two? */
function isSame(expected: unknown, actual: unknown, driftMs: number): boolean {
  if (!isObject(expected) || !isObject(actual)) return expected === actual;
  const keys = Object.keys(expected);
  if (keys.length !== Object.keys(actual).length) return false;
  return keys.every((key) => {
    const [one, other] = [expected[key], actual[key]];
    if (key !== "forMs" || typeof one !== "number" || typeof other !== "number")
      return isSame(one, other, driftMs);
    return Math.abs(other - one) <= driftMs;
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
