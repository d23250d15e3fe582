/** Having Fastify leave a body to the receiver, which reads it under its own limit and deadline. */

import type { FastifyInstance } from "fastify";

/** Of a route: plugins that read or unpack every body leave this one alone (fastify-raw-body, @fastify/compress). */
export const unread = { config: { rawBody: false }, decompress: false } as const;

/**
 * Has no body of this app parsed, whatever its type; the apps around it keep their parsers. What a hook has put in
 * `request.body` all the same stays there.
 */
export function leaveUnread(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (request, _payload, done) => done(null, request.body));
  // Fastify refuses a type that it cannot make out before it looks for a parser; the receiver sees what was sent
  app.addHook("onRequest", (request, _reply, done) => {
    request.headers = { "content-type": "application/octet-stream" };
    done();
  });
}
