/** A server that keeps each request byte for byte as it came over the wire, and hands it over once it is whole. */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { wrong } from "../exit.ts";
import { wholeOf } from "./framing.ts";
import { Recorded } from "./recorded.ts";

/** A request as it arrived. */
export interface Arrived {
  /** When: ms since the epoch. */
  readonly at: number;
  /** In upper case; `""`: what came is no HTTP request. */
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly path: string;
  /** Names and values as they were sent, in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body without the framing of its transfer. */
  readonly body: Buffer;
  /** All bytes, from the first of the request line to the last of the body. */
  readonly raw: Buffer;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** A server that listens. */
export interface Listening {
  /** Its address. */
  readonly url: URL;
  /** Closes it; answers that are on their way may go out. */
  close(): Promise<void>;
}

/** Where to listen. */
export interface ListenAt {
  /** The address of this machine: `"127.0.0.1"`. */
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
}

/** Longer heads than this are refused, and longer bodies are: bytes. */
const [longestHead, longestBody] = [1_048_576, 268_435_456];

/** How long a connection may take to end when the server closes: ms. */
const goodbyeMs = 500;

/** Listens, and answers each request as `answer` says. Throws a Complaint for a port that is taken. */
export async function listenFor(
  at: ListenAt,
  answer: (arrived: Arrived) => Promise<Answer> | Answer,
): Promise<Listening> {
  const http = createHttpServer({ maxHeaderSize: longestHead, insecureHTTPParser: false });
  // one request a connection: what the connection brought is the request
  http.maxRequestsPerSocket = 1;
  const server = createServer((socket) => {
    const connection = new Recorded(socket);
    sockets.add(connection);
    connection.once("close", () => sockets.delete(connection));
    http.emit("connection", connection);
  });
  const sockets = new Set<Recorded>();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const connection = request.socket as unknown as Recorded;
    connection.isRequest = true;
    const arrived = await arrivedIn(request, connection.recorded);
    const { status, headers, body = "" } = arrived ? await answer(arrived) : tooLong;
    response.writeHead(status, { ...headers, Connection: "close" }).end(body);
  };
  // a sender that hangs up is its own affair
  http.on("request", (request, response) => void handle(request, response).catch(() => response.destroy()));
  http.on("clientError", (error: NodeJS.ErrnoException, connection: Duplex) => {
    const { recorded, isRequest } = connection as Recorded;
    // a connection that breaks, perhaps after its answer, has brought nothing new
    if (isRequest || !error.code?.startsWith("HPE_")) return connection.destroy();
    const raw = Buffer.concat(recorded);
    void answer({ at: Date.now(), method: "", path: "", headers: [], body: raw, raw });
    connection.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  });
  const url = await listening(server, at);
  return {
    url,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      http.close();
      // what is answered right now may go out
      const late = setTimeout(() => sockets.forEach((socket) => socket.destroy()), goodbyeMs);
      await closed;
      clearTimeout(late);
    },
  };
}

const tooLong: Answer = { status: 413, body: "" };

async function arrivedIn(
  request: IncomingMessage,
  recorded: readonly Buffer[],
): Promise<Arrived | undefined> {
  const at = Date.now();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return undefined;
    chunks.push(chunk);
  }
  const { method = "", url = "", rawHeaders } = request;
  const headers = pairs(rawHeaders);
  const body = Buffer.concat(chunks);
  return { at, method, path: url, headers, body, raw: wholeOf(Buffer.concat(recorded), headers, body) };
}

/** Names and values, one after the other, as pairs. */
export function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at]!, flat[2 * at + 1]!]);
}

async function listening(server: Server, { host, port }: ListenAt): Promise<URL> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(complaint(error, port)));
    server.listen(port, host, resolve);
  });
  const { address, family, port: used } = server.address() as AddressInfo;
  return new URL(`http://${family === "IPv6" ? `[${address}]` : address}:${used}`);
}

function complaint(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === "EADDRINUSE")
    return wrong(`port ${port} is taken by another program: give another --port`);
  if (error.code === "EACCES")
    return wrong(`this process may not listen on port ${port}: give another --port`);
  return wrong(`cannot listen: ${error.message}`);
}
