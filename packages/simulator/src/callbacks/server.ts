/** Upsales' callbackUrls behind a real `node:http` server, for a receiver in another process. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { closeServer, listen } from "../lib/loopback.ts";
import type { CallbackTransport } from "./post.ts";
import type { CallbackUrls } from "./urls.ts";

/** A running callback server. */
export interface CallbackServer {
  /** For deliveries whose callbackUrl shall point here: `new URL("/callback/1", server.url)`. */
  readonly url: URL;
  /** Posts to an upsales.com URL go to this server instead, over real HTTP. */
  readonly transport: CallbackTransport;
  /** Closes the server and every connection to it. */
  close(): Promise<void>;
}

/**
 * Serves callbackUrls on a free port of the loopback. It takes its own URLs and those of `origin`, by their path.
 *
 * @example const server = await serveCallbacks(callbackUrls({ clock: realClock }));
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.8 upsales.8}
 */
export async function serveCallbacks(
  callbacks: CallbackUrls,
  origin = "https://integration.upsales.com",
): Promise<CallbackServer> {
  const server = createServer((request, response) => {
    const ownUrl = new URL(request.url ?? "/", url).href;
    const known = callbacks.knows(ownUrl) ? ownUrl : new URL(request.url ?? "/", origin).href;
    void answer(callbacks, known, { request, response });
  });
  const url = await listen(server);
  return {
    url,
    transport: (to, { method = "GET", headers = {}, body = null, signal = null } = {}) => {
      const { pathname, search } = new URL(to);
      return fetch(new URL(pathname + search, url), { method, headers, body, signal, redirect: "manual" });
    },
    close: () => closeServer(server),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer(callbacks: CallbackUrls, url: string, { request, response }: Exchange): Promise<void> {
  try {
    const { method, headers } = request;
    const contentType = { "content-type": headers["content-type"] ?? "" };
    const body = await textOf(request);
    const reply = await callbacks.transport(url, { method, headers: contentType, body, redirect: "manual" });
    response.writeHead(reply.status, Object.fromEntries(reply.headers)).end(await reply.text());
  } catch {
    // a fault of the plan: the receiver shall see a connection that breaks
    response.destroy();
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) text += String(chunk);
  return text;
}
