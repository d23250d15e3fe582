/** Events of the benchmark on the verbs alone: what a delivery costs its backend, how many a second, and stores full of them. */
import { hash, randomUUID } from "node:crypto";
import type { About, Change, ListedState, Records } from "@answerback/core/backend";

const day = 86_400_000;
const answer = JSON.stringify({ status: 200, headers: {}, body: "x".repeat(900) });
const work = JSON.stringify({ kind: "event", event: { type: "order.insert", data: "x".repeat(600) } });

/** What the event with this key is about: an id that other events have, too, sooner or later. */
export function aboutOf(key: string): About {
  return { name: '"order.insert"', id: JSON.stringify(key.slice(0, 3)) };
}

/** Claims an event and settles it with an answer of 1 kB. */
export function claimAndSave(records: Records<any>): (key: string) => Promise<void> {
  return async (key) => {
    const token = randomUUID();
    await records.claim(key, { token, sequence: 0, leaseMs: 60_000 }, aboutOf(key));
    await records.save(key, { token, sequence: 1, leaseMs: 60_000 }, { answer, work: null, forMs: day });
  };
}

/** How many events a second, of so many in flight for so many ms. */
export async function perSecond(
  event: (key: string, answer: string) => Promise<unknown>,
  { width, ms }: { readonly width: number; readonly ms: number },
): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  const one = async () => {
    while (performance.now() - startedAt < ms) {
      await event(hash("sha256", randomUUID(), "base64url"), answer);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: width }, one));
  return (count / (performance.now() - startedAt)) * 1_000;
}

/** The save after the claim that brings a record into each state; none where the claim does. */
const changes: Readonly<Record<ListedState, Change | undefined>> = {
  settled: { answer, work: null, forMs: 30 * day },
  free: { note: '"the handler failed"', forMs: 0 },
  due: { answer, work, attempts: 0, forMs: 0 },
  waiting: { answer, work, note: '"the handler failed"', forMs: 30 * day, held: false },
  paused: { answer, work, kind: "paused", attempts: 0 },
  held: undefined,
  dead: { answer, work, kind: "dead", note: '"no such customer"', forMs: 30 * day },
};

/** Of ten records that are not settled; of a hundred records ninety are. */
const others: readonly ListedState[] = [
  ...(["free", "due", "waiting", "paused", "held"] as const),
  ...(["dead", "dead", "dead", "dead", "dead"] as const),
];

/** How many records have the rare name, and how many an id. */
export const rare = { name: '"order.refund"', count: 20 };
export const ofAnId = 4;

/** The id of a record of a full store. */
export function idOf(number: number, count: number): string {
  return JSON.stringify(`contact ${number % Math.ceil(count / ofAnId)}`);
}

/** The name of a record of a full store: one of eight, or the rare one. */
export function nameOf(number: number, count: number): string {
  const isRare = number % Math.ceil(count / rare.count) === 0;
  return isRare ? rare.name : JSON.stringify(`order.${number % 8}`);
}

/** Fills a store with so many records in all states. */
export async function fill(records: Records<any>, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, at) => at).values();
  const one = async () => {
    for (const number of numbers) {
      const key = hash("sha256", `record ${number}`, "base64url");
      const change = changes[number % 100 < 90 ? "settled" : others[number % 10]!];
      const lease = { token: key, sequence: 0, leaseMs: 30 * day };
      await records.claim(key, lease, { name: nameOf(number, count), id: idOf(number, count) });
      if (change) await records.save(key, { ...lease, sequence: 1 }, change);
    }
  };
  await Promise.all(Array.from({ length: 500 }, one));
}
