/** A backend on an empty store of each engine, for one measurement: nothing of it is left behind. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@answerback/core";
import { type Backend } from "@answerback/core/backend";
import { postgres } from "@answerback/postgres";
import { redis } from "@answerback/redis";
import { sqlite } from "@answerback/sqlite";
import { connectPostgres, connectRedis, postgresUrl, redisUrl, removeFromRedis } from "./clients.ts";

export type EngineName = "memory" | "sqlite" | "redis" | "postgres";

/** A backend with an empty store. */
export interface Store {
  readonly backend: Backend<any>;
  /** Closes the backend and removes what it stored. */
  close(): Promise<void>;
}

/** Each rejects where its engine is not to be had. */
export const stores: Readonly<Record<EngineName, () => Promise<Store>>> = {
  async memory() {
    return { backend: memory(), close: async () => {} };
  },
  async sqlite() {
    const folder = mkdtempSync(join(tmpdir(), "answerback-bench-"));
    const backend = sqlite(join(folder, "records.db"));
    return {
      backend,
      async close() {
        await backend.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
  async redis() {
    const client = await connectRedis();
    const prefix = `answerback-bench-${randomUUID()}`;
    const backend = redis({ url: redisUrl, prefix });
    return {
      backend,
      async close() {
        await backend.close();
        await removeFromRedis(client, prefix);
        client.disconnect();
      },
    };
  },
  async postgres() {
    const pool = await connectPostgres(1);
    const schema = `answerback_bench_${randomUUID()}`;
    const backend = postgres({ url: postgresUrl, schema });
    return {
      backend,
      async close() {
        await backend.close();
        await pool.query(`drop schema if exists "${schema}" cascade`);
        await pool.end();
      },
    };
  },
};

/** The engines that are to be had here, and those that are not. */
export async function enginesHere(names: readonly EngineName[]): Promise<{
  here: EngineName[];
  away: EngineName[];
}> {
  const isHere = await Promise.all(
    names.map((name) =>
      stores[name]().then(
        (store) => store.close().then(() => true),
        () => false,
      ),
    ),
  );
  return {
    here: names.filter((_, at) => isHere[at]),
    away: names.filter((_, at) => !isHere[at]),
  };
}

/** For a title. */
export function withoutThem(away: readonly EngineName[]): string {
  return away.length > 0 ? `; not to be had: ${away.join(", ")}` : "";
}
