/** The connection: ours or the user's own client, never waited for longer than a delivery can wait. */
import { AnswerbackError, OptionError, wordsOf } from "@answerback/core/backend";
import { Redis } from "ioredis";
import { once, type EventEmitter } from "node:events";
import type { Script } from "./scripts/script.ts";
import { isOfDatabase, watch, withoutCommand } from "./trouble.ts";

/** What is needed of an ioredis client; `Redis` and `Cluster` have it. */
export interface RedisClient extends EventEmitter {
  /** Where the connection is: `"wait"`, `"connecting"`, `"ready"`, `"reconnecting"`, `"end"` and others of ioredis. */
  readonly status: string;
  /** Connects a client that was made with `lazyConnect`. */
  connect(): Promise<unknown>;
  /** Sends a command. Rejects with the error that the server answers, or when the connection fails. */
  call(command: string, ...args: (string | number)[]): Promise<unknown>;
  /** What it was made with; of a `Redis` also `db`, the number of its database. */
  readonly options?: object;
  /** Of a `Cluster` alone: the clients of its master nodes. */
  nodes?(role: "master"): readonly Pick<RedisClient, "call">[];
}

/** A client with a deadline on all that it is asked. */
export interface Connection {
  /**
   * Waits until it is connected.
   *
   * @throws OptionError `invalid` where the server has no database of the number that was asked for.
   */
  ready(): Promise<void>;
  /** Runs a script where the key is. */
  run(script: Script, key: string, args: readonly (string | number)[]): Promise<unknown>;
  /** What each server that may be written to says. */
  callAll(command: string, ...args: string[]): Promise<unknown[]>;
  /** Ends our own client once what it was asked is answered; leaves the user's alone. */
  close(): Promise<void>;
}

/** How long Redis may take for a verb: ms; below the `backendWithin` of a receiver. */
const withinMs = 1_500;

/** A connection to a URL, which is ours to close, or over a client that is not. */
export function connectionTo(urlOrClient: string | RedisClient): Connection {
  const ours = typeof urlOrClient === "string" ? ourClient(urlOrClient) : undefined;
  const client: RedisClient = ours ?? (urlOrClient as RedisClient);
  const trouble = watch(client);

  async function inTime<Value>(ask: () => Promise<Value>): Promise<Value> {
    const last = trouble.last();
    if (isOfDatabase(last)) throw noDatabase(client, last);
    // a client of the user's may keep commands until Redis is back: nobody waits for that, and nothing comes late
    if (client.status !== "ready") throw away(`Redis is not connected (${client.status})`, last);
    return withDeadline(ask());
  }

  return {
    async ready() {
      await whenReady(client, trouble.last);
      await selectAgain(client, inTime);
    },
    run: (script, key, args) => inTime(() => evaluate(client, script, [1, key, ...args])),
    callAll(command, ...args) {
      const servers = client.nodes?.("master") ?? [client];
      return inTime(() => Promise.all(servers.map((server) => server.call(command, ...args))));
    },
    async close() {
      // what was asked before it is answered before it
      if (ours) await inTime(() => ours.quit()).catch(() => {});
      trouble.ignore();
      ours?.disconnect();
    },
  };
}

function ourClient(url: string): Redis {
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    // a verb whose answer was lost is rejected, and repeated by who asked: only they know whether it still matters
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: withinMs,
    // a server that no longer answers is left, or the next verbs would wait for the same dead socket
    socketTimeout: withinMs + 500,
    retryStrategy: (times) => Math.min(50 * times, 1_000),
    // after a failover the old master is a replica
    reconnectOnError: ({ message }) => message.includes("READONLY"),
  });
  // what fails is told to who asked; without a listener ioredis prints it
  client.on("error", () => {});
  return client;
}

async function whenReady(client: RedisClient, lastError: () => unknown): Promise<void> {
  if (client.status === "ready") return;
  if (client.status === "end") throw away("the Redis client was closed");
  try {
    // rejects with the first error, too
    const ready = once(client, "ready", { signal: AbortSignal.timeout(withinMs) });
    if (client.status === "wait") client.connect().catch(() => {});
    await ready;
  } catch (error) {
    if (isOfDatabase(error)) throw noDatabase(client, error);
    const isTime = error instanceof Error && error.name === "AbortError";
    throw away("Redis cannot be reached", isTime ? lastError() : withoutCommand(error));
  }
}

/** Where the server has no such database, ioredis goes on in database 0. */
async function selectAgain(
  client: RedisClient,
  ask: <Value>(ask: () => Promise<Value>) => Promise<Value>,
): Promise<void> {
  const db = databaseOf(client);
  if (db === 0) return;
  try {
    await ask(() => client.call("SELECT", db));
  } catch (error) {
    if (isOfDatabase(error)) throw noDatabase(client, error);
  }
}

async function evaluate(
  client: RedisClient,
  { sha, lua }: Script,
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await client.call("EVALSHA", sha, ...args);
  } catch (error) {
    // after a restart, a failover, a flush
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return client.call("EVAL", lua, ...args);
  }
}

function withDeadline<Value>(promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(away(`Redis did not answer within ${withinMs} ms`)), withinMs);
    const failed = (error: unknown) => reject(withoutCommand(error));
    promise.then(resolve, failed).finally(() => clearTimeout(timer));
  });
}

function away(what: string, cause?: unknown): AnswerbackError {
  const why = cause === undefined ? "" : `: ${wordsOf(cause)}`;
  return new AnswerbackError("backend_away", `${what}${why}`, { cause });
}

function databaseOf({ options }: RedisClient): number {
  return (options as { readonly db?: number } | undefined)?.db ?? 0;
}

function noDatabase(client: RedisClient, error: unknown): OptionError {
  const cure = `the server has no database ${databaseOf(client)} (${wordsOf(error)}): name one that it has, or another prefix in database 0`;
  return new OptionError("redis: url", "invalid", cure);
}
