/** The way of a delivery, from the adapter's plain data to the reply. Read it from top to bottom. */
import type { Delivery, Reply } from "../../contract/delivery.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import type { Decoded } from "../../contract/provider-view.ts";
import { asReply } from "../../contract/replies.ts";
import { rowOf } from "../../contract/statuses.ts";
import { isPromise } from "../../lib/maybe-promise.ts";
import { callAt } from "../../lib/timeout.ts";
import { answerEvent } from "../event/answer-event.ts";
import { aboutEvent, encodable } from "../event/event.ts";
import { within } from "../follow.ts";
import type { DeliveryObservation } from "../observe.ts";
import { sameForAll, type EventResult } from "../outcome.ts";
import { httpsRequired, outcomeOf, refusal } from "../refusal.ts";
import type { Runtime } from "../runtime.ts";
import { asOurs, codeOf, sentenceOf } from "../thrown.ts";
import { authenticate } from "./authenticate.ts";
import { answerBatch } from "./batch.ts";
import { decodable, decode, toEvent } from "./decode.ts";
import { shakeHands } from "./handshake.ts";
import { acknowledgeMalformed } from "./malformed.ts";
import { OpenedDelivery } from "./open-delivery.ts";

/** Answers a delivery. `undefined`: not the provider's, the app's next middleware has it (any.18). Never rejects. */
export function receive(runtime: Runtime, delivery: Delivery): Promise<Reply | undefined> {
  const route = runtime.route(delivery.path);
  if (!route) return Promise.resolve(undefined);
  const opened = new OpenedDelivery(runtime, delivery, route);
  if (delivery.method !== "POST") return shakeHands(runtime, opened);
  opened.followed = runtime.follow?.({ kind: "delivery" });
  return within(opened.followed, () => replyTo(runtime, opened));
}

async function replyTo(runtime: Runtime, opened: OpenedDelivery): Promise<Reply | undefined> {
  try {
    const { longestWaitMs: waitMs } = runtime;
    const result = await whileProviderWaits(runtime, opened, { waitMs, answering: answer(runtime, opened) });
    if (result) return toReply(runtime, opened, result);
    opened.followed?.end(undefined);
    return undefined;
  } catch (error) {
    return toReply(runtime, opened, refused(runtime, opened, error));
  } finally {
    opened.close();
  }
}

/** No longer than the provider's patience, whatever hangs, and not beyond the receiver's end (any.11, any.19). */
function whileProviderWaits<Result extends EventResult | undefined>(
  { clock, shutdown }: Runtime,
  { receivedAt }: OpenedDelivery,
  { waitMs, answering }: { readonly waitMs: number; readonly answering: Promise<Result> },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    let stopListening = () => {};
    const stopWaiting = () => {
      cancelTimeout();
      stopListening();
    };
    const giveUp = (reason: unknown) => {
      stopWaiting();
      reject(reason);
      // an answer that comes after this goes nowhere
      answering.then(
        (result) => result?.reply.sent?.("not"),
        () => {},
      );
    };
    const tooLate = () => giveUp(new AnswerbackError("running", "the provider does not wait any longer"));
    const cancelTimeout = callAt(receivedAt + waitMs, clock, tooLate);
    stopListening = shutdown.onAbort(giveUp);
    answering.then(
      (result) => {
        stopWaiting();
        resolve(result);
      },
      (error: unknown) => {
        stopWaiting();
        reject(error);
      },
    );
  });
}

/** Each step in its turn; any of them may throw the reason for a refusal (any.1). */
async function answer(runtime: Runtime, opened: OpenedDelivery): Promise<EventResult | undefined> {
  if (runtime.isClosing) throw new AnswerbackError("closing", "the receiver is closing");
  if (runtime.requireHttps && !opened.secure) throw httpsRequired();
  opened.stage = "authenticate";
  const authenticating = authenticate(runtime.authenticators, opened);
  opened.identity = isPromise(authenticating) ? await authenticating : authenticating;
  if (!opened.route.isKnown) return undefined;
  try {
    return await handle(runtime, opened, await opened.body());
  } catch (error) {
    if (!runtime.acknowledgeMalformed || rowOf(codeOf(error)) !== "malformed") throw error;
    return acknowledgeMalformed(runtime, {
      body: await opened.evidence(),
      error,
      identity: opened.identity,
    });
  }
}

/** What the body says: a reply that needs no handler, a batch, or one event. */
async function handle(runtime: Runtime, opened: OpenedDelivery, body: unknown): Promise<EventResult> {
  opened.stage = "decode";
  const delivery = decodable(opened, body);
  const decoded = decode(runtime, delivery);
  if ("status" in decoded)
    return sameForAll("handled", asReply(`${runtime.provider.name}'s decode`, decoded));
  if (Array.isArray(decoded)) {
    opened.events = decoded.length;
    return answerBatch(runtime, { items: decoded, delivery }, opened);
  }
  const loading = toEvent(runtime, decoded as Decoded, opened);
  const event = isPromise(loading) ? await loading : loading;
  opened.events = 1;
  opened.event = event;
  opened.stage = "run";
  const answering = answerEvent(runtime, event, opened);
  const { waitMs } = event.terms;
  // until now nobody knew how long the provider waits for just this event
  if (!isPromise(answering) || waitMs >= runtime.longestWaitMs) return answering;
  return whileProviderWaits(runtime, opened, { waitMs, answering });
}

/** A client that is refused before its body was read does not get to upload it (any.3). */
function refused(runtime: Runtime, opened: OpenedDelivery, thrown: unknown): EventResult {
  const { stage, event } = opened;
  const error = asOurs(thrown);
  const reply = refusal(runtime, error, event && encodable(event));
  const close = reply.close || !opened.wasRead;
  const isAway = error.code === "backend_away" || error.code === "backend_full";
  runtime.tell(error, {
    stage: isAway ? "backend" : stage,
    status: reply.status,
    key: event?.view.key,
    name: event?.view.name,
  });
  return { ...sameForAll(outcomeOf(error.code), { ...reply, close }), error };
}

/** Tells the observer; and no app in between may change the body (any.20). */
function toReply(runtime: Runtime, opened: OpenedDelivery, { outcome, error, reply }: EventResult): Reply {
  const { event, events, malformed, startedAt } = opened;
  const observation: DeliveryObservation = {
    kind: "delivery",
    receiver: runtime.name,
    outcome,
    code: error?.code,
    reason: error && sentenceOf(error),
    status: reply.status,
    tookMs: runtime.clock.now() - startedAt,
    events,
    malformed,
    ...(event && aboutEvent(event)),
    deliveryAttempt: event?.view.deliveryAttempt,
  };
  runtime.observe(observation);
  opened.followed?.end(observation);
  const { status, headers, body, close, finishWithinMs, sent } = reply;
  const untouched = { ...headers, "cache-control": "no-transform" };
  return { status, headers: untouched, body, close, finishWithinMs, sent };
}
