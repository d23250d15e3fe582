/** The addresses of deliveries behind a real `node:http` server, for a receiver in another process. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { closeServer, listen } from "../lib/loopback.ts";
import type { CallbackTransport } from "./post.ts";
import type { CallbackUrls } from "./urls.ts";

/** A running callback server. */
export interface CallbackServer {
  /** For deliveries whose callbackUrl shall point here: `new URL("/callback/1", server.url)`. */
  readonly url: URL;
  /** Posts to a provider's URL go to this server instead, over real HTTP. */
  readonly transport: CallbackTransport;
  /** Closes the server and every connection to it. */
  close(): Promise<void>;
}

/**
 * Serves callbackUrls on a free port of the loopback. It takes its own URLs, those of `origin` by their path, and through its
 * transport those of any provider.
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
    const meant = request.headers[meantFor] ?? new URL(request.url ?? "/", origin).href;
    const to = callbacks.knows(ownUrl) ? ownUrl : String(meant);
    void answer(callbacks, to, { request, response });
  });
  const url = await listen(server);
  return {
    url,
    transport: (to, { method = "GET", headers = {}, body = null, signal = null } = {}) => {
      const { pathname, search, href } = new URL(to);
      const sent = new Headers(headers);
      sent.set(meantFor, href);
      return fetch(new URL(pathname + search, url), {
        method,
        headers: sent,
        body,
        signal,
        redirect: "manual",
      });
    },
    close: () => closeServer(server),
  };
}

/** The header in which the transport says for which URL a request was meant. */
const meantFor = "simulated-url";

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer(callbacks: CallbackUrls, url: string, { request, response }: Exchange): Promise<void> {
  try {
    const { method } = request;
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    const body = await textOf(request);
    const reply = await callbacks.transport(url, { method, headers, body, redirect: "manual" });
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
