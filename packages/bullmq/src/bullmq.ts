/** The BullMQ carrier: the keys of due records travel in a queue of BullMQ, which may lose them all. */
import {
  aBackend,
  feedOptions,
  matching,
  objectWith,
  optional,
  queued,
  readOptions,
  systemClock,
  takesAtMost,
  text,
  textOr,
  wholeNumber,
  withDefault,
  type Backend,
  type Carrier,
  type FeedOptions,
  type Kind,
  type Queue,
} from "@answerback/core/backend";
import { Queue as BullQueue, Worker, type BulkJobOptions } from "bullmq";
import { Redis, type RedisOptions } from "ioredis";

/** What ioredis takes; BullMQ reads replies as they come. */
export type ConnectionOptions = Omit<RedisOptions, "replyMapping">;

/** Where BullMQ is, and how much it hands out. */
export interface BullmqOptions extends FeedOptions {
  /** `redis://…`, `rediss://…`, or the options of an ioredis client. It need not be the server of the records. */
  readonly connection: string | ConnectionOptions | undefined;
  /** What the names of all queues begin with in Redis, as dashboards ask for it. Default `bull`, as everywhere in BullMQ. */
  readonly prefix?: string | undefined;
  /** How many runs, and how many posts, this process works at a time. Default and at most the receiver's `concurrency`. */
  readonly concurrency?: number | undefined;
  /**
   * How many runs, and how many posts, of a receiver all processes together work at a time. Default: what BullMQ was told
   * elsewhere, else no limit.
   */
  readonly globalConcurrency?: number | undefined;
}

/**
 * The backend with its work handed out by BullMQ: two queues a receiver, named after it, for runs and for posts, with the
 * keys of what is due and nothing else. They may be wiped, paused, away: nothing is lost, only later.
 *
 * @throws OptionError for a mistake in the options, and from `open` for a backend that cannot say what is due.
 * @example
 * const backend = bullmq(redis(process.env.REDIS_URL), { connection: process.env.REDIS_URL });
 */
export function bullmq<Db>(backend: Backend<Db>, options: BullmqOptions): Backend<Db> {
  takesAtMost(2, "bullmq", arguments);
  aBackend("bullmq: backend", backend);
  const { connection: at, ...given } = readOptions("bullmq", options, known);
  const { prefix, concurrency, globalConcurrency, ...feeding } = given;
  const carrier: Carrier = {
    open: async (name) => openQueue({ name, prefix, at, concurrency, globalConcurrency }),
    // each queue has its own connections
    close: async () => {},
  };
  return queued(backend, carrier, feeding);
}

interface Terms {
  readonly name: string;
  readonly prefix: string;
  readonly at: string | ConnectionOptions;
  readonly concurrency: number | undefined;
  readonly globalConcurrency: number | undefined;
}

function openQueue({ name, prefix, at, concurrency = Infinity, globalConcurrency }: Terms): Queue {
  const client = connect(at);
  /** Why there is no connection. */
  let lastError: Error | undefined;
  client.on("error", (error) => (lastError = error)).on("ready", () => (lastError = undefined));
  const queue = quiet(new BullQueue(name, { prefix, connection: client }));

  return {
    async add(jobs) {
      // BullMQ would wait for a connection, and never say why there is none
      if (lastError) throw lastError;
      // each time: whoever wipes the queue wipes its limit
      if (globalConcurrency !== undefined) await queue.setGlobalConcurrency(globalConcurrency);
      await queue.addBulk(jobs.map(({ id, key }) => ({ name: "due", data: { key }, opts: once(id) })));
    },
    work(slots, each) {
      const patient = quiet(client.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null }));
      const inHand = new Set<Promise<void>>();
      const work = async ({ data }: { data: { key: string } }) => {
        const done = each(data.key).finally(() => inHand.delete(done));
        inHand.add(done);
        await done;
      };
      const options = {
        prefix,
        connection: patient,
        concurrency: Math.min(slots, concurrency),
        ...attentive,
      };
      const worker = quiet(new Worker(name, work, options));
      return async () => {
        const pausing = worker.pause();
        await Promise.allSettled(inHand);
        // BullMQ would wait for an engine that is away as long as that takes
        await Promise.race([
          pausing,
          new Promise<void>((resolve) => void systemClock.after(partingMs, resolve)),
        ]);
        await worker.close(true);
        patient.disconnect();
      };
    },
    async close() {
      await queue.close();
      client.disconnect();
    },
  };
}

/** Nothing of BullMQ's own: what has to be done again is due again. */
function once(jobId: string): BulkJobOptions {
  return { jobId, attempts: 1, removeOnComplete: true, removeOnFail: true };
}

/** What a process that died had in its hands is free again in 20 s, not in a minute. */
const attentive = { lockDuration: 15_000, stalledInterval: 5_000, runRetryDelay: 1_000 };

/** How long a worker that stops may take to tell the engine what it has done: ms. */
const partingMs = 2_000;

/** A client that fails at once while the engine is away, and is back as soon as that is. */
function connect(at: string | ConnectionOptions): Redis {
  const options = {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    // a connection that died without a word is left; longer than a worker listens at a time
    socketTimeout: 15_000,
    retryStrategy: (times: number) => Math.min(50 * times, 1_000),
  };
  const client = typeof at === "string" ? new Redis(at, options) : new Redis({ ...at, ...options });
  return quiet(client);
}

/** What fails is added again, and who hears of it is told by `queued`; an error nobody listens to would end the process. */
function quiet<Emitter extends { on(event: "error", listener: () => void): unknown }>(
  emitter: Emitter,
): Emitter {
  emitter.on("error", () => {});
  return emitter;
}

const aUrl = matching(
  /^rediss?:\/\//,
  "it does not begin with redis://, or with rediss:// for TLS",
  textOr("give redis://… or the options of ioredis; is the environment variable set?"),
);

const someOptions = objectWith<ConnectionOptions>("redis://… or the options of ioredis");

const aConnection: Kind<string | ConnectionOptions> = (option, value) =>
  typeof value === "object" && value !== null ? someOptions(option, value) : aUrl(option, value);

const known = {
  connection: aConnection,
  prefix: withDefault(text, "bull"),
  concurrency: optional(wholeNumber),
  globalConcurrency: optional(wholeNumber),
  ...feedOptions,
};
