/** A Redis Cluster of a test's own: three masters, no replica, the slots in three equal parts. */
import { Cluster, Redis } from "ioredis";
import { freePort } from "./free-port.ts";
import { startRedis, type RedisServer } from "./redis-server.ts";

/** A running cluster. */
export interface RedisCluster {
  readonly servers: readonly RedisServer[];
  /** A client as anybody has one. */
  connect(): Cluster;
  destroy(): Promise<void>;
}

const slots = 16_384;

/** Starts three, and resolves when each of them knows that all slots are served. */
export async function startCluster(): Promise<RedisCluster> {
  const servers = await Promise.all([startNode(), startNode(), startNode()]);
  const clients = servers.map(({ url }) => new Redis(url));
  const share = Math.ceil(slots / servers.length);
  for (const [index, client] of clients.entries()) {
    const last = Math.min(slots, (index + 1) * share) - 1;
    await client.call("CLUSTER", "ADDSLOTSRANGE", index * share, last);
    await client.call("CLUSTER", "SET-CONFIG-EPOCH", index + 1);
  }
  for (const { port, busPort } of servers.slice(1))
    await clients[0]!.call("CLUSTER", "MEET", "127.0.0.1", port, busPort);
  for (const client of clients) await untilWhole(client);
  for (const client of clients) client.disconnect();
  return {
    servers,
    connect: () => new Cluster(servers.map(({ port }) => ({ host: "127.0.0.1", port }))),
    async destroy() {
      await Promise.all(servers.map((server) => server.destroy()));
    },
  };
}

/** The part of a cluster that is left goes on without the rest. */
async function startNode(): Promise<RedisServer & { readonly busPort: number }> {
  const busPort = await freePort();
  const server = await startRedis({
    "cluster-enabled": "yes",
    "cluster-port": `${busPort}`,
    "cluster-node-timeout": "2000",
    "cluster-require-full-coverage": "no",
  });
  return { ...server, busPort };
}

/** The nodes tell each other in their own time. */
async function untilWhole(client: Redis): Promise<void> {
  for (;;) {
    const info = String(await client.call("CLUSTER", "INFO"));
    if (info.includes("cluster_state:ok") && info.includes(`cluster_slots_ok:${slots}`)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
