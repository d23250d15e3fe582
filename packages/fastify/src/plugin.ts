/** Answerback as a Fastify plugin: translation, and no decision. */

import type { DeliveryReceiver } from "@answerback/core";
import { receive, splitTarget, toPrefix } from "@answerback/node";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { leaveUnread, unread } from "./leave-unread.ts";
import { createRespond } from "./respond.ts";

/** What {@link createFastifyPlugin} takes beside the receiver. */
export interface FastifyMountOptions {
  /** Where it begins below the `prefix` of `app.register`: `"/x"` has `/x` and `/x/…`. Default: there. */
  readonly path?: string | undefined;
}

/** What `app.register` takes. */
export type FastifyPlugin = (app: FastifyInstance, options: object) => Promise<void>;

/**
 * A plugin for Fastify 5. It has all that is below the `prefix` that it is registered with, by every method that the app
 * knows. There the body is left to the receiver; the app's other routes keep their parsers. The app's hooks run as on any
 * route. What is not the provider's goes to the app's not-found handler.
 *
 * @throws OptionError `missing` or `invalid` for what is no receiver; `unknown` for an option that there is not; `invalid`
 *   for options of another kind, and for a `path` without its leading slash.
 * @example
 * app.register(createFastifyPlugin(receiver), { prefix: "/upsales" });
 * app.register(createFastifyPlugin(receiver, { path: "/hooks/inbox" }));
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.4 any.4}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.15 any.15}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.18 any.18}
 */
export function createFastifyPlugin(
  receiver: DeliveryReceiver,
  options: FastifyMountOptions = {},
): FastifyPlugin {
  const prefix = toPrefix("createFastifyPlugin", receiver, options);
  return async (app) => {
    leaveUnread(app);
    const { onSend, respond } = createRespond();
    const mount = mountOf(app.prefix + prefix);
    const handler = async (request: FastifyRequest, response: FastifyReply): Promise<FastifyReply> => {
      const { path, query } = splitTarget(request.raw.url ?? "/");
      const rest = path.replace(mount, "") || "/";
      const head = { path: rest, query, secure: request.protocol === "https", left: request };
      const reply = await receive(receiver, request.raw, head);
      if (reply) respond(response, reply);
      else response.callNotFound();
      return response;
    };
    const routes = { ...unread, method: app.supportedMethods, onSend, handler };
    for (const url of [prefix || "/", `${prefix}/*`]) app.route({ ...routes, url });
  };
}

/** What comes before the path under the mount: as many segments as the mount's route has, however they were sent. */
function mountOf(route: string): RegExp {
  const segments = route.split("/").filter(Boolean).length;
  return new RegExp(`^(?:/+[^/]+){${segments}}`);
}
