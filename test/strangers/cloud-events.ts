/** CloudEvents 1.0 over its HTTP webhooks: three content modes, a handshake by OPTIONS, a token in the head or the query. */
import { createHash, timingSafeEqual } from "node:crypto";
import {
  AnswerbackError,
  defineProvider,
  emptyReply,
  jsonReply,
  oneOrMore,
  setting,
  textId,
  type Authenticator,
  type Decoded,
  type DecodedDelivery,
  type EventSpecs,
  type Secret,
} from "@answerback/core/provider";
import { z } from "zod";

/** The attributes of an event, extensions among them. */
export type Attributes = z.infer<typeof attributes>;
const attributes = z.looseObject({
  specversion: z.literal("1.0"),
  id: textId,
  source: textId,
  type: textId,
});

/** What a provider of CloudEvents is made of. */
export interface CloudEventsOptions<Events> {
  /** The access token, or several while they rotate. */
  readonly token: Secret;
  /** The events by their `type`. */
  readonly events: Events;
  /** Who may send: the values of `WebHook-Request-Origin`. Default: everybody. */
  readonly origins?: readonly string[];
  /** How much: requests per minute. Default: any number. */
  readonly rate?: number;
}

export const cloudEvents = <const Events extends EventSpecs<Events>>({
  token,
  events,
  origins,
  rate,
}: CloudEventsOptions<Events>) =>
  defineProvider({
    name: "cloud-events",
    // binary mode comes in any type; what is no JSON is handed on in Base64, as the JSON format has it
    accepts: ["json", { type: "text/plain", as: "text" }, { type: "*/*", as: "bytes" }],
    authenticator: accessToken(oneOrMore(setting)("cloudEvents: token", token)),
    events,
    httpsOnly: true,
    patience: "30s",
    statuses: { handled: 204, accepted: 202 },
    handshake({ method, headers }) {
      const [origin] = headers["webhook-request-origin"] ?? [];
      if (method !== "OPTIONS" || !origin) return undefined;
      if (origins && !origins.includes(origin)) return undefined;
      const allowed = { "webhook-allowed-origin": origin, "webhook-allowed-rate": String(rate ?? "*") };
      return { status: 200, headers: { ...allowed, allow: "POST" }, body: "" };
    },
    decode(delivery) {
      const type = delivery.headers["content-type"]?.[0]?.trim().toLowerCase() ?? "";
      if (!type.startsWith("application/cloudevents")) return decoded(binary(delivery));
      if (delivery.format !== "json") throw notUnderstood(type);
      if (!type.startsWith("application/cloudevents-batch")) return decoded(delivery.body);
      return z.array(z.unknown()).parse(delivery.body).map(decoded);
    },
    encode(answer, { accepted }) {
      if (answer === undefined) return { reply: emptyReply(accepted ? 202 : 204) };
      return { reply: jsonReply(answer, accepted ? 202 : 200) };
    },
  });

/** An event in the form of structured mode; its attributes are in `event.attributes`. */
function decoded(structured: unknown): Decoded<{ readonly attributes: Attributes }> {
  const { data, data_base64, ...rest } = attributes.parse(structured);
  const { type, source, id } = rest;
  return { type, data: data_base64 ?? data ?? null, key: [source, id], extra: { attributes: rest } };
}

/** An event of binary mode, whose attributes are in the head, in the form of structured mode. */
function binary({ headers, format, body }: DecodedDelivery): Record<string, unknown> {
  const [datacontenttype] = headers["content-type"] ?? [];
  if (!headers["ce-specversion"]) throw notUnderstood(datacontenttype);
  const found = Object.entries(headers).filter(([name]) => name.startsWith("ce-"));
  const named = found.map(([name, values = []]) => [name.slice(3), textOf(name, values)] as const);
  const data =
    format === "bytes" ? { data_base64: Buffer.from(body as Uint8Array).toString("base64") } : { data: body };
  return { ...Object.fromEntries(named), datacontenttype, ...data };
}

/** What a header says: quotes are taken off, then the percent-encoding. */
function textOf(name: string, [value = "", ...more]: readonly string[]): string {
  const quoted = /^"(.*)"$/.exec(value)?.[1];
  try {
    if (more.length === 0) return decodeURIComponent(quoted?.replace(/\\(.)/g, "$1") ?? value);
  } catch {} // no UTF-8
  throw new AnswerbackError("malformed", `${name} cannot be read`);
}

function notUnderstood(type: string = "nothing"): AnswerbackError {
  return new AnswerbackError("unsupported_media_type", `${type} is no CloudEvent that is read here`);
}

/** The token of RFC 6750, section 2.1 or 2.3: in the head or in the query, and never in both. */
function accessToken(tokens: readonly string[]): Authenticator {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const expected = tokens.map(digest);
  return {
    needs: "head",
    refusal: { headers: { "www-authenticate": "Bearer" } },
    verify({ headers, query }) {
      const inHead = (headers.authorization ?? []).map((value) => /^Bearer +(\S+)$/i.exec(value)?.[1] ?? "");
      const given = [...inHead, ...new URLSearchParams(query).getAll("access_token")];
      return given.length === 1 && expected.some((one) => timingSafeEqual(one, digest(given[0]!)));
    },
  };
}
