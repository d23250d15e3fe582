/** A `node:http` server on the loopback: it gets a free port, its URL is known, and it closes with its connections. */
import { once } from "node:events";
import type { Server } from "node:http";

/** Lets a server listen on a free port of 127.0.0.1. Resolves to its URL. */
export async function listen(server: Server): Promise<URL> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return urlOf(server);
}

/**
 * The URL of a server that listens, seen from this machine.
 *
 * @throws TypeError when the server listens on a pipe.
 */
export function urlOf(server: Server): URL {
  const address = server.address();
  if (typeof address === "string")
    throw new TypeError("a server on a pipe has no URL: let it listen on a port");
  return new URL(`http://127.0.0.1:${address?.port}`);
}

/** Closes a server and every connection to it. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
