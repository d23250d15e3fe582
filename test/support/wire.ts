/** A TCP proxy before an engine: what goes over it may come late, break off, or vanish, and either end may not hear of it. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A wire to an engine. What happens to it happens to the connections that there are, and to new ones until it is healed. */
export interface Wire {
  /** The engine's, but over the wire. */
  readonly url: string;
  /** All goes through from now on; connections that something happened to are cut. */
  heal(): void;
  /** All comes so many ms later, in both directions. */
  delay(ms: number): void;
  /** A connection is reset when so many bytes have come from the engine: in the middle of an answer, where it fits. */
  resetAfter(bytes: number): void;
  /** Bytes vanish in both directions; who connects is let in and gets nothing. */
  swallow(): void;
  /** The engine's end of every connection is closed, and the client does not hear of it. */
  loseEngine(): void;
  /** The client's end of those that there are is closed, and the engine does not hear of it. New ones are alive. */
  loseClients(): void;
  /** Those that there are go dead: what is sent over them goes nowhere, and nothing is closed. New ones are alive. */
  deaden(): void;
  /** Those that there are are closed. */
  cut(): void;
  /** New ones lead to another port. */
  leadTo(port: number): void;
  destroy(): Promise<void>;
}

/** A statement of Postgres's protocol at which a connection is cut: before it arrives, or before its answer does. */
export interface Cut {
  /** Whole, without values. */
  readonly statement: string;
  readonly arrives: boolean;
}

/** What happens to a connection. */
type Fate =
  | { readonly kind: "fine" }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "short"; left: number }
  | { readonly kind: "dead" }
  | { readonly kind: "without engine" };

/** A connection: the client's end is near. */
interface Link {
  readonly near: Socket;
  readonly far: Socket;
  fate: Fate;
}

/** A wire to the engine at a URL, or, with `cutAt`, one that is cut there each time. */
export async function wireTo(url: string, cutAt?: Cut): Promise<Wire> {
  const target = new URL(url);
  let port = Number(target.port || (target.protocol === "redis:" ? 6_379 : 5_432));
  const links = new Set<Link>();
  let fate = (): Fate => ({ kind: "fine" });

  const server = createServer((near) => {
    const link = { near, far: connect(port, target.hostname), fate: fate() };
    links.add(link);
    join(link, () => links.delete(link), cutAt);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");

  /** To all that there are. */
  const meet = (next: () => Fate) => {
    for (const link of links) suffer(link, next());
  };
  const from = (next: () => Fate) => meet((fate = next));
  const cut = (which: (link: Link) => boolean = () => true) => {
    for (const { near, far } of [...links].filter(which)) {
      near.destroy();
      far.destroy();
    }
  };
  const own = { hostname: "127.0.0.1", port: (server.address() as AddressInfo).port };
  return {
    url: Object.assign(new URL(url), own).href,
    heal() {
      fate = () => ({ kind: "fine" });
      cut((link) => link.fate.kind !== "fine");
    },
    delay: (ms) => from(() => ({ kind: "late", ms })),
    resetAfter: (bytes) => from(() => ({ kind: "short", left: bytes })),
    swallow: () => from(() => ({ kind: "dead" })),
    loseEngine: () => from(() => ({ kind: "without engine" })),
    loseClients() {
      meet(() => ({ kind: "dead" }));
      for (const { near } of links) near.destroy();
    },
    deaden: () => meet(() => ({ kind: "dead" })),
    cut: () => cut(),
    leadTo: (other) => void (port = other),
    async destroy() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

function join(link: Link, gone: () => void, cutAt: Cut | undefined): void {
  const { near, far } = link;
  near.on("data", (bytes) => {
    const isThere = cutAt !== undefined && bytes.includes(`${cutAt.statement}\0`);
    if (isThere && !cutAt.arrives) return void near.destroy();
    pass(link, far, bytes);
    if (isThere) link.fate = { kind: "short", left: 0 };
  });
  far.on("data", (bytes) => pass(link, near, bytes));
  near.on("error", () => {}).on("close", () => end(link, far, gone));
  far.on("error", () => {}).on("close", () => end(link, near, gone));
  suffer(link, link.fate);
}

/** What one end does to the connection the other sees, unless the wire is dead between them. */
function end({ near, far, fate }: Link, other: Socket, gone: () => void): void {
  if (fate.kind !== "dead" && fate.kind !== "without engine") other.destroy();
  if (near.destroyed && far.destroyed) gone();
}

function suffer(link: Link, fate: Fate): void {
  link.fate = fate;
  if (fate.kind === "without engine") link.far.destroy();
}

function pass(link: Link, to: Socket, bytes: Buffer): void {
  const { fate, near, far } = link;
  if (fate.kind === "dead" || fate.kind === "without engine") return;
  if (fate.kind === "late") return void setTimeout(() => to.write(bytes), fate.ms);
  if (fate.kind === "fine" || to === far) return void to.write(bytes);
  to.write(bytes.subarray(0, fate.left));
  fate.left -= bytes.length;
  if (fate.left > 0) return;
  // what was written until now still arrives
  near.end(() => near.resetAndDestroy());
  far.resetAndDestroy();
}
