/** The way of one event through a delivery: joined or claimed, handled, then settled, accepted or released. */
import type { Claimed } from "../../backend.ts";
import { AnswerbackError } from "../../errors.ts";
import { accept, leave, mayAccept, waitsMs } from "./accept.ts";
import { alike, repeated, Telling, type Answered } from "./answered.ts";
import { inTime, late } from "../../deadline.ts";
import { after, isComing, rescue, type Soon } from "../../soon.ts";
import { acknowledgement } from "./encoding.ts";
import type { EventInHand } from "./event.ts";
import { Hold } from "../record/hold.ts";
import { RolledBack } from "../record/transaction.ts";
import { waitOnPerson } from "./person.ts";
import { refusal, RunningElsewhere } from "./refusal.ts";
import { codeOf } from "../thrown.ts";
import { startInTurn } from "./in-turn.ts";
import { handlerFor, tellOf, type Ended, type Run } from "./run.ts";
import type { RunningEvent, Runtime } from "../runtime.ts";
import { settle, store, type Claim } from "./settle.ts";
import { writeNote, writeWork } from "./work.ts";

/** Deliveries of one event that may wait for its answer in one process, beside the first (any.8). */
const maxJoined = 32;

/** Answers one event of a delivery. Throws, or rejects with, the reason for a refusal. */
export function answerEvent(runtime: Runtime, event: EventInHand): Soon<Answered> {
  return answerBy(runtime, event, handle);
}

/** Accepts an event that is not begun, since its delivery has no more time: a worker will run it (inbox.2). */
export function acceptUnbegun(runtime: Runtime, event: EventInHand): Soon<Answered> {
  return answerBy(runtime, event, leave);
}

/** What a claimed event comes to. */
type Life = (runtime: Runtime, claim: Claim & { attempt: number }, telling: Telling) => Soon<void>;

function answerBy(runtime: Runtime, event: EventInHand, life: Life): Soon<Answered> {
  // while its body came the receiver may have begun to close (any.19)
  if (runtime.closing) throw new AnswerbackError("closing", "the receiver is closing");
  if (!handlerFor(runtime, event.seen.type))
    return alike("ignored", acknowledgement(runtime.provider, event));
  if (event.spec?.person) return waitOnPerson(runtime, event);
  const running = runtime.running.get(event.seen.key);
  return running ? join(runtime, event, running) : begin(runtime, event, life);
}

/** A duplicate of what runs here waits for the same answer, and never asks the backend (any.8). */
async function join(runtime: Runtime, event: EventInHand, running: RunningEvent): Promise<Answered> {
  if (running.joined >= maxJoined)
    throw new AnswerbackError("running", `${maxJoined} deliveries of the event wait already`);
  running.joined += 1;
  try {
    const telling = Promise.resolve(running.telling.answered);
    const answered = await inTime(telling, leftMs(runtime, event), runtime.clock);
    if (answered === late) throw new AnswerbackError("running", "the handler is not done yet");
    const { outcome, repeat } = answered;
    return alike(outcome === "handled" ? "duplicate" : outcome, repeat);
  } finally {
    running.joined -= 1;
  }
}

/** How long the delivery waits from now on. */
function leftMs(runtime: Runtime, { seen }: EventInHand): number {
  return seen.receivedAt + waitsMs(runtime) - runtime.clock.now();
}

/** The first delivery of an event here begins it; `receive` says how long it waits. */
function begin(runtime: Runtime, event: EventInHand, life: Life): Soon<Answered> {
  const { clock } = runtime;
  const { key, receivedAt } = event.seen;
  const hangsUpAt = receivedAt + waitsMs(runtime);
  const telling = new Telling(() => clock.now() < hangsUpAt);
  const end = runtime.tasks.begin();
  const living = live(runtime, { event, life }, telling);
  if (isComing(living)) runtime.running.set(key, { telling, joined: 0 });
  void after(living, () => {
    runtime.running.delete(key);
    end();
  });
  return telling.answered;
}

/** An event from its claim to its end. Never rejects. */
function live(
  runtime: Runtime,
  { event, life }: { event: EventInHand; life: Life },
  telling: Telling,
): Soon<void> {
  const hold = new Hold(runtime, event.seen.key);
  const claimed = (claim: Claimed): Soon<void> => {
    if (claim.state === "settled") return telling.resolve(repeated(claim.answer));
    if (claim.state === "held") throw new RunningElsewhere(claim.forMs);
    return life(runtime, { event, hold, attempt: claim.attempts }, telling);
  };
  const ended = rescue(
    () => after(hold.claim(), claimed),
    (error) => telling.reject(error),
  );
  return after(ended, () => hold.drop());
}

function handle(
  runtime: Runtime,
  { event, hold, attempt }: Claim & { attempt: number },
  telling: Telling,
): Soon<void> {
  const claim = { event, hold };
  if (runtime.answerWithinMs === 0) return accept(runtime, claim, telling);
  const run = startInTurn(runtime, event, { attempt, hold, atOnce: false });
  if (isComing(run.done)) hold.keep();
  return after(handledInTime(runtime, event, run), (ended) => {
    if (ended === late && run.isBegun()) return accept(runtime, { ...claim, run }, telling);
    if (ended === late) return leaveUnbegun(runtime, { ...claim, run }, telling);
    return end(runtime, { ...claim, ended }, telling);
  });
}

/** Settled, or failed: in the handler, or in a transaction that was refused afterwards. */
function end(runtime: Runtime, { ended, ...claim }: Claim & { ended: Ended }, telling: Telling): Soon<void> {
  if ("error" in ended) return fail(runtime, { ...claim, error: ended.error }, telling);
  return rescue(
    () => settle(runtime, { ...claim, ended }, telling),
    (error) => {
      if (!(error instanceof RolledBack)) throw error;
      tellOf(runtime, claim.event, error);
      return fail(runtime, { ...claim, error }, telling);
    },
  );
}

/** Its turn has not come: a worker goes on waiting. */
function leaveUnbegun(
  runtime: Runtime,
  { run, ...claim }: Claim & { run: Run },
  telling: Telling,
): Promise<void> {
  run.abort(new AnswerbackError("running", "its turn did not come in time"));
  return leave(runtime, claim, telling);
}

function handledInTime(runtime: Runtime, { seen }: EventInHand, run: Run): Soon<Ended | typeof late> {
  if (!isComing(run.done) || !mayAccept(runtime)) return run.done;
  return inTime(run.done, seen.receivedAt + runtime.answerWithinMs - runtime.clock.now(), runtime.clock);
}

/** The handler failed before the answer: for good, then that is the answer; or for now, then the event is free again (any.9). */
async function fail(
  runtime: Runtime,
  { event, hold, error }: Claim & { error: unknown },
  telling: Telling,
): Promise<void> {
  const note = writeNote(error);
  if (codeOf(error) !== "permanent") {
    const releasing = Promise.resolve(hold.persist({ note, forMs: 0 }));
    await inTime(releasing, runtime.backendWithinMs, runtime.clock);
    telling.reject(error);
    return void (await releasing);
  }
  const reply = refusal(runtime, error);
  const work = writeWork({ kind: "event", event: event.stored });
  if (!(await store(runtime, hold, { answer: JSON.stringify(reply), work, note, forMs: null }, telling)))
    return;
  telling.resolve({ ...alike("failed", reply), code: "permanent" });
}
