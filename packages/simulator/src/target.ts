/** What can be played at: an app, a listener, a server or a URL; and how it becomes a URL. */
import { once } from "node:events";
import { createServer, Server } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * A URL; an Express app or any other `node:http` listener; a Koa app; a `node:http` server, listening or not.
 */
export type Target = string | URL | Listener | KoaLike | Server;

/** What `node:http` calls; an Express app and what a Koa app's `callback()` returns are such. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** What we need of a Koa app. */
export interface KoaLike {
  callback(): (...args: any[]) => unknown;
}

/** A target that listens. */
export interface OpenTarget {
  /** Without a path of its own that matters: a delivery brings its path. */
  readonly url: URL;
  /** Closes what `openTarget` opened, and nothing else. */
  readonly close: () => Promise<void>;
}

/** Opens a target on a free port of the loopback, unless it listens already. */
export async function openTarget(target: Target): Promise<OpenTarget> {
  if (typeof target === "string" || target instanceof URL)
    return { url: new URL(target), close: async () => {} };
  const server = target instanceof Server ? target : createServer(listenerOf(target));
  if (server.listening) return { url: urlOf(server), close: async () => {} };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: urlOf(server), close: () => closeServer(server) };
}

/** Closes a server and every connection to it. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

/** Where a server listens, seen from this machine. */
export function urlOf(server: Server): URL {
  const address = server.address();
  if (typeof address === "string")
    throw new TypeError("a server on a pipe has no URL: let it listen on a port");
  return new URL(`http://127.0.0.1:${address?.port}`);
}

function listenerOf(target: Listener | KoaLike): (...exchange: Parameters<Listener>) => void {
  // a Koa app is an object, an Express app a function: only one of the two may be called
  const listener = typeof target === "function" ? target : target.callback();
  return (request, response) => void listener(request, response);
}
