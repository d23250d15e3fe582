/** A client that writes bytes as the test has them and keeps what comes back. */

import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A raw connection; its socket is there to be written to, paused and destroyed. */
export interface RawClient {
  readonly socket: Socket;
  /** All that has arrived. */
  received(): string;
  /** Resolves with all that has arrived once it holds `text`. */
  until(text: string): Promise<string>;
  /** Resolves with all that has arrived when the connection is over, whoever ended it and however. */
  readonly closed: Promise<string>;
}

/** Connects, and writes `bytes`. */
export function rawClient(port: number, bytes: string | Uint8Array = ""): RawClient {
  let received = "";
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  onTestFinished(() => void socket.destroy());
  socket.setEncoding("latin1").on("error", () => {});
  const waiting: (() => void)[] = [];
  socket.on("data", (chunk: string) => {
    received += chunk;
    for (const look of waiting) look();
  });
  const closed = new Promise<string>((resolve) => void socket.once("close", () => resolve(received)));
  const until = (text: string): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => (received.includes(text) ? resolve(received) : undefined);
      waiting.push(look);
      look();
    });
  return { socket, closed, until, received: () => received };
}

/** The head of a POST; `lines` come after Host. */
export function post(path: string, ...lines: string[]): string {
  return [`POST ${path} HTTP/1.1`, "Host: test", ...lines, "", ""].join("\r\n");
}
