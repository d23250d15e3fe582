/** What people ask of a receiver: what became of an event, its dead letters, and an answer that comes later. */
import { randomUUID } from "node:crypto";
import type { Entry, Taken } from "../backend.ts";
import { AnswerbackError } from "../errors.ts";
import type { Failure } from "../provider.ts";
import { postLate } from "./event/finish.ts";
import { encodeAnswer } from "./event/encoding.ts";
import { inHand } from "./event/event.ts";
import { Hold } from "./record/hold.ts";
import { leaseMs, type Runtime } from "./runtime.ts";
import { readNote, readWork, writeWork, type Work } from "./event/work.ts";

/** A record in words. */
export interface Found {
  readonly key: string;
  /**
   * `"held"`: being handled or posted. `"free"`: the next delivery is handled. `"due"`: a worker takes it. `"waiting"`:
   * for its next attempt, or for `receiver.answer`. `"dead"`: a dead letter. `"settled"`: done, and remembered.
   */
  readonly state: "held" | "free" | "due" | "waiting" | "dead" | "settled";
  readonly attempts: number;
  /** ms until the state changes by itself; `undefined`: it doesn't, or is about to. */
  readonly forMs: number | undefined;
  /** What is left to do. */
  readonly work: "event" | "callback" | "malformed body" | undefined;
  /** The event's type, or the provider's own name for it. */
  readonly name: string | undefined;
  /** What went wrong last. */
  readonly error: Failure | undefined;
}

/** Work that we stopped trying, kept with its error. */
export interface DeadLetter extends Found {
  readonly state: "dead";
  /** The event as it was decoded, or the malformed body; `undefined` where the work is a callback. */
  readonly data: unknown;
  /** The callback that was not taken, as JSON text. */
  readonly callback: string | undefined;
}

/** The dead letters of a receiver. */
export interface DeadLetters {
  /** In the order of their keys; `limit` is 100 unless given, `after` the last key of the page before. */
  list(page?: { readonly limit?: number; readonly after?: string }): Promise<DeadLetter[]>;
  get(key: string): Promise<DeadLetter | undefined>;
  /** Makes it due, as if it had never been tried. Throws `unknown_key`, or `wrong_state` for a malformed body. */
  retry(key: string): Promise<void>;
  /** Forgets the work; duplicates are still answered for the retention. Throws `unknown_key`. */
  discard(key: string): Promise<void>;
}

/** What became of the event with this key; `undefined`: nothing is known of it. */
export async function find({ records }: Runtime, key: string): Promise<Found | undefined> {
  const entry = await records.get(key);
  return entry && inWords(entry);
}

/** The dead letters of a receiver. */
export function deadLettersOf(runtime: Runtime): DeadLetters {
  const { records, retentionMs } = runtime;
  return {
    async list({ limit = 100, after } = {}) {
      return (await records.dead({ limit, after })).map(asDeadLetter);
    },
    async get(key) {
      const entry = await records.get(key);
      return entry && inWords(entry).state === "dead" ? asDeadLetter(entry) : undefined;
    },
    async retry(key) {
      const { hold, taken, work } = await takeDead(runtime, key);
      if (!work || work.kind === "malformed") {
        await hold.save({ attempts: taken.attempts - 1, forMs: null });
        throw new AnswerbackError("wrong_state", "a malformed body cannot be handled; discard it");
      }
      if (work.kind === "event")
        await hold.save({ work: writeWork({ ...work, later: undefined }), attempts: 0, forMs: 0 });
      else
        await hold.save({
          work: writeWork({ ...work, since: runtime.clock.now() }),
          attempts: taken.attempts - 1,
          forMs: 0,
        });
    },
    async discard(key) {
      const { hold, work } = await takeDead(runtime, key);
      await hold.save({ work: null, forMs: work?.kind === "event" ? work.event.retentionMs : retentionMs });
    },
  };
}

/**
 * Brings the answer of an event whose handler returned `later()`, from any process on the backend: its callback is
 * posted, once. Throws `unknown_key`, `wrong_state`, and what a wrong answer throws; then the event waits on.
 *
 * @see upsales.18
 */
export async function answerLater(runtime: Runtime, key: string, answer: unknown): Promise<void> {
  const waiting = readWork((await runtime.records.get(key))?.work ?? null);
  if (waiting?.kind !== "event" || !waiting.later) throw await notWaiting(runtime, key);
  const event = await inHand(runtime.provider, waiting.event);
  const { post: callback } = await encodeAnswer(runtime, event, answer);
  if (!callback) throw new AnswerbackError("invalid_answer", "the answer has no callback to post");
  const { hold, taken, work } = await takeNow(runtime, key);
  if (work?.kind !== "event" || !work.later) {
    await hold.save({ attempts: taken.attempts - 1, forMs: 0 });
    throw answeredAlready();
  }
  await runtime.tasks.track(postLate(runtime, { event, hold, callback }));
}

async function notWaiting({ records }: Runtime, key: string): Promise<AnswerbackError> {
  if (!(await records.get(key))) return new AnswerbackError("unknown_key", "no event has this key");
  return answeredAlready();
}

function answeredAlready(): AnswerbackError {
  return new AnswerbackError(
    "wrong_state",
    "the event does not wait for an answer: its handler did not return later(), or it was answered",
  );
}

interface InHand {
  readonly hold: Hold;
  readonly taken: Taken;
  readonly work: Work | undefined;
}

async function takeDead(runtime: Runtime, key: string): Promise<InHand> {
  const entry = await runtime.records.get(key);
  if (!entry || inWords(entry).state !== "dead")
    throw new AnswerbackError("unknown_key", "no dead letter has this key");
  return takeNow(runtime, key);
}

/** Takes a record that waits or is dead; somebody else may have been quicker. */
async function takeNow(runtime: Runtime, key: string): Promise<InHand> {
  const token = randomUUID();
  const taken = await runtime.records.take({ token, step: 0, leaseMs }, { key, early: true });
  if (!taken) throw new AnswerbackError("wrong_state", "somebody else has the record in hand");
  return { taken, hold: new Hold(runtime, key, token), work: readWork(taken.work) };
}

function asDeadLetter(entry: Entry): DeadLetter {
  const work = readWork(entry.work);
  const data =
    work?.kind === "event" ? seenOf(work.event) : work?.kind === "malformed" ? work.body : undefined;
  return {
    ...inWords(entry),
    state: "dead",
    data,
    callback: work?.kind === "post" ? work.post.body : undefined,
  };
}

/** An event without its address, which is a secret. */
function seenOf({
  callbackUrl: _secret,
  extra,
  ...event
}: Extract<Work, { kind: "event" }>["event"]): unknown {
  return { ...extra, ...event };
}

function inWords({ key, attempts, forMs, held, ...entry }: Entry): Found {
  const work = readWork(entry.work);
  return {
    key,
    attempts,
    state: stateOf({ held, forMs, work: entry.work !== null, answer: entry.answer !== null }),
    forMs: forMs !== null && forMs > 0 ? forMs : undefined,
    work: work && ({ event: "event", post: "callback", malformed: "malformed body" } as const)[work.kind],
    name: work?.kind === "event" ? work.event.type : work?.kind === "post" ? work.name : undefined,
    error: readNote(entry.note),
  };
}

function stateOf(entry: {
  held: boolean;
  forMs: number | null;
  work: boolean;
  answer: boolean;
}): Found["state"] {
  if (entry.forMs === null) return "dead";
  if (entry.work) return entry.forMs <= 0 ? "due" : entry.held ? "held" : "waiting";
  if (entry.answer) return "settled";
  return entry.forMs > 0 ? "held" : "free";
}
