/** A backend whose due records an engine hands to workers: their keys alone, so that the engine may lose them all. */
import { randomUUID } from "node:crypto";
import type { Backend, Change, Records, Saving, Worker, WorkKind } from "../contract/backend.ts";
import { aBackend, objectWith } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import type { Carrier, FeedOptions, Queue } from "../contract/queue.ts";
import { readOptions } from "../contract/read-options.ts";
import { emitWarning } from "../contract/warning.ts";
import { digest, feedOptions, startFeeder, type Feeding } from "./feeder.ts";
import type { Opening } from "./open-once.ts";

/**
 * The backend with its work handed out by an engine. The records stay the only truth: a key is worked when its record is
 * due, whatever the engine says, and a key that the engine lost, paused or handed out twice is late at most. An engine
 * that stays away is told in a warning, `carrier_away`; deliveries are answered all the same.
 *
 * @throws OptionError for a mistake in the options; from `open`, `invalid`, for a backend that cannot say what is due.
 * @example
 * const backend = queued(redis(url), { open: (name) => openQueue(name), close: () => closeEngine() });
 */
export function queued<Db>(backend: Backend<Db>, carrier: Carrier, options: FeedOptions = {}): Backend<Db> {
  aBackend("queued: backend", backend);
  aCarrier("queued: carrier", carrier);
  const feeding = readOptions("queued", options, feedOptions);
  const opened = new Set<Promise<Records<Db>>>();

  async function open(receiver: string, { release, warn }: Opening): Promise<Records<Db>> {
    const records = await backend.open(receiver, { warn });
    try {
      if (!records.due) throw new OptionError("backend", "invalid", cannotSay);
      const [run, post] = await Promise.all(queueNames(receiver).map((name) => carrier.open(name)));
      const queues = { run: run!, post: post! };
      return queuedRecords({ records: records as DueRecords<Db>, queues, feeding, warn, release });
    } catch (error) {
      await records.close();
      throw error;
    }
  }

  return {
    durable: backend.durable,
    address: backend.address,
    ...(backend.receivers && { receivers: () => backend.receivers!() }),
    open(receiver, { warn = emitWarning } = {}) {
      const release = () => void opened.delete(coming);
      const coming = open(receiver, { release, warn });
      opened.add(coming);
      coming.catch(release);
      return coming;
    },
    async close() {
      await Promise.allSettled(Array.from(opened, async (coming) => (await coming).close()));
      await Promise.all([carrier.close(), backend.close()]);
    },
  };
}

const aCarrier = objectWith<Carrier>("a carrier: { open, close }", "open", "close");

const cannotSay = "it cannot say what is due, so nothing can be carried; use redis() or postgres()";

type DueRecords<Db> = Records<Db> & Required<Pick<Records<Db>, "due">>;

interface Session<Db> extends Opening {
  readonly records: DueRecords<Db>;
  readonly queues: Readonly<Record<WorkKind, Queue>>;
  readonly feeding: Feeding;
}

function queuedRecords<Db>({ release, ...session }: Session<Db>): Records<Db> {
  const { records, queues } = session;
  const consumers = new Set<Consumer>();
  let closing: Promise<void> | undefined;

  function wakeIfDue(changes: readonly Change[]): void {
    if (!changes.some(({ forMs, work }) => forMs === 0 && work !== null)) return;
    for (const { wake } of consumers) wake();
  }

  async function close(): Promise<void> {
    release();
    // not awaited: to see the last record worked, call the function that `work` returned first
    const stopping = Promise.allSettled(Array.from(consumers, ({ stop }) => stop()));
    void stopping.then(() => Promise.all([queues.run.close(), queues.post.close()])).catch(() => {});
    await records.close();
  }

  async function run(handle: Parameters<NonNullable<Records<Db>["run"]>>[0]): Promise<boolean> {
    let saves: readonly Saving[] = [];
    const stored = await records.run!(async (db) => (saves = await handle(db)));
    if (stored) wakeIfDue(saves.map(({ change }) => change));
    return stored;
  }

  return {
    claim: (key, lease, about) => records.claim(key, lease, about),
    take: (lease, which) => records.take(lease, which),
    async save(key, lease, change) {
      const saved = await records.save(key, lease, change);
      if (saved) wakeIfDue([change]);
      return saved;
    },
    get: (key) => records.get(key),
    list: (page) => records.list(page),
    stats: (upTo) => records.stats(upTo),
    causes: (limit) => records.causes(limit),
    erase: (key, erased) => records.erase(key, erased),
    due: (limit) => records.due(limit),
    ...(records.run && { run }),
    work(worker) {
      const consumer = consume(worker, session);
      consumers.add(consumer);
      return () => consumer.stop().finally(() => consumers.delete(consumer));
    },
    close: () => (closing ??= close()),
  };
}

/** A worker of this process, which feeds the queues meanwhile. */
interface Consumer {
  /** Something is due now. */
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
}

function consume<Db>(worker: Worker, session: Omit<Session<Db>, "release">): Consumer {
  const { records, queues, feeding, warn } = session;
  let stopping: Promise<unknown> | undefined;

  async function workKey(key: string): Promise<void> {
    // stopped here: the record is as due as it was, and its key comes to another process
    if (stopping) return;
    const token = randomUUID();
    const lease = { token, sequence: 0, leaseMs: worker.leaseMs };
    const taken = await heard(async () => records.take(lease, { key })).catch(() => undefined);
    if (taken) await worker.each(taken, token);
  }

  function heard<Value>(ask: () => Promise<Value>): Promise<Value> {
    const asking = ask();
    worker.taking?.(asking);
    return asking;
  }

  const due = (limit: number) => heard(async () => records.due(limit));
  const feeder = startFeeder({ due }, queues, { ...feeding, warn });
  const stops = (["run", "post"] as const).map((kind) => queues[kind].work(worker.slots[kind], workKey));
  return {
    wake: feeder.wake,
    async stop() {
      feeder.stop();
      await (stopping ??= Promise.all(stops.map((stop) => stop())));
    },
  };
}

/** Readable in an engine's dashboard, and never those of another receiver. */
function queueNames(receiver: string): [runs: string, posts: string] {
  const readable = receiver.replace(/[^\w.-]+/g, "-");
  const unique = digest(receiver).slice(0, 8);
  return [`${readable.slice(0, 40)}-${unique}`, `${readable.slice(0, 34)}-posts-${unique}`];
}
