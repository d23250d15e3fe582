/** The few ways in which the builders write a delivery. */
import { Buffer } from "node:buffer";
import { anything, objectWith, optional, type Kind, type Kinds } from "@answerback/core/provider";
import { seed } from "../lib/numbers.ts";
import type { AnyDelivery, RawDelivery } from "../protocols/protocol.ts";

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
export function withHeaders<Delivery extends AnyDelivery>(
  delivery: Delivery,
  headers: Readonly<Record<string, string>>,
): Delivery {
  return { ...delivery, headers: { ...delivery.headers, ...headers } };
}
