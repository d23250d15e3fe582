/** A delivery as it travels, and the few ways in which the builders write one. */
import { Buffer } from "node:buffer";
import { anything, objectWith, optional, type Kind, type Kinds } from "@answerback/core/provider";
import { seed } from "../lib/numbers.ts";

/** The four providers. */
export type ProviderName = "upsales" | "uphance" | "appInbox" | "postback";

/**
 * One HTTP attempt as plain data, exact to the byte.
 *
 * @example
 * const delivery = deliveries.postback.contactCreate({ seed: 7 });
 * await request(app).post(delivery.path).set(delivery.headers).send(delivery.body).expect(200);
 */
export interface RawDelivery {
  /** Who sends it. */
  readonly provider: ProviderName;
  /** What happened, for the journal: `"contact.create"`. */
  readonly event: string;
  /** The id of the entity that it happened to, as text; of a list, the id of its first; `""`: there is none. */
  readonly id: string;
  /** All four providers send nothing else. */
  readonly method: "POST";
  /** Mount and path: `"/upsales/orderinsert/1"`. */
  readonly path: string;
  /** Names as the provider writes them; `Host` and `Content-Length` are the sender's to add. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; it is sent as UTF-8. */
  readonly body: string;
}

/** What every builder takes. */
export interface BuildOptions {
  /** The same seed gives the same delivery. Default 1. */
  readonly seed?: number;
  /** Where the receiver is mounted: `"/hooks/postback"`. Default: at the root. */
  readonly mount?: string;
  /** Headers beside the provider's, or in place of those with the same name. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** For `readOptions`: fields of an object, in place of the random ones. */
export const fields: Kind<object> = objectWith<object>("an object of fields");

/** For `readOptions`: what every builder takes. */
export const buildOptions: Kinds<BuildOptions> = {
  seed: optional(seed),
  mount: anything,
  headers: optional(fields),
};

/** For `readOptions`: Basic credentials. */
export const credentials: Kind<Credentials> = objectWith<Credentials>("{ username, password }");

/** Basic credentials, sent in an `Authorization` header. */
export interface Credentials {
  /** Without a colon. */
  readonly username: string;
  /** Any text; it is sent as UTF-8. */
  readonly password: string;
}

/** Any fields of an object, in place of the random ones; `undefined` leaves the field out. */
export type Fields = Readonly<Record<string, unknown>>;

/** A delivery whose body is the JSON text of `options.value`. */
export function jsonDelivery(
  head: Omit<RawDelivery, "method" | "headers" | "body">,
  options: JsonOptions,
): RawDelivery {
  const headers = { "Content-Type": "application/json", ...basic(options.auth), ...options.headers };
  return { ...head, method: "POST", headers, body: JSON.stringify(options.value) };
}

/** What a JSON delivery is made of. */
export interface JsonOptions extends BuildOptions {
  /** What the body says. */
  readonly value: unknown;
  /** Default: none are sent. */
  readonly auth?: Credentials;
}

/** The path of a delivery: `""` under a mount, `"/"` without one. */
export function pathUnder(mount: string | undefined, path = ""): string {
  return `${mount ?? ""}${path}` || "/";
}

/** The `Authorization` header of basic credentials, or none. */
export function basic(auth: Credentials | undefined): Record<string, string> {
  if (!auth) return {};
  return {
    Authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`, "utf8").toString("base64")}`,
  };
}

/** The delivery with these headers in place of, or beside, its own. */
export function withHeaders(delivery: RawDelivery, headers: Readonly<Record<string, string>>): RawDelivery {
  return { ...delivery, headers: { ...delivery.headers, ...headers } };
}
