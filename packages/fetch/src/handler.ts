/** Answerback as a function from Request to Response: translation, and no decision. */

import { aReceiver, ask, pathUnder, splitTarget, type DeliveryReceiver } from "@answerback/core/adapter";
import { readOptions } from "@answerback/core/provider";
import { createDelivery } from "./delivery.ts";
import { askHost, createGoOn, type FetchHost } from "./host.ts";
import { known, type FetchHandlerOptions } from "./options.ts";
import { rawOf, type FetchRequest } from "./request.ts";
import { toResponse } from "./to-response.ts";

/** Answers a request; `undefined` when it is not the provider's. Never rejects. */
export type FetchHandler = (request: FetchRequest, host?: FetchHost) => Promise<Response | undefined>;

/**
 * A handler for whatever speaks `Request` and `Response`: Hono, Next.js, SvelteKit, h3, Bun, Deno, Cloudflare Workers.
 *
 * @throws OptionError `missing` or `invalid` for what is no receiver; `unknown` for an option that there is not; `invalid`
 *   for options of another kind, and for a `path` without its leading slash.
 * @example
 * const handle = createFetchHandler(receiver, { path: "/hooks/postback" });
 * app.use(async (c, next) => (await handle(c.req)) ?? next()); // Hono
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.18 any.18}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.52 any.52}
 */
export function createFetchHandler(
  receiver: DeliveryReceiver,
  options: FetchHandlerOptions = {},
): FetchHandler {
  aReceiver("createFetchHandler: receiver", receiver);
  const { path: prefix, secure, waitUntil } = readOptions("createFetchHandler", options, known);
  const goOn = createGoOn(receiver, waitUntil);
  return async (request, host = {}) => {
    const raw = rawOf(request);
    const { path, query } = splitTarget(raw.url);
    const rest = pathUnder(prefix, path);
    if (rest === undefined) return undefined;
    const head = { path: rest, query, secure: secure(raw), tellsSent: host.follow !== undefined };
    const reply = await ask(receiver, createDelivery(request, head));
    if (!reply) return undefined;
    void askHost("follow", () => host.follow?.(reply));
    goOn(host);
    return toResponse(reply);
  };
}
