/** Upsales: app requests, told apart by their path, and answered inline or at a `callbackUrl` that is good for one use. */
import { isCustomReply, reply, type CustomReply } from "../contract/answers.ts";
import { defineProvider } from "../contract/define-provider.ts";
import type { EventsWithData, OwnData } from "../contract/event-schemas.ts";
import type { Encoded, Post } from "../contract/callback-terms.ts";
import type { EventSpec } from "../contract/event-spec.ts";
import type { Provider } from "../contract/provider.ts";
import type { EncodableEvent } from "../contract/provider-view.ts";
import { readOptions, takesAtMost } from "../contract/read-options.ts";
import { mountOptions, type Register, type RegistrationOptions } from "../contract/registration.ts";
import { idIn, textId, type Id } from "../decoding/id.ts";
import { isRecord } from "../decoding/json.ts";
import { driftIn, parse, read } from "../decoding/schema.ts";
import { customReply, emptyReply, jsonReply, toJson } from "../contract/replies.ts";
import type { CallbackAnswer } from "./upsales/answer.ts";
import { callbackSchema, misplacedIn, warningsFor, type Callback } from "./upsales/callback.ts";
import { readUpsalesOptions } from "./upsales/options.ts";
import type { CustomPaths, DeadEvent, EventsWith, UpsalesOptions } from "./upsales/options.ts";
import { bodySchema, sureOfBody, type UpsalesRequest } from "./upsales/request.ts";

/**
 * The provider Upsales, for `createReceiver`. The handler returns what Upsales' documentation shows; the receiver decides
 * whether its callback goes out in the response or to `callbackUrl`.
 *
 * @throws OptionError `unknown` for an option that there is not; for `paths` `empty` for a path without an event type,
 *   `taken` for the type of another event; for `callbackHosts` `empty` for no host, `invalid` for what is no name of a
 *   host; for `maxCallbackBytes` `invalid` for what is no whole number, `out_of_range` for a number below 1; for `schema`
 *   `invalid`; for `data` `unknown`, `missing` or `invalid`.
 * @example
 * createReceiver(upsales({ paths: { "/validateOrder": { type: "order.validate", interactive: true } } }), {
 *   authenticate: bodySecret("authenticationKey", process.env.UPSALES_KEY),
 *   handle: { "order.insert": ({ params }) => ({ callback: { notify: `Order ${params.id}` } }) },
 * });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.1 upsales.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.19 upsales.19}
 */
export function upsales<const Paths extends CustomPaths = {}, Data extends OwnData<EventsWith<Paths>> = {}>(
  options: UpsalesOptions<Paths, Data> = {},
): Provider<
  EventsWithData<EventsWith<Paths>, Data>,
  UpsalesRequest,
  Register<RegistrationOptions, UpsalesRegistration>
> {
  takesAtMost(1, "upsales", arguments);
  const terms = readUpsalesOptions(options);
  const { events, callbackHosts: hosts, maxCallbackBytes: maxBytes, whenDead } = terms;
  const sure = terms.schema === "strict" ? bodySchema : sureOfBody;
  return defineProvider<any, UpsalesRequest, Register<RegistrationOptions, UpsalesRegistration>>({
    name: "upsales",
    accepts: ["json"],
    events,
    patience: "30s",
    answerWithin: "25s",
    retention: "24h",
    retries: false,
    secrets: ["authenticationKey", "callbackUrl"],
    registration(registrant, options) {
      readOptions("registration", options, mountOptions);
      const { url, handles } = registrant;
      return { url, paths: pathsOf(events, handles) };
    },
    callback: { retryFor: "24h", maxBytes, nearBytes: 100_000, hosts },
    statuses: { permanent: 400, hidden: 401 },
    decode({ type = "", params, body }) {
      const { value, differences } = read(bodySchema, sure, body);
      const { data, callbackUrl: url, authenticationKey: _stripped, ...extra } = value;
      for (const [name, param] of Object.entries(params)) parse(textId, param, `params.${name}`);
      const callbackUrl = (type !== "status" && url) || undefined;
      const key = callbackUrl && !events[type]?.interactive ? [callbackUrl] : undefined;
      const warnings = differences.length > 0 ? driftIn(type, differences) : undefined;
      const id = params["id"] ?? aboutIn(data) ?? extra.customer.id;
      return { type, data, key, id, callbackUrl, extra, warnings };
    },
    encode,
    whenDead({ callbackUrl, ...event }, error) {
      const callback = callbackUrl && whenDead?.(event as unknown as DeadEvent, error);
      return callback ? post(callbackUrl, callbackSchema.parse(callback)) : undefined;
    },
  });
}

/** The object that a request is about, or the entry of the log; else it is about the customer. */
function aboutIn(data: unknown): Id | undefined {
  return idIn(data, "object", "id") ?? idIn(data, "id");
}

function encode(answer: unknown, event: EncodableEvent): Encoded {
  if (answer === undefined) return { reply: acknowledgement(event.type) };
  if (isCustomReply<Callback>(answer)) return encodeReply(answer, event);
  return isRecord(answer) ? encodeAnswer(answer, event) : encodeReply(reply(answer), event);
}

/**
 * The reply without an answer: empty for a notification, so that Upsales shows its placeholder.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.13 upsales.13}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.16 upsales.16}
 */
function acknowledgement(type: string): Encoded["reply"] {
  if (type === "notification") return emptyReply();
  return jsonReply(type === "fieldValues" ? [] : {});
}

function encodeAnswer(answer: CallbackAnswer, { callbackUrl, user }: EncodableEvent): Encoded {
  const { callback, ...others } = answer;
  const droppedWhenLate = Object.keys(others);
  if (!callback) return { reply: jsonReply(others), droppedWhenLate, warnings: misplacedIn(others) };
  if (!callbackUrl) return { reply: jsonReply(others), droppedWhenLate, warnings: [dropped] };
  const warnings = warningsFor(callback, user);
  return {
    reply: jsonReply(answer),
    repeat: jsonReply(others),
    post: post(callbackUrl, callback),
    droppedWhenLate,
    warnings,
  };
}

/**
 * The handler's own reply has no place for a callback, which is posted beside it.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.15 upsales.15}
 */
function encodeReply(answer: CustomReply<Callback>, { callbackUrl, user }: EncodableEvent): Encoded {
  const encoded = { reply: customReply(answer), droppedWhenLate: ["reply"] };
  if (!answer.callback) return encoded;
  if (!callbackUrl) return { ...encoded, warnings: [dropped] };
  return {
    ...encoded,
    post: post(callbackUrl, answer.callback),
    warnings: warningsFor(answer.callback, user),
  };
}

/**
 * The post of a callback: it carries the callback and nothing else.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.7 upsales.7}
 */
function post(url: string, callback: Callback): Post {
  return { url, body: toJson(callback), headers: { "content-type": "application/json" } };
}

/**
 * The warning of a callback that has no address.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.4 upsales.4}
 */
const dropped = {
  code: "callback_dropped",
  message: "the callback was dropped: the request came without a callbackUrl",
};

/**
 * What to register with Upsales for the app.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.3 register.3}
 */
export interface UpsalesRegistration {
  /** The app's base URL: Upsales puts the paths behind it. */
  readonly url: string;
  /** The paths that the receiver has a handler for. */
  readonly paths: readonly string[];
}

function pathsOf(events: Readonly<Record<string, EventSpec>>, handles: (type: string) => boolean): string[] {
  return Object.entries(events).flatMap(([type, { path = [] }]) => (handles(type) ? [path].flat() : []));
}
