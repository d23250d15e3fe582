/** The story of an event in sentences: what came, what became of it, what comes next, and what can be done. */
import type { Paused } from "@answerback/core";
import type { Details } from "./details.ts";
import { instant, inWords } from "./times.ts";
import { visible } from "./visible.ts";

/** What the story has to know beside the record. */
export interface Telling {
  readonly paused: Paused;
  /** The time: ms since the epoch. */
  readonly now: number;
}

/** The sentences, in the order of what happened. */
export function storyOf(record: Details, telling: Telling): string[] {
  return [
    arrival(record, telling),
    ...tries(record),
    ...failure(record),
    state(record, telling),
    ...duplicates(record),
    ...advice(record),
  ];
}

function arrival({ receiver, name, id, arrivedAt, work }: Details, { now }: Telling): string {
  const event =
    work === "malformed body"
      ? "A body that is not the provider's"
      : `An event${name === undefined ? "" : ` ${visible(name, 100)}`}`;
  const about = id === undefined ? "" : ` about ${visible(id, 100)}`;
  if (arrivedAt === undefined) return `${event}${about} came to ${visible(receiver)}; when, is not known.`;
  const ago = inWords(Math.max(0, now - arrivedAt));
  return `${event}${about} came to ${visible(receiver)} on ${instant(arrivedAt)} UTC, ${ago} ago.`;
}

function tries({ attempts, work, uses }: Details): string[] {
  if (work === "malformed body") return ["No handler ran: nobody could read it."];
  const of = work === "callback" ? "Its handler is done; its callback was posted" : "Its handler was begun";
  const tried =
    attempts === 0
      ? work === "callback"
        ? "Its handler is done; its callback was not posted yet."
        : "Its handler was not begun yet."
      : `${of} ${times(attempts)}.`;
  return uses > 0 && work === "event" ? [tried, `Its callback address was used ${times(uses)}.`] : [tried];
}

function failure({ error, work }: Details): string[] {
  if (!error) return [];
  const what = work === "callback" ? "The last post" : "The last attempt";
  return [`${what} failed with ${error.code}: ${visible(error.message, 1_000)}`];
}

function state(record: Details, { paused, now }: Telling): string {
  const { work, name, forMs, diedAt, kept, error } = record;
  const left = forMs === undefined ? undefined : inWords(forMs);
  const thing = work === "callback" ? "Its callback" : "It";
  switch (record.state) {
    case "held":
      return `${thing} is in hand right now${left === undefined ? "" : `; if its process dies, another takes it in ${left}`}.`;
    case "free":
      return "Nobody has it: the provider's next delivery is handled.";
    case "due":
      return `${thing} is due: the next worker takes it. If it stays so, no process of the receiver is working.`;
    case "waiting":
      return `${thing} waits for its next attempt${left === undefined ? "" : `, in ${left}`}.`;
    case "paused": {
      const why = paused.all
        ? "the whole receiver is paused"
        : `${visible(name ?? "its type", 100)} is paused`;
      return `It was acknowledged and waits, since ${paused.all || paused.names.length > 0 ? why : "its receiver was paused"}.`;
    }
    case "dead": {
      const since =
        diedAt === undefined ? "" : ` on ${instant(diedAt)} UTC, ${inWords(Math.max(0, now - diedAt))} ago`;
      return `${thing} was given up${since}: a dead letter${left === undefined ? "" : `, kept for another ${left}`}.`;
    }
    case "settled":
      return `${error ? "What was left of it was discarded" : "It is done"}${left === undefined ? "" : `, and remembered for another ${left}`}${kept ? "; what was handled is kept" : ""}.`;
  }
}

function duplicates({ answer }: Details): string[] {
  return answer
    ? [`If the provider sends it again, it is answered ${answer.status} and not handled again.`]
    : [];
}

/** What a person may do now. */
function advice({ state: is, work, key, kept }: Details): string[] {
  const command = (verb: string) => `answerback records ${verb} ${visible(key)}`;
  if (work === "malformed body") return [`It cannot be handled. To be rid of it: ${command("discard")}`];
  if (is === "dead")
    return [`To try it again: ${command("retry")}; to give it up for good: ${command("discard")}`];
  if (is === "waiting") return [`To try it now: ${command("retry")}`];
  if (is === "paused")
    return [
      `To let this one go on: ${command("retry")}; to end the pause: answerback resume, with the event's name where only that is paused`,
    ];
  return is === "settled" && kept ? [`To handle it once more: ${command("retry")}`] : [];
}

const times = (number: number): string =>
  number === 1 ? "once" : number === 2 ? "twice" : `${number} times`;
