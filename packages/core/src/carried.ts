/** A backend whose due records are carried to workers by an engine: as keys alone, so that the engine may lose them all. */
import { randomUUID } from "node:crypto";
import type { Backend, Change, Records, Saving, Taken, Worker } from "./backend.ts";
import { digest, feed, feedingOf, type Feeding } from "./carried/feed.ts";
import type { Clock } from "./clock.ts";
import { OptionError } from "./option-error.ts";

/** An engine that hands keys of due records to workers, in this process or in others: BullMQ, pg-boss. */
export interface Carrier {
  /**
   * Opens what the keys of one receiver travel in; resolves also while the engine is away. `queue` is the receiver's
   * name as any engine takes it: letters, digits, `_`, `.` and `-`, at most 49 of them, and its own.
   */
  open(queue: string): Promise<Carriage>;
  /** Lets the engine go, also while it is away. May be called twice. */
  close(): Promise<void>;
}

/** What the keys of one receiver travel in. What is put in may be lost at any time: it is put in again. */
export interface Carriage {
  /** Puts keys in. One whose id is in there already is ignored. Rejects when the engine is away. */
  put(parcels: readonly Parcel[]): Promise<void>;
  /** Hands each key to `each`, at most `slots` at a time in this process, until stopped; stopping waits for those in hand. */
  work(slots: number, each: (key: string) => Promise<void>): () => Promise<void>;
  /** Called once, when no worker is left. */
  close(): Promise<void>;
}

/** A key on its way. */
export interface Parcel {
  /** The same for the same key due since the same time, so that two feeders put nothing in twice: 43 characters of base64url. */
  readonly id: string;
  readonly key: string;
}

/** How a carrier is fed. */
export interface FeedOptions {
  /** How often each working process looks for what is due: ms. What becomes due by a save here is seen ten times as fast. Default 1,000. */
  readonly everyMs?: number | undefined;
  /** How many keys it puts in at a time, the longest due first. Default 1,000. */
  readonly atOnce?: number | undefined;
  /** Default: the process's clock. */
  readonly clock?: Clock | undefined;
}

/**
 * The backend with its work carried by an engine. The records stay the only truth: a key is worked when its record is
 * due, whatever the engine says, and one that the engine lost, paused or ran twice is late at most. An engine that stays
 * away is told in a warning, `carrier_away`; deliveries are answered all the same.
 *
 * @throws OptionError for a mistake in the options, and from `open` for a backend that cannot say what is due.
 * @example
 * const backend = carried(redis(url), { open: (queue) => openQueue(queue), close: () => closeEngine() });
 */
export function carried<Db>(backend: Backend<Db>, carrier: Carrier, options: FeedOptions = {}): Backend<Db> {
  const feeding = feedingOf(options);
  const opened = new Set<Promise<Records<Db>>>();

  async function open(receiver: string, letGo: () => void): Promise<Records<Db>> {
    const records = await backend.open(receiver);
    try {
      if (!records.due) throw new OptionError("backend", "invalid", cannotSay);
      const carriage = await carrier.open(queueOf(receiver));
      return carriedRecords({ records: records as Listing<Db>, carriage, feeding, letGo });
    } catch (error) {
      await records.close();
      throw error;
    }
  }

  return {
    durable: backend.durable,
    open(receiver) {
      const letGo = () => void opened.delete(coming);
      const coming = open(receiver, letGo);
      opened.add(coming);
      coming.catch(letGo);
      return coming;
    },
    async close() {
      await Promise.allSettled(Array.from(opened, async (coming) => (await coming).close()));
      await Promise.all([carrier.close(), backend.close()]);
    },
  };
}

const cannotSay = "it cannot say what is due, so nothing can be carried; use redis() or postgres()";

type Run<Db> = NonNullable<Records<Db>["run"]>;

type Listing<Db> = Records<Db> & Required<Pick<Records<Db>, "due">>;

interface Desk<Db> {
  readonly records: Listing<Db>;
  readonly carriage: Carriage;
  readonly feeding: Feeding;
  readonly letGo: () => void;
}

function carriedRecords<Db>({ records, carriage, feeding, letGo }: Desk<Db>): Records<Db> {
  const crews = new Set<Crew>();
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    letGo();
    // not awaited: who wants to see the last record worked calls the stop of `work` first
    const stopping = Promise.allSettled(Array.from(crews, ({ stop }) => stop()));
    void stopping.then(() => carriage.close()).catch(() => {});
    await records.close();
  }

  async function runCarried(handle: Parameters<Run<Db>>[0]): Promise<boolean> {
    let saves: readonly Saving[] = [];
    const stored = await records.run!(async (db) => (saves = await handle(db)));
    if (stored && saves.some(({ change }) => isDueNow(change))) for (const { wake } of crews) wake();
    return stored;
  }

  return {
    claim: (key, hold) => records.claim(key, hold),
    take: (hold, from) => records.take(hold, from),
    async save(key, hold, change) {
      const saved = await records.save(key, hold, change);
      if (saved && isDueNow(change)) for (const { wake } of crews) wake();
      return saved;
    },
    get: (key) => records.get(key),
    dead: (page) => records.dead(page),
    due: (limit) => records.due(limit),
    ...(records.run && { run: runCarried }),
    work(worker) {
      const crew = workCarried(worker, { records, carriage, feeding });
      crews.add(crew);
      return () => crew.stop().finally(() => crews.delete(crew));
    },
    close: () => (closing ??= close()),
  };
}

function isDueNow({ forMs, work }: Change): boolean {
  return forMs === 0 && work !== null;
}

/** Who works in this process, and feeds the carriage meanwhile. */
interface Crew {
  /** Something is due now. */
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
}

function workCarried<Db>(worker: Worker, { records, carriage, feeding }: Omit<Desk<Db>, "letGo">): Crew {
  let stopping: Promise<void> | undefined;

  async function workKey(key: string): Promise<void> {
    // not here any more: its record is as due as it was, and its key comes to somebody else
    if (stopping) return;
    const token = randomUUID();
    const taking = take(key, token);
    worker.taking?.(taking);
    const taken = await taking;
    if (taken) await worker.each(taken, token);
  }

  /** Nothing while the records are away: the key comes again. */
  async function take(key: string, token: string): Promise<Taken | undefined> {
    try {
      return await records.take({ token, step: 0, leaseMs: worker.leaseMs }, { key });
    } catch {
      return undefined;
    }
  }

  const feeder = feed(records, carriage, feeding);
  const stopWorking = carriage.work(worker.slots, workKey);
  return {
    wake: feeder.wake,
    stop() {
      feeder.stop();
      return (stopping ??= stopWorking());
    },
  };
}

/** Readable in an engine's dashboard, and never that of another receiver. */
function queueOf(receiver: string): string {
  return `${receiver.replace(/[^\w.-]+/g, "-").slice(0, 40)}-${digest(receiver).slice(0, 8)}`;
}
