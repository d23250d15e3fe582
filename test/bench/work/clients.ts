/** Where Redis and Postgres are, and raw clients of them. */
import { Redis } from "ioredis";
import { Pool } from "pg";

export const redisUrl: string = process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379";

export const postgresUrl: string = process.env["POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/test";

/** Rejects where Redis is not to be had. */
export async function connectRedis(options: { maxRetriesPerRequest?: null } = {}): Promise<Redis> {
  const client = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null, ...options });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** `max`: connections. Rejects where Postgres is not to be had. */
export async function connectPostgres(max: number): Promise<Pool> {
  const pool = new Pool({ connectionString: postgresUrl, max });
  pool.on("error", () => {});
  await pool.query("select 1");
  return pool;
}

/** Removes all keys that begin so. */
export async function removeFromRedis(client: Redis, prefix: string): Promise<void> {
  for await (const keys of client.scanStream({ match: `${prefix}*`, count: 10_000 }))
    if (keys.length > 0) await client.unlink(keys as string[]);
}
