/** What `postgres()` takes, and what it comes to. */
import {
  flag,
  matching,
  objectWith,
  optional,
  OptionError,
  readOptions,
  text,
  textOr,
  wholeNumberIn,
  withDefault,
  wordsOf,
  type Kind,
} from "@answerback/core/backend";
import pg from "pg";

/** What is needed of your own pool; `Pool` of `pg` has it. */
export interface PostgresPool {
  /** What it was made with. The verbs' connections are made with the same. */
  readonly options: object;
  /** Gives a client, for the transaction of one handler. */
  connect(): Promise<{
    /** Gives it back; with an error or `true` it is closed. */
    release(error?: Error | boolean): void;
  }>;
}

/** Where the records are, and how they are reached. One of `url` and `pool` must be there. */
export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`, with what `pg` reads behind a `?`. */
  readonly url?: string | undefined;
  /**
   * Your own pool: handlers' transactions run on it, and compete with the rest of your app for it. The verbs get
   * connections of their own, made with its options. Give it a `connectionTimeoutMillis`. It is never closed by us.
   */
  readonly pool?: PostgresPool | undefined;
  /** The schema that holds the tables. Default `"answerback"`. */
  readonly schema?: string | undefined;
  /**
   * How many connections the verbs have at most: one for each statement on its way, and claims and saves that find none
   * free share the next statement. Migrating and sweeping take theirs from them; handlers' transactions have others.
   * Default 10.
   */
  readonly connections?: number | undefined;
  /**
   * How many handlers' transactions run at a time, each on a connection of its own beside those of the verbs; with `url`
   * only. Default 10.
   */
  readonly transactions?: number | undefined;
  /**
   * How long a verb waits for a connection, and then for its answer, before it rejects: ms; below the `backendWithin` of the
   * receivers, which then get the reason. Default 1,500.
   */
  readonly withinMs?: number | undefined;
  /** How long a handler's transaction may be without a statement before Postgres ends it: ms. Default 60,000. */
  readonly idleMs?: number | undefined;
  /** Sends statements by name, parsed once a connection. False for a pooler that cannot follow that. Default true. */
  readonly prepare?: boolean | undefined;
  /** For tests: SQL for what the engine's clock says. Default `clock_timestamp()`. */
  readonly now?: string | undefined;
}

/** The options with their defaults; each is what {@link PostgresOptions} says. */
export type Settings = Pick<PostgresOptions, "url" | "pool"> & {
  readonly [Name in Exclude<keyof PostgresOptions, "url" | "pool">]-?: NonNullable<PostgresOptions[Name]>;
};

/** The largest number that a timer and Postgres take. */
const count = wholeNumberIn(1, 2 ** 31 - 1);

const where = "give postgres://user@host:5432/database, or your own pool; is the environment variable set?";

/** Postgres would cut a longer name off, and two that begin alike would become one. */
const aSchema: Kind<string> = (option, value) => {
  const schema = text(option, value);
  if (Buffer.byteLength(schema) <= 63 && !schema.includes("\0") && !schema.startsWith("pg_")) return schema;
  throw new OptionError(
    option,
    "invalid",
    `${JSON.stringify(schema)} is no name of 1 to 63 bytes outside pg_`,
  );
};

const known = {
  url: optional(
    matching(
      /^(postgres|postgresql|socket):|^\//,
      "it does not begin with postgres://, socket: or a socket's folder",
      textOr(where),
    ),
  ),
  pool: optional(objectWith<PostgresPool>("a pool of pg", "connect")),
  schema: withDefault(aSchema, "answerback"),
  connections: withDefault(count, 10),
  transactions: withDefault(count, 10),
  withinMs: withDefault(count, 1_500),
  idleMs: withDefault(count, 60_000),
  prepare: withDefault(flag, true),
  now: withDefault(text, "clock_timestamp()"),
};

/** Reads the options; throws an OptionError for the first mistake. */
export function settingsOf(options: string | undefined | PostgresPool | PostgresOptions): Settings {
  const given = asOptions(options);
  const settings = readOptions("postgres", given, known);
  const { url, pool } = settings;
  if (!url && !pool) throw new OptionError("postgres: url", "missing", `it is missing; ${where}`);
  if (url && pool) throw new OptionError("postgres: url", "conflict", "give it or a pool, not both");
  if (pool && given.transactions !== undefined)
    throw new OptionError(
      "postgres: transactions",
      "conflict",
      "your pool has its own `max`; leave this out",
    );
  return settings;
}

/** Where the records are, without credentials; what a URL leaves out is what `pg` takes for it. */
export function addressOf({ url, pool, schema }: Settings): unknown[] {
  if (pool) return ["postgres", pool, schema];
  const { host, port, database } = clientAt(url!);
  return ["postgres", host.startsWith("/") ? host : host.toLowerCase(), port, database, schema];
}

/** Nothing is connected: it reads the URL, the environment, and the files that the URL names. */
function clientAt(connectionString: string): pg.Client {
  try {
    return new pg.Client({ connectionString });
  } catch (error) {
    throw new OptionError("postgres: url", "invalid", `it cannot be read (${wordsOf(error)})`);
  }
}

function asOptions(options: string | undefined | PostgresPool | PostgresOptions): PostgresOptions {
  if (typeof options !== "object") return { url: options };
  return options && "connect" in options ? { pool: options } : options;
}
