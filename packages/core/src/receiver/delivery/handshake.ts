/** A handshake: a provider makes sure of the address before it sends anything, and nobody is authenticated by it. */
import type { Delivery, Reply } from "../../contract/delivery.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { asReply, emptyReply } from "../../contract/replies.ts";
import { splitSegment } from "../../decoding/path.ts";
import { httpsRequired, outcomeOf, refusal } from "../refusal.ts";
import type { Runtime } from "../runtime.ts";
import { asOurs, sentenceOf } from "../thrown.ts";
import { authenticate } from "./authenticate.ts";
import { OpenedDelivery } from "./open-delivery.ts";

const methods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Answers a handshake. `undefined`: it is none, and the app's next middleware has it. What a provider uploads with it is not
 * read (any.3).
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.34 any.34}
 */
export async function shakeHands(runtime: Runtime, opened: OpenedDelivery): Promise<Reply | undefined> {
  const { provider } = runtime;
  const by = `${provider.name}'s handshake`;
  if (!methods.has(opened.method) || !(provider.handshake || isProbe(runtime, opened))) return undefined;
  try {
    if (!opened.route.isKnown || !(await isAtItsAddress(runtime, opened))) return undefined;
    const reply = provider.handshake?.(asHandshake(runtime, opened));
    if (reply && runtime.requireHttps && !opened.secure) throw httpsRequired();
    if (reply) return told(runtime, opened, asReply(by, reply));
    return isProbe(runtime, opened) ? close(emptyReply()) : undefined;
  } catch (error) {
    return refused(runtime, opened, asOurs(error, by));
  }
}

function isProbe({ provider }: Runtime, { method }: Delivery | OpenedDelivery): boolean {
  return provider.probe === true && (method === "GET" || method === "HEAD");
}

/** A secret in the URL is there whatever the method is: whoever has not got it learns nothing (any.14). */
async function isAtItsAddress({ authenticators }: Runtime, opened: OpenedDelivery): Promise<boolean> {
  const inUrl = authenticators.filter(({ refusal: how }) => how?.hidden);
  try {
    await authenticate(inUrl, opened);
    return true;
  } catch {
    return false;
  }
}

function asHandshake({ authenticators }: Runtime, opened: OpenedDelivery) {
  const { method, query, headers, receivedAt } = opened;
  const path = authenticators.some((one) => one.path) ? splitSegment(opened.path).rest : opened.path;
  return { method, path, query, headers, receivedAt };
}

/** A handshake that the provider's code refuses is told, as a delivery would be. */
function told(runtime: Runtime, opened: OpenedDelivery, reply: Reply): Reply {
  if (reply.status < 400) return observed(runtime, opened, reply);
  const error = new AnswerbackError(
    "unauthorized",
    "the handshake is refused; compare its token or secret with the provider's",
  );
  runtime.tell(error, { stage: "handshake", status: reply.status });
  return observed(runtime, opened, reply, error);
}

function refused(runtime: Runtime, opened: OpenedDelivery, error: AnswerbackError): Reply {
  const reply = refusal(runtime, error);
  runtime.tell(error, { stage: "handshake", status: reply.status });
  return observed(runtime, opened, reply, error);
}

function observed(
  runtime: Runtime,
  { startedAt }: OpenedDelivery,
  reply: Reply,
  error?: AnswerbackError,
): Reply {
  runtime.observe({
    kind: "delivery",
    receiver: runtime.name,
    outcome: error ? outcomeOf(error.code) : "handled",
    code: error?.code,
    reason: error && sentenceOf(error),
    status: reply.status,
    tookMs: runtime.clock.now() - startedAt,
    events: 0,
    malformed: 0,
  });
  return close(reply);
}

/** Nobody may change the body on its way, and nobody uploads one (any.3, any.20). */
function close(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, "cache-control": "no-transform" }, close: true };
}
