/** TCP proxies before Postgres: one that cuts a connection at a statement, one that can swallow everything for a while. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** What the proxy does to a connection on which `statement` passes: before it arrives, or before its answer does. */
export interface Cut {
  /** Whole, without values. */
  readonly statement: string;
  readonly arrives: boolean;
}

/** A way to Postgres. */
export interface Way {
  readonly url: string;
  /** Bytes vanish in both directions, and new connections are taken and get nothing. */
  readonly swallow: () => void;
  /** Lets new connections through; those that lost bytes are cut. */
  readonly restore: () => void;
  readonly close: () => void;
}

/** The URL of a way to Postgres on which that happens, until the test is finished. */
export async function cuttingProxy(url: string, { statement, arrives }: Cut): Promise<string> {
  const proxy = await listen(url, (client, engine) => {
    client.on("data", (bytes) => {
      const isIt = bytes.includes(`${statement}\0`);
      if (!isIt || arrives) engine.write(bytes);
      if (isIt && !arrives) client.destroy();
      if (isIt && arrives) engine.removeAllListeners("data").once("data", () => client.destroy());
    });
    engine.on("data", (bytes) => client.write(bytes));
  });
  onTestFinished(proxy.close);
  return proxy.url;
}

/** A way that can be blocked. */
export async function swallowingProxy(url: string): Promise<Way> {
  let isSwallowing = false;
  const proxy = await listen(url, (client, engine) => {
    client.on("data", (bytes) => isSwallowing || engine.write(bytes));
    engine.on("data", (bytes) => isSwallowing || client.write(bytes));
  });
  return {
    ...proxy,
    swallow: () => void (isSwallowing = true),
    restore() {
      isSwallowing = false;
      proxy.cut();
    },
  };
}

/** A proxy that connects, and leaves the bytes to somebody else. */
async function listen(url: string, join: (client: Socket, engine: Socket) => void) {
  const { hostname, port: enginePort } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const engine = connect(Number(enginePort || 5432), hostname);
    for (const socket of [client, engine]) {
      sockets.add(socket);
      // what one side does to the connection, the other side sees
      socket
        .on("error", () => {})
        .on("close", () => (client.destroy(), engine.destroy(), sockets.delete(socket)));
    }
    join(client, engine);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const cut = () => sockets.forEach((socket) => void socket.destroy());
  const close = () => (cut(), void server.close());
  return { url: Object.assign(new URL(url), { hostname: "127.0.0.1", port }).href, cut, close };
}
