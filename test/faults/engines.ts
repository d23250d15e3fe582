/** The engines with a server, as the fault suites use them: one store a file, reached over any wire, with a clock to put forward. */
import type { Backend } from "@answerback/core/backend";
import { postgres } from "@answerback/postgres";
import { afterAll, beforeAll } from "vitest";
import { schemaOfFile } from "../support/postgres-records.ts";
import { startPostgresServer } from "../support/postgres-server.ts";
import { startRedis } from "../support/redis-server.ts";
import { storeIn, type RedisStore } from "../support/redis-store.ts";

export type ServedEngine = "redis" | "postgres";

/** A store until the tests beside it are over. */
export interface FaultStore {
  /** A backend that reaches it at this URL: of the server, or of a wire to it. */
  open(url: string): Backend;
  /** Puts the engine's clock forward. */
  advance(ms: number): Promise<void>;
}

/** An empty store on the server at `url`. */
export function storeOfFile(engine: ServedEngine, url: () => string): FaultStore {
  if (engine === "postgres") {
    const { options, advance } = schemaOfFile(url);
    // no handler here writes with it
    return { open: (at) => postgres({ ...options(), url: at }) as Backend, advance };
  }
  let store: RedisStore | undefined;
  beforeAll(() => void (store = storeIn(url())));
  afterAll(() => store?.destroy?.());
  return { open: (at) => store!.open({ url: at }), advance: (ms) => store!.advance(ms) };
}

/** A server of the test's own. */
export interface OwnServer {
  readonly url: string;
  /** The ways in which it may end. */
  readonly ends: readonly (() => Promise<void>)[];
  start(): Promise<void>;
  destroy(): Promise<void>;
}

/** Starts one that keeps what it said it has. */
export async function startServer(engine: ServedEngine): Promise<OwnServer> {
  if (engine === "postgres") {
    const server = await startPostgresServer();
    return { ...server, ends: [server.crash, server.stop] };
  }
  const server = await startRedis({ appendonly: "yes", appendfsync: "always" });
  return { ...server, ends: [server.kill, server.kill] };
}
