/** The verbs of one receiver: each is one script on the shard of its key; what has no key looks at all shards. */
import {
  createPoller,
  isPromise,
  systemClock,
  type Due,
  type Entry,
  type LeaseToken,
  type Records,
  type TakeOptions,
  type Taken,
  type WorkKind,
} from "@answerback/core/backend";
import { changing, claimed, dues, entry, leasing, taken } from "./replies.ts";
import { scripts } from "./scripts.ts";
import type { Session } from "./session.ts";

/** How long a worker sleeps at most, for what another process made due: ms. */
const longestSleepMs = 1_000;

const kinds = ["run", "post"] as const satisfies WorkKind[];

/** The records of a receiver; they call `release` when they close. */
export function openRecords({ shards, linger, run }: Session, release: () => void): Records {
  /** Until the next work is due, as the last take that found none saw it: ms. */
  let untilDueMs = Infinity;
  const poller = createPoller(take, { clock: systemClock, sleepMs });

  async function take(lease: LeaseToken, which: TakeOptions = {}): Promise<Taken | undefined> {
    const { key, early, kind = "" } = which;
    if (key !== undefined) {
      const args = [...leasing(lease), key, early ? 1 : 0];
      return taken(await run(scripts.takeOne, shards.of(key), args));
    }
    untilDueMs = Infinity;
    for (const shard of await shardsToTakeFrom(kind)) {
      const reply = await run(scripts.take, shard, [...leasing(lease), kind]);
      if (reply[0] !== null && reply.length > 0) return taken(reply);
      sleepUntil(reply[1]);
    }
    return undefined;
  }

  /** Those with due work, what has been due longest first. An only one is not asked beforehand. */
  async function shardsToTakeFrom(kind: WorkKind | ""): Promise<readonly string[]> {
    if (shards.all.length === 1) return shards.all;
    const looks = await Promise.allSettled(shards.all.map((shard) => lookAt(shard, kind)));
    const seen = looks.flatMap((look) => (look.status === "fulfilled" ? look.value : []));
    const due = seen.filter(({ ms }) => ms <= 0).toSorted((a, b) => a.ms - b.ms);
    // the work of the shards that answer goes on without the others
    const failed = looks.find((look) => look.status === "rejected");
    if (due.length === 0 && failed) throw failed.reason;
    for (const { ms } of seen) if (ms > 0) sleepUntil(ms);
    return due.map(({ shard }) => shard);
  }

  async function lookAt(shard: string, kind: WorkKind | ""): Promise<{ shard: string; ms: number }> {
    return { shard, ms: Number((await run(scripts.firstDue, shard, [kind])) ?? Infinity) };
  }

  function sleepMs(): number {
    // what is due and was not taken could not be: Redis is away
    return untilDueMs > 0 ? Math.min(untilDueMs, longestSleepMs) : longestSleepMs;
  }

  function sleepUntil(ms: unknown): void {
    untilDueMs = Math.min(untilDueMs, Number(ms ?? Infinity));
  }

  return {
    take,

    async claim(key, lease) {
      return claimed(await run(scripts.claim, shards.of(key), [key, linger.ms, ...leasing(lease)]));
    },

    async save(key, { token, sequence }, change) {
      const covering = linger.cover(change);
      if (isPromise(covering)) await covering;
      const args = [key, linger.ms, token, sequence, ...changing(change)];
      const [saved, dueMs, kind] = await run(scripts.save, shards.of(key), args);
      if (typeof dueMs === "string") poller.wakeFor(Number(dueMs), kind);
      return Number(saved) === 1;
    },

    async get(key) {
      return entry(await run(scripts.get, shards.of(key), [key]));
    },

    async dead({ limit, after }) {
      const args = [limit, after?.diedAt ?? "", after?.key ?? ""];
      const pages = await Promise.all(shards.all.map((shard) => run(scripts.listDead, shard, args)));
      const entries = pages.flat().flatMap((reply) => entry(reply) ?? []);
      return entries.toSorted(byDeath).slice(0, limit);
    },

    async due(limit) {
      const looks = shards.all.flatMap((shard) =>
        kinds.map(async (kind) => dues(await run(scripts.listDue, shard, [limit, kind]), kind)),
      );
      const pages = await Promise.allSettled(looks);
      const listed = pages.flatMap((page) => (page.status === "fulfilled" ? page.value : []));
      // the work of the shards that answer goes on without the others
      const failed = pages.find((page) => page.status === "rejected");
      if (listed.length === 0 && failed) throw failed.reason;
      return listed.toSorted(bySince).slice(0, limit);
    },

    work: (worker) => poller.start(worker),

    async close() {
      poller.stop();
      release();
    },
  };
}

/** The newest first; of one ms as Redis sorts them, by their bytes. */
function byDeath(a: Entry, b: Entry): number {
  return b.diedAt! - a.diedAt! || Buffer.compare(Buffer.from(b.key), Buffer.from(a.key));
}

function bySince(a: Due, b: Due): number {
  return Number(a.since) - Number(b.since);
}
