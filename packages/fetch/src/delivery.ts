/** Translating a Request into the plain data of a delivery. */

import type { Delivery } from "@answerback/core/adapter";
import { readBody } from "./read-body.ts";
import { rawOf, type FetchRequest } from "./request.ts";

/**
 * A request as the receiver takes it. Nothing is read until the receiver asks for the body.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.1 any.1}
 */
export function createDelivery(
  given: FetchRequest,
  head: Pick<Delivery, "path" | "query" | "secure" | "tellsSent">,
): Delivery {
  const { method, headers } = rawOf(given);
  return {
    ...head,
    method,
    headers: everyHeader(headers),
    body: (limit, withinMs) => readBody(given, limit, withinMs),
  };
}

/** Headers in which one value has a comma and a space: dates, and what people write of their programs. */
const whole = new Set([
  "cookie",
  "date",
  "expires",
  "if-modified-since",
  "if-range",
  "if-unmodified-since",
  "last-modified",
  "user-agent",
]);

/** `Headers` joins what came twice by a comma and a space, so a value with one counts as two (any.52). */
function everyHeader(headers: Headers): Record<string, string[]> {
  const every: Record<string, string[]> = Object.create(null);
  for (const [name, value] of headers) every[name] = whole.has(name) ? [value] : value.split(", ");
  return every;
}
