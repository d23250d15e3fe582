/** A keep-alive connection that costs the client next to nothing: bytes out, a status back. */
import { connect, type Socket } from "node:net";

/** One request at a time. */
export interface Connection {
  /**
   * Sends the bytes; the status of the response, once it is there as a whole. `undefined`: the server closed the
   * connection before it answered.
   */
  send(request: Uint8Array): Promise<number | undefined>;
  close(): void;
}

/** Connects to a port of this machine; again after the server has closed, which a refusal may do. */
export function openConnection(port: number): Connection {
  let socket: Socket | undefined;
  let received: Buffer | undefined;
  let waiting: PromiseWithResolvers<number | undefined> | undefined;

  function open(): Socket {
    const fresh = connect({ port, host: "127.0.0.1", noDelay: true });
    fresh.on("data", (chunk) => fresh === socket && onData(chunk));
    // a reset closes it as well, and to close is no failure
    fresh.on("error", () => {});
    fresh.on("close", () => {
      if (socket !== fresh) return;
      socket = received = undefined;
      waiting?.resolve(undefined);
    });
    return fresh;
  }

  function onData(chunk: Buffer): void {
    received = received ? Buffer.concat([received, chunk]) : chunk;
    const head = headOf(received);
    if (!head || received.length < head.length) return;
    received = undefined;
    if (head.closes) leave();
    waiting?.resolve(head.status);
  }

  function leave(): void {
    // a mere close would leave a port in TIME_WAIT for each refusal
    socket?.resetAndDestroy();
    socket = undefined;
  }

  return {
    send(request) {
      waiting = Promise.withResolvers();
      socket ??= open();
      socket.write(request);
      return waiting.promise;
    },
    close: leave,
  };
}

interface Head {
  readonly status: number;
  /** Of the whole response: bytes. */
  readonly length: number;
  readonly closes: boolean;
}

/** `undefined` while the head is not there, or the end of a body without a length. */
function headOf(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const head = bytes.toString("latin1", 0, end);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  const closes = /\r\nconnection: close/i.test(head);
  const status = Number(head.slice(9, 12));
  if (length !== undefined) return { status, length: end + 4 + Number(length), closes };
  if (!/\r\ntransfer-encoding: chunked/i.test(head)) throw new Error(`a response without length: ${head}`);
  const last = bytes.indexOf("0\r\n\r\n", end + 4);
  return last === -1 ? undefined : { status, length: last + 5, closes };
}
