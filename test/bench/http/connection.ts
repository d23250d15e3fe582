/** A keep-alive connection that costs the client next to nothing: bytes out, a status back. */
import { connect, type Socket } from "node:net";

/** One request at a time. */
export interface Connection {
  /** Sends the bytes; the status of the response, once it is there as a whole. */
  send(request: Uint8Array): Promise<number>;
  close(): void;
}

/** Connects to a port of this machine; again when the server closes. */
export function openConnection(port: number): Connection {
  let socket: Socket | undefined;
  let received: Buffer | undefined;
  let waiting: PromiseWithResolvers<number> | undefined;

  function open(): Socket {
    const fresh = connect({ port, host: "127.0.0.1", noDelay: true });
    fresh.on("data", onData);
    fresh.on("error", (error) => waiting?.reject(error));
    fresh.on("close", () => {
      if (socket !== fresh) return;
      socket = undefined;
      waiting?.reject(new Error("the server closed before it answered"));
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

/** `undefined` while the head is not there. */
function headOf(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const head = bytes.toString("latin1", 0, end);
  const body = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (body === undefined) throw new Error(`a response without content-length: ${head}`);
  const closes = /\r\nconnection: close/i.test(head);
  return { status: Number(head.slice(9, 12)), length: end + 4 + Number(body), closes };
}
