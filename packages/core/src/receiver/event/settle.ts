/** The handler was done in time: the answer is stored, and a callback goes inline if its settling was stored in time. */
import { AnswerbackError } from "../../errors.ts";
import type { Change } from "../../backend.ts";
import type { Reply, Sent } from "../../delivery.ts";
import type { Post } from "../../provider.ts";
import { alike, type Telling } from "./answered.ts";
import { inTime, late } from "../../deadline.ts";
import { acknowledgement } from "./encoding.ts";
import type { EventInHand } from "./event.ts";
import { after, isComing, type Soon } from "../../soon.ts";
import { leaseLost, type Hold } from "../record/hold.ts";
import type { Ended } from "./run.ts";
import type { Runtime } from "../runtime.ts";
import { writeWork, type PostWork } from "./work.ts";

/** An event, and our hold on its record. */
export interface Claim {
  readonly event: EventInHand;
  readonly hold: Hold;
}

/** How long after its patience the provider has surely hung up (upsales.8): ms. */
const surelyGoneMs = 5_000;

/** Settles an event whose handler was done in time. */
export function settle(
  runtime: Runtime,
  claim: Claim & { ended: Exclude<Ended, { error: unknown }> },
  telling: Telling,
): Soon<void> {
  const { event, hold, ended } = claim;
  if ("later" in ended) return promise(runtime, claim, telling);
  const { reply, repeat, post } = ended.encoded;
  if (post && repeat) return settleInline(runtime, { event, hold, reply, repeat, post }, telling);
  const answer = JSON.stringify(reply);
  const work = post ? writeWork(postWork(runtime, event, post)) : null;
  const change = post ? { attempts: 0, forMs: 0 } : { forMs: event.stored.retentionMs };
  return after(store(runtime, hold, { answer, work, ...change }, telling), (ours) => {
    if (ours) telling.resolve(alike(ended.isStale ? "ignored" : "handled", reply));
  });
}

/** `later()`: acknowledged, and somebody answers before the callback address expires (upsales.18). */
function promise(runtime: Runtime, { event, hold }: Claim, telling: Telling): Soon<void> {
  const reply = acknowledgement(runtime.provider, event);
  const change = { answer: JSON.stringify(reply), ...waiting(runtime, event) };
  return after(store(runtime, hold, change, telling), (ours) => {
    if (ours) telling.resolve(alike("accepted", reply));
  });
}

/** What a record says while somebody is to answer. */
export function waiting({ callbackWithinMs, clock }: Runtime, { stored }: EventInHand): Change {
  const left = Math.max(stored.receivedAt + callbackWithinMs - clock.now(), 0);
  return { work: writeWork({ kind: "event", event: stored, later: true }), forMs: left, held: false };
}

/** The record's work for a callback of this event. */
export function postWork({ clock }: Runtime, { seen, stored }: EventInHand, post: Post): PostWork {
  return {
    kind: "post",
    post,
    type: seen.type,
    name: seen.name,
    since: clock.now(),
    retentionMs: stored.retentionMs,
  };
}

/** Stores a step. A backend that takes too long costs the deliveries a 503, not the result (any.22). */
export function store(
  { backendWithinMs, clock }: Runtime,
  hold: Hold,
  change: Change,
  telling: Telling,
): Soon<boolean> {
  const stored = (ours: boolean): boolean => {
    if (!ours) telling.reject(leaseLost());
    return ours;
  };
  const storing = hold.persist(change);
  if (!isComing(storing)) return stored(storing);
  const tooLate = () =>
    telling.reject(new AnswerbackError("backend_away", "the backend did not store the answer"));
  const callOff = clock.after(backendWithinMs, tooLate);
  return storing.finally(callOff).then(stored);
}

type Inline = Claim & { readonly reply: Reply; readonly repeat: Reply; readonly post: Post };

/**
 * The callback is stored as held until the provider has surely hung up, and as used once. It goes inline when that was
 * stored in time and somebody still waits for it; else it is unused, and due at once (upsales.8).
 */
async function settleInline(
  runtime: Runtime,
  { event, hold, reply, repeat, post }: Inline,
  telling: Telling,
): Promise<void> {
  const { clock } = runtime;
  const hangsUpAt = event.seen.receivedAt + runtime.patienceMs;
  const graceMs = () => Math.max(hangsUpAt + surelyGoneMs - clock.now(), 0);
  const work = writeWork(postWork(runtime, event, post));
  const change = { answer: JSON.stringify(repeat), work, attempts: 1, forMs: graceMs() };
  if (!(await store(runtime, hold, change, telling))) return;
  if (!telling.listening() || clock.now() >= hangsUpAt) {
    telling.resolve(alike("handled", repeat));
    return writeUse({ event, hold }, "not");
  }
  // storing took time: the record is due when it was to be due at first
  const finishWithinMs = graceMs();
  const { sent, known } = report(runtime, { event, hold }, finishWithinMs);
  telling.resolve({ outcome: "handled", reply: { ...reply, sent, finishWithinMs }, repeat });
  await known;
}

/** Waits for the adapter's word, until the grace is over: then the record is due by itself. */
function report(
  runtime: Runtime,
  claim: Claim,
  graceMs: number,
): { sent: (how: Sent) => void; known: Promise<unknown> } {
  const { promise: told, resolve: sent } = Promise.withResolvers<Sent>();
  const known = inTime(told, graceMs, runtime.clock).then((how) =>
    how === late ? undefined : writeUse(claim, how),
  );
  return { sent, known };
}

/** Was the one use spent? Perhaps sent: due at once, as a second use. Not sent: due at once, as the first. */
async function writeUse({ event, hold }: Claim, how: Sent): Promise<void> {
  if (how === "fully") return void (await hold.persist({ work: null, forMs: event.stored.retentionMs }));
  await hold.persist(how === "not" ? { attempts: 0, forMs: 0 } : { forMs: 0 });
}
