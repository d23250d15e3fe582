/** The Redis backend: records that any number of processes share, on one server or on a Cluster. */
import {
  aFunction,
  emitWarning,
  matching,
  objectWith,
  openOnce,
  optional,
  OptionError,
  readOptions,
  takesAtMost,
  textOr,
  wholeNumberIn,
  withDefault,
  type Backend,
  type Kind,
  type Opening,
  type Records,
} from "@answerback/core/backend";
import { connectionTo, type Connection, type RedisClient } from "./client.ts";
import { refuseEviction } from "./eviction.ts";
import { openRecords } from "./records.ts";
import { openSession, tellReceivers } from "./session.ts";

/** Where Redis is, and what is ours in it. */
export interface RedisOptions {
  /** `redis://` or, with TLS, `rediss://`. This or `client`. */
  readonly url?: string | undefined;
  /** A client of your own, `Redis` or `Cluster` of ioredis; it stays yours to close. This or `url`. */
  readonly client?: RedisClient | undefined;
  /** What all names in Redis begin with. Default `answerback`. */
  readonly prefix?: string | undefined;
  /**
   * Over how many slots of a Cluster the records of each receiver are spread, 1 to 64; the same for all processes, and
   * for good. Default 1, which is best on one server.
   */
  readonly shards?: number | undefined;
  /** How many ms the server's clock is taken to be ahead. For tests: all processes must say the same. Default 0. */
  readonly clockOffsetMs?: (() => number) | undefined;
}

/**
 * Records in Redis, which any number of processes share. A verb is one script on the server's clock; it rejects within
 * 1.5 s when Redis is away, and works again by itself. What was settled expires with its retention, what is free a week
 * after its lease, or the longest retention given; what has work never does. Connects when the first receiver opens;
 * after `close()` the next `open` connects again.
 *
 * @param source A `url`, a client of ioredis, or {@link RedisOptions}. `undefined`, as an environment variable that is not
 *   set, is refused as a `url` that is missing.
 * @throws OptionError for a mistake in the options; `open` for a `maxmemory-policy` that is not noeviction, for a database
 *   that the server does not have, and for records that are spread over another number of shards. `open` rejects with
 *   `backend_away` when Redis is.
 * @example
 * const receiver = createReceiver(upsales(), { backend: redis("redis://127.0.0.1:6379"), authenticate, handle });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.12 any.12}
 */
export function redis(source: string | undefined | RedisClient | RedisOptions): Backend {
  takesAtMost(1, "redis", arguments);
  const { url, client, ...layout } = readOptions("redis", optionsOf(source), known);
  const at = onlyOneOf(url, client);
  let connection: Connection | undefined;
  let connecting: Promise<Connection> | undefined;

  async function connect(warn: Opening["warn"]): Promise<Connection> {
    try {
      connection ??= connectionTo(at);
      await connection.ready();
      await refuseEviction(connection, warn);
      return connection;
    } catch (error) {
      connecting = undefined;
      throw error;
    }
  }

  async function recordsOf(receiver: string, { release, warn }: Opening): Promise<Records> {
    const session = await openSession(await (connecting ??= connect(warn)), receiver, layout);
    return openRecords(session, release);
  }

  async function receivers(): Promise<string[]> {
    return tellReceivers(await (connecting ??= connect(emitWarning)), layout.prefix);
  }

  async function disconnect(): Promise<void> {
    await connection?.close();
    connection = connecting = undefined;
  }

  const address = addressOf(at, layout.prefix);
  return { durable: true, address, receivers, ...openOnce({ open: recordsOf, close: disconnect }) };
}

function optionsOf(source: string | undefined | RedisClient | RedisOptions): RedisOptions {
  if (typeof source !== "object") return { url: source };
  return source && "call" in source ? { client: source } : source;
}

const where = "give redis://… or a client; is the environment variable set?";

const aUrl = matching(
  /^rediss?:\/\//,
  "it does not begin with redis://, or with rediss:// for TLS",
  textOr(where),
);

/** An address that can be read: for a path that ioredis cannot read it takes database 0. */
const anAddress: Kind<string> = (option, value) => {
  const url = aUrl(option, value);
  if (URL.canParse(url) && /^\/?\d*$/.test(new URL(url).pathname)) return url;
  const cure =
    "it cannot be read; write it as redis://user:password@host:6379/0, with the number of a database";
  throw new OptionError(option, "invalid", cure);
};

const known = {
  url: optional(anAddress),
  client: optional(objectWith<RedisClient>("a client of ioredis", "call")),
  prefix: withDefault(
    matching(/^[^{}]*$/, "it has braces, which are for a Cluster's hash tags; leave them out"),
    "answerback",
  ),
  shards: withDefault(wholeNumberIn(1, 64), 1),
  clockOffsetMs: withDefault(aFunction, () => 0),
};

function onlyOneOf(url: string | undefined, client: RedisClient | undefined): string | RedisClient {
  const at = url ?? client;
  if (!at) throw new OptionError("redis: url", "missing", `it is missing; ${where}`);
  if (!url || !client) return at;
  throw new OptionError("redis: client", "conflict", "there is a url as well; give one of the two");
}

/** Where the records are, without credentials. */
function addressOf(at: string | RedisClient, prefix: string): unknown[] {
  if (typeof at !== "string") return ["redis", at, prefix];
  const { hostname, port, pathname } = new URL(at);
  return ["redis", hostname.toLowerCase(), port || "6379", Number(pathname.slice(1)), prefix];
}
