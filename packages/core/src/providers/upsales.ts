/** Upsales' app callbacks: requests by path, answers inline or at a `callbackUrl` that works once. */
import { isCustomReply, reply, type CustomReply } from "../answers.ts";
import { textId } from "../decoding/id.ts";
import { isRecord } from "../decoding/json.ts";
import {
  defineProvider,
  type EncodableEvent,
  type Encoded,
  type EventSpec,
  type Post,
  type Provider,
} from "../provider.ts";
import type { Register } from "../registration.ts";
import { customReply, emptyReply, jsonReply, toJson } from "../replies.ts";
import type { CallbackAnswer } from "./upsales/answer.ts";
import { callbackSchema, warningsFor, type Callback } from "./upsales/callback.ts";
import { checkedBytes, checkedHosts, eventsWith } from "./upsales/options.ts";
import type { CustomPaths, DeadEvent, EventsWith, UpsalesOptions } from "./upsales/options.ts";
import { bodySchema, type UpsalesRequest } from "./upsales/request.ts";

/**
 * Upsales, for `createReceiver`. The handler returns what Upsales' documentation shows; whether its callback goes out in
 * the response or to `callbackUrl` is the receiver's to decide.
 *
 * @throws TypeError for a path whose event type is taken, or hosts that are no hosts.
 * @example
 * createReceiver(upsales({ paths: { "/validateOrder": { type: "order.validate", person: true } } }), {
 *   authenticate: bodySecret("authenticationKey", process.env.UPSALES_KEY),
 *   handle: { "order.insert": ({ params }) => ({ callback: { notify: `Order ${params.id}` } }) },
 * });
 * @see upsales.1 to upsales.19
 */
export function upsales<const Paths extends CustomPaths = {}>(
  options: UpsalesOptions<Paths> = {},
): Provider<EventsWith<Paths>, UpsalesRequest, Register<{}, UpsalesRegistration>> {
  const events = eventsWith(options.paths);
  const hosts = checkedHosts(options.callbackHosts);
  return defineProvider<any, UpsalesRequest, Register<{}, UpsalesRegistration>>({
    name: "upsales",
    accepts: ["json"],
    events,
    patience: "30s",
    answerWithin: "25s",
    retention: "24h",
    retries: false,
    secrets: ["authenticationKey", "callbackUrl"],
    registration: ({ url, handles }) => ({ url, paths: pathsOf(events, handles) }),
    callback: { within: "24h", maxBytes: checkedBytes(options.maxCallbackBytes), hosts },
    statuses: { permanent: 400, hidden: 401 },
    decode({ type = "", params, body }) {
      const { data, callbackUrl: url, authenticationKey: _stripped, ...extra } = bodySchema.parse(body);
      for (const param of Object.values(params)) textId.parse(param);
      const callbackUrl = (type !== "status" && url) || undefined;
      const key = callbackUrl && !events[type]?.person ? [callbackUrl] : undefined;
      return { type, data, key, callbackUrl, extra };
    },
    encode,
    whenDead({ callbackUrl, ...event }, error) {
      const callback = callbackUrl && options.whenDead?.(event as unknown as DeadEvent, error);
      return callback ? post(callbackUrl, callbackSchema.parse(callback)) : undefined;
    },
  });
}

function encode(answer: unknown, event: EncodableEvent): Encoded {
  if (answer === undefined) return { reply: acknowledgement(event.type) };
  if (isCustomReply<Callback>(answer)) return encodeReply(answer, event);
  return isRecord(answer) ? encodeAnswer(answer, event) : encodeReply(reply(answer), event);
}

/** Empty for a notification, so that Upsales shows its placeholder. @see upsales.13, upsales.16 */
function acknowledgement(type: string): Encoded["reply"] {
  if (type === "notification") return emptyReply();
  return jsonReply(type === "fieldValues" ? [] : {});
}

function encodeAnswer(answer: CallbackAnswer, { callbackUrl, user }: EncodableEvent): Encoded {
  const { callback, ...others } = answer;
  const lost = Object.keys(others);
  if (!callback) return { reply: jsonReply(others), lost };
  if (!callbackUrl) return { reply: jsonReply(others), lost, warnings: [dropped] };
  const warnings = warningsFor(callback, user);
  return {
    reply: jsonReply(answer),
    repeat: jsonReply(others),
    post: post(callbackUrl, callback),
    lost,
    warnings,
  };
}

/** The handler's own reply has no place for a callback: it is always posted, beside it. @see upsales.15 */
function encodeReply(answer: CustomReply<Callback>, { callbackUrl, user }: EncodableEvent): Encoded {
  const encoded = { reply: customReply(answer), lost: ["reply"] };
  if (!answer.callback) return encoded;
  if (!callbackUrl) return { ...encoded, warnings: [dropped] };
  return {
    ...encoded,
    post: post(callbackUrl, answer.callback),
    warnings: warningsFor(answer.callback, user),
  };
}

/** The callback alone. @see upsales.7 */
function post(url: string, callback: Callback): Post {
  return { url, body: toJson(callback), headers: { "content-type": "application/json" } };
}

/** @see upsales.4 */
const dropped = {
  code: "callback_dropped",
  message: "the callback was dropped: the request came without a callbackUrl",
};

/** What to give Upsales for the app. @see register.3 */
export interface UpsalesRegistration {
  /** The app's base URL: Upsales puts the paths behind it. */
  readonly url: string;
  /** The paths that have a handler. */
  readonly paths: readonly string[];
}

function pathsOf(events: Readonly<Record<string, EventSpec>>, handles: (type: string) => boolean): string[] {
  return Object.entries(events).flatMap(([type, { path = [] }]) => (handles(type) ? [path].flat() : []));
}
