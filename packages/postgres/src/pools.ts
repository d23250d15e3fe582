/** The two pools: handlers may use theirs up, and the verbs, renewals among them, still find a connection. */
import pg from "pg";
import type { Settings } from "./options.ts";

/** Where statements are sent. */
export interface Pools {
  /** For the verbs, always ours. */
  readonly verbs: pg.Pool;
  /** For handlers' transactions: ours or yours. */
  readonly handlers: pg.Pool;
  /** Closes what we made. */
  close(): Promise<void>;
}

/** How long a handler waits for a connection: ms. Its lease is renewed meanwhile. */
const handlersWaitMs = 10_000;

/** How long a handler's statement may take, on a pool of ours: ms. A network that swallows everything ends it. */
const handlersQueryMs = 60_000;

/**
 * How many statements a connection serves before a new one takes its place. Postgres keeps the plan of a prepared statement:
 * one that was made while the table was tiny reads it from end to end, and a burst would be ten times slower than need be.
 */
const maxUses = 2_000;

/** Makes what is not given. Nothing is connected yet. */
export function openPools(settings: Settings): Pools {
  const given = settings.pool as pg.Pool | undefined;
  const where = given ? optionsOf(given) : { connectionString: settings.url };
  const verbs = new pg.Pool({ ...where, ...verbsOptions(settings) });
  const handlers = given ?? new pg.Pool({ ...where, ...handlersOptions(settings) });
  const ours = given ? [verbs] : [verbs, handlers];
  // an idle connection that is cut would end the process where nobody listens; the next statement makes a new one
  const ignore = () => {};
  for (const pool of [verbs, handlers]) pool.on("error", ignore);

  return {
    verbs,
    handlers,
    async close() {
      await Promise.all(ours.map((pool) => pool.end()));
      given?.off("error", ignore);
    },
  };
}

/** With its password, which `pg` hides from whoever copies the options; its parsers would give us other types. */
function optionsOf(pool: pg.Pool): pg.PoolConfig {
  return { ...pool.options, password: pool.options.password, types: undefined };
}

/** A client-side limit alone: poolers between us and Postgres refuse a `statement_timeout` at connecting. */
function verbsOptions({ connections, withinMs }: Settings): pg.PoolConfig {
  return {
    ...quiet,
    max: connections,
    maxUses,
    min: 0,
    connectionTimeoutMillis: withinMs,
    query_timeout: withinMs,
    pipeline: false,
  };
}

function handlersOptions({ transactions }: Settings): pg.PoolConfig {
  return {
    ...quiet,
    max: transactions,
    connectionTimeoutMillis: handlersWaitMs,
    query_timeout: handlersQueryMs,
  };
}

/** Idle connections keep no process alive, and notice that the other side has gone. */
const quiet: pg.PoolConfig = {
  idleTimeoutMillis: 60_000,
  allowExitOnIdle: true,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  fallback_application_name: "answerback",
};
