/** Plays a history of verbs on a backend and on the model, and says where they first differ. */
import { randomUUID } from "node:crypto";
import type { Change, HoldToken, Records } from "../backend.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { Model, type Verbs } from "./model.ts";
import { minute } from "./suite.ts";

/** One line of a history: who does what to which record. Plain data, so that it can be generated, shrunk, printed. */
export type Command =
  | {
      readonly verb: "claim" | "claim again" | "take" | "take early";
      readonly who: number;
      readonly key: string;
    }
  | {
      readonly verb: "save" | "save again" | "save late";
      readonly who: number;
      readonly key: string;
      readonly change: Change;
    }
  | { readonly verb: "take any"; readonly who: number }
  | { readonly verb: "get"; readonly key: string }
  | { readonly verb: "dead"; readonly limit: number }
  /** In whole minutes, while every duration in a change is half a minute off: so no clock's drift decides. */
  | { readonly verb: "wait"; readonly minutes: number };

/** Where a backend left the contract. */
export interface Difference {
  readonly command: Command;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Where a history is played. */
export interface Stage {
  readonly records: Records;
  advance(ms: number): Promise<void>;
  /** See `ConformanceOptions`. */
  readonly driftMs?: number;
}

/** Half a minute off every whole one, as `wait` needs it. */
const leaseMs = 1.5 * minute;

/** Plays the history to its end or to the first difference; `undefined`: none. */
export async function play(history: readonly Command[], stage: Stage): Promise<Difference | undefined> {
  const model = new Model();
  const holds: Holds = new Map();

  for (const command of history) {
    const ms = command.verb === "wait" ? command.minutes * minute : 1;
    model.now += ms;
    await stage.advance(ms);
    const call = callOf(command, holds);
    const [expected, actual] = [await call(model), await call(stage.records)];
    if (!isSame(expected, actual, stage.driftMs ?? 0)) return { command, expected, actual };
  }
  return undefined;
}

/** The last hold and step of each holder on each record. */
type Holds = Map<string, HoldToken>;

/** The command as a call that the model and the backend get alike. */
function callOf(command: Command, holds: Holds): (verbs: Verbs) => MaybePromise<unknown> {
  if (command.verb === "wait") return async () => undefined;
  if (command.verb === "get") return (verbs) => verbs.get(command.key);
  if (command.verb === "dead") return (verbs) => verbs.dead(command);
  const fresh: HoldToken = { token: randomUUID(), step: 0, leaseMs };
  if (command.verb !== "take any") return callOnKey(command, fresh, holds);
  return async (verbs) => {
    const taken = await verbs.take(fresh);
    if (taken) holds.set(`${command.who} ${taken.key}`, fresh);
    return taken;
  };
}

function callOnKey(
  command: Extract<Command, { who: number; key: string }>,
  fresh: HoldToken,
  holds: Holds,
): (verbs: Verbs) => MaybePromise<unknown> {
  const { key, verb } = command;
  const mine = `${command.who} ${key}`;
  const last = holds.get(mine) ?? fresh;
  if (verb === "claim again") return (verbs) => verbs.claim(key, { ...last, step: 0 });
  if ("change" in command) {
    const step = last.step + { save: 1, "save again": 0, "save late": -1 }[command.verb];
    // 0 is the step of the claim itself: no save has it
    if (step < 1) return async () => undefined;
    if (verb === "save") holds.set(mine, { ...last, step });
    return (verbs) => verbs.save(key, { ...last, step }, command.change);
  }
  holds.set(mine, fresh);
  if (verb === "claim") return (verbs) => verbs.claim(key, fresh);
  return (verbs) => verbs.take(fresh, { key, early: verb === "take early" });
}

/** Equal, but for what the backend's clock may have run on. */
function isSame(expected: unknown, actual: unknown, driftMs: number): boolean {
  if (!isObject(expected) || !isObject(actual)) return expected === actual;
  const keys = Object.keys(expected);
  if (keys.length !== Object.keys(actual).length) return false;
  return keys.every((key) => {
    const [one, other] = [expected[key], actual[key]];
    if (key !== "forMs" || typeof one !== "number" || typeof other !== "number")
      return isSame(one, other, driftMs);
    return other <= one && other >= one - driftMs;
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
