/** The way of one event through a delivery: joined or claimed, handled, then settled, accepted or released. */
import { AnswerbackError } from "../errors.ts";
import { alike, type Answered, type Telling } from "./answered.ts";
import { finish } from "./background.ts";
import { inTime, late } from "./deadline.ts";
import { acknowledgement } from "./encoding.ts";
import type { EventInHand } from "./event.ts";
import { createHold, leaseLost } from "./hold.ts";
import { waitOnPerson } from "./person.ts";
import { refusal, RunningElsewhere } from "./refusal.ts";
import { codeOf, handlerFor, startRun, type Ended, type Run } from "./run.ts";
import { leaseMs, type RunningEvent, type Runtime } from "./runtime.ts";
import { settle, store, type Claim } from "./settle.ts";
import { writeNote, writeWork } from "./work.ts";

/** Deliveries of one event that may wait for its answer in one process, beside the first (any.8). */
const maxJoined = 32;

/** Answers one event of a delivery. Rejects with the reason for a refusal. */
export async function answerEvent(runtime: Runtime, event: EventInHand): Promise<Answered> {
  if (!handlerFor(runtime, event.seen.type))
    return alike("ignored", acknowledgement(runtime.provider, event));
  if (event.spec?.person) return waitOnPerson(runtime, event);
  const running = runtime.running.get(event.seen.key);
  return running ? join(runtime, event, running) : begin(runtime, event);
}

/** Accepts an event that is not begun, since its delivery has no more time: a worker will run it (inbox.2). */
export async function acceptUnbegun(runtime: Runtime, event: EventInHand): Promise<Answered> {
  if (runtime.running.has(event.seen.key) || !handlerFor(runtime, event.seen.type))
    return answerEvent(runtime, event);
  const hold = createHold(runtime, event.seen.key);
  const claimed = await hold.claim();
  if (claimed.state === "settled") return alike("duplicate", JSON.parse(claimed.answer));
  if (claimed.state === "held") throw new RunningElsewhere(claimed.forMs);
  const reply = acknowledgement(runtime.provider, event);
  const work = writeWork({ kind: "event", event: event.stored });
  if (!(await hold.save({ answer: JSON.stringify(reply), work, attempts: 0, forMs: 0 }))) throw leaseLost();
  return alike("accepted", reply);
}

/**
 * May an event be acknowledged before it is handled? Not by a memory that would forget it, while the provider would
 * send it again; unless somebody wrote `answerWithin` out (any.11).
 */
export function mayAccept({ durable, provider, answerWithinSet }: Runtime): boolean {
  return durable || provider.retries === false || answerWithinSet;
}

/** A duplicate of what runs here waits for the same answer, and never asks the backend (any.8). */
async function join(runtime: Runtime, event: EventInHand, running: RunningEvent): Promise<Answered> {
  if (running.joined >= maxJoined)
    throw new AnswerbackError("running", `${maxJoined} deliveries of the event wait already`);
  running.joined += 1;
  try {
    const { outcome, repeat } = await whileItWaits(runtime, event, running.answered);
    return alike(outcome === "handled" ? "duplicate" : outcome, repeat);
  } finally {
    running.joined -= 1;
  }
}

/** The first delivery of an event here begins it, and waits like every other. */
async function begin(runtime: Runtime, event: EventInHand): Promise<Answered> {
  const { promise: answered, resolve, reject } = Promise.withResolvers<Answered>();
  const running: RunningEvent = { answered, listening: true, joined: 0 };
  const telling: Telling = { resolve, reject, listening: () => running.listening };
  runtime.running.set(event.seen.key, running);
  const life = live(runtime, event, telling).catch(reject);
  void runtime.tasks.track(life.finally(() => runtime.running.delete(event.seen.key)));
  try {
    return await whileItWaits(runtime, event, answered);
  } finally {
    running.listening = false;
  }
}

/** No longer than the provider's patience: then it is told to come again, and will find the event running or settled. */
async function whileItWaits(
  runtime: Runtime,
  { seen }: EventInHand,
  answered: Promise<Answered>,
): Promise<Answered> {
  const answer = await inTime(
    answered,
    seen.receivedAt + runtime.patienceMs - runtime.clock.now(),
    runtime.clock,
  );
  if (answer === late) throw new AnswerbackError("running", "the handler is not done yet");
  return answer;
}

/** An event from its claim to its end. */
async function live(runtime: Runtime, event: EventInHand, telling: Telling): Promise<void> {
  const hold = createHold(runtime, event.seen.key);
  const claim = { event, hold };
  const claimed = await hold.claim();
  if (claimed.state === "settled") return telling.resolve(alike("duplicate", JSON.parse(claimed.answer)));
  if (claimed.state === "held") throw new RunningElsewhere(claimed.forMs);
  if (runtime.answerWithinMs === 0) return accept(runtime, claim, telling);
  hold.keep();
  const run = startRun(runtime, event, { attempt: claimed.attempts, hold });
  const ended = await handledInTime(runtime, event, run);
  if (ended === late) return accept(runtime, { ...claim, run }, telling);
  if ("error" in ended) return fail(runtime, { ...claim, error: ended.error }, telling);
  return settle(runtime, { ...claim, ended }, telling);
}

function handledInTime(runtime: Runtime, { seen }: EventInHand, run: Run): Promise<Ended | typeof late> {
  if (!mayAccept(runtime)) return run.done;
  return inTime(run.done, seen.receivedAt + runtime.answerWithinMs - runtime.clock.now(), runtime.clock);
}

/** Not done in time: the event is stored as it was decoded, acknowledged, and goes on (any.11). The lease is the watchdog. */
async function accept(
  runtime: Runtime,
  { event, hold, run }: Claim & { run?: Run },
  telling: Telling,
): Promise<void> {
  const reply = acknowledgement(runtime.provider, event);
  const answer = JSON.stringify(reply);
  const work = writeWork({ kind: "event", event: event.stored });
  if (!runtime.durable)
    runtime.warnOnce(
      "accepted_in_memory",
      `${runtime.name}: events are acknowledged that a restart would lose; use a durable backend`,
    );
  try {
    if (!(await hold.save({ answer, work, attempts: 1, forMs: leaseMs }))) return telling.reject(leaseLost());
    telling.resolve(alike("accepted", reply));
  } catch (error) {
    telling.reject(error);
    if (!run) return;
    // nobody knows whether it was stored: the handler goes on, and its end is written as if it had not been
    hold.keep();
    return finish(runtime, { event, hold, attempts: 1, run, answer });
  }
  hold.keep();
  return finish(runtime, {
    event,
    hold,
    attempts: 1,
    run: run ?? startRun(runtime, event, { attempt: 1, hold }),
  });
}

/** The handler failed before the answer: for good, then that is the answer; or for now, then the event is free again (any.9). */
async function fail(
  runtime: Runtime,
  { event, hold, error }: Claim & { error: unknown },
  telling: Telling,
): Promise<void> {
  const note = writeNote(error);
  if (codeOf(error) === "lease_lost") return telling.reject(error);
  if (codeOf(error) !== "permanent") {
    const releasing = hold.persist({ note, forMs: 0 });
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
