/** Callback servers on loopback with a certificate for callback.example, and all that they see. */
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));

/** The only authority that the posts of these tests trust: the servers' own certificate. */
export const ca: Buffer = fixture("callback.example.crt");

/** What a server does with a request that it has read; `raw` is the TCP connection under the TLS. */
export type Behave = (res: ServerResponse, raw: Socket) => void;

/** A request as it came. */
export interface Received {
  readonly method: string | undefined;
  /** The name that the TLS handshake asked for. */
  readonly servername: string | false | null;
  readonly path: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server at work, and all that it saw. */
export interface CallbackServer {
  readonly server: Server;
  readonly port: number;
  /** Every TCP connection, whatever became of it. */
  readonly connections: readonly Socket[];
  readonly requests: readonly Received[];
}

/** Serves until the test is finished; without `behave` it answers 200. */
export async function serveCallbacks(behave: Behave = (res) => res.end("ok")): Promise<CallbackServer> {
  const requests: Received[] = [];
  const server = createServer({ cert: ca, key: fixture("callback.example.key") }, (req, res) => {
    const { servername } = req.socket as TLSSocket;
    const { method, url: path, headers } = req;
    void text(req).then((body) => {
      requests.push({ method, servername, path, headers, body });
      behave(res, serving.connections.at(-1)!);
    });
  });
  const serving = await listen(server);
  return { ...serving, requests };
}

/** Accepts connections and never says a word, not even of TLS. */
export async function serveSilence(): Promise<CallbackServer> {
  return { ...(await listen(createTcpServer())), requests: [] };
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const { server, port } = await listen(createTcpServer());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when the connection is over, as the server sees it. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.destroyed ? resolve() : socket.once("close", () => resolve())));
}

/** A body without an end. */
export const endless: Behave = (res) => {
  const chunk = Buffer.alloc(16_384);
  const more = (): void => {
    while (!res.destroyed && res.write(chunk));
  };
  res.on("drain", more);
  more();
};

/** A line of the head, or a byte of the body, each millisecond, and no end. */
export function drip(start: string, drop: string): Behave {
  return (res) => {
    const { socket } = res;
    socket?.write(start);
    const timer = setInterval(() => socket?.write(drop), 1);
    socket?.once("close", () => clearInterval(timer));
  };
}

async function listen(server: Server): Promise<Omit<CallbackServer, "requests">> {
  const connections: Socket[] = [];
  server.on("connection", (socket) => connections.push(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port, connections };
}
