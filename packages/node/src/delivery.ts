/** Translating a Node request into the plain data of a delivery. */

import type { IncomingMessage } from "node:http";
import type { Delivery } from "@answerback/core";
import { isHttp2 } from "./http2.ts";
import { readBody } from "./read-body.ts";

/** What the framework knows of a request better than Node does. */
export interface Head {
  /** The path under the mount, percent-encoding untouched. */
  readonly path: string;
  /** The query without its question mark. */
  readonly query: string;
  /** Did it arrive over TLS, in the framework's eyes? (any.15) */
  readonly secure: boolean;
  /** Where the framework's parsers leave `rawBody` and `body`. Default: the request. */
  readonly left?: object;
}

/**
 * A request as the receiver takes it. Nothing is read until the receiver asks for the body.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.1 any.1}
 */
export function createDelivery(req: IncomingMessage, head: Head): Delivery {
  const { path, query, secure, left = req } = head;
  return {
    method: req.method ?? "",
    path,
    query,
    secure,
    tellsSent: !isHttp2(req),
    headers: isHttp2(req) ? fromRaw(req.rawHeaders) : everyHeader(req),
    body: (limit, withinMs) => readBody(req, { limit, withinMs }, left),
  };
}

/** Nothing is inherited from it; and what a constructor makes takes a third of the room of `Object.create(null)`. */
const NoPrototype = function () {} as unknown as new () => Record<string, string[]>;
NoPrototype.prototype = Object.create(null);

/**
 * Every header as it was sent. `req.headers` has each name in lower case already, but joins or hides what is repeated,
 * loses a `__proto__`, and may have been changed by the app: where it does not have all that was sent, in the order
 * sent, the raw headers are read.
 */
function everyHeader({ headers, rawHeaders }: IncomingMessage): Record<string, string[]> {
  const every = new NoPrototype();
  let i = 0;
  for (const name in headers) {
    const value = rawHeaders[i + 1];
    if (value === undefined || headers[name] !== value) return fromRaw(rawHeaders);
    every[name] = [value];
    i += 2;
  }
  return i === rawHeaders.length ? every : fromRaw(rawHeaders);
}

function fromRaw(raw: readonly string[]): Record<string, string[]> {
  const every = new NoPrototype();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = headerName(raw[i]!);
    if (name === undefined) continue;
    const value = raw[i + 1]!;
    if (every[name]) every[name].push(value);
    else every[name] = [value];
  }
  return every;
}

/** In lower case. HTTP/2 sends the host as `:authority`; method, path and scheme, which it sends alike, are no headers. */
function headerName(sent: string): string | undefined {
  if (!sent.startsWith(":")) return sent.toLowerCase();
  return sent === ":authority" ? "host" : undefined;
}
