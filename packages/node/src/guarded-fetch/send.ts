/** One request over one connection of its own. */

import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { TLSSocket } from "node:tls";
import type { Transport } from "@answerback/core";
import { noAnswer } from "./errors.ts";

/** What is said. */
export interface Message {
  /** The HTTP method. */
  readonly method: Parameters<Transport>[1]["method"];
  /** Of the request, beside its length and its coding. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body, UTF-8 on the wire; `undefined`: none. */
  readonly body: string | undefined;
}

/** Over which connection, and until when. */
export interface Line {
  /** The connection, which serves this request alone. */
  readonly socket: TLSSocket;
  /** Ends the exchange. */
  readonly signal: AbortSignal;
}

/**
 * Sends the request, and resolves with the answer once its head is there. When the signal aborts, the connection is destroyed,
 * during the answer's body too.
 *
 * @throws GuardedFetchError `ERR_NO_ANSWER`
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.9 upsales.9}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 */
export function send(
  url: URL,
  { method, headers, body }: Message,
  { socket, signal }: Line,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    const fail = (cause: unknown): void => {
      const error = noAnswer(cause);
      reject(error);
      (answer ?? request).destroy(error);
    };
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const request = httpsRequest(url, {
      method,
      headers: { ...headers, "accept-encoding": "identity", ...length },
      createConnection: () => socket,
    });
    request.on("error", fail);
    request.once("response", (response) => resolve((answer = response)));
    // a switch of protocols is neither an answer nor an error
    request.once("close", () => reject(noAnswer(new Error("the connection was closed"))));
    signal.addEventListener("abort", () => fail(signal.reason), { once: true });
    request.end(body);
  });
}
