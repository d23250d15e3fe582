/** Asks for many at once: what is asked while others are on their way shares a statement, and so a commit. */
import pg from "pg";

/** How many items a batch has at most. */
const batchSize = 64;

/** An item that waits to be sent, and who waits for it. */
interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** How batches are sent. */
export interface BatchOptions<Item, Result> {
  /** How many are on their way at a time. */
  readonly atOnce: number;
  /** Is it sent by itself, at once? */
  isAlone(item: Item): boolean;
  /** Gets one item or more, in the order of their keys, no key twice. Resolves to the results by key. */
  send(items: readonly Item[]): Promise<ReadonlyMap<string, Result>>;
}

/** A function that asks for one item; `undefined` is the result of one that `send` has none for. */
export function inBatches<Item extends { readonly key: string }, Result>({
  atOnce,
  isAlone,
  send,
}: BatchOptions<Item, Result>): (item: Item) => Promise<Result | undefined> {
  const waiting = new Set<Waiting<Item, Result>>();
  let onTheirWay = 0;
  let isScheduled = false;

  /** Not before everybody who was woken by the same answer, or the same turn of the event loop, has asked. */
  function schedule(): void {
    if (isScheduled || waiting.size === 0 || onTheirWay === atOnce) return;
    isScheduled = true;
    setImmediate(sendWaiting);
  }

  function sendWaiting(): void {
    isScheduled = false;
    while (waiting.size > 0 && onTheirWay < atOnce) {
      onTheirWay += 1;
      void sendBatch(nextBatch()).finally(() => {
        onTheirWay -= 1;
        schedule();
      });
    }
  }

  /** A key that is in it already waits for the next one. */
  function nextBatch(): Waiting<Item, Result>[] {
    const batch = new Map<string, Waiting<Item, Result>>();
    for (const one of waiting) {
      if (batch.size === batchSize) break;
      if (batch.has(one.item.key)) continue;
      batch.set(one.item.key, one);
      waiting.delete(one);
    }
    return [...batch.values()].sort((a, b) => (a.item.key < b.item.key ? -1 : 1));
  }

  async function sendBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await send(batch.map(({ item }) => item));
      for (const { item, resolve } of batch) resolve(results.get(item.key));
    } catch (error) {
      // what the engine refuses because of one item must not be refused to the others
      if (batch.length > 1 && error instanceof pg.DatabaseError)
        await Promise.all(batch.map((one) => sendBatch([one])));
      else for (const { reject } of batch) reject(error);
    }
  }

  return async (item) => {
    if (isAlone(item)) return (await send([item])).get(item.key);
    return new Promise((resolve, reject) => {
      waiting.add({ item, resolve, reject });
      schedule();
    });
  };
}
