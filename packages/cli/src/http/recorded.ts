/** A connection that remembers what it brought, byte for byte. */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** A connection that remembers what it brought. `http` takes any Duplex as one. */
export class Recorded extends Duplex {
  /** What came, in the order of its coming. */
  readonly recorded: Buffer[] = [];
  /** Did it begin as a request does? */
  isRequest = false;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on("data", (chunk) => {
      this.recorded.push(chunk);
      if (!this.push(chunk)) socket.pause();
    });
    socket.once("end", () => this.push(null));
    socket.once("error", (error) => this.destroy(error));
    socket.once("close", () => this.destroy());
    this.on("error", () => {});
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, written: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, written);
  }

  override _final(ended: () => void): void {
    this.#socket.end(ended);
  }

  override _destroy(error: Error | null, destroyed: (error: Error | null) => void): void {
    this.#socket.destroy();
    destroyed(error);
  }
}
