/** A wire to a server that can go dead without a word: what is sent over it then goes nowhere, and nothing is closed. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** The wire. */
export interface Wire {
  readonly url: string;
  /** Those connections that there are go dead; new ones are alive. */
  cut(): void;
  /** Those that there are are closed. */
  drop(): void;
  /** New ones lead to another server. */
  leadTo(port: number): void;
  destroy(): Promise<void>;
}

/** A wire to a port of this machine. */
export async function wireTo(port: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let end = port;
  const server = createServer((near) => {
    const far = connect(end, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    drop() {
      for (const socket of sockets) socket.destroy();
    },
    leadTo(other) {
      end = other;
    },
    async destroy() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
