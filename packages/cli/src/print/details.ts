/** One record with what it holds, for people. */
import type { RecordDetails } from "@answerback/core";
import { styled, type World } from "../world.ts";
import { shownBelow, shownValue } from "./secrets.ts";
import { instant, inWords } from "./times.ts";
import { indented, visible } from "./visible.ts";

/** A record with what it holds, and the name of its receiver. */
export interface Details extends RecordDetails {
  readonly receiver: string;
}

/** The record, a fact a line, then its data. */
export function shownDetails(world: World, record: Details): string {
  const { receiver, key, state, name, id, arrivedAt, diedAt, attempts, uses, forMs, work, error, kept } =
    record;
  const facts: [string, string | undefined][] = [
    ["key", visible(key)],
    ["receiver", visible(receiver)],
    ["state", state + (forMs === undefined ? "" : `, for another ${inWords(forMs)}`)],
    ["event", name && visible(name, 200)],
    ["id", id && visible(id, 200)],
    ["arrived", arrivedAt === undefined ? undefined : `${instant(arrivedAt)} UTC`],
    ["died", diedAt === undefined ? undefined : `${instant(diedAt)} UTC`],
    ["attempts", String(attempts)],
    ["uses of its address", uses > 0 ? String(uses) : undefined],
    ["left to do", work],
    ["kept", kept ? "yes: it can be replayed" : undefined],
    ["error", error && `${error.code}: ${visible(error.message, 1_000)}`],
  ];
  const told = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  const width = Math.max(...told.map(([label]) => label.length));
  const lines = told.map(([label, value]) => `${styled(world, "dim", label.padEnd(width))}  ${value}`);
  return [...lines, ...partsOf(world, record)].join("\n");
}

function partsOf(world: World, { data, callback, answer }: Details): string[] {
  const parts: [string, string | undefined][] = [
    ["data", data === undefined ? undefined : indented(shownValue(data), "    ")],
    ["callback", callback === undefined ? undefined : shownBelow(callback)],
    [
      "answer",
      answer && [`    ${answer.status}`, ...(answer.body === "" ? [] : [shownBelow(answer.body)])].join("\n"),
    ],
  ];
  return parts.flatMap(([label, value]) => (value === undefined ? [] : [styled(world, "dim", label), value]));
}
