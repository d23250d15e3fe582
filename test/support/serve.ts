/** Real servers on port 0 that a test leaves behind without a trace. */

import { createServer, type RequestListener, type Server, type ServerOptions } from "node:http";
import { onTestFinished } from "vitest";

/** A listening server. */
export interface Serving {
  readonly server: Server;
  readonly port: number;
  /** `"http://127.0.0.1:…"`, without a slash at its end. */
  readonly url: string;
}

/** Serves an app until the test is finished. */
export async function serve(listener: RequestListener, options: ServerOptions = {}): Promise<Serving> {
  const server = createServer(options, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const port = portOf(server);
  return { server, port, url: `http://127.0.0.1:${port}` };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("The server does not listen on a port.");
  return address.port;
}
