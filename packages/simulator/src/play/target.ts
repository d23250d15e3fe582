/** What can be played at: an app, a listener, a server or a URL; and how it becomes a URL. */
import { createServer, Server } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { closeServer, listen, urlOf } from "../lib/loopback.ts";

/**
 * A URL; an Express app or any other `node:http` listener; a Koa app; a `node:http` server, listening or not.
 */
export type Target = string | URL | Listener | KoaLike | Server;

/** What `node:http` calls. An Express app is one; so is what a Koa app's `callback()` returns. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** What we need of a Koa app. */
export interface KoaLike {
  /** Returns the app as a listener. */
  callback(): (...args: any[]) => unknown;
}

/** A target that listens. */
export interface OpenTarget {
  /** Only its origin matters: a delivery brings its own path. */
  readonly url: URL;
  /** Closes what `openTarget` opened, and nothing else. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a target on a free port of the loopback, unless it listens already.
 *
 * @throws TypeError when a string is no URL, or when a server listens on a pipe.
 * @example const { url, close } = await openTarget(app);
 */
export async function openTarget(target: Target): Promise<OpenTarget> {
  if (typeof target === "string" || target instanceof URL)
    return { url: new URL(target), close: async () => {} };
  const server = target instanceof Server ? target : createServer(listenerOf(target));
  if (server.listening) return { url: urlOf(server), close: async () => {} };
  return { url: await listen(server), close: () => closeServer(server) };
}

function listenerOf(target: Listener | KoaLike): (...exchange: Parameters<Listener>) => void {
  // a Koa app is an object, an Express app a function: only one of the two may be called
  const listener = typeof target === "function" ? target : target.callback();
  return (request, response) => void listener(request, response);
}
