/** An event of a delivery is answered: ignored, interactive, joined to one that runs here, or begun. */
import { AnswerbackError } from "../../contract/errors.ts";
import { timedOut, withTimeout } from "../../lib/timeout.ts";
import { sameForAll, type EventResult } from "../outcome.ts";
import type { RunningEvent, Runtime } from "../runtime.ts";
import { handlerFor } from "../handlers.ts";
import { acknowledgement } from "./encoding.ts";
import { EventLife } from "./event-life.ts";
import type { LoadedEvent } from "./event.ts";
import { answerInteractively } from "./interactive.ts";

/** Deliveries of one event that may wait for its reply in one process, beside the first (any.8). */
const maxJoined = 32;

/** How an event is answered. */
export interface AnswerOptions {
  /** Is it known how far the reply goes? See `Delivery.tellsSent`. */
  readonly tellsSent: boolean;
  /** `false`: the delivery has no time left, so the event is accepted, and a worker runs it (inbox.2). Default `true`. */
  readonly begin?: boolean;
}

/** Answers one event of a delivery. Throws, or rejects with, the reason for a refusal. */
export function answerEvent(
  runtime: Runtime,
  event: LoadedEvent,
  { tellsSent, begin = true }: AnswerOptions,
): EventResult | Promise<EventResult> {
  const { running } = runtime;
  const { key, type, receivedAt } = event.view;
  // the receiver may have begun to close while the body came in (any.19)
  if (runtime.isClosing) throw new AnswerbackError("closing", "the receiver is closing");
  if (!handlerFor(runtime, type)) return sameForAll("ignored", acknowledgement(runtime, event));
  if (event.spec?.interactive) return answerInteractively(runtime, event, tellsSent);
  const first = running.get(key);
  if (first) return join(runtime, event, first);

  const life = new EventLife(runtime, event, { waitedUntil: receivedAt + event.terms.waitMs, tellsSent });
  void life.live(begin);
  if (!life.isOver) running.set(key, { reply: life.reply, joined: 0 });
  return life.reply;
}

/** A duplicate of an event that runs here waits for the same reply, and never asks the backend (any.8). */
async function join(runtime: Runtime, event: LoadedEvent, first: RunningEvent): Promise<EventResult> {
  if (first.joined >= maxJoined)
    throw new AnswerbackError("running", `${maxJoined} deliveries of the event wait already`);
  first.joined += 1;
  try {
    const leftMs = event.view.receivedAt + event.terms.waitMs - runtime.clock.now();
    const result = await withTimeout(first.reply, leftMs, runtime.clock);
    if (result === timedOut) throw new AnswerbackError("running", "the handler is not done yet");
    return sameForAll(result.outcome === "handled" ? "duplicate" : result.outcome, result.repeat);
  } finally {
    first.joined -= 1;
  }
}
