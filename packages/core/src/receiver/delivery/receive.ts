/** The way of a delivery, from the adapter's plain data to the reply. Read it from top to bottom. */
import type { Delivery, Reply } from "../../delivery.ts";
import { AnswerbackError } from "../../errors.ts";
import { emptyReply } from "../../replies.ts";
import { rowOf } from "../../statuses.ts";
import { waitsMs } from "../event/accept.ts";
import { alike, type Answered } from "../event/answered.ts";
import { authenticate } from "./authenticate.ts";
import { answerBatch } from "./batch.ts";
import { admit, decode, type Admitted } from "./decode.ts";
import type { EventInHand } from "../event/event.ts";
import { answerEvent } from "../event/life-cycle.ts";
import { acknowledgeMalformed } from "./malformed.ts";
import type { Decoded } from "../../provider.ts";
import { after, isComing, type Soon } from "../../soon.ts";
import { OpenedDelivery } from "./open-delivery.ts";
import { outcomeOf, refusal } from "../event/refusal.ts";
import { asOurs, codeOf } from "../thrown.ts";
import type { Route } from "./route.ts";
import type { Runtime } from "../runtime.ts";

/** What observers are told of a delivery beside its answer. */
interface Seen {
  events: number;
  event?: EventInHand["seen"];
}

/** Answers a delivery. `undefined`: not the provider's, the app's next middleware has it (any.18). Never rejects. */
export async function receive(runtime: Runtime, delivery: Delivery): Promise<Reply | undefined> {
  const route = runtime.route(delivery.path);
  if (!route) return undefined;
  // a probe has no body: what one may upload all the same is not read (any.3)
  if (delivery.method !== "POST")
    return route.known && isProbe(runtime, delivery) ? { ...emptyReply(), close: true } : undefined;
  const startedAt = runtime.clock.now();
  const opened = new OpenedDelivery(runtime, delivery, route);
  const seen: Seen = { events: 0 };
  try {
    const answered = await whileItWaits(runtime, opened, answer(runtime, { opened, route }, seen));
    return answered && tell(runtime, { answered, seen, startedAt });
  } catch (error) {
    return tell(runtime, { answered: refused(runtime, opened, error), seen, startedAt });
  } finally {
    opened.done();
  }
}

/** No longer than the provider's patience, whatever hangs, and not beyond the receiver's end (any.11, any.19). */
function whileItWaits(
  runtime: Runtime,
  { receivedAt }: OpenedDelivery,
  answering: Promise<Answered | undefined>,
): Promise<Answered | undefined> {
  const { clock, abandoned } = runtime;
  return new Promise((resolve, reject) => {
    let callOff = () => {};
    let stopListening = () => {};
    const over = () => {
      callOff();
      stopListening();
    };
    const giveUp = (reason: unknown) => {
      over();
      reject(reason);
      // an answer that comes after this goes nowhere
      answering.then(
        (answered) => answered?.reply.sent?.("not"),
        () => {},
      );
    };
    const tooLate = () => giveUp(new AnswerbackError("running", "the provider does not wait any longer"));
    answering.then(over, over);
    answering.then(resolve, reject);
    callOff = clock.after(receivedAt + waitsMs(runtime) - clock.now(), tooLate);
    stopListening = abandoned.heard(giveUp);
  });
}

/** Each step in its turn; any of them may throw the reason for a refusal (any.1). */
async function answer(
  runtime: Runtime,
  { opened, route }: { opened: OpenedDelivery; route: Route },
  seen: Seen,
): Promise<Answered | undefined> {
  if (runtime.closing) throw new AnswerbackError("closing", "the receiver is closing");
  if (runtime.requireHttps && !opened.secure) throw new AnswerbackError("https_required", "plain HTTP");
  const asking = authenticate(runtime.authenticators, opened);
  const identity = isComing(asking) ? await asking : asking;
  if (!route.known) return undefined;
  try {
    const answering = handle(runtime, { opened, route, identity }, { body: await opened.body(), seen });
    return isComing(answering) ? await answering : answering;
  } catch (error) {
    if (!runtime.acknowledgeMalformed || rowOf(codeOf(error)) !== "malformed") throw error;
    return acknowledgeMalformed(runtime, { body: await opened.evidence(), error, identity });
  }
}

function handle(
  runtime: Runtime,
  admitted: Admitted,
  { body, seen }: { body: unknown; seen: Seen },
): Soon<Answered> {
  const decoded = decode(runtime, admitted, body);
  if ("status" in decoded) return alike("handled", decoded);
  if (Array.isArray(decoded)) {
    seen.events = decoded.length;
    return answerBatch(runtime, decoded, admitted);
  }
  return after(admit(runtime, decoded as Decoded, admitted), (event) => {
    Object.assign(seen, { events: 1, event: event.seen });
    return answerEvent(runtime, event);
  });
}

function isProbe({ provider }: Runtime, { method }: Delivery): boolean {
  return provider.probe === true && (method === "GET" || method === "HEAD");
}

/** A client refused before its body was read does not get to upload it (any.3). */
function refused(runtime: Runtime, opened: OpenedDelivery, error: unknown): Answered {
  const ours = asOurs(error);
  if (ours !== error)
    runtime.warnOnce("receiver_failed", "an authenticator or a schema threw what is not a refusal");
  const { code } = ours;
  const reply = refusal(runtime, ours);
  return { ...alike(outcomeOf(code), { ...reply, close: reply.close || !opened.wasRead }), code };
}

/** Tells the observer; and no app in between may change the body (any.20). */
function tell(
  runtime: Runtime,
  { answered, seen, startedAt }: { answered: Answered; seen: Seen; startedAt: number },
): Reply {
  const { outcome, code, reply } = answered;
  const { key, type, name, attempt } = seen.event ?? {};
  const tookMs = runtime.clock.now() - startedAt;
  const { status, headers } = reply;
  const { events } = seen;
  const receiver = runtime.name;
  runtime.observe({
    kind: "delivery",
    receiver,
    outcome,
    code,
    status,
    tookMs,
    events,
    key,
    type,
    name,
    attempt,
  });
  return { ...reply, headers: { ...headers, "cache-control": "no-transform" } };
}
